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
	char *error;	    /* why there is no connection; NULL: there is one */
	GPtrArray *waiting; /* LibvirtCall *, waiting for a session */
	Listeners *listeners;
};

/* Replaces session by a new one, because a call has found that it is closed. */
void libvirt_connection_lost(LibvirtConnection *connection, Session *session);
/* Begins to connect, unless it is connected or being connected. */
void libvirt_connection_connect(LibvirtConnection *connection);
/* A new list for waiting calls. Free with g_ptr_array_unref(). */
GPtrArray *libvirt_calls_new(void);
/* Pushes the waiting calls to the lane, or ends them with error if that is not NULL. */
void libvirt_calls_release(LibvirtConnection *connection, const GError *error);
