/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hotkey, which works in every program.
 */
#pragma once

#include "core/chord.h"

#include <windows.h>

/* Registers the hotkey instead of the last one; window gets WM_HOTKEY. */
bool hotkey_set(HWND window, const KeyChord *chord, Problem *problem);

/* Releases Ctrl, Alt, Shift and Win if Windows considers them held down, because the keyboard that
 * would release them has just moved to the host. */
void hotkey_release_modifiers(void);
