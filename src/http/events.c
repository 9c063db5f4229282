/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GET /events: server-sent events (HTML Living Standard, 9.2).
 */
#include "common/json.h"
#include "http/private.h"

#include <string.h>

static const char *const names[] = {
	[SEAT_SWITCH_STARTED] = "switch-started",
	[SEAT_STEP] = "step",
	[SEAT_SWITCH_FINISHED] = "switch-finished",
	[SEAT_RESOURCE_CHANGED] = "changed",
	[SEAT_GUEST_CHANGED] = "guest",
};

static char *format(Http *http, const char *name, const char *json)
{
	return g_strdup_printf(
		"event: %s\nid: %" G_GUINT64_FORMAT "\ndata: %s\n\n", name, http->event_id, json);
}

/* Sends text to clients that may do everything, and for_guests (may be the same) to the others. */
static void send_all(Http *http, const char *text, const char *for_guests)
{
	GList *next;

	for (GList *link = http->streams; link != NULL; link = next) {
		const char *own = connection_guest(link->data) != NULL ? for_guests : text;

		next = link->next;
		/* may close it and so remove it from the list */
		connection_stream(link->data, own, strlen(own));
	}
}

/* Frees builder. The text for guests is made last, because that removes members. */
static void send_event(Http *http, const char *name, JsonBuilder *builder)
{
	g_autofree char *json = seat_json_finish_for(g_object_ref(builder), FALSE);
	g_autofree char *guest_json = seat_json_finish_for(builder, TRUE);
	g_autofree char *text = NULL, *for_guests = NULL;

	http->event_id++;
	text = format(http, name, json);
	for_guests = format(http, name, guest_json);
	send_all(http, text, for_guests);
}

void http_events_send(Http *http, Connection *connection, const char *name, const char *json)
{
	g_autofree char *text = NULL;

	http->event_id++;
	text = format(http, name, json);
	connection_stream(connection, text, strlen(text));
}

static gboolean on_heartbeat(gpointer data)
{
	send_all(data, ":\n\n", ":\n\n");
	return G_SOURCE_CONTINUE;
}

static void add_step(JsonBuilder *builder, Seat *seat, const SeatEvent *event)
{
	json_builder_begin_object(builder);
	member_add_int(builder, "switch", event->sw->id);
	member_add_text(builder, "target", seat_at(seat));
	seat_json_step_members(builder, event->step);
	json_builder_end_object(builder);
}

/* {"target":…,name:{…}} */
static void add_thing(JsonBuilder *builder, Seat *seat, const SeatEvent *event)
{
	json_builder_begin_object(builder);
	member_add_text(builder, "target", seat_at(seat));
	member_add_text(builder, "wanted", seat_wanted(seat));
	if (event->kind == SEAT_RESOURCE_CHANGED) {
		json_builder_set_member_name(builder, "resource");
		seat_json_resource(builder, seat, event->resource);
	} else {
		json_builder_set_member_name(builder, "guest");
		seat_json_guest(builder, event->guest);
	}
	json_builder_end_object(builder);
}

static JsonBuilder *event_json(Seat *seat, const SeatEvent *event)
{
	JsonBuilder *builder = json_builder_new();

	switch (event->kind) {
	case SEAT_SWITCH_STARTED:
	case SEAT_SWITCH_FINISHED:
		seat_json_switch(builder, seat, event->sw);
		break;
	case SEAT_STEP:
		add_step(builder, seat, event);
		break;
	case SEAT_RESOURCE_CHANGED:
	case SEAT_GUEST_CHANGED:
		add_thing(builder, seat, event);
		break;
	}
	return builder;
}

void http_events_listener(Seat *seat, const SeatEvent *event, gpointer data)
{
	Http *http = data;

	if (http->streams != NULL)
		send_event(http, names[event->kind], event_json(seat, event));
}

static void send_status(Http *http, Connection *connection)
{
	g_autofree char *json = http_status_json(http, connection);
	g_autofree char *text = format(http, "status", json);

	connection_stream(connection, text, strlen(text));
}

void http_events_seat_changed(Http *http)
{
	GList *next;

	if (http->streams == NULL)
		return;
	http->event_id++;
	for (GList *link = http->streams; link != NULL; link = next) {
		next = link->next;
		/* may close it and so remove it from the list */
		send_status(http, link->data);
	}
}

void http_events_revoke(Http *http)
{
	GList *next;

	for (GList *link = http->streams; link != NULL; link = next) {
		Connection *connection = link->data;

		next = link->next;
		if (connection_peer(connection) != NULL &&
			!auth_is_valid(http->auth, connection_credential_id(connection)))
			connection_close(connection);
	}
}

/* Counts the clients that share one limit, so that no guest can lock out another one. */
static gboolean are_alike(const Connection *a, const Connection *b)
{
	return (connection_peer(a) == NULL) == (connection_peer(b) == NULL) &&
	       g_strcmp0(connection_guest(a), connection_guest(b)) == 0;
}

static gboolean has_place(const Http *http, const Connection *connection)
{
	guint places = connection_guest(connection) != NULL ? EVENTS_GUEST_CLIENTS_MAX
							    : EVENTS_CLIENTS_MAX;
	guint taken = 0;

	for (const GList *link = http->streams; link != NULL; link = link->next)
		taken += are_alike(link->data, connection) ? 1 : 0;
	return taken < places;
}

void http_events(Http *http, Connection *connection, JsonObject *body)
{
	if (!has_place(http, connection)) {
		http_refuse(connection, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL,
			"too many clients listen to events; close one");
		return;
	}
	http->streams = g_list_append(http->streams, connection);
	if (http->heartbeat == 0)
		http->heartbeat = g_timeout_add_seconds(EVENTS_HEARTBEAT_S, on_heartbeat, http);
	connection_stream_begin(connection, "text/event-stream");
	send_status(http, connection);
	/* unless that closed the connection */
	if (g_list_find(http->streams, connection) != NULL)
		http_agents_add(http, connection);
}

void http_events_forget(Http *http, Connection *connection)
{
	http->streams = g_list_remove(http->streams, connection);
	if (http->streams == NULL)
		g_clear_handle_id(&http->heartbeat, g_source_remove);
}
