/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accepts the connections of a few sockets and keeps their number in bounds.
 */
#pragma once

#include "http/connection.h"

/* Each listener has its own, so that no client on the network can keep the host's own command out.
 * When all are taken, the address that holds most of them loses one. */
#define LISTENER_CONNECTIONS_MAX 128

typedef struct Listener Listener;

/* fds: listening sockets (array of int; taken over). What comes over them is served by ops. times:
 * as in connection_new(). */
Listener *listener_new(
	GArray *fds, const ConnectionTimes *times, const ConnectionOps *ops, gpointer data);
/* Closes the sockets and every connection, at once. */
void listener_free(Listener *listener);

/* How those who connect from now on are to speak: TLS with these credentials (a reference is
 * taken), or plain if NULL. */
void listener_set_tls(Listener *listener, TlsCredentials *credentials);

/* Connection *, the oldest first; the listener's. */
const GList *listener_connections(const Listener *listener);

/* The port the first socket listens on; 0: none. */
guint16 listener_port(const Listener *listener);

/* To be called by ops->closed. */
void listener_forget(Listener *listener, Connection *connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listener, listener_free)
