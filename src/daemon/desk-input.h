/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Handles what devices with "via: input" report to a desk: hotkeys that request switches, whether
 * guests take input, and that everything was brought back without hotseatd.
 */
#pragma once

#include "config/config.h"
#include "device/input-system.h"
#include "seat/seat.h"

typedef struct DeskInput DeskInput;

/* All arguments must outlive it. Call it after the guests were added to the seat. */
DeskInput *desk_input_new(InputSystem *system, Seat *seat, const Config *config);
/* NULL is allowed. */
void desk_input_free(DeskInput *input);
