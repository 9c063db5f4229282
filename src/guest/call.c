/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "guest/advice.h"
#include "guest/connection-private.h"

/* Held by its caller until answered or dropped, by the list of waiting ones, and by the lane. */
struct LibvirtCall {
	guint refs;		       /* main loop only */
	LibvirtConnection *connection; /* NULL: answered or dropped */
	LibvirtWork work;
	gpointer job;
	GDestroyNotify free_job;
	LibvirtDone done;
	gpointer data;
	guint deadline_ms, deadline_id;
	gboolean retried;
};

/* One run of a call on the lane. */
typedef struct {
	LibvirtCall *call;
	Session *session;
	GError *error;
	gboolean lost; /* the connection was lost during it */
} Run;

static void call_unref(gpointer data)
{
	LibvirtCall *call = data;

	if (--call->refs > 0)
		return;
	call->free_job(call->job);
	g_free(call);
}

static void call_retire(LibvirtCall *call)
{
	g_clear_handle_id(&call->deadline_id, g_source_remove);
	call->connection = NULL;
}

static void call_answer(LibvirtCall *call, const GError *error)
{
	if (call->connection == NULL)
		return;
	call_retire(call);
	call->done(error == NULL ? call->job : NULL, error, call->data);
	call_unref(call);
}

static void run_work(gpointer data)
{
	Run *run = data;

	run->call->work(run->session->conn, run->call->job, &run->error);
	run->lost = run->error != NULL && virConnectIsAlive(run->session->conn) != 1;
}

static void call_send(LibvirtConnection *connection, LibvirtCall *call);

static void run_done(gpointer data)
{
	Run *run = data;
	LibvirtCall *call = run->call;
	LibvirtConnection *connection = call->connection;

	if (connection == NULL)
		return;
	if (run->lost)
		libvirt_connection_lost(connection, run->session);
	if (run->lost && !call->retried) {
		call->retried = TRUE;
		call_send(connection, call);
	} else {
		call_answer(call, run->error);
	}
}

static void run_free(gpointer data)
{
	Run *run = data;

	session_release(run->session);
	call_unref(run->call);
	g_clear_error(&run->error);
	g_free(run);
}

/* Pushes it to the lane, or adds it to the calls that wait for a connection. */
static void call_send(LibvirtConnection *connection, LibvirtCall *call)
{
	Run *run;

	call->refs++;
	if (connection->session == NULL) {
		g_ptr_array_add(connection->waiting, call);
		libvirt_connection_connect(connection);
		return;
	}
	run = g_new0(Run, 1);
	run->call = call;
	run->session = session_hold(connection->session);
	lane_push(connection->lane, run_work, run_done, run, run_free);
}

static gboolean call_late(gpointer data)
{
	LibvirtCall *call = data;
	g_autofree char *status = advice_status(call->connection->uri);
	g_autoptr(GError) error = NULL;

	call->deadline_id = 0;
	g_ptr_array_remove(call->connection->waiting, call);
	g_set_error(&error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
		"libvirt did not answer within %u s; see: %s", call->deadline_ms / 1000, status);
	call_answer(call, error);
	return G_SOURCE_REMOVE;
}

LibvirtCall *libvirt_call(LibvirtConnection *connection, guint deadline_ms, LibvirtWork work,
	gpointer job, GDestroyNotify free_job, LibvirtDone done, gpointer data)
{
	LibvirtCall *call = g_new0(LibvirtCall, 1);

	call->refs = 1;
	call->connection = connection;
	call->work = work;
	call->job = job;
	call->free_job = free_job;
	call->done = done;
	call->data = data;
	call->deadline_ms = deadline_ms;
	call->deadline_id = g_timeout_add(deadline_ms, call_late, call);
	call_send(connection, call);
	return call;
}

void libvirt_call_drop(LibvirtCall *call)
{
	LibvirtConnection *connection;

	if (call == NULL)
		return;
	connection = call->connection;
	call_retire(call);
	g_ptr_array_remove(connection->waiting, call);
	call_unref(call);
}

GPtrArray *libvirt_calls_new(void)
{
	return g_ptr_array_new_with_free_func(call_unref);
}

void libvirt_calls_release(LibvirtConnection *connection, const GError *error)
{
	g_autoptr(GPtrArray) released = connection->waiting;

	connection->waiting = libvirt_calls_new();
	for (guint i = 0; i < released->len; i++) {
		LibvirtCall *call = released->pdata[i];

		if (call->connection == NULL)
			continue;
		if (error != NULL)
			call_answer(call, error);
		else
			call_send(connection, call);
	}
}
