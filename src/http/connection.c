/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/connection.h"

#include <glib-unix.h>
#include <string.h>

/* How many bytes a client may send after its request before it is treated as a flood. */
#define EXCESS_MAX (256 * 1024)

const ConnectionTimes connection_times = {
	.idle_ms = 30 * 1000,
	.transfer_ms = 10 * 1000,
	.linger_ms = 2 * 1000,
	.stall_ms = 60 * 1000,
	.waiting_ms = 10 * 60 * 1000,
};

typedef enum {
	SETTING_UP, /* the stream: the TLS handshake */
	READING,
	DELAYED, /* the answer is ready but delayed */
	WAITING, /* for the handler */
	WRITING,
	STREAMING,
	LINGERING, /* the answer is sent; until the client has disconnected */
} State;

struct Connection {
	Stream *stream;
	char *peer;
	const ConnectionTimes *times;
	char *guest; /* the guest that sent the request; NULL: a client that may do everything */
	guint64 credential_id;
	const ConnectionOps *ops;
	gpointer data;
	State state;
	Request *request;
	GByteArray *out; /* unsent */
	gsize excess;	 /* bytes that were discarded */
	gboolean begun;	 /* the first byte has arrived */
	gint64 active_us;
	GIOCondition watching;
	guint watch;	/* source of the socket */
	guint deadline; /* source of the timer */
	guint busy;	/* number of calls on the stack that still use it */
	gboolean closing;
};

static void destroy(Connection *connection)
{
	connection->ops->closed(connection, connection->data);
	stream_free(connection->stream);
	request_free(connection->request);
	g_byte_array_unref(connection->out);
	g_free(connection->peer);
	g_free(connection->guest);
	g_free(connection);
}

void connection_close(Connection *connection)
{
	if (connection->closing)
		return;
	connection->closing = TRUE;
	g_clear_handle_id(&connection->watch, g_source_remove);
	g_clear_handle_id(&connection->deadline, g_source_remove);
	if (connection->busy == 0)
		destroy(connection);
}

static void enter(Connection *connection)
{
	connection->busy++;
}

static void leave(Connection *connection)
{
	if (--connection->busy == 0 && connection->closing)
		destroy(connection);
}

static gboolean on_ready(int fd, GIOCondition condition, gpointer data);

static void watch(Connection *connection, GIOCondition condition)
{
	if (connection->closing || (connection->watch != 0 && connection->watching == condition))
		return;
	g_clear_handle_id(&connection->watch, g_source_remove);
	connection->watching = condition;
	connection->watch =
		g_unix_fd_add(stream_fd(connection->stream), condition, on_ready, connection);
}

static gboolean on_deadline(gpointer data)
{
	Connection *connection = data;

	connection->deadline = 0;
	if (connection->state == DELAYED) {
		connection->state = WRITING;
		watch(connection, G_IO_OUT);
	} else if (connection->state == WAITING) {
		connection->ops->late(connection, connection->data);
	} else {
		connection_close(connection);
	}
	return G_SOURCE_REMOVE;
}

/* ms: 0 for none */
static void set_deadline(Connection *connection, guint ms)
{
	g_clear_handle_id(&connection->deadline, g_source_remove);
	if (ms != 0 && !connection->closing)
		connection->deadline = g_timeout_add(ms, on_deadline, connection);
}

/* Everything has been sent: shuts the sending side down, and waits until the client disconnects. */
static void linger(Connection *connection)
{
	connection->state = LINGERING;
	stream_shut(connection->stream);
	set_deadline(connection, connection->times->linger_ms);
	watch(connection, G_IO_IN);
}

/* Sends as much as the socket accepts. */
static void flush(Connection *connection)
{
	GByteArray *out = connection->out;
	gsize before = out->len;

	while (out->len > 0) {
		gssize sent = stream_write(connection->stream, out->data, out->len);

		if (sent == STREAM_AGAIN)
			break;
		if (sent < 0) {
			connection_close(connection);
			return;
		}
		g_byte_array_remove_range(out, 0, (guint)sent);
	}
	if (out->len > 0) {
		watch(connection, G_IO_IN | G_IO_OUT);
		if (connection->state == STREAMING &&
			(connection->deadline == 0 || out->len < before))
			set_deadline(connection, connection->times->stall_ms);
	} else if (connection->state == WRITING) {
		linger(connection);
	} else {
		watch(connection, G_IO_IN);
		if (connection->state == STREAMING)
			set_deadline(connection, 0);
	}
}

