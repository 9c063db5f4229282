/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A key with modifiers, as people write it: "Win+Shift+/", "Ctrl+Alt+F12", "Pause".
 */
#pragma once

#include "core/text.h"

/* the numbers of RegisterHotKey's MOD_… */
enum {
	CHORD_ALT = 1,
	CHORD_CTRL = 2,
	CHORD_SHIFT = 4,
	CHORD_WIN = 8,
};

/* The longest that core_chord_format() writes, with its NUL: "Ctrl+Alt+Shift+Win+NumMultiply". */
#define CHORD_TEXT_MAX 40

typedef struct {
	unsigned modifiers; /* CHORD_… */
	unsigned key; /* virtual key code (winuser.h); 0: where the keyboard layout has character */
	char character; /* ASCII, no letter or digit */
} KeyChord;

/* Any order, any case, spaces around "+"; "Win++" is Win and the plus key. A key that people type
 * with needs Ctrl, Alt or Win. chord is untouched on failure. */
bool core_chord_parse(const char *text, KeyChord *chord, Problem *problem);

/* As core_chord_parse() reads it, into out of CHORD_TEXT_MAX bytes. */
void core_chord_format(const KeyChord *chord, char *out);
