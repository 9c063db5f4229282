/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection over time: deadlines, streams, and the handshake of TLS.
 */
#include "connection-client.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* -- deadlines -------------------------------------------------------------------------------- */

/* Each state has one of its own: the others never end here. */
static void test_deadlines(Client *f, gconstpointer unused)
{
	const ConnectionTimes never = f->times;

	f->times.idle_ms = 1;
	client_begin(f, NULL);
	client_until(f, "closed ");
	client_end(f);

	f->times = never;
	f->times.transfer_ms = 1;
	client_begin(f, NULL);
	client_settle();
	client_put(f, POST LENGTH "\r\n");
	while (f->connection != NULL)
		g_main_context_iteration(NULL, TRUE);
	client_end(f);

	f->times = never;
	f->times.linger_ms = 1;
	client_begin(f, NULL);
	client_put(f, GET);
	connection_answer(f->connection, 200, NULL, "{}");
	client_until(f, "headers request closed ");
	client_end(f);

	f->times = never;
	f->times.waiting_ms = 1;
	client_begin(f, NULL);
	client_put(f, GET);
	client_until(f, "headers request late ");
	client_end(f);
	f->times = never;
	client_begin(f, NULL);
}

/* An answer that the client does not read. */
static void test_answer_deadline(Client *f, gconstpointer unused)
{
	g_autofree char *body = g_strnfill(1024 * 1024, 'x');

	client_begin(f, NULL);
	client_put(f, GET);
	f->times.transfer_ms = 1;
	connection_answer(f->connection, 200, NULL, body);
	client_until(f, "headers request closed ");
}

static void test_later(Client *f, gconstpointer unused)
{
	g_autofree char *nothing = NULL, *text = NULL;

	client_begin(f, NULL);
	client_put(f, GET);
	connection_answer_later(f->connection, NEVER_MS, 403, NULL, "{}");
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_REFUSED);
	nothing = client_take(f);
	g_assert_cmpstr(nothing, ==, "");
	client_end(f);

	client_begin(f, NULL);
	client_put(f, GET);
	connection_answer_later(f->connection, 1, 403, NULL, "{}");
	while (connection_stage(f->connection) != CONNECTION_OVER)
		g_main_context_iteration(NULL, TRUE);
	text = client_take(f);
	g_assert_true(g_str_has_prefix(text, "HTTP/1.1 403 Forbidden\r\n"));
	g_assert_true(g_str_has_suffix(text, "{}<end>"));
}

/* -- streams ---------------------------------------------------------------------------------- */

static void stream(Client *f, const char *text)
{
	connection_stream(f->connection, text, strlen(text));
}

static void test_stream(Client *f, gconstpointer unused)
{
	g_autofree char *head = NULL, *one = NULL, *two = NULL;

	client_begin(f, NULL);
	client_put(f, GET);
	connection_stream_begin(f->connection, "text/event-stream");
	head = client_take(f);
	g_assert_true(g_str_has_prefix(head, "HTTP/1.1 200 OK\r\n"));
	g_assert_nonnull(strstr(head, "\r\nContent-Type: text/event-stream\r\n"));
	g_assert_null(strstr(head, "Content-Length"));
	g_assert_true(g_str_has_suffix(head, "\r\n\r\n"));
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_SERVED);
	g_assert_false(connection_waiting(f->connection));
	stream(f, "one");
	one = client_take(f);
	g_assert_cmpstr(one, ==, "one");
	client_put(f, "what a client of a stream has to say is nothing");
	stream(f, "two");
	two = client_take(f);
	g_assert_cmpstr(two, ==, "two");
	/* it leaves */
	shutdown(f->client, SHUT_WR);
	client_until(f, "headers request closed ");
}

/* A client that does not read keeps so much unsent, and no more. */
static void test_stream_unread(Client *f, gconstpointer unused)
{
	g_autofree char *block = g_strnfill(1024, 'x');
	gsize sent = 0;

	client_begin(f, NULL);
	client_put(f, GET);
	connection_stream_begin(f->connection, "x");
	while (f->connection != NULL) {
		stream(f, block);
		sent += strlen(block);
	}
	client_assert(f, "headers request closed ");
	g_assert_cmpuint(sent, >, CONNECTION_STREAM_MAX);
	g_assert_cmpuint(sent, <, 2 * CONNECTION_STREAM_MAX);
}

/* Read too late, but in time: it goes on, and the deadline is off again. */
static void test_stream_read_late(Client *f, gconstpointer unused)
{
	g_autofree char *block = g_strnfill(128 * 1024, 'x');
	g_autofree char *all = NULL, *more = NULL;

	client_begin(f, NULL);
	client_put(f, GET);
	connection_stream_begin(f->connection, "x");
	stream(f, block);
	client_settle();
	client_assert(f, "headers request ");
	all = client_take(f);
	g_assert_true(g_str_has_suffix(all, block));
	f->times.stall_ms = 1;
	stream(f, "y");
	more = client_take(f);
	g_assert_cmpstr(more, ==, "y");
}

/* What is unsent is not read: after so long the client is let go. */
static void test_stream_stalled(Client *f, gconstpointer unused)
{
	g_autofree char *block = g_strnfill(128 * 1024, 'x');

	f->times.stall_ms = 1;
	client_begin(f, NULL);
	client_put(f, GET);
	connection_stream_begin(f->connection, "x");
	client_settle();
	client_assert(f, "headers request ");
	stream(f, block);
	client_until(f, "headers request closed ");
}

