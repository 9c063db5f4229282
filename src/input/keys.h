/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of keys and mouse buttons, as people write them in a config.
 */
#pragma once

#include <glib.h>

/* A key as in a config: "ctrl" means either of two. */
typedef struct {
	guint16 codes[2]; /* of linux/input-event-codes.h; the second 0: there is only one */
} KeyChoice;

/* Do both include the same key? */
gboolean key_choices_meet(const KeyChoice *a, const KeyChoice *b);

/* The key with this name: from linux/input-event-codes.h, with or without KEY_ ("volumeup",
 * "KEY_F13", "btn_side"), or as on keyboards ("win", "escape", "ctrl"). Case is ignored. FALSE:
 * there is no such key. */
gboolean key_from_name(const char *name, KeyChoice *key);

/* The name most similar to name, for a message; NULL: none is similar. */
const char *key_name_near(const char *name);

/* The name of a code: "leftctrl", "a", "btn_side"; NULL: it has none. */
const char *key_name(guint code);

/* ctrl, shift, alt or super, on either side */
gboolean key_is_modifier(guint code);

/* A key that people need to type text: letters, digits, space, enter… */
gboolean key_is_typing(guint code);
