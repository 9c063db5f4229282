/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of Libvirt, for the rooms guest and device: its events, and calls on its lane.
 */
#pragma once

#include <libvirt/libvirt.h>

#include "guest/hostdevs.h"
#include "guest/libvirt.h"
#include "guest/session.h"

typedef enum {
	LIBVIRT_CONNECTED,
	LIBVIRT_DISCONNECTED, /* or could not connect: libvirt_connected() says why */
	LIBVIRT_LIFECYCLE,    /* event, detail: of VIR_DOMAIN_EVENT_ID_LIFECYCLE */
	LIBVIRT_DEVICE_ADDED,
	LIBVIRT_DEVICE_REMOVED,
	LIBVIRT_DEVICE_STUCK, /* the guest refuses to give up the device */
	LIBVIRT_HOSTDEVS,     /* libvirt_hostdevs() has changed */
} LibvirtEventKind;

/* Strings are borrowed for the length of the call; what an event is not about is NULL. */
typedef struct {
	LibvirtEventKind kind;
	const char *domain;
	const char *alias; /* LIBVIRT_DEVICE_… */
	int event, detail;
} LibvirtEvent;

typedef void (*LibvirtListener)(const LibvirtEvent *event, gpointer data);

/* Ids are never 0. A listener may be removed at any time, by itself too. */
guint libvirt_listen(Libvirt *libvirt, LibvirtListener listener, gpointer data);
void libvirt_unlisten(Libvirt *libvirt, guint id);

typedef struct LibvirtCall LibvirtCall;

/* On the lane: may block, and touches nothing but job. May run a second time, when the connection
 * was lost under the first. */
typedef void (*LibvirtWork)(virConnectPtr conn, gpointer job, GError **error);
/* On the main loop; job is NULL when there is an error. */
typedef void (*LibvirtDone)(gpointer job, const GError *error, gpointer data);

/* Longest wait for an answer of libvirt's: its own longest known wait, that for a guest to give up
 * a device, is 5 s (libvirt 9.0, QEMU_UNPLUG_TIMEOUT), and calls queue up behind one another. */
enum { LIBVIRT_CALL_MS = 15000 };

/*
 * Runs work on the lane, connecting first if need be. done is called once, never before this
 * returns, at the latest after deadline_ms (HOTSEAT_ERROR_TIMED_OUT; the late result is dropped).
 * Owns job from here. The handle is good until done is called.
 */
LibvirtCall *libvirt_call(Libvirt *libvirt, guint deadline_ms, LibvirtWork work, gpointer job,
	GDestroyNotify free_job, LibvirtDone done, gpointer data);
/* done will not be called. NULL is fine. */
void libvirt_call_drop(LibvirtCall *call);

/* What follows is between the files of this room. */

struct Libvirt {
	char *uri;
	Lane *lane;
	Session *session; /* NULL: not connected */
	gboolean connecting;
	guint retry_id, retry_ms;
	char *error;	      /* why there is no connection; NULL: there is */
	GPtrArray *waiting;   /* LibvirtCall *, for a connection */
	GPtrArray *listeners; /* Listener * */
	guint emitting;	      /* depth of libvirt_emit() */
	guint last_listener;  /* id */
	HostdevTable *hostdevs;
};

void libvirt_emit(Libvirt *libvirt, const LibvirtEvent *event);
/* session has lost its connection. */
void libvirt_lost(Libvirt *libvirt, Session *session);
void libvirt_connect(Libvirt *libvirt);
/* A list for waiting calls. */
GPtrArray *libvirt_calls_new(void);
/* Sends on the waiting calls: to the lane, or back with error if that is not NULL. */
void libvirt_calls_release(Libvirt *libvirt, const GError *error);
