/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sockets to listen on.
 */
#pragma once

#include <gio/gio.h>

/* A listening, non-blocking Unix socket at path, mode 0660. A socket file without a listener is
 * replaced, and the socket's folder is made (mode 0755) if only that is missing. Returns the file
 * descriptor, or -1 and an error. */
int bind_unix(const char *path, GError **error);

/*
 * Listening, non-blocking TCP sockets, one for each of addresses (GInetAddress *, host's).
 * Addresses that the machine does not have yet (virbr0's before libvirt has started) are fine. port
 * 0: any. Returns an array of int to free with g_array_unref(), or NULL and an error.
 */
GArray *bind_tcp(const GList *addresses, const char *host, guint16 port, GError **error);
