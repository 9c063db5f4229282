/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hotkeys: chords ("super+shift+slash", "leftctrl+rightctrl") and double taps ("scrolllock
 * scrolllock"). Pure: keys come in with their times, and no memory is allocated for one.
 */
#pragma once

#include "input/key-set.h"
#include "input/keys.h"

/* Keys of a chord at most. Keyboards report six at once for sure, beside modifiers. */
#define CHORD_KEYS_MAX 6
#define CHORDS_MAX     65 /* PROTOCOL_LIST_MAX, and the panic chord */
/* Microseconds from the first press of a double tap to the second, at most. Desktops use 400 ms for
 * double clicks; pressing a key twice is slower. */
#define CHORD_TWICE_US 500000

typedef struct {
	KeyChoice keys[CHORD_KEYS_MAX];
	guint n_keys;
	gboolean twice;	 /* the one key is pressed twice, with no other key in between */
	gboolean always; /* fires whatever else is held down; else no other modifier may be */
} Chord;

/* Reads what a config says. FALSE and error (HOTSEAT_ERROR_CONFIG): it is no hotkey; the message
 * does not repeat text. chord is untouched then. */
gboolean chord_parse(const char *text, Chord *chord, GError **error);

/* Which keys are down, over all keyboards, and what they have fired. */
typedef struct {
	Chord chords[CHORDS_MAX];
	guint n_chords;
	guint8 down[KEY_CNT]; /* on how many keyboards */
	guint last_press;     /* the last key that was pressed; 0: none, or it fired */
	gint64 last_press_us;
} ChordMatcher;

/* code was pressed on one more keyboard at time_us (any clock that does not jump). The index of the
 * chord that it completes, -1: none. The chord that needs most keys wins. */
int chord_press(ChordMatcher *matcher, guint code, gint64 time_us);

/* code was released on one of the keyboards. */
void chord_release(ChordMatcher *matcher, guint code);

/* code is down already on a keyboard that has just been found; it fires nothing. */
void chord_hold(ChordMatcher *matcher, guint code);
