/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a guest may request with its secret, and how often. Pure: the caller passes the time.
 */
#pragma once

#include "config/config.h"

/* A user may press a hotkey a few times in a row… */
#define RIGHTS_BURST 5
/* …but after that not faster than this. */
#define RIGHTS_INTERVAL_MS 2000

typedef struct Rights Rights;

Rights *rights_new(void);
void rights_free(Rights *rights);

/* Sets what guests (ConfigGuest *, copied; NULL: none) may switch to from now on. A guest that is
 * not in the list may switch to the host. */
void rights_set(Rights *rights, const GPtrArray *guests);

/*
 * May guest switch to target ("host" or a guest's name)? has_seat: guest is the wanted target. A
 * guest without the seat may send the seat only to the host, unless it may switch to itself.
 */
gboolean rights_allow(
	const Rights *rights, const char *guest, const char *target, gboolean has_seat);

/* Counts a request to switch by guest. FALSE: it makes requests faster than a user would; *wait_s
 * is how many seconds it must wait, at least 1. */
gboolean rights_take_turn(Rights *rights, const char *guest, gint64 now_us, guint *wait_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rights, rights_free)
