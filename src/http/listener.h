/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accepts the connections of a few sockets, and limits their number.
 */
#pragma once

#include "http/connection.h"

/* The limit is for each listener, so that clients on the network cannot lock out the host's own
 * commands. When it is reached, one connection of the address with most of them is closed. */
#define LISTENER_CONNECTIONS_MAX 128

typedef struct Listener Listener;

/* fds: listening sockets (array of int); takes ownership. ops serves their connections. times: as
 * in connection_new(). */
Listener *listener_new(
	GArray *fds, const ConnectionTimes *times, const ConnectionOps *ops, gpointer data);
/* Closes the sockets and every connection immediately. */
void listener_free(Listener *listener);

/* Sets the protocol of new connections: TLS with these credentials (takes a reference), or plain
 * HTTP if NULL. */
void listener_set_tls(Listener *listener, TlsCredentials *credentials);

/* Connection *, the oldest first; owned by the listener. */
const GList *listener_connections(const Listener *listener);

/* The port the first socket listens on; 0: none. */
guint16 listener_port(const Listener *listener);

/* To be called by ops->closed. */
void listener_forget(Listener *listener, Connection *connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listener, listener_free)
