/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection to libvirt, from its opening to its end; a reconnect makes a new one.
 */
#pragma once

#include <libvirt/libvirt.h>

#include "guest/event.h"

/* Callbacks for a session's events, on the main loop. */
typedef struct {
	void (*event)(const LibvirtEvent *event, gpointer data);
	void (*closed)(gpointer data); /* libvirt has ended the connection */
} SessionOps;

typedef struct {
	virConnectPtr conn;
	const SessionOps *ops; /* NULL: no notifications. Main loop only, like data and users */
	gpointer data;
	guint users; /* number of users, including calls under way */
	gatomicrefcount
		refs;	  /* references to the memory: by the users and by libvirt's callbacks */
	int callbacks[4]; /* libvirt's ids; -1: not registered */
} Session;

/* Blocks, so call it on a lane. Returns NULL and error if it cannot connect. */
Session *session_open(const char *uri, GError **error);

/* Calls ops with data from now on; ops of NULL ends that. On the main loop. */
void session_set_ops(Session *session, const SessionOps *ops, gpointer data);

Session *session_hold(Session *session);
/* session_hold() adds a user. When the last one is removed, the connection is closed, in a separate
 * thread, because closing waits for libvirtd. */
void session_release(Session *session);
