/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A key with modifiers, as users write it: "Win+Shift+/", "Ctrl+Alt+F12", "Pause".
 */
#pragma once

#include "core/text.h"

/* the values of RegisterHotKey's MOD_… */
enum {
	CHORD_ALT = 1,
	CHORD_CTRL = 2,
	CHORD_SHIFT = 4,
	CHORD_WIN = 8,
};

/* The longest text that core_chord_format() writes, with its NUL: "Ctrl+Alt+Shift+Win+NumMultiply".
 */
#define CHORD_TEXT_MAX 40

typedef struct {
	unsigned modifiers; /* CHORD_… */
	unsigned key; /* virtual key code (winuser.h); 0: the key that has character in the keyboard
			 layout */
	char character; /* ASCII, neither a letter nor a digit */
} KeyChord;

/* Accepts any order, any case, and spaces around "+"; "Win++" is Win and the plus key. Keys that
 * type characters need Ctrl, Alt or Win. chord is untouched on failure. */
bool core_chord_parse(const char *text, KeyChord *chord, Problem *problem);

/* Writes chord in the form that core_chord_parse() reads, into out of CHORD_TEXT_MAX bytes. */
void core_chord_format(const KeyChord *chord, char *out);
