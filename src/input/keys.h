/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of keys and mouse buttons, as people write them in a config.
 */
#pragma once

#include <glib.h>

/* A key as a person means it: "ctrl" is either of two. */
typedef struct {
	guint16 codes[2]; /* of linux/input-event-codes.h; the second 0: there is only one */
} KeyChoice;

/* Is there a key that is meant by both? */
gboolean key_choices_meet(const KeyChoice *a, const KeyChoice *b);

/* The key called name: as linux/input-event-codes.h calls it, without KEY_ or with it ("volumeup",
 * "KEY_F13", "btn_side"), or as keyboards call it ("win", "escape", "ctrl"). Case does not matter.
 * FALSE: none is. */
gboolean key_from_name(const char *name, KeyChoice *key);

/* The name nearest to name, for a message; NULL: none is near. */
const char *key_name_near(const char *name);

/* "leftctrl", "a", "btn_side"; NULL: it has no name here. */
const char *key_name(guint code);

/* ctrl, shift, alt or super, on either side */
gboolean key_is_modifier(guint code);

/* A key that people need to type text: letters, digits, space, enter… */
gboolean key_is_typing(guint code);
