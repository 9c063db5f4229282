/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The API with clients that are slow, too many, or not whom they should be.
 */
#include "http-desk.h"
#include "http/bind.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- what is too long ------------------------------------------------------------------------- */

static void test_long_headers(void)
{
	HttpDesk desk;
	g_autofree char *filler = g_strnfill(REQUEST_HEAD_MAX, 'x');
	g_autofree char *request = g_strdup_printf("GET /status HTTP/1.1\r\nX: %s\r\n\r\n", filler);
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	answer = http_desk_ask(&desk, TRUE, request);
	http_assert_refused(answer, 431);
	http_desk_clear(&desk);
}

/* refused before a byte of it is sent */
static void test_long_body(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL, *early = NULL;

	http_desk_init(&desk);
	answer = http_desk_ask(
		&desk, FALSE, "POST /switch HTTP/1.1\r\n" AUTH TO("5000000000") "\r\n\r\n");
	http_assert_refused(answer, 413);
	/* a client that may not ask at all gets that answer first */
	early = http_desk_ask(
		&desk, FALSE, "POST /switch HTTP/1.1\r\n" TO("5000000000") "\r\n\r\n");
	http_assert_refused(early, 403);
	http_desk_clear(&desk);
}

static void test_long_chunks(void)
{
	HttpDesk desk;
	GString *request =
		g_string_new("POST /switch HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
	g_autofree char *many = NULL, *huge = NULL;

	http_desk_init(&desk);
	for (int i = 0; i <= REQUEST_BODY_MAX; i++)
		g_string_append(request, "1\r\nx\r\n");
	many = http_desk_ask(&desk, TRUE, request->str);
	http_assert_refused(many, 413);
	huge = http_desk_ask(&desk, TRUE,
		"POST /switch HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n");
	http_assert_refused(huge, 413);
	g_string_free(request, TRUE);
	http_desk_clear(&desk);
}

static void test_continue(void)
{
	HttpDesk desk;
	g_autoptr(GString) buffer = g_string_new(NULL);
	g_autofree char *rest = NULL;
	int fd;

	http_desk_init(&desk);
	fd = http_desk_unix(&desk);
	http_desk_send(fd, "POST /switch HTTP/1.1\r\nExpect: 100-continue\r\n" TO("14") "\r\n\r\n");
	http_desk_read_until(&desk, fd, buffer, "\r\n\r\n");
	g_assert_cmpstr(buffer->str, ==, "HTTP/1.1 100 Continue\r\n\r\n");
	http_desk_send(fd, "{\"to\":\"guest\"}");
	rest = http_desk_read_all(&desk, fd);
	g_assert_cmpint(http_status_of(rest), ==, 200);
	http_desk_clear(&desk);
}

/* -- who is too slow -------------------------------------------------------------------------- */

static void test_silent_and_dripping(void)
{
	static const char *const beginnings[] = { "", "GET /sta",
		"POST /switch HTTP/1.1\r\n" TO("14") "\r\n\r\n{\"to\"" };
	ConnectionTimes normal;
	HttpDesk desk;

	http_desk_init(&desk);
	normal = desk.http->times;
	for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++) {
		g_autofree char *answer = NULL;

		http_desk_hurry(&desk, beginnings[i]);
		answer = http_desk_ask(&desk, TRUE, beginnings[i]);
		g_assert_cmpstr(answer, ==, "");
		desk.http->times = normal;
	}
	g_assert_null(listener_connections(desk.http->local));
	http_desk_clear(&desk);
}

/* one that never hangs up after its answer keeps no slot */
static void test_lingering(void)
{
	HttpDesk desk;
	g_autoptr(GString) buffer = g_string_new(NULL);
	int fd;

	http_desk_init(&desk);
	desk.http->times.linger_ms = 1;
	fd = http_desk_unix(&desk);
	http_desk_send(fd, http_get_status);
	http_desk_read_until(&desk, fd, buffer, "\"version\"");
	while (listener_connections(desk.http->local) != NULL)
		http_desk_run(&desk);
	close(fd);
	http_desk_clear(&desk);
}

/* -- too many --------------------------------------------------------------------------------- */

static guint served(const Listener *listener)
{
	return g_list_length((GList *)listener_connections(listener));
}

static void connect_all(HttpDesk *desk, int fds[LISTENER_CONNECTIONS_MAX], const char *request)
{
	for (guint i = 0; i < LISTENER_CONNECTIONS_MAX; i++) {
		fds[i] = http_desk_unix(desk);
		http_desk_send(fds[i], request);
		while (served(desk->http->local) <= i)
			http_desk_run(desk);
	}
}

static void close_all(int fds[LISTENER_CONNECTIONS_MAX])
{
	for (guint i = 0; i < LISTENER_CONNECTIONS_MAX; i++)
		close(fds[i]);
}

static void test_room_is_made(void)
{
	HttpDesk desk;
	int fds[LISTENER_CONNECTIONS_MAX];
	g_autofree char *answer = NULL;
	char byte;

	http_desk_init(&desk);
	connect_all(&desk, fds, "GET /st");
	answer = http_desk_ask(&desk, TRUE, http_get_status);
	g_assert_cmpint(http_status_of(answer), ==, 200);
	/* in place of the one that has been there for longest, and of no other */
	g_assert_cmpint((int)recv(fds[0], &byte, 1, MSG_DONTWAIT), ==, 0);
	g_assert_cmpint((int)recv(fds[1], &byte, 1, MSG_DONTWAIT), ==, -1);
	g_assert_cmpint(errno, ==, EAGAIN);
	close_all(fds);
	http_desk_clear(&desk);
}

