/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One client and its connection: what is called when, what is sent, and what ends it.
 */
#include "connection-client.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* -- a request, and its answer ---------------------------------------------------------------- */

static void test_answer(Client *f, gconstpointer unused)
{
	g_autofree char *nothing = NULL, *text = NULL;

	client_begin(f, NULL);
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_SILENT);
	client_put(f, "GET / HT");
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_ASKING);
	g_assert_false(connection_waiting(f->connection));
	client_put(f, "TP/1.1\r\n\r\n");
	client_assert(f, "headers request ");
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_SERVED);
	g_assert_true(connection_waiting(f->connection));
	nothing = client_take(f);
	g_assert_cmpstr(nothing, ==, "");
	connection_answer(f->connection, 200, "A: b\r\n", "{\"c\":1}");
	g_assert_false(connection_waiting(f->connection));
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_OVER);
	text = client_take(f);
	g_assert_true(g_str_has_prefix(text, "HTTP/1.1 200 OK\r\nDate: "));
	g_assert_nonnull(strstr(text, " GMT\r\nContent-Type: application/json\r\n"));
	g_assert_true(g_str_has_suffix(text,
		"Cache-Control: no-store\r\nConnection: close\r\nContent-Length: 7\r\nA: b\r\n\r\n"
		"{\"c\":1}<end>"));
	/* until it hangs up */
	client_assert(f, "headers request ");
	shutdown(f->client, SHUT_WR);
	client_until(f, "headers request closed ");
}

static void test_phrases(Client *f, gconstpointer unused)
{
	static const struct {
		guint status;
		const char *line;
	} cases[] = { { 200, "200 OK" }, { 404, "404 Not Found" }, { 429, "429 Too Many Requests" },
		{ 431, "431 Request Header Fields Too Large" }, { 409, "409 Conflict" } };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = NULL;
		g_autofree char *line = g_strdup_printf("HTTP/1.1 %s\r\n", cases[i].line);

		client_begin(f, NULL);
		client_put(f, GET);
		connection_answer(f->connection, cases[i].status, NULL, "{}");
		text = client_take(f);
		g_assert_true(g_str_has_prefix(text, line));
		client_end(f);
	}
	client_begin(f, NULL);
}

/* Who asks for the head alone gets the body's length, and no body. */
static void test_head(Client *f, gconstpointer unused)
{
	g_autofree char *text = NULL;

	client_begin(f, NULL);
	client_put(f, "HEAD / HTTP/1.1\r\n\r\n");
	connection_answer(f->connection, 200, NULL, "{}");
	text = client_take(f);
	g_assert_true(g_str_has_suffix(text, "Content-Length: 2\r\n\r\n<end>"));
}

/* Longer than the socket takes at once: the rest follows, and then the end. */
static void test_long_answer(Client *f, gconstpointer unused)
{
	g_autofree char *body = g_strnfill(1024 * 1024, 'x');
	g_autofree char *text = NULL;

	client_begin(f, NULL);
	client_put(f, GET);
	connection_answer(f->connection, 200, NULL, body);
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_SERVED);
	text = client_take(f);
	g_assert_true(g_str_has_suffix(text, "x<end>"));
	g_assert_cmpuint(strlen(strstr(text, "\r\n\r\n")), ==, 4 + strlen(body) + strlen("<end>"));
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_OVER);
}

/* The client goes in the middle of it. */
static void test_broken(Client *f, gconstpointer unused)
{
	g_autofree char *body = g_strnfill(1024 * 1024, 'x');

	client_begin(f, NULL);
	client_put(f, GET);
	connection_answer(f->connection, 200, NULL, body);
	close(f->client);
	f->client = -1;
	client_until(f, "headers request closed ");
}

static void test_asker(Client *f, gconstpointer unused)
{
	client_begin(f, NULL);
	g_assert_cmpstr(connection_peer(f->connection), ==, "peer");
	g_assert_null(connection_guest(f->connection));
	connection_set_asker(f->connection, "guest", 17);
	connection_set_asker(f->connection, "linux", 18);
	g_assert_cmpstr(connection_guest(f->connection), ==, "linux");
	g_assert_cmpuint(connection_credential_id(f->connection), ==, 18);
	client_put(f, POST "X-Secret: a\r\n" LENGTH "\r\n");
	connection_forget(f->connection, "X-Secret");
	g_assert_null(request_header(connection_request(f->connection), "X-Secret"));
}

/* It goes when it is told to, in the middle of its own request as well. */
static void test_close(Client *f, gconstpointer unused)
{
	g_autofree char *text = NULL;

	client_begin(f, NULL);
	connection_close(f->connection);
	client_assert(f, "closed ");
	text = client_take(f);
	g_assert_cmpstr(text, ==, "<end>");
}

/* In the middle of its own request, whose answer comes too late: nothing is left behind. */
static void test_close_at_the_request(Client *f, gconstpointer unused)
{
	f->close = TRUE;
	client_begin(f, NULL);
	client_put(f, GET);
	client_assert(f, "headers request closed ");
	shutdown(f->client, SHUT_WR);
	client_settle();
	client_assert(f, "headers request closed ");
}

/* -- the body --------------------------------------------------------------------------------- */

