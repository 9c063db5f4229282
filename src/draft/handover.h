/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of a draft's text about devices that move via input.
 */
#pragma once

#include "draft/draft.h"

/* What is heard on devices that move via input: hotkeys, keep, unresponsive, reports. Nothing if
 * the config says nothing of them. */
void append_handover(GString *out, const Config *config);
