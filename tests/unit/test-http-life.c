/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The API over time: how switches end, events, other configurations, and the sockets themselves.
 */
#include "http-desk.h"
#include "http/bind.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char to_host[] = "POST /switch HTTP/1.1\r\n" TO("13") "\r\n\r\n{\"to\":\"host\"}";
static const char get_events[] = "GET /events HTTP/1.1\r\n\r\n";

/* -- how a switch ends ------------------------------------------------------------------------ */

static void test_outcomes(void)
{
	HttpDesk desk;
	g_autofree char *refused = NULL, *back = NULL, *incomplete = NULL;

	http_desk_init(&desk);
	fake_guest_becomes(desk.guest, GUEST_OFF);
	refused = http_desk_ask(&desk, TRUE, http_to_guest);
	g_assert_cmpint(http_status_of(refused), ==, 409);
	g_assert_nonnull(
		strstr(refused, "\"success\":false,\"target\":\"host\",\"outcome\":\"refused\""));
	fake_guest_becomes(desk.guest, GUEST_RUNNING);
	desk.keyboard->stuck_away = TRUE;
	back = http_desk_ask(&desk, TRUE, http_to_guest);
	g_assert_cmpint(http_status_of(back), ==, 502);
	g_assert_nonnull(strstr(back, "\"outcome\":\"rolled-back\""));
	desk.keyboard->at = "guest";
	desk.keyboard->stuck = TRUE;
	desk.display->at = "guest";
	seat_switch(desk.seat, "guest", "test", NULL, NULL, NULL);
	fake_run(&desk.time, 100);
	incomplete = http_desk_ask(&desk, TRUE, to_host);
	g_assert_cmpint(http_status_of(incomplete), ==, 502);
	g_assert_nonnull(strstr(incomplete, "\"outcome\":\"incomplete\""));
	http_desk_clear(&desk);
}

/* A client, whose socket this is, has asked for a switch that takes a while. */
static int begin_switch(HttpDesk *desk)
{
	int fd;

	http_desk_init(desk);
	desk->keyboard->ms = 200;
	fd = http_desk_unix(desk);
	http_desk_send(fd, http_to_guest);
	while (seat_current(desk->seat) == NULL)
		http_desk_run(desk);
	return fd;
}

static void test_superseded(void)
{
	HttpDesk desk;
	g_autofree char *first = NULL, *second = NULL;
	int fd;

	fd = begin_switch(&desk);
	second = http_desk_ask(&desk, TRUE, to_host);
	first = http_desk_read_all(&desk, fd);
	g_assert_cmpint(http_status_of(first), ==, 409);
	g_assert_nonnull(strstr(first, "\"outcome\":\"superseded\""));
	g_assert_cmpint(http_status_of(second), ==, 200);
	http_desk_clear(&desk);
}

/* the client that asked has gone: the switch goes on */
static void test_client_leaves(void)
{
	HttpDesk desk;
	int fd;

	fd = begin_switch(&desk);
	close(fd);
	while (listener_connections(desk.http->local) != NULL)
		http_desk_run(&desk);
	while (seat_current(desk.seat) != NULL)
		http_desk_run(&desk);
	g_assert_cmpint((int)seat_last(desk.seat)->outcome, ==, SWITCH_DONE);
	http_desk_clear(&desk);
}

/* Some send a line too much, which is no reason to keep the answer from them. */
static void test_excess(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;
	int fd;

	fd = begin_switch(&desk);
	http_desk_send(fd, "\r\n\r\n");
	answer = http_desk_read_all(&desk, fd);
	g_assert_cmpint(http_status_of(answer), ==, 200);
	http_desk_clear(&desk);
}

/* `nc -N` says that it has nothing more to say, and waits */
static void test_half_closed(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;
	int fd;

	http_desk_init(&desk);
	desk.keyboard->ms = 200;
	fd = http_desk_tcp(&desk);
	http_desk_send(fd, "POST /switch HTTP/1.1\r\n" AUTH TO("14") "\r\n\r\n{\"to\":\"guest\"}");
	shutdown(fd, SHUT_WR);
	answer = http_desk_read_all(&desk, fd);
	g_assert_cmpint(http_status_of(answer), ==, 200);
	http_desk_clear(&desk);
}

