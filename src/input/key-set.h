/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A set of key and button codes, from linux/input-event-codes.h. It has the layout of the kernel's
 * bitmaps (EVIOCGKEY), so that an ioctl can fill it. The functions are inline, because they are
 * used for each event.
 */
#pragma once

#include <glib.h>
#include <linux/input.h>

#define KEY_SET_BITS (8 * sizeof(gulong))

typedef struct {
	gulong words[KEY_CNT / KEY_SET_BITS];
} KeySet;

/* For codes from KEY_CNT on: FALSE, and no effect. */
static inline gboolean key_set_has(const KeySet *set, guint code)
{
	return code < KEY_CNT && (set->words[code / KEY_SET_BITS] >> code % KEY_SET_BITS & 1) != 0;
}

static inline void key_set_add(KeySet *set, guint code)
{
	if (code < KEY_CNT)
		set->words[code / KEY_SET_BITS] |= 1ul << code % KEY_SET_BITS;
}

static inline void key_set_remove(KeySet *set, guint code)
{
	if (code < KEY_CNT)
		set->words[code / KEY_SET_BITS] &= ~(1ul << code % KEY_SET_BITS);
}

static inline void key_set_clear(KeySet *set)
{
	*set = (KeySet){ 0 };
}

/* The first code in set that is not below from; KEY_CNT: none. */
static inline guint key_set_next(const KeySet *set, guint from)
{
	for (guint code = from; code < KEY_CNT; code++) {
		gulong word = set->words[code / KEY_SET_BITS] >> code % KEY_SET_BITS;

		if (word != 0)
			return code + (guint)__builtin_ctzl(word);
		code |= KEY_SET_BITS - 1;
	}
	return KEY_CNT;
}

static inline gboolean key_set_is_empty(const KeySet *set)
{
	return key_set_next(set, 0) == KEY_CNT;
}
