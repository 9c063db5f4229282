/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sockets to listen on.
 */
#pragma once

#include <gio/gio.h>

/* Creates a listening, non-blocking Unix socket at path, mode 0660. Replaces a socket file on which
 * no process listens, and creates the socket's folder (mode 0755) if only that is missing. Returns
 * the file descriptor, or -1 and an error. */
int bind_unix(const char *path, GError **error);

/*
 * Creates listening, non-blocking TCP sockets, one for each of addresses (GInetAddress *, to which
 * host resolved). The machine need not have the addresses yet (virbr0 has none until libvirt has
 * started). port 0: any. Returns an array of int, to free with g_array_unref(), or NULL and an
 * error.
 */
GArray *bind_tcp(const GList *addresses, const char *host, guint16 port, GError **error);