static void test_stop_while_waiting(void)
{
	HttpDesk desk;
	char answer[1024] = "";
	int fd;

	fd = begin_switch(&desk);
	http_desk_clear(&desk);
	g_assert_cmpint((int)recv(fd, answer, sizeof answer - 1, 0), >, 0);
	http_assert_refused(answer, 503);
	close(fd);
}

/* It got the answer that it takes too long: the later result is not sent, although the client still
 * reads. */
static void test_late_and_listening(void)
{
	HttpDesk desk;
	g_autoptr(GString) buffer = g_string_new(NULL);
	g_autofree char *rest = NULL;
	int fd;

	http_desk_init(&desk);
	desk.http->times.waiting_ms = 1;
	desk.keyboard->ms = 1000 * 1000 * 1000;
	fd = http_desk_unix(&desk);
	http_desk_send(fd, http_to_guest);
	http_desk_read_until(&desk, fd, buffer, "request the status\"}");
	http_assert_refused(buffer->str, 504);
	fake_run(&desk.time, 2 * 1000 * 1000 * 1000);
	g_assert_cmpstr(seat_at(desk.seat), ==, "guest");
	rest = http_desk_read_all(&desk, fd);
	g_assert_cmpstr(rest, ==, "");
	http_desk_clear(&desk);
}

static void test_no_seat(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	http_set_seat(desk.http, NULL);
	answer = http_desk_ask(&desk, TRUE, http_get_status);
	http_assert_refused(answer, 503);
	http_desk_clear(&desk);
}

/* -- events ----------------------------------------------------------------------------------- */

/* Each event has its own number, so that a client notices what it has missed. */
static void assert_numbered(const char *text)
{
	gint64 last = -1;

	for (const char *line = text; (line = strstr(line, "\nid: ")) != NULL; line++) {
		gint64 number = g_ascii_strtoll(line + strlen("\nid: "), NULL, 10);

		g_assert_cmpint(number, >, last);
		last = number;
	}
	g_assert_cmpint(last, >, 0);
}

static void test_events(void)
{
	HttpDesk desk;
	g_autoptr(GString) buffer = g_string_new(NULL), status = g_string_new(NULL);
	int fd;

	http_desk_init(&desk);
	fd = http_desk_tcp(&desk);
	http_desk_send(fd, "GET /events HTTP/1.1\r\n" AUTH "\r\n");
	http_desk_read_until(&desk, fd, buffer, "\r\n\r\nevent: status\nid: 0\ndata: {\"version\"");
	g_assert_nonnull(strstr(buffer->str, "\r\nContent-Type: text/event-stream\r\n"));
	seat_switch(desk.seat, "guest", "test", NULL, NULL, NULL);
	http_desk_read_until(&desk, fd, buffer, "\n\nevent: switch-started\nid: ");
	http_desk_read_until(&desk, fd, buffer, "\n\nevent: step\nid: ");
	http_desk_read_until(&desk, fd, buffer, "\n\nevent: changed\nid: ");
	http_desk_read_until(&desk, fd, buffer, "\n\nevent: switch-finished\nid: ");
	fake_guest_becomes(desk.guest, GUEST_OFF);
	http_desk_read_until(&desk, fd, buffer, "\n\nevent: guest\nid: ");
	/* another configuration */
	http_set_seat(desk.http, desk.seat);
	http_desk_read_until(&desk, fd, status, "event: status\nid: ");
	http_desk_read_until(&desk, fd, status, "\"agents\":[]}\n\n");
	g_string_append(buffer, status->str);
	assert_numbered(buffer->str);
	/* leaving is noticed at once, without waiting for a write to fail */
	close(fd);
	while (desk.http->streams != NULL)
		http_desk_run(&desk);
	g_assert_cmpuint(desk.http->heartbeat, ==, 0);
	http_desk_clear(&desk);
}

/* A client behind a router that forgets quiet connections hears something now and then. */
static void test_heartbeat(void)
{
	HttpDesk desk;
	g_autoptr(GString) buffer = g_string_new(NULL);
	int fd;

	http_desk_init(&desk);
	fd = http_desk_unix(&desk);
	http_desk_send(fd, get_events);
	http_desk_read_until(&desk, fd, buffer, "event: status\n");
	http_desk_read_until(&desk, fd, buffer, "\n\n");
	for (int beats = 0; beats < 2; beats++) {
		g_string_truncate(buffer, 0);
		/* now, instead of in half a minute */
		g_source_set_ready_time(
			g_main_context_find_source_by_id(NULL, desk.http->heartbeat), 0);
		http_desk_read_until(&desk, fd, buffer, "\n\n");
		g_assert_cmpstr(buffer->str, ==, ":\n\n");
	}
	close(fd);
	http_desk_clear(&desk);
}