static void serve(Connection *connection)
{
	connection->state = WAITING;
	set_deadline(connection, connection->times->waiting_ms);
	connection->ops->request(connection, connection->data);
}

static void put(Connection *connection, const char *text, gsize length)
{
	g_byte_array_append(connection->out, (const guint8 *)text, (guint)length);
}

/* Answers a client that asked whether it may send the body. */
static void go_on(Connection *connection)
{
	static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";

	put(connection, text, strlen(text));
	flush(connection);
}

/* Parses what has arrived; the headers are checked before the body. */
static void advance(Connection *connection)
{
	Request *request = connection->request;

	gboolean headers =
		request->stage == REQUEST_HEAD && request_advance(request) == REQUEST_BODY;

	if (headers)
		connection->ops->headers(connection, connection->data);
	if (connection->state != READING || connection->closing || request->stage == REQUEST_HEAD)
		return;
	if (request_advance(request) == REQUEST_COMPLETE)
		serve(connection);
	else if (request->stage == REQUEST_BAD)
		connection->ops->bad(connection, connection->data);
	else if (headers && soup_message_headers_get_expectations(request->headers) ==
				    SOUP_EXPECTATION_CONTINUE)
		go_on(connection);
}

/* Handles bytes that arrive after the request. */
static void discard(Connection *connection, gssize length)
{
	connection->excess += (gsize)MAX(length, 0);
	if (connection->excess > EXCESS_MAX || connection->state == LINGERING ||
		connection->state == STREAMING) {
		if (length <= 0 || connection->excess > EXCESS_MAX)
			connection_close(connection);
	} else if (length <= 0) {
		/* the client sends no more, but may still wait for its answer */
		watch(connection, connection->watching & G_IO_OUT);
	}
}

/* The client's time starts with the first byte. */
static void begin(Connection *connection)
{
	if (!connection->begun)
		set_deadline(connection, connection->times->transfer_ms);
	connection->begun = TRUE;
}

static void receive(Connection *connection)
{
	guint8 buffer[4096];
	gssize length = stream_read(connection->stream, buffer, sizeof buffer);

	if (length == STREAM_AGAIN)
		return;
	if (connection->state != READING) {
		discard(connection, length);
	} else if (length <= 0) {
		connection_close(connection);
	} else {
		begin(connection);
		request_feed(connection->request, buffer, (gsize)length);
		explicit_bzero(buffer, (gsize)length);
		advance(connection);
	}
}

static void set_up(Connection *connection)
{
	StreamState state = stream_set_up(connection->stream);

	begin(connection);
	switch (state) {
	case STREAM_READY:
		connection->state = READING;
		watch(connection, G_IO_IN);
		break;
	case STREAM_WANTS_READ:
		watch(connection, G_IO_IN);
		break;
	case STREAM_WANTS_WRITE:
		watch(connection, G_IO_OUT);
		break;
	case STREAM_NOT_TLS:
		connection->state = READING;
		request_refuse(connection->request, SOUP_STATUS_BAD_REQUEST,
			"this port accepts only TLS; use https://");
		connection->ops->bad(connection, connection->data);
		break;
	case STREAM_BROKEN:
		connection_close(connection);
		break;
	}
}

/* A record of TLS may hold more than one buffer, and the socket does not report it. */
static void receive_all(Connection *connection)
{
	do
		receive(connection);
	while (!connection->closing && stream_pending(connection->stream));
}

static gboolean on_ready(int fd, GIOCondition condition, gpointer data)
{
	Connection *connection = data;

	enter(connection);
	connection->active_us = g_get_monotonic_time();
	if (connection->state == SETTING_UP && (condition & (G_IO_IN | G_IO_OUT)))
		set_up(connection);
	else if (condition & G_IO_OUT)
		flush(connection);
	if (!connection->closing && connection->state != SETTING_UP && (condition & G_IO_IN))
		receive_all(connection);
	else if (!connection->closing && (condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL)))
		connection_close(connection);
	leave(connection);
	return G_SOURCE_CONTINUE;
}

