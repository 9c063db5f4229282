/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/link.h"

#include "common/json.h"
#include "core/events.h"

#define PATH	   "/events?agent=linux%20" HOTSEAT_VERSION
#define READ_BYTES 4096
/* RFC 6585, 4; libsoup has no name for it */
#define TOO_MANY_REQUESTS 429

/* An operation under way holds a reference, and does nothing if the link is closed. */
struct Link {
	grefcount refs;
	gboolean closed;
	Remote *remote;
	LinkTimes times;
	const LinkOps *ops;
	gpointer data;
	GCancellable *cancel;
	SoupMessage *message;
	GInputStream *stream;
	Events *events;
	gboolean settled; /* an event has arrived on this connection */
	guint pause_ms;	  /* pause before the next attempt */
	guint retry;	  /* source */
};

static gboolean on_retry(gpointer data);

static void link_unref(Link *link)
{
	if (!g_ref_count_dec(&link->refs))
		return;
	core_events_free(link->events);
	g_clear_object(&link->stream);
	g_clear_object(&link->message);
	g_object_unref(link->cancel);
	g_free(link);
}

static Link *link_ref(Link *link)
{
	g_ref_count_inc(&link->refs);
	return link;
}

static void lost(Link *link, gboolean refused, const char *why)
{
	/* not after connecting, because a daemon that disconnects immediately does not work */
	if (link->settled)
		link->pause_ms = link->times.first_ms;
	if (refused)
		link->pause_ms = link->times.max_ms;
	link->settled = FALSE;
	g_clear_pointer(&link->events, core_events_free);
	g_clear_object(&link->stream);
	g_clear_object(&link->message);
	link->retry = g_timeout_add(link->pause_ms, on_retry, link);
	link->pause_ms = MIN(link->pause_ms * 2, link->times.max_ms);
	link->ops->down(why, link->data);
}

static void on_event(const char *name, const char *text, void *data)
{
	Link *link = data;

	link->settled = TRUE;
	link->ops->event(name, text, link->data);
}

static void on_bytes(GObject *source, GAsyncResult *result, gpointer data);

static void read_on(Link *link)
{
	g_input_stream_read_bytes_async(link->stream, READ_BYTES, G_PRIORITY_DEFAULT, link->cancel,
		on_bytes, link_ref(link));
}

static void take_bytes(Link *link, GBytes *bytes, const GError *cause)
{
	g_autoptr(GError) error = NULL;
	gsize length = 0;
	const char *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;

	if (cause != NULL)
		error = remote_explain(link->remote, link->message, cause);
	if (error != NULL)
		lost(link, FALSE, error->message);
	else if (length == 0)
		lost(link, FALSE, "hotseatd closed the connection");
	else if (!core_events_feed(link->events, data, length))
		lost(link, FALSE, "the answer is too long; check that hotseatd listens there");
	else
		read_on(link);
}

static void on_bytes(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) cause = NULL;
	g_autoptr(GBytes) bytes =
		g_input_stream_read_bytes_finish(G_INPUT_STREAM(source), result, &cause);
	Link *link = data;

	if (!link->closed)
		take_bytes(link, bytes, cause);
	link_unref(link);
}

/* hotseatd counts wrong secrets, and locks out clients with many of them */
static gboolean is_refusal(guint status)
{
	return status == SOUP_STATUS_FORBIDDEN || status == TOO_MANY_REQUESTS;
}

/* The answer was not a stream of events; its text has the reason. */
static void on_refusal(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GBytes) bytes =
		g_input_stream_read_bytes_finish(G_INPUT_STREAM(source), result, NULL);
	gsize length = bytes != NULL ? g_bytes_get_size(bytes) : 0;
	g_autofree char *text =
		length > 0 ? g_strndup(g_bytes_get_data(bytes, NULL), length) : g_strdup("");
	g_autoptr(JsonNode) root = object_parse(text);
	Link *link = data;
	g_autofree char *why = NULL;

	if (!link->closed) {
		guint status = soup_message_get_status(link->message);
		JsonObject *object = root != NULL ? json_node_get_object(root) : NULL;
		const char *error = member_text(object, "error");

		why = g_strdup_printf("%s answers HTTP %u: %s", link->remote->endpoint->url, status,
			error != NULL ? error : "check that hotseatd listens there");
		lost(link, is_refusal(status), why);
	}
	link_unref(link);
}

static void take_answer(Link *link, const GError *cause)
{
	g_autoptr(GError) error = NULL;

	if (cause != NULL) {
		error = remote_explain(link->remote, link->message, cause);
		/* a certificate does not change every second, so wait longer */
		lost(link, error->code != CLI_ABSENT, error->message);
	} else if (soup_message_get_status(link->message) != SOUP_STATUS_OK) {
		g_input_stream_read_bytes_async(link->stream, READ_BYTES, G_PRIORITY_DEFAULT,
			link->cancel, on_refusal, link_ref(link));
	} else {
		link->events = core_events_new(on_event, link);
		link->ops->up(link->data);
		read_on(link);
	}
}

static void on_answer(GObject *session, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) cause = NULL;
	g_autoptr(GInputStream) stream =
		soup_session_send_finish(SOUP_SESSION(session), result, &cause);
	Link *link = data;

	if (!link->closed) {
		link->stream = g_steal_pointer(&stream);
		take_answer(link, cause);
	}
	link_unref(link);
}

static gboolean on_retry(gpointer data)
{
	Link *link = data;
	g_autoptr(GError) error = NULL;

	link->retry = 0;
	link->message = remote_message(link->remote, PATH, NULL, &error);
	if (link->message == NULL)
		lost(link, TRUE, error->message);
	else
		soup_session_send_async(link->remote->session, link->message, G_PRIORITY_DEFAULT,
			link->cancel, on_answer, link_ref(link));
	return G_SOURCE_REMOVE;
}

Link *link_new(Remote *remote, const LinkTimes *times, const LinkOps *ops, gpointer data)
{
	Link *link = g_new0(Link, 1);

	g_ref_count_init(&link->refs);
	link->remote = remote;
	link->times = *times;
	link->ops = ops;
	link->data = data;
	link->cancel = g_cancellable_new();
	link->pause_ms = times->first_ms;
	link->retry = g_idle_add(on_retry, link);
	return link;
}

void link_free(Link *link)
{
	if (link == NULL)
		return;
	link->closed = TRUE;
	g_clear_handle_id(&link->retry, g_source_remove);
	g_cancellable_cancel(link->cancel);
	link_unref(link);
}
