/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hotkey, whatever program is in front.
 */
#pragma once

#include "core/chord.h"

#include <windows.h>

/* Registers it instead of the last one: window is sent WM_HOTKEY. */
bool hotkey_set(HWND window, const KeyChord *chord, Problem *problem);

/* Lets go of Ctrl, Alt, Shift, Win where Windows believes them held: the keyboard that would
 * release them has just left for the host. */
void hotkey_release_modifiers(void);
