/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection-client.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* -- what is behind it ------------------------------------------------------------------------ */

static void on_headers(Connection *connection, gpointer data)
{
	Client *f = data;

	g_string_append(f->calls, "headers ");
	if (f->refuse)
		connection_answer(connection, 403, NULL, "{}");
}

static void on_request(Connection *connection, gpointer data)
{
	Client *f = data;

	g_string_append(f->calls, "request ");
	if (f->close) {
		connection_close(connection);
		connection_answer(connection, 200, NULL, "{}");
	}
}

static void on_bad(Connection *connection, gpointer data)
{
	g_string_append(((Client *)data)->calls, "bad ");
	connection_answer(connection, connection_request(connection)->refusal, NULL, "{}");
}

static void on_late(Connection *connection, gpointer data)
{
	g_string_append(((Client *)data)->calls, "late ");
	connection_answer(connection, 504, NULL, "{}");
}

static void on_closed(Connection *connection, gpointer data)
{
	Client *f = data;

	g_string_append(f->calls, "closed ");
	f->connection = NULL;
}

static const ConnectionOps ops = { on_headers, on_request, on_bad, on_late, on_closed };

/* -- the fixture ------------------------------------------------------------------------------ */

void client_begin(Client *f, Stream *(*make)(int fd))
{
	int fds[2], small = 4096;

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), ==, 0);
	setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
	f->client = fds[0];
	f->connection = connection_new(
		make != NULL ? make(fds[1]) : stream_new(fds[1], NULL), "peer", &f->times, &ops, f);
}

void client_set_up(Client *f, gconstpointer unused)
{
	f->times = (ConnectionTimes){ NEVER_MS, NEVER_MS, NEVER_MS, NEVER_MS, NEVER_MS };
	f->calls = g_string_new(NULL);
}

void client_end(Client *f)
{
	if (f->connection != NULL)
		connection_close(f->connection);
	close(f->client);
	g_string_truncate(f->calls, 0);
}

void client_tear_down(Client *f, gconstpointer unused)
{
	client_end(f);
	g_string_free(f->calls, TRUE);
}

void client_settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		continue;
}

void client_put(Client *f, const char *text)
{
	g_assert_cmpint(
		send(f->client, text, strlen(text), MSG_NOSIGNAL), ==, (gssize)strlen(text));
	client_settle();
}

/* What has come by now; "<end>" behind it if that is all there will be. */
char *client_take(Client *f)
{
	GString *text = g_string_new(NULL);
	char bytes[4096];
	gssize length;

	do {
		client_settle();
		length = recv(f->client, bytes, sizeof bytes, 0);
		if (length > 0)
			g_string_append_len(text, bytes, length);
	} while (length > 0);
	if (length == 0)
		g_string_append(text, "<end>");
	return g_string_free(text, FALSE);
}

void client_assert(Client *f, const char *expected)
{
	g_assert_cmpstr(f->calls->str, ==, expected);
}

void client_until(Client *f, const char *expected)
{
	while (f->calls->len < strlen(expected))
		g_main_context_iteration(NULL, TRUE);
	client_assert(f, expected);
}
