/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/connection-private.h"

#include <libvirt-glib/libvirt-glib-event.h>

#include "common/error.h"
#include "guest/advice.h"
#include "guest/error.h"

/* Pauses between attempts to connect: short at first, because a restarted libvirtd is soon back. */
enum { RETRY_FIRST_MS = 500, RETRY_LONGEST_MS = 30000 };

typedef struct {
	LibvirtConnection *connection;
	char *uri;
	Session *session;
	GError *error;
} Connecting;

guint libvirt_connection_listen(
	LibvirtConnection *connection, LibvirtListener listener, gpointer data)
{
	return listeners_add(connection->listeners, G_CALLBACK(listener), data);
}

void libvirt_connection_unlisten(LibvirtConnection *connection, guint id)
{
	listeners_remove(connection->listeners, id);
}

static void call_listener(GCallback func, gpointer data, gconstpointer event)
{
	((LibvirtListener)func)(event, data);
}

void libvirt_connection_emit(LibvirtConnection *connection, const LibvirtEvent *event)
{
	listeners_call(connection->listeners, call_listener, event);
}

static void connecting_free(gpointer data)
{
	Connecting *connecting = data;

	if (connecting->session != NULL)
		session_release(connecting->session);
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
	LibvirtConnection *connection = data;

	connection->retry_id = 0;
	libvirt_connection_connect(connection);
	return G_SOURCE_REMOVE;
}

static void retry_later(LibvirtConnection *connection)
{
	if (connection->retry_id != 0)
		return;
	connection->retry_id = g_timeout_add(connection->retry_ms, retry, connection);
	connection->retry_ms = MIN(connection->retry_ms * 2, RETRY_LONGEST_MS);
}

static void set_error(LibvirtConnection *connection, const char *error)
{
	g_free(connection->error);
	connection->error = g_strdup(error);
}

static void on_session_event(const LibvirtEvent *event, gpointer data)
{
	libvirt_connection_emit(data, event);
}

static void on_session_closed(gpointer data)
{
	LibvirtConnection *connection = data;

	libvirt_connection_lost(connection, connection->session);
}

static const SessionOps session_ops = { on_session_event, on_session_closed };

static void connecting_done(gpointer data)
{
	Connecting *connecting = data;
	LibvirtConnection *connection = connecting->connection;
	LibvirtEvent event = { .kind = LIBVIRT_CONNECTED };

	connection->connecting = FALSE;
	if (connecting->session == NULL) {
		set_error(connection, connecting->error->message);
		retry_later(connection);
		event.kind = LIBVIRT_DISCONNECTED;
	} else {
		set_error(connection, NULL);
		connection->retry_ms = RETRY_FIRST_MS;
		connection->session = g_steal_pointer(&connecting->session);
		session_set_ops(connection->session, &session_ops, connection);
	}
	/* first the waiting calls, then the listeners */
	libvirt_calls_release(connection, connecting->error);
	libvirt_connection_emit(connection, &event);
}

void libvirt_connection_connect(LibvirtConnection *connection)
{
	Connecting *connecting;

	if (connection->session != NULL || connection->connecting)
		return;
	g_clear_handle_id(&connection->retry_id, g_source_remove);
	connection->connecting = TRUE;
	connecting = g_new0(Connecting, 1);
	connecting->connection = connection;
	connecting->uri = g_strdup(connection->uri);
	lane_push(connection->lane, connecting_work, connecting_done, connecting, connecting_free);
}

static void session_leave(LibvirtConnection *connection)
{
	Session *session = g_steal_pointer(&connection->session);

	if (session == NULL)
		return;
	session_set_ops(session, NULL, NULL);
	session_release(session);
}

void libvirt_connection_lost(LibvirtConnection *connection, Session *session)
{
	LibvirtEvent event = { .kind = LIBVIRT_DISCONNECTED };
	g_autofree char *status = NULL, *error = NULL;

	if (session != connection->session)
		return;
	session_leave(connection);
	status = advice_status(connection->uri);
	error = g_strdup_printf("libvirt has closed the connection; see: %s", status);
	set_error(connection, error);
	retry_later(connection);
	libvirt_connection_emit(connection, &event);
}

LibvirtConnection *libvirt_connection_new(const char *uri)
{
	LibvirtConnection *connection = g_new0(LibvirtConnection, 1);

	libvirt_error_silence();
	gvir_event_register();
	connection->uri = g_strdup(uri);
	connection->lane = lane_new("libvirt");
	connection->retry_ms = RETRY_FIRST_MS;
	connection->waiting = libvirt_calls_new();
	connection->listeners = listeners_new();
	set_error(connection, "the first connection to libvirt is still being made; wait a moment");
	libvirt_connection_connect(connection);
	return connection;
}

void libvirt_connection_free(LibvirtConnection *connection)
{
	if (connection == NULL)
		return;
	lane_free(connection->lane);
	session_leave(connection);
	g_clear_handle_id(&connection->retry_id, g_source_remove);
	g_ptr_array_unref(connection->waiting);
	listeners_free(connection->listeners);
	g_free(connection->uri);
	g_free(connection->error);
	g_free(connection);
}

gboolean libvirt_connection_is_up(LibvirtConnection *connection, char **error)
{
	if (connection->session == NULL && error != NULL)
		*error = g_strdup(connection->error);
	return connection->session != NULL;
}
