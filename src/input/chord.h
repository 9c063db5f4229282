/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hotkeys: chords ("super+shift+slash", "leftctrl+rightctrl") and double taps ("scrolllock
 * scrolllock"). Pure: the caller passes keys with their times, and a key allocates no memory.
 */
#pragma once

#include "input/key-set.h"
#include "input/keys.h"

/* Most keys of a chord. Every keyboard can report six at once, besides modifiers. */
#define CHORD_KEYS_MAX 6
#define CHORDS_MAX     65 /* PROTOCOL_LIST_MAX, and the panic chord */
/* Longest time from the first press of a double tap to the second, in microseconds. Desktops use
 * 400 ms for double clicks; pressing a key twice is slower. */
#define CHORD_TWICE_US 500000

typedef struct {
	KeyChoice keys[CHORD_KEYS_MAX];
	guint n_keys;
	gboolean twice;	 /* its only key is pressed twice, with no other key in between */
	gboolean always; /* fires even if other keys are held down; otherwise no other modifier may
			    be */
} Chord;

/* Parses a hotkey from a config. On failure returns FALSE and HOTSEAT_ERROR_CONFIG, whose message
 * does not repeat text, with chord untouched. */
gboolean chord_parse(const char *text, Chord *chord, GError **error);

/* Which keys are down on all keyboards together, and which hotkeys have fired. */
typedef struct {
	Chord chords[CHORDS_MAX];
	guint n_chords;
	guint8 down[KEY_CNT]; /* on how many keyboards the key is down */
	guint last_press;     /* the last key that was pressed; 0: none, or it has fired */
	gint64 last_press_us;
} ChordMatcher;

/* code was pressed on a keyboard at time_us (any monotonic clock). Returns the index of the chord
 * that it completes, or -1. If it completes several, the one with the most keys fires. */
int chord_press(ChordMatcher *matcher, guint code, gint64 time_us);

/* code was released on one of the keyboards. */
void chord_release(ChordMatcher *matcher, guint code);

/* code is already down on a keyboard that has just been found. It fires nothing. */
void chord_hold(ChordMatcher *matcher, guint code);
