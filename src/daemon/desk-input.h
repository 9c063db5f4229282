/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What devices with "via: input" report to a desk: hotkeys request switches, guests take input or
 * do not, and everything may be brought back without hotseatd.
 */
#pragma once

#include "config/config.h"
#include "device/input-system.h"
#include "seat/seat.h"

typedef struct DeskInput DeskInput;

/* Everything must outlive it. Call when the seat has its guests. */
DeskInput *desk_input_new(InputSystem *system, Seat *seat, const Config *config);
/* NULL is fine. */
void desk_input_free(DeskInput *input);