/* one that reads nothing is dropped before it fills the memory, and does not disturb other clients
 */
static void test_frozen_listener(void)
{
	HttpDesk desk;
	g_autoptr(GString) buffer = g_string_new(NULL);
	int frozen, fd;

	http_desk_init(&desk);
	frozen = http_desk_unix(&desk);
	http_desk_send(frozen, get_events);
	fd = http_desk_unix(&desk);
	http_desk_send(fd, get_events);
	while (g_list_length(desk.http->streams) < 2)
		http_desk_run(&desk);
	while (g_list_length(desk.http->streams) == 2) {
		fake_plug(desk.keyboard, desk.keyboard->missing);
		g_string_truncate(buffer, 0);
		http_desk_read_until(&desk, fd, buffer, "event: changed");
	}
	close(frozen);
	close(fd);
	http_desk_clear(&desk);
}

static void test_too_many_listeners(void)
{
	HttpDesk desk;
	int fds[EVENTS_CLIENTS_MAX];
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	for (guint i = 0; i < EVENTS_CLIENTS_MAX; i++) {
		fds[i] = http_desk_unix(&desk);
		http_desk_send(fds[i], get_events);
		while (g_list_length(desk.http->streams) <= i)
			http_desk_run(&desk);
	}
	answer = http_desk_ask(&desk, TRUE, get_events);
	http_assert_refused(answer, 503);
	for (guint i = 0; i < EVENTS_CLIENTS_MAX; i++)
		close(fds[i]);
	http_desk_clear(&desk);
}

/* -- where it listens ------------------------------------------------------------------------- */

static void test_listen_again(void)
{
	HttpDesk desk;
	g_autoptr(GError) error = NULL;
	g_autofree char *old = NULL, *changed = NULL, *kept = NULL, *owner = NULL;
	guint16 port;

	http_desk_init(&desk);
	port = http_tcp_port(desk.http);
	/* another secret: the same socket */
	desk.config.http_secret = (char *)"sesame";
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	g_assert_cmpint(http_tcp_port(desk.http), ==, port);
	old = http_desk_ask(&desk, FALSE, "GET /status HTTP/1.1\r\n" AUTH "\r\n");
	g_assert_cmpint(http_status_of(old), ==, 403);
	changed = http_desk_ask(&desk, FALSE, "GET /status HTTP/1.1\r\nX-Secret: sesame\r\n\r\n");
	g_assert_cmpint(http_status_of(changed), ==, 200);
	/* a port that is taken (by ourselves): nothing has changed */
	desk.config.http_port = port;
	g_assert_false(http_listen(desk.http, &desk.config, &error));
	owner = g_strdup_printf("port %u of 127.0.0.1 is taken by ", port);
	g_assert_nonnull(strstr(error->message, owner));
	g_assert_nonnull(strstr(error->message, "(pid "));
	kept = http_desk_ask(&desk, FALSE, "GET /status HTTP/1.1\r\nX-Secret: sesame\r\n\r\n");
	g_assert_cmpint(http_status_of(kept), ==, 200);
	desk.config.http = FALSE;
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	g_assert_cmpint(http_tcp_port(desk.http), ==, 0);
	http_desk_clear(&desk);
}

/* Listens on a port that is free on all addresses, and that the kernel gives to no one who
 * connects: below net.ipv4.ip_local_port_range. */
static void listen_below_ephemeral(HttpDesk *desk)
{
	desk->config.http_host = (char *)"0.0.0.0";
	desk->config.http_port = (guint16)(10000 + getpid() % 10000);
	while (!http_listen(desk->http, &desk->config, NULL))
		desk->config.http_port++;
}

static gboolean is_open(guint16 port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	gboolean good = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

	close(fd);
	return good;
}

/* Another port: the old one is closed. */
static void test_other_port(void)
{
	HttpDesk desk;
	guint16 before;

	http_desk_init(&desk);
	before = http_tcp_port(desk.http);
	g_assert_true(is_open(before));
	listen_below_ephemeral(&desk);
	g_assert_true(is_open(http_tcp_port(desk.http)));
	g_assert_false(is_open(before));
	http_desk_clear(&desk);
}

