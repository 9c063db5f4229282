/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection to libvirt that is made again whenever it is lost, with calls on its lane, and
 * events. Use on the main loop only.
 */
#pragma once

#include <libvirt/libvirt.h>

#include "common/lane.h"
#include "guest/event.h"

typedef struct LibvirtConnection LibvirtConnection;

/* Begins to connect to uri, and keeps trying. Free with libvirt_connection_free(). */
LibvirtConnection *libvirt_connection_new(const char *uri);
void libvirt_connection_free(LibvirtConnection *connection);

/* Is it connected? If not and error is not NULL, *error says why (free with g_free()). */
gboolean libvirt_connection_is_up(LibvirtConnection *connection, char **error);

/* Ids are never 0. A listener may be removed at any time, by itself too. */
guint libvirt_connection_listen(
	LibvirtConnection *connection, LibvirtListener listener, gpointer data);
void libvirt_connection_unlisten(LibvirtConnection *connection, guint id);
/* Calls the listeners. */
void libvirt_connection_emit(LibvirtConnection *connection, const LibvirtEvent *event);

typedef struct LibvirtCall LibvirtCall;

/* Runs on the lane: may block, and touches nothing but job. It may run a second time, if the
 * connection was lost during the first. */
typedef void (*LibvirtWork)(virConnectPtr conn, gpointer job, GError **error);
/* Runs on the main loop; job is NULL if there is an error. */
typedef void (*LibvirtDone)(gpointer job, const GError *error, gpointer data);

/* Longest wait for an answer by libvirt. Its own longest known wait is 5 s, for a guest to release
 * a device (libvirt 9.0, QEMU_UNPLUG_TIMEOUT), and calls wait for one another. */
enum { LIBVIRT_CALL_MS = 15000 };

/*
 * Runs work on the lane, connecting first if necessary. Calls done once, never before this returns,
 * and after deadline_ms at the latest (HOTSEAT_ERROR_TIMED_OUT; the late result is dropped). Takes
 * ownership of job. The returned call is valid until done is called.
 */
LibvirtCall *libvirt_call(LibvirtConnection *connection, guint deadline_ms, LibvirtWork work,
	gpointer job, GDestroyNotify free_job, LibvirtDone done, gpointer data);
/* done will not be called. NULL is allowed. */
void libvirt_call_drop(LibvirtCall *call);
