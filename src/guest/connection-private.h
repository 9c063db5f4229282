/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What connection.c and call.c share.
 */
#pragma once

#include "common/listeners.h"
#include "guest/connection.h"
#include "guest/session.h"

struct LibvirtConnection {
	char *uri;
	Lane *lane;
	Session *session; /* NULL: not connected */
	gboolean connecting;
	guint retry_id, retry_ms;
	char *error;	    /* why there is no connection; NULL: there is */
	GPtrArray *waiting; /* LibvirtCall *, for a session */
	Listeners *listeners;
};

/* session, of which some call knows that it is gone, is given up and made again. */
void libvirt_connection_lost(LibvirtConnection *connection, Session *session);
/* Begins to connect, unless it is connected or being connected. */
void libvirt_connection_connect(LibvirtConnection *connection);
/* A list for waiting calls. */
GPtrArray *libvirt_calls_new(void);
/* Sends on the waiting calls: to the lane, or back with error if that is not NULL. */
void libvirt_calls_release(LibvirtConnection *connection, const GError *error);