static void test_all_are_served(void)
{
	HttpDesk desk;
	int fds[LISTENER_CONNECTIONS_MAX];
	g_autofree char *answer = NULL, *elsewhere = NULL;

	http_desk_init(&desk);
	desk.keyboard->ms = 1000 * 1000;
	connect_all(&desk, fds, http_to_guest);
	for (int i = 0; i < 10; i++)
		http_desk_run(&desk);
	answer = http_desk_ask(&desk, TRUE, http_get_status);
	http_assert_refused(answer, 503);
	/* the other listener has room of its own */
	elsewhere = http_desk_ask(&desk, FALSE, "GET /status HTTP/1.1\r\n" AUTH "\r\n");
	g_assert_cmpint(http_status_of(elsewhere), ==, 200);
	close_all(fds);
	http_desk_clear(&desk);
}

/* -- who may ask ------------------------------------------------------------------------------ */

static void test_wrong_secrets(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL, *right = NULL;

	http_desk_init(&desk);
	for (int i = 0; i < AUTH_MAX_FAILURES; i++)
		auth_failed(desk.http->auth, "127.0.0.1", g_get_monotonic_time());
	answer = http_desk_ask(&desk, FALSE, "GET /status HTTP/1.1\r\nX-Secret: opeN\r\n\r\n");
	http_assert_refused(answer, 429);
	g_assert_nonnull(strstr(answer, "HTTP/1.1 429 Too Many Requests\r\n"));
	g_assert_nonnull(strstr(answer, "\r\nRetry-After: 60\r\n"));
	right = http_desk_ask(&desk, FALSE, "GET /status HTTP/1.1\r\n" AUTH "\r\n");
	g_assert_cmpint(http_status_of(right), ==, 200);
	http_desk_clear(&desk);
}

static void test_delayed_refusal(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	for (int i = 0; i < AUTH_FREE_FAILURES; i++)
		auth_failed(desk.http->auth, "127.0.0.1", g_get_monotonic_time());
	answer = http_desk_ask(&desk, FALSE, http_to_guest);
	http_assert_refused(answer, 403);
	g_assert_null(seat_last(desk.seat));
	http_desk_clear(&desk);
}

static void test_web_pages(void)
{
	static const struct {
		const char *header;
		int status;
	} cases[] = { { "", 200 }, { "Sec-Fetch-Site: none\r\n", 200 },
		{ "Sec-Fetch-Site: cross-site\r\n", 403 },
		{ "Sec-Fetch-Site: same-origin\r\n", 403 },
		{ "Origin: http://evil.example\r\n", 403 }, { "Origin: null\r\n", 403 } };
	HttpDesk desk;

	http_desk_init(&desk);
	desk.config.http_security = FALSE;
	desk.config.http_secret = NULL;
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *request =
			g_strdup_printf("GET /status HTTP/1.1\r\n%s\r\n", cases[i].header);
		g_autofree char *answer = http_desk_ask(&desk, FALSE, request);

		g_assert_cmpint(http_status_of(answer), ==, cases[i].status);
		g_assert_null(strstr(answer, "Access-Control"));
	}
	http_desk_clear(&desk);
}

/* -- routes of the daemon's ------------------------------------------------------------------- */

static gboolean on_simulate(JsonObject *body, gpointer data, GError **error)
{
	if (json_object_has_member(body, "fault"))
		return TRUE;
	g_set_error_literal(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "which \"fault\"?");
	return FALSE;
}

static void test_further_post(void)
{
	HttpDesk desk;
	g_autofree char *good = NULL, *bad = NULL, *get = NULL, *tcp = NULL;

	http_desk_init(&desk);
	http_add_post(desk.http, "/simulate", on_simulate, NULL);
	good = http_desk_ask(
		&desk, TRUE, "POST /simulate HTTP/1.1\r\n" TO("11") "\r\n\r\n{\"fault\":1}");
	g_assert_cmpstr(http_body_of(good), ==, "{\"error\":null,\"success\":true}");
	bad = http_desk_ask(&desk, TRUE, "POST /simulate HTTP/1.1\r\n" TO("2") "\r\n\r\n{}");
	http_assert_refused(bad, 400);
	get = http_desk_ask(&desk, TRUE, "GET /simulate HTTP/1.1\r\n\r\n");
	http_assert_refused(get, 405);
	g_assert_nonnull(strstr(get, "\r\nAllow: POST\r\n"));
	tcp = http_desk_ask(
		&desk, FALSE, "POST /simulate HTTP/1.1\r\n" AUTH TO("11") "\r\n\r\n{\"fault\":1}");
	http_assert_refused(tcp, 404);
	http_desk_clear(&desk);
}

static void test_head(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	answer = http_desk_ask(&desk, TRUE, "HEAD /status HTTP/1.1\r\n\r\n");
	g_assert_cmpint(http_status_of(answer), ==, 200);
	g_assert_nonnull(strstr(answer, "\r\nContent-Length: "));
	g_assert_cmpstr(http_body_of(answer), ==, "");
	http_desk_clear(&desk);
}

int main(int argc, char **argv)
{
	static const HttpTest tests[] = {
		{ "long-headers", test_long_headers },
		{ "long-body", test_long_body },
		{ "long-chunks", test_long_chunks },
		{ "continue", test_continue },
		{ "silent-and-dripping", test_silent_and_dripping },
		{ "lingering", test_lingering },
		{ "room-is-made", test_room_is_made },
		{ "all-are-served", test_all_are_served },
		{ "wrong-secrets", test_wrong_secrets },
		{ "delayed-refusal", test_delayed_refusal },
		{ "web-pages", test_web_pages },
		{ "further-post", test_further_post },
		{ "head", test_head },
	};

	return http_tests_run(argc, argv, "http-limits", tests, G_N_ELEMENTS(tests));
}
