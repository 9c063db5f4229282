/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection to libvirt, from its opening to its end; a reconnect makes a new one.
 */
#pragma once

#include <libvirt/libvirt.h>

#include "guest/event.h"

/* Who hears of a session's events, on the main loop. */
typedef struct {
	void (*event)(const LibvirtEvent *event, gpointer data);
	void (*closed)(gpointer data); /* libvirt has ended the connection */
} SessionOps;

typedef struct {
	virConnectPtr conn;
	const SessionOps *ops; /* NULL: no notification. Main loop only, as data and users */
	gpointer data;
	guint users;	      /* who uses it, and its calls */
	gatomicrefcount refs; /* of the memory: the users, libvirt's callbacks */
	int callbacks[4];     /* libvirt's ids; -1: not registered */
} Session;

/* Blocks: on a lane. Returns NULL and error when there is no connection to be had. */
Session *session_open(const char *uri, GError **error);

/* From here on ops are called with data; ops of NULL ends that. On the main loop. */
void session_set_ops(Session *session, const SessionOps *ops, gpointer data);

Session *session_use(Session *session);
/* The last one closes the connection, in a thread of its own: that asks libvirtd too. */
void session_unuse(Session *session);
