/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Resolves names of hosts. Because a name server may take long to answer, this happens on a GLib
 * thread, and the answer is kept.
 */
#pragma once

#include <gio/gio.h>

typedef struct Addresses Addresses;

/* error: why the name could not be resolved (FAILED); NULL: addresses_of() has the answer.
 * Borrowed. */
typedef void (*AddressesDone)(const GError *error, gpointer data);

Addresses *addresses_new(void);
/* A lookup that is under way is dropped without calling done. NULL is allowed. */
void addresses_free(Addresses *addresses);

/* Looks up host: a name, an address, or "" for every address of the machine. Calls done once, and
 * never before this returns. Only one lookup at a time. */
void addresses_look_up(Addresses *addresses, const char *host, AddressesDone done, gpointer data);

/* The addresses from the last lookup: GInetAddress *, borrowed. If there was none yet, looks them
 * up first, and blocks. NULL and an error if there are none. */
const GList *addresses_of(Addresses *addresses, const char *host, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Addresses, addresses_free)