static void test_body(Client *f, gconstpointer unused)
{
	client_begin(f, NULL);
	client_put(f, POST LENGTH "\r\n");
	client_assert(f, "headers ");
	g_assert_cmpint((int)connection_stage(f->connection), ==, CONNECTION_ASKING);
	client_put(f, "a");
	client_assert(f, "headers ");
	client_put(f, "b");
	client_assert(f, "headers request ");
}

/* Refused by its headers: the body is not waited for, and what still comes is thrown away. */
static void test_refused_early(Client *f, gconstpointer unused)
{
	g_autofree char *text = NULL;

	f->refuse = TRUE;
	client_begin(f, NULL);
	client_put(f, POST LENGTH "\r\n");
	client_assert(f, "headers ");
	text = client_take(f);
	g_assert_true(g_str_has_prefix(text, "HTTP/1.1 403 Forbidden\r\n"));
	client_put(f, "ab");
	client_assert(f, "headers ");
	close(f->client);
	f->client = -1;
	client_until(f, "headers closed ");
}

static void test_continue(Client *f, gconstpointer unused)
{
	g_autofree char *nothing = NULL, *go_on = NULL, *once = NULL;

	client_begin(f, NULL);
	client_put(f, POST LENGTH "Expect: 100-continue\r\n");
	nothing = client_take(f);
	g_assert_cmpstr(nothing, ==, "");
	client_put(f, "\r\n");
	go_on = client_take(f);
	g_assert_cmpstr(go_on, ==, "HTTP/1.1 100 Continue\r\n\r\n");
	client_put(f, "a");
	client_put(f, "b");
	once = client_take(f);
	g_assert_cmpstr(once, ==, "");
	client_assert(f, "headers request ");
}

/* "100 Continue" is sent only to a client that asked for it and has not sent the body yet. */
static void test_no_continue(Client *f, gconstpointer unused)
{
	static const char *const requests[] = { POST LENGTH "Expect: 100-continue\r\n\r\nab",
		POST LENGTH "\r\n" };

	for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
		g_autofree char *text = NULL;

		client_begin(f, NULL);
		client_put(f, requests[i]);
		text = client_take(f);
		g_assert_cmpstr(text, ==, "");
		client_end(f);
	}
	client_begin(f, NULL);
}

static void test_bad(Client *f, gconstpointer unused)
{
	g_autofree char *head = NULL, *body = NULL;

	client_begin(f, NULL);
	client_put(f, "nonsense\r\n\r\n");
	client_assert(f, "bad ");
	head = client_take(f);
	g_assert_true(g_str_has_prefix(head, "HTTP/1.1 400 "));
	client_end(f);
	client_begin(f, NULL);
	client_put(f, POST "Transfer-Encoding: chunked\r\n\r\nx\r\n");
	client_assert(f, "headers bad ");
	body = client_take(f);
	g_assert_true(g_str_has_prefix(body, "HTTP/1.1 400 "));
}

/* Hung up in the middle of the request. */
static void test_half_a_request(Client *f, gconstpointer unused)
{
	static const char *const beginnings[] = { "", "GET", POST LENGTH "\r\na" };

	for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++) {
		client_begin(f, NULL);
		client_put(f, beginnings[i]);
		shutdown(f->client, SHUT_WR);
		while (f->connection != NULL)
			g_main_context_iteration(NULL, TRUE);
		client_end(f);
	}
	client_begin(f, NULL);
}

/* -- what comes when nothing should ----------------------------------------------------------- */

/* The client says no more, and waits for its answer. */
static void test_half_closed(Client *f, gconstpointer unused)
{
	g_autofree char *text = NULL;

	client_begin(f, NULL);
	client_put(f, GET);
	shutdown(f->client, SHUT_WR);
	client_settle();
	client_assert(f, "headers request ");
	connection_answer(f->connection, 200, NULL, "{}");
	text = client_take(f);
	g_assert_true(g_str_has_suffix(text, "{}<end>"));
	client_until(f, "headers request closed ");
}

/* So many bytes too much are thrown away, and one more is a flood. */
static void test_flood(Client *f, gconstpointer unused)
{
	g_autofree char *block = g_strnfill(4096, 'x');

	for (int state = 0; state < 2; state++) {
		client_begin(f, NULL);
		client_put(f, GET);
		if (state == 1)
			connection_answer(f->connection, 200, NULL, "{}");
		for (int i = 0; i < 256 * 1024 / 4096; i++)
			client_put(f, block);
		client_assert(f, "headers request ");
		client_put(f, "x");
		client_assert(f, "headers request closed ");
		client_end(f);
	}
	client_begin(f, NULL);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Client *f, gconstpointer unused);
	} tests[] = {
		{ "/connection/answer", test_answer },
		{ "/connection/phrases", test_phrases },
		{ "/connection/head", test_head },
		{ "/connection/long-answer", test_long_answer },
		{ "/connection/broken", test_broken },
		{ "/connection/asker", test_asker },
		{ "/connection/close", test_close },
		{ "/connection/close/at-the-request", test_close_at_the_request },
		{ "/connection/body", test_body },
		{ "/connection/refused-early", test_refused_early },
		{ "/connection/continue", test_continue },
		{ "/connection/continue/not", test_no_continue },
		{ "/connection/bad", test_bad },
		{ "/connection/half-a-request", test_half_a_request },
		{ "/connection/half-closed", test_half_closed },
		{ "/connection/flood", test_flood },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Client, NULL, client_set_up, tests[i].test,
			client_tear_down);
	return g_test_run();
}
