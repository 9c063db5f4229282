/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "guest/advice.h"
#include "guest/connection-private.h"
#include "guest/error.h"
#include "guest/libvirt.h"
#include "guest/state.h"

/* GuestOps.refresh promises an answer within 10 s. */
enum { QUERY_MS = 9000 };

typedef struct {
	Guest guest;
	LibvirtConnection *connection;
	guint listener;
	guint events;	    /* how many events have reported a state */
	GPtrArray *queries; /* Query *, under way */
} LibvirtGuest;

/* A query of the state; job belongs to the lane. */
typedef struct {
	LibvirtGuest *guest;
	LibvirtCall *call;
	guint events; /* LibvirtGuest.events when the query began */
	GuestDone done;
	gpointer data;
} Query;

typedef struct {
	char *domain;
	GuestState state;
} QueryJob;

static void query_job_free(gpointer data)
{
	QueryJob *job = data;

	g_free(job->domain);
	g_free(job);
}

static void query_work(virConnectPtr conn, gpointer data, GError **error)
{
	QueryJob *job = data;
	virDomainPtr domain = virDomainLookupByName(conn, job->domain);
	int state, reason;

	if (domain != NULL && virDomainGetState(domain, &state, &reason, 0) == 0)
		job->state = guest_state_of_domain(state, reason);
	else if (virGetLastErrorCode() == VIR_ERR_NO_DOMAIN)
		job->state = GUEST_ABSENT;
	else
		libvirt_error_last(error, "cannot get the state of the domain");
	if (domain != NULL)
		virDomainFree(domain);
}

static void query_free(gpointer data)
{
	Query *query = data;

	libvirt_call_drop(query->call);
	g_free(query);
}

static void query_done(gpointer data, const GError *error, gpointer query_data)
{
	QueryJob *job = data;
	Query *query = query_data;
	LibvirtGuest *guest = query->guest;
	GuestDone done = query->done;
	gpointer done_data = query->data;

	query->call = NULL;
	if (error != NULL)
		guest_set_state(&guest->guest, GUEST_UNKNOWN, error->message);
	else if (query->events == guest->events)
		guest_set_state(&guest->guest, job->state, NULL);
	g_ptr_array_remove(guest->queries, query);
	if (done != NULL)
		done(&guest->guest, done_data);
}

static void query_push(LibvirtGuest *guest, GuestDone done, gpointer data)
{
	Query *query = g_new0(Query, 1);
	QueryJob *job = g_new0(QueryJob, 1);

	query->guest = guest;
	query->events = guest->events;
	query->done = done;
	query->data = data;
	g_ptr_array_add(guest->queries, query);
	job->domain = g_strdup(guest->guest.domain);
	query->call = libvirt_call(
		guest->connection, QUERY_MS, query_work, job, query_job_free, query_done, query);
}

static void guest_refresh(Guest *guest, GuestDone done, gpointer data)
{
	query_push((LibvirtGuest *)guest, done, data);
}

/* The event is used immediately, and a query confirms it: a transient domain that stops also
 * vanishes. */
static void on_lifecycle(LibvirtGuest *guest, const LibvirtEvent *event)
{
	int state = guest_state_of_event(event->event, event->detail);

	guest->events++;
	query_push(guest, NULL, NULL);
	/* its hooks have ended by now */
	if (event->event == VIR_DOMAIN_EVENT_STARTED &&
		event->detail != VIR_DOMAIN_EVENT_STARTED_WAKEUP)
		guest_started(&guest->guest);
	else if (state >= 0)
		guest_set_state(&guest->guest, (GuestState)state, NULL);
}

static void on_event(const LibvirtEvent *event, gpointer data)
{
	LibvirtGuest *guest = data;
	g_autofree char *error = NULL;

	if (event->kind == LIBVIRT_CONNECTED) {
		query_push(guest, NULL, NULL);
	} else if (event->kind == LIBVIRT_DISCONNECTED) {
		libvirt_connection_is_up(guest->connection, &error);
		guest_set_state(&guest->guest, GUEST_UNKNOWN, error);
	} else if (event->kind == LIBVIRT_LIFECYCLE &&
		   g_strcmp0(event->domain, guest->guest.domain) == 0) {
		on_lifecycle(guest, event);
	}
}

static void guest_free_libvirt(Guest *data)
{
	LibvirtGuest *guest = (LibvirtGuest *)data;

	libvirt_connection_unlisten(guest->connection, guest->listener);
	g_ptr_array_unref(guest->queries);
	g_free(guest);
}

Guest *libvirt_guest_new(LibvirtConnection *connection, const ConfigGuest *config)
{
	static const GuestOps ops = { .refresh = guest_refresh, .free = guest_free_libvirt };
	LibvirtGuest *guest = g_new0(LibvirtGuest, 1);

	guest->guest.ops = &ops;
	guest->guest.name = g_strdup(config->name);
	guest->guest.domain = g_strdup(config->domain);
	guest->guest.virsh = advice_virsh(connection->uri);
	guest->guest.follow = config->follow;
	guest->guest.state = GUEST_UNKNOWN;
	guest->connection = connection;
	guest->queries = g_ptr_array_new_with_free_func(query_free);
	guest->listener = libvirt_connection_listen(connection, on_event, guest);
	if (libvirt_connection_is_up(connection, &guest->guest.error))
		query_push(guest, NULL, NULL);
	return &guest->guest;
}