/* the old address is in the way of a new one with the same port, and comes back when that fails */
static void test_same_port(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	listen_below_ephemeral(&desk);
	desk.config.http_host = (char *)"127.0.0.1";
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	desk.config.http_host = (char *)"300.1.2.3";
	g_assert_false(http_listen(desk.http, &desk.config, NULL));
	answer = http_desk_ask(&desk, FALSE, "GET /status HTTP/1.1\r\n" AUTH "\r\n");
	g_assert_cmpint(http_status_of(answer), ==, 200);
	desk.config.http_host = (char *)"0.0.0.0";
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	g_assert_cmpint(http_tcp_port(desk.http), ==, desk.config.http_port);
	http_desk_clear(&desk);
}

/* virbr0's address comes with libvirt, maybe after us; names and IPv6 are addresses, too */
static void test_addresses(void)
{
	static const char *const hosts[] = { "192.0.2.17", "localhost", "::1", "0.0.0.0", "" };
	g_autoptr(Addresses) addresses = addresses_new();
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
		const GList *found = addresses_of(addresses, hosts[i], NULL);
		g_autoptr(GArray) fds = bind_tcp(found, hosts[i], 0, NULL);

		/* a machine may be without IPv6 */
		if (!g_str_equal(hosts[i], "::1"))
			g_assert_nonnull(fds);
	}
	g_assert_null(addresses_of(addresses, "300.1.2.3", &error));
	g_assert_nonnull(strstr(error->message, "300.1.2.3"));
}

static guint count_fds(void)
{
	g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
	guint n = 0;

	while (g_dir_read_name(dir) != NULL)
		n++;
	return n;
}

/* a client that has connected to a daemon that ends would wait on a socket left open */
static void test_closes_everything(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;
	guint before;

	/* what GLib opens once and for all */
	g_main_context_iteration(NULL, FALSE);
	before = count_fds();
	http_desk_init(&desk);
	answer = http_desk_ask(&desk, TRUE, http_get_status);
	close(http_desk_unix(&desk));
	http_desk_clear(&desk);
	g_assert_cmpuint(count_fds(), ==, before);
}

/* -- another implementation ------------------------------------------------------------------- */

static void on_curl_over(GObject *source, GAsyncResult *result, gpointer data)
{
	g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, data, NULL, NULL);
}

/* the command of virtkvm's guide */
static void test_curl(void)
{
	HttpDesk desk;
	g_autofree char *curl = g_find_program_in_path("curl"), *url = NULL, *out = NULL;
	g_autoptr(GSubprocess) process = NULL;

	if (curl == NULL) {
		g_test_skip("curl is not installed");
		return;
	}
	http_desk_init(&desk);
	url = g_strdup_printf("%s://127.0.0.1:%u/switch",
		http_desk_has_tls(&desk) ? "https" : "http", http_tcp_port(desk.http));
	process = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, curl, "-sk", "--noproxy",
		"*", "-X", "POST", "-H", "Content-Type: application/json", "-H", "X-Secret: open",
		"-d", "{\"to\": \"guest\"}", url, NULL);
	g_subprocess_communicate_utf8_async(process, NULL, NULL, on_curl_over, &out);
	while (out == NULL)
		http_desk_run(&desk);
	g_assert_true(g_str_has_prefix(out, "{\"error\":null,\"success\":true,"));
	http_desk_clear(&desk);
}

int main(int argc, char **argv)
{
	static const HttpTest tests[] = {
		{ "outcomes", test_outcomes },
		{ "superseded", test_superseded },
		{ "client-leaves", test_client_leaves },
		{ "excess", test_excess },
		{ "half-closed", test_half_closed },
		{ "stop-while-waiting", test_stop_while_waiting },
		{ "late-and-listening", test_late_and_listening },
		{ "no-seat", test_no_seat },
		{ "events", test_events },
		{ "heartbeat", test_heartbeat },
		{ "frozen-listener", test_frozen_listener },
		{ "too-many-listeners", test_too_many_listeners },
		{ "listen-again", test_listen_again },
		{ "other-port", test_other_port },
		{ "same-port", test_same_port },
		{ "addresses", test_addresses },
		{ "closes-everything", test_closes_everything },
		{ "curl", test_curl },
	};

	return http_tests_run(argc, argv, "http-life", tests, G_N_ELEMENTS(tests));
}
