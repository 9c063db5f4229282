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

/* May a guest's QEMU be expected that runs as uid? Not as hotseatd's own user, client: a process
 * with a network that was taken over could pose as QEMU and read what is typed. root, and a user
 * that runs hotseat-inputd as well (own), can read keyboards anyway. */
gboolean peer_may_be_expected(int uid, int client, int own);

/* The uid of the process that connected fd, an accepted IPv4 connection; -1: it cannot be found
 * out, or the connection is over. */
int peer_uid(int fd);
