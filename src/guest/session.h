/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection to libvirt, from its opening to its end; a reconnect makes a new one.
 */
#pragma once

#include <libvirt/libvirt.h>

#include "guest/libvirt.h"

typedef struct {
	virConnectPtr conn;
	/* Who hears of its events: NULL once it is not the connection in use. Main loop only. */
	Libvirt *owner;
	guint users;	      /* the owner and its calls; main loop only */
	gatomicrefcount refs; /* of the memory: the users, libvirt's callbacks */
	int callbacks[4];     /* ids of libvirt's; -1: not registered */
} Session;

/* Blocks: on the lane. Returns NULL and error when there is no connection to be had. */
Session *session_open(const char *uri, GError **error);

Session *session_use(Session *session);
/* The last one closes the connection, in a thread of its own: that asks libvirtd too. */
void session_unuse(Session *session);
