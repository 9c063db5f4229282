/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which process listens on a TCP port of this machine.
 */
#pragma once

#include <glib.h>

typedef struct {
	guint uid; /* the owner of the socket */
	int pid;   /* 0: not visible to this user */
} PortOwner;

/* FALSE: no process listens there. */
gboolean port_owner_find(guint16 port, PortOwner *owner);

/* "qemu-system-x86 (pid 123)"; NULL: no process listens there, or it is not visible to this user.
 * Free with g_free().
 */
char *port_owner(guint16 port);
