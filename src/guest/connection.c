/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/connection.h"

#include <libvirt-glib/libvirt-glib-event.h>

#include "common/error.h"
#include "guest/error.h"

/* Pauses between attempts to connect: short at first, as a restarted libvirtd is back at once. */
enum { RETRY_FIRST_MS = 500, RETRY_LONGEST_MS = 30000 };

typedef struct {
	guint id;
	LibvirtListener func; /* NULL: removed */
	gpointer data;
} Listener;

typedef struct {
	Libvirt *libvirt;
	char *uri;
	Session *session;
	GError *error;
} Connecting;

guint libvirt_listen(Libvirt *libvirt, LibvirtListener func, gpointer data)
{
	Listener *listener = g_new0(Listener, 1);

	listener->id = ++libvirt->last_listener;
	listener->func = func;
	listener->data = data;
	g_ptr_array_add(libvirt->listeners, listener);
	return listener->id;
}

static void listeners_sweep(Libvirt *libvirt)
{
	for (guint i = libvirt->listeners->len; i-- > 0;) {
		Listener *listener = libvirt->listeners->pdata[i];

		if (listener->func == NULL)
			g_ptr_array_remove_index(libvirt->listeners, i);
	}
}

void libvirt_unlisten(Libvirt *libvirt, guint id)
{
	for (guint i = 0; i < libvirt->listeners->len; i++) {
		Listener *listener = libvirt->listeners->pdata[i];

		if (listener->id == id)
			listener->func = NULL;
	}
	if (libvirt->emitting == 0)
		listeners_sweep(libvirt);
}

void libvirt_emit(Libvirt *libvirt, const LibvirtEvent *event)
{
	/* those that come during the event hear of the next one */
	guint n = libvirt->listeners->len;

	libvirt->emitting++;
	for (guint i = 0; i < n; i++) {
		Listener *listener = libvirt->listeners->pdata[i];

		if (listener->func != NULL)
			listener->func(event, listener->data);
	}
	if (--libvirt->emitting == 0)
		listeners_sweep(libvirt);
}

static void connecting_free(gpointer data)
{
	Connecting *connecting = data;

	if (connecting->session != NULL)
		session_unuse(connecting->session);
	g_clear_error(&connecting->error);
	g_free(connecting->uri);
	g_free(connecting);
}

static void connecting_work(gpointer data)
{
	Connecting *connecting = data;

	connecting->session = session_open(connecting->uri, &connecting->error);
}

static gboolean retry(gpointer data)
{
	Libvirt *libvirt = data;

	libvirt->retry_id = 0;
	libvirt_connect(libvirt);
	return G_SOURCE_REMOVE;
}

static void retry_later(Libvirt *libvirt)
{
	if (libvirt->retry_id != 0)
		return;
	libvirt->retry_id = g_timeout_add(libvirt->retry_ms, retry, libvirt);
	libvirt->retry_ms = MIN(libvirt->retry_ms * 2, RETRY_LONGEST_MS);
}

static void set_error(Libvirt *libvirt, const char *error)
{
	g_free(libvirt->error);
	libvirt->error = g_strdup(error);
}

static void connecting_done(gpointer data)
{
	Connecting *connecting = data;
	Libvirt *libvirt = connecting->libvirt;
	LibvirtEvent event = { .kind = LIBVIRT_CONNECTED };

	libvirt->connecting = FALSE;
	if (connecting->session == NULL) {
		set_error(libvirt, connecting->error->message);
		retry_later(libvirt);
		event.kind = LIBVIRT_DISCONNECTED;
	} else {
		set_error(libvirt, NULL);
		libvirt->retry_ms = RETRY_FIRST_MS;
		libvirt->session = g_steal_pointer(&connecting->session);
		libvirt->session->owner = libvirt;
	}
	/* first those who wait, then those who only want to know */
	libvirt_calls_release(libvirt, connecting->error);
	libvirt_emit(libvirt, &event);
}

void libvirt_connect(Libvirt *libvirt)
{
	Connecting *connecting;

	if (libvirt->session != NULL || libvirt->connecting)
		return;
	g_clear_handle_id(&libvirt->retry_id, g_source_remove);
	libvirt->connecting = TRUE;
	connecting = g_new0(Connecting, 1);
	connecting->libvirt = libvirt;
	connecting->uri = g_strdup(libvirt->uri);
	lane_push(libvirt->lane, connecting_work, connecting_done, connecting, connecting_free);
}

static void session_leave(Libvirt *libvirt)
{
	Session *session = g_steal_pointer(&libvirt->session);

	if (session == NULL)
		return;
	session->owner = NULL;
	session_unuse(session);
}

void libvirt_lost(Libvirt *libvirt, Session *session)
{
	LibvirtEvent event = { .kind = LIBVIRT_DISCONNECTED };

	if (session != libvirt->session)
		return;
	session_leave(libvirt);
	set_error(libvirt, "libvirt has closed the connection; see: systemctl status libvirtd");
	retry_later(libvirt);
	libvirt_emit(libvirt, &event);
}

Libvirt *libvirt_new(const char *uri)
{
	Libvirt *libvirt = g_new0(Libvirt, 1);

	libvirt_error_silence();
	gvir_event_register();
	libvirt->uri = g_strdup(uri);
	libvirt->lane = lane_new("libvirt");
	libvirt->retry_ms = RETRY_FIRST_MS;
	libvirt->waiting = libvirt_calls_new();
	libvirt->listeners = g_ptr_array_new_with_free_func(g_free);
	libvirt->hostdevs = hostdev_table_new(libvirt);
	set_error(libvirt, "the first connection to libvirt is still being made; wait a moment");
	libvirt_connect(libvirt);
	return libvirt;
}

void libvirt_free(Libvirt *libvirt)
{
	if (libvirt == NULL)
		return;
	hostdev_table_free(libvirt->hostdevs);
	lane_free(libvirt->lane);
	session_leave(libvirt);
	g_clear_handle_id(&libvirt->retry_id, g_source_remove);
	g_ptr_array_unref(libvirt->waiting);
	g_ptr_array_unref(libvirt->listeners);
	g_free(libvirt->uri);
	g_free(libvirt->error);
	g_free(libvirt);
}

gboolean libvirt_connected(Libvirt *libvirt, char **error)
{
	if (libvirt->session == NULL && error != NULL)
		*error = g_strdup(libvirt->error);
	return libvirt->session != NULL;
}