Connection *connection_new(Stream *stream, const char *peer, const ConnectionTimes *times,
	const ConnectionOps *ops, gpointer data)
{
	Connection *connection = g_new0(Connection, 1);

	connection->stream = stream;
	connection->peer = g_strdup(peer);
	connection->times = times;
	connection->ops = ops;
	connection->data = data;
	connection->active_us = g_get_monotonic_time();
	connection->request = request_new();
	connection->out = g_byte_array_new();
	set_deadline(connection, connection->times->idle_ms);
	watch(connection, G_IO_IN);
	return connection;
}

const Request *connection_request(const Connection *connection)
{
	return connection->request;
}

void connection_forget(Connection *connection, const char *name)
{
	request_forget(connection->request, name);
}

const char *connection_peer(const Connection *connection)
{
	return connection->peer;
}

void connection_set_asker(Connection *connection, const char *guest, guint64 credential_id)
{
	g_free(connection->guest);
	connection->guest = g_strdup(guest);
	connection->credential_id = credential_id;
}

const char *connection_guest(const Connection *connection)
{
	return connection->guest;
}

guint64 connection_credential_id(const Connection *connection)
{
	return connection->credential_id;
}

ConnectionStage connection_stage(const Connection *connection)
{
	switch (connection->state) {
	case LINGERING:
		return CONNECTION_OVER;
	case SETTING_UP:
		return connection->begun ? CONNECTION_GREETING : CONNECTION_SILENT;
	case READING:
		return connection->begun ? CONNECTION_ASKING : CONNECTION_SILENT;
	case DELAYED:
		return CONNECTION_REFUSED;
	case WAITING:
	case WRITING:
	case STREAMING:
		break;
	}
	return CONNECTION_SERVED;
}

gint64 connection_active_us(const Connection *connection)
{
	return connection->active_us;
}

gboolean connection_waiting(const Connection *connection)
{
	return connection->state == WAITING;
}

static const char *phrase(guint status)
{
	if (status == REQUEST_STATUS_TOO_MANY)
		return "Too Many Requests";
	if (status == REQUEST_STATUS_HEADERS_TOO_LARGE)
		return "Request Header Fields Too Large";
	return soup_status_get_phrase(status);
}

static void put_head(Connection *connection, guint status, const char *type, const char *headers)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *date = soup_date_time_to_string(now, SOUP_DATE_HTTP);
	g_autofree char *head = g_strdup_printf("HTTP/1.1 %u %s\r\n"
						"Date: %s\r\n"
						"Content-Type: %s\r\n"
						"Cache-Control: no-store\r\n"
						"Connection: close\r\n"
						"%s",
		status, phrase(status), date, type, headers);

	put(connection, head, strlen(head));
}

static void put_answer(Connection *connection, guint status, const char *headers, const char *body)
{
	g_autofree char *all = g_strdup_printf(
		"Content-Length: %zu\r\n%s\r\n", strlen(body), headers != NULL ? headers : "");

	put_head(connection, status, "application/json", all);
	if (g_strcmp0(connection->request->method, "HEAD") != 0)
		put(connection, body, strlen(body));
}

void connection_answer(Connection *connection, guint status, const char *headers, const char *body)
{
	put_answer(connection, status, headers, body);
	connection->state = WRITING;
	set_deadline(connection, connection->times->transfer_ms);
	enter(connection);
	flush(connection);
	leave(connection);
}

void connection_answer_later(
	Connection *connection, guint ms, guint status, const char *headers, const char *body)
{
	put_answer(connection, status, headers, body);
	connection->state = DELAYED;
	set_deadline(connection, ms);
}

void connection_stream_begin(Connection *connection, const char *type)
{
	put_head(connection, SOUP_STATUS_OK, type, "\r\n");
	connection->state = STREAMING;
	set_deadline(connection, 0);
	enter(connection);
	flush(connection);
	leave(connection);
}

void connection_stream(Connection *connection, const char *text, gsize length)
{
	if (connection->closing)
		return;
	put(connection, text, length);
	enter(connection);
	flush(connection);
	if (connection->out->len > CONNECTION_STREAM_MAX)
		connection_close(connection);
	leave(connection);
}
