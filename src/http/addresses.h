/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The addresses of hosts by name. Asking for one can take as long as a name server does not answer:
 * that is done on a thread of GLib's, and its answer kept.
 */
#pragma once

#include <gio/gio.h>

typedef struct Addresses Addresses;

/* error: why there is no answer (FAILED); NULL: addresses_of() has it. Borrowed. */
typedef void (*AddressesDone)(const GError *error, gpointer data);

Addresses *addresses_new(void);
/* What is under way is dropped, and its done not called. NULL is fine. */
void addresses_free(Addresses *addresses);

/* Asks for host's: a name, an address, or "" for every address of the machine. done is called once,
 * never before this returns. One at a time. */
void addresses_look_up(Addresses *addresses, const char *host, AddressesDone done, gpointer data);

/* GInetAddress *, as they were last found, borrowed. Asks for them first, and blocks, if they never
 * were. NULL and error: there are none. */
const GList *addresses_of(Addresses *addresses, const char *host, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Addresses, addresses_free)
