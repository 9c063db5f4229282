/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a guest may ask for with its own secret, and how often. Pure: the clock is the caller's.
 */
#pragma once

#include "config/config.h"

/* A person presses a hotkey a few times in a row… */
#define RIGHTS_BURST 5
/* …but goes on no faster than this. */
#define RIGHTS_INTERVAL_MS 2000

typedef struct Rights Rights;

Rights *rights_new(void);
void rights_free(Rights *rights);

/* What guests (ConfigGuest *, or NULL for none) may switch to from now on, copied. A guest that is
 * not among them may switch to the host. */
void rights_set(Rights *rights, const GPtrArray *guests);

/*
 * May guest switch to target ("host" or a guest's name)? has_seat: the seat is wanted at guest.
 * Without the seat a guest may send it home, and nowhere else unless it may switch to itself.
 */
gboolean rights_allow(
	const Rights *rights, const char *guest, const char *target, gboolean has_seat);

/* Counts a request to switch by guest. FALSE: it asks faster than a person could; *wait_s is how
 * many seconds it must wait, at least 1. */
gboolean rights_take_turn(Rights *rights, const char *guest, gint64 now_us, guint *wait_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rights, rights_free)
