/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user at the other end of a TCP connection on this machine.
 */
#pragma once

#include <glib.h>

/* One end of a connection: address and port in the host's byte order. */
typedef struct {
	guint32 address;
	guint16 port;
} PeerEnd;

/* The uid that owns the end near of the established connection to far, according to text, the
 * content of a /proc/net/tcp (proc(5)). -1: there is no such connection. */
int peer_find(const char *text, PeerEnd near, PeerEnd far);

/* Can a QEMU that runs as uid be accepted? Not if that is hotseatd's user, client: if hotseatd,
 * which has a network, were taken over, it could pose as QEMU and read what is typed. root, and a
 * user that also runs hotseat-inputd (own), can read keyboards anyway. */
gboolean peer_may_be_expected(int uid, int client, int own);

/* The uid of the process at the other end of fd, an accepted IPv4 connection; -1: it cannot be
 * determined, or the connection has ended. */
int peer_uid(int fd);