/* What is sent meanwhile, and not read either, gives it no more time. */
static void test_stream_stalled_and_sent_to(Client *f, gconstpointer unused)
{
	g_autofree char *block = g_strnfill(128 * 1024, 'x');
	guint sent = 0;

	f->times.stall_ms = 20;
	client_begin(f, NULL);
	client_put(f, GET);
	connection_stream_begin(f->connection, "x");
	stream(f, block);
	while (f->connection != NULL) {
		stream(f, "y");
		sent++;
		g_usleep(1000);
		client_settle();
	}
	client_assert(f, "headers request closed ");
	/* it is not that too much was unsent */
	g_assert_cmpuint(strlen(block) + sent, <, CONNECTION_STREAM_MAX);
}

/* -- TLS: a stream that has to be set up ------------------------------------------------------ */

static StreamState next_state;
static guint set_ups;
static gboolean rest; /* there are bytes that the socket does not report */

static StreamState fake_set_up(Stream *fake)
{
	char byte;

	set_ups++;
	if (recv(fake->fd, &byte, 1, MSG_DONTWAIT) == 0)
		return STREAM_BROKEN;
	return next_state;
}

/* One byte at a time, and the rest waits. */
static gssize fake_read(Stream *fake, void *bytes, gsize length)
{
	gssize n = recv(fake->fd, bytes, rest ? 1 : length, MSG_DONTWAIT);

	return n < 0 ? STREAM_AGAIN : n;
}

static gboolean fake_pending(const Stream *fake)
{
	char byte;

	return rest && recv(fake->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 1;
}

static Stream *fake_stream(int fd)
{
	static StreamOps fake;
	Stream *made = g_new0(Stream, 1);

	fake = stream_plain;
	fake.set_up = fake_set_up;
	fake.read = fake_read;
	fake.pending = fake_pending;
	made->ops = &fake;
	made->fd = fd;
	set_ups = 0;
	rest = FALSE;
	return made;
}

static void test_greeting(Client *f, gconstpointer unused)
{
	client_begin(f, fake_stream);
	client_settle();
	g_assert_cmpuint(set_ups, ==, 0);
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_SILENT);
	next_state = STREAM_WANTS_READ;
	client_put(f, "h");
	g_assert_cmpuint(set_ups, ==, 1);
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_GREETING);
	/* the socket can be written at once */
	next_state = STREAM_WANTS_WRITE;
	g_assert_cmpint(send(f->client, "h", 1, 0), ==, 1);
	while (set_ups < 3)
		g_main_context_iteration(NULL, TRUE);
	next_state = STREAM_READY;
	while (set_ups < 4)
		g_main_context_iteration(NULL, TRUE);
	client_settle();
	g_assert_cmpuint(set_ups, ==, 4);
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_ASKING);
	client_put(f, GET);
	client_assert(f, "headers request ");
}

static void test_greeting_fails(Client *f, gconstpointer unused)
{
	g_autofree char *text = NULL;

	client_begin(f, fake_stream);
	next_state = STREAM_BROKEN;
	client_put(f, "h");
	client_assert(f, "closed ");
	client_end(f);
	client_begin(f, fake_stream);
	next_state = STREAM_NOT_TLS;
	client_put(f, "h");
	client_assert(f, "bad ");
	text = client_take(f);
	g_assert_true(g_str_has_prefix(text, "HTTP/1.1 400 "));
	g_assert_cmpstr(connection_request(f->connection)->why, ==,
		"this port accepts only TLS; use https://");
}

/* The handshake's time is the request's. */
static void test_greeting_deadline(Client *f, gconstpointer unused)
{
	f->times.transfer_ms = 1;
	client_begin(f, fake_stream);
	next_state = STREAM_WANTS_READ;
	client_put(f, "h");
	client_until(f, "closed ");
}

/* All available bytes are read, although the socket reports only some of them. */
static void test_pending(Client *f, gconstpointer unused)
{
	client_begin(f, fake_stream);
	next_state = STREAM_READY;
	client_put(f, "h");
	rest = TRUE;
	g_assert_cmpint(send(f->client, GET, strlen(GET), 0), ==, (gssize)strlen(GET));
	g_main_context_iteration(NULL, TRUE);
	client_assert(f, "headers request ");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Client *f, gconstpointer unused);
	} tests[] = {
		{ "/connection-time/deadlines", test_deadlines },
		{ "/connection-time/deadlines/answer", test_answer_deadline },
		{ "/connection-time/later", test_later },
		{ "/connection-time/stream", test_stream },
		{ "/connection-time/stream/unread", test_stream_unread },
		{ "/connection-time/stream/read-late", test_stream_read_late },
		{ "/connection-time/stream/stalled", test_stream_stalled },
		{ "/connection-time/stream/stalled-and-sent-to", test_stream_stalled_and_sent_to },
		{ "/connection-time/greeting", test_greeting },
		{ "/connection-time/greeting/fails", test_greeting_fails },
		{ "/connection-time/greeting/deadline", test_greeting_deadline },
		{ "/connection-time/pending", test_pending },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Client, NULL, client_set_up, tests[i].test,
			client_tear_down);
	return g_test_run();
}
