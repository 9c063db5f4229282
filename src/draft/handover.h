/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of a draft's text about devices that move via input.
 */
#pragma once

#include "draft/draft.h"

/* Writes the keys for devices that move via input: hotkeys, keep, unresponsive, reports, as far as
 * the config has them. */
void append_handover(GString *out, const Config *config);
