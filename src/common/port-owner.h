/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who listens on a TCP port of this machine.
 */
#pragma once

#include <glib.h>

typedef struct {
	guint uid; /* whose socket it is */
	int pid;   /* 0: this user may not know */
} PortOwner;

/* FALSE: no process listens there. */
gboolean port_owner_find(guint16 port, PortOwner *owner);

/* "qemu-system-x86 (pid 123)", as far as this user may know; NULL: it may not. Free with g_free().
 */
char *port_owner(guint16 port);
