/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user that is at the other end of a TCP connection on this machine.
 */
#pragma once

#include <glib.h>

/* One end of a connection: address and port in the host's byte order. */
typedef struct {
	guint32 address;
	guint16 port;
} PeerEnd;

/* The uid that owns the end near of the established connection to far, by text, which is a
 * /proc/net/tcp (proc(5)). -1: there is no such connection. */
int peer_find(const char *text, PeerEnd near, PeerEnd far);

/* The uid of the process that connected fd, an accepted IPv4 connection; -1: it cannot be found
 * out, or the connection is over. */
int peer_uid(int fd);
