/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guests and strangers that mean harm: they keep neither the seat nor the places from others, and
 * fill no log.
 */
#include "hostile-desk.h"
#include "tls-relay.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A bare connection from another address of this machine. */
static int connect_bare(HttpDesk *desk, const char *address)
{
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr = { inet_addr(address) } };
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(http_tcp_port(desk->http)),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	g_assert_cmpint(bind(fd, (struct sockaddr *)&from, sizeof from), ==, 0);
	g_assert_cmpint(connect(fd, (struct sockaddr *)&to, sizeof to), ==, 0);
	return fd;
}

/* One that speaks as the daemon does, on which request was sent. */
static int connect_from(HttpDesk *desk, const char *address, const char *request)
{
	int fd = connect_bare(desk, address);

	if (http_desk_has_tls(desk))
		fd = tls_relay(fd);
	http_desk_send(fd, request);
	return fd;
}

/* One that has begun, and goes on no further: a handshake with TLS, else a request. */
static int loiter_from(HttpDesk *desk, const char *address)
{
	int fd = connect_bare(desk, address);

	http_desk_send(fd, http_desk_has_tls(desk) ? "\x16\x03\x01" : "GET /st");
	return fd;
}

static guint served(const HttpDesk *desk)
{
	return g_list_length((GList *)listener_connections(desk->http->tcp));
}

/* -- the seat --------------------------------------------------------------------------------- */

/* One that asks for itself with every breath, between the host's command and its answer too. */
static void test_hostage(void)
{
	HttpDesk desk;
	g_autofree char *flood = NULL;
	guint refused = 0;

	hostile_desk_init(&desk);
	flood = hostile_post("of guest", "guest");
	for (guint i = 0; i < 30; i++) {
		static const char to_host[] =
			"POST /switch HTTP/1.1\r\n" TO("13") "\r\n\r\n{\"to\":\"host\"}";
		g_autofree char *answer = NULL, *guest = NULL;
		int host = http_desk_unix(&desk), hostile = http_desk_tcp(&desk);

		desk.keyboard->ms = 50;
		http_desk_send(host, to_host);
		while (seat_current(desk.seat) == NULL ||
			!g_str_equal(seat_current(desk.seat)->to, "host"))
			http_desk_run(&desk);
		http_desk_send(hostile, flood);
		guest = http_desk_read_all(&desk, hostile);
		answer = http_desk_read_all(&desk, host);
		g_assert_cmpint(http_status_of(answer), ==, 200);
		g_assert_nonnull(strstr(answer, "\"outcome\":\"done\""));
		refused += http_status_of(guest) == 409 || http_status_of(guest) == 429 ? 1 : 0;
	}
	g_assert_cmpuint(refused, >=, 25);
	http_desk_clear(&desk);
}

/* no faster than a person, whatever it asks for that it may ask for */
static void test_flood(void)
{
	HttpDesk desk;
	guint counts[600] = { 0 };
	g_autofree char *last = NULL;

	hostile_desk_init(&desk);
	for (guint i = 0; i < 40; i++) {
		g_free(last);
		last = hostile_ask(&desk, "of guest", i % 2 == 0 ? "guest" : "host");
		counts[http_status_of(last)]++;
	}
	/* a slow machine may need some seconds for these 40, and each of them brings half a turn */
	g_assert_cmpuint(counts[200], >=, RIGHTS_BURST);
	g_assert_cmpuint(counts[429], >=, 20);
	g_assert_cmpuint(counts[200] + counts[429], ==, 40);
	if (http_status_of(last) == 429)
		g_assert_nonnull(strstr(last, "\r\nRetry-After: "));
	g_clear_pointer(&last, g_free);
	/* the other guest and the host have nothing to do with it */
	last = hostile_ask(&desk, "of linux", "host");
	g_assert_cmpint(http_status_of(last), ==, 200);
	g_clear_pointer(&last, g_free);
	last = hostile_ask(&desk, "open", "guest");
	g_assert_cmpint(http_status_of(last), ==, 200);
	http_desk_clear(&desk);
}

/* -- the places ------------------------------------------------------------------------------- */

static guint waiting(const HttpDesk *desk)
{
	guint n = 0;

	for (const GList *link = listener_connections(desk->http->tcp); link != NULL;
		link = link->next)
		n += connection_waiting(link->data) ? 1 : 0;
	return n;
}

/* a switch that lasts, and 40 that wait for it */
static void test_waiting(void)
{
	HttpDesk desk;
	g_autofree char *request = NULL, *status = NULL;
	int fds[40];

	hostile_desk_init(&desk);
	request = hostile_post("of guest", "guest");
	desk.keyboard->ms = 1000 * 1000 * 1000;
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = http_desk_tcp(&desk);
		http_desk_send(fds[i], request);
		for (int n = 0; n < 5; n++)
			http_desk_run(&desk);
	}
	status = hostile_status(&desk, "open");
	g_assert_cmpint(http_status_of(status), ==, 200);
	g_assert_cmpuint(waiting(&desk), <=, SWITCH_WAITING_MAX);
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++)
		close(fds[i]);
	http_desk_clear(&desk);
}

/* The administrator's requests count by address: one computer keeps no other one out. */
static void test_waiting_elsewhere(void)
{
	HttpDesk desk;
	g_autofree char *request = NULL, *refusal = NULL;
	int fds[SWITCH_WAITING_MAX + 1], one_more;

	hostile_desk_init(&desk);
	request = hostile_post("open", "guest");
	desk.keyboard->ms = 1000 * 1000 * 1000;
	for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = connect_from(
			&desk, i < SWITCH_WAITING_MAX ? "127.0.0.2" : "127.0.0.3", request);
		while (waiting(&desk) <= i)
			http_desk_run(&desk);
	}
	one_more = connect_from(&desk, "127.0.0.2", request);
	refusal = http_desk_read_all(&desk, one_more);
	g_assert_cmpint(http_status_of(refusal), ==, 429);
	g_assert_nonnull(strstr(refusal, "\r\nRetry-After: 1\r\n"));
	g_assert_cmpuint(waiting(&desk), ==, SWITCH_WAITING_MAX + 1);
	for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
		close(fds[i]);
	http_desk_clear(&desk);
}

/* each state ends, this one with an answer, and a late answer goes to no client */
static void test_late(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;

	hostile_desk_init(&desk);
	desk.http->times.waiting_ms = 1;
	desk.keyboard->missing = FALSE;
	desk.keyboard->ms = 1000 * 1000 * 1000;
	answer = hostile_ask(&desk, "open", "guest");
	http_assert_refused(answer, 504);
	fake_run(&desk.time, 2 * 1000 * 1000 * 1000);
	g_assert_cmpstr(seat_at(desk.seat), ==, "guest");
	http_desk_clear(&desk);
}

static gboolean is_open(HttpDesk *desk, int fd)
{
	char byte;

	http_desk_run(desk);
	return recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) != 0;
}

/* The address that holds most loses one, and not the one that came first. */
static void test_crowd(void)
{
	HttpDesk desk;
	int first, last, crowd[LISTENER_CONNECTIONS_MAX + 20];
	guint open = 0;

	hostile_desk_init(&desk);
	first = loiter_from(&desk, "127.0.0.2");
	while (served(&desk) < 1)
		http_desk_run(&desk);
	for (gsize i = 0; i < G_N_ELEMENTS(crowd); i++) {
		crowd[i] = loiter_from(&desk, "127.0.0.3");
		http_desk_run(&desk);
	}
	last = loiter_from(&desk, "127.0.0.4");
	while (served(&desk) < LISTENER_CONNECTIONS_MAX)
		http_desk_run(&desk);
	for (int i = 0; i < 50; i++)
		http_desk_run(&desk);
	g_assert_true(is_open(&desk, first));
	g_assert_true(is_open(&desk, last));
	for (gsize i = 0; i < G_N_ELEMENTS(crowd); i++) {
		open += is_open(&desk, crowd[i]) ? 1 : 0;
		close(crowd[i]);
	}
	g_assert_cmpuint(open, ==, LISTENER_CONNECTIONS_MAX - 2);
	close(first);
	close(last);
	http_desk_clear(&desk);
}

/* who connects and says nothing takes up no place */
static void test_silent(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;
	int silent[20];

	hostile_desk_init(&desk);
	for (gsize i = 0; i < G_N_ELEMENTS(silent); i++)
		silent[i] = connect_bare(&desk, "127.0.0.2");
	answer = hostile_status(&desk, "open");
	g_assert_cmpint(http_status_of(answer), ==, 200);
	/* but the one that is just over */
	g_assert_cmpuint(served(&desk), <=, 1);
	for (gsize i = 0; i < G_N_ELEMENTS(silent); i++)
		close(silent[i]);
	http_desk_clear(&desk);
}

/* of one address those go first that have been quiet for longest: who asks goes on, and stays */
static void test_quiet(void)
{
	static const char request[] = "GET /status HTTP/1.1\r\nX-Secret: of guest\r\n\r\n";
	HttpDesk desk;
	g_autofree char *answer = NULL;
	int asking, loiter[3 * LISTENER_CONNECTIONS_MAX];
	gsize sent = 1;

	hostile_desk_init(&desk);
	asking = connect_from(&desk, "127.0.0.2", "G");
	/* past the handshake, where the others stay */
	while (served(&desk) < 1 ||
		connection_stage(listener_connections(desk.http->tcp)->data) != CONNECTION_ASKING)
		http_desk_run(&desk);
	for (gsize i = 0; i < G_N_ELEMENTS(loiter); i++) {
		loiter[i] = loiter_from(&desk, "127.0.0.2");
		http_desk_run(&desk);
		/* a byte now and then, which is enough to look different from the others */
		if (i % 20 == 0 && sent + 2 < strlen(request)) {
			char byte[] = { request[sent++], '\0' };

			http_desk_send(asking, byte);
			for (int n = 0; n < 20; n++)
				http_desk_run(&desk);
		}
	}
	http_desk_send(asking, request + sent);
	answer = http_desk_read_all(&desk, asking);
	g_assert_cmpint(http_status_of(answer), ==, 200);
	for (gsize i = 0; i < G_N_ELEMENTS(loiter); i++)
		close(loiter[i]);
	http_desk_clear(&desk);
}

/* -- what is logged --------------------------------------------------------------------------- */

static guint lines;

static GLogWriterOutput count_lines(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer unused)
{
	lines++;
	return g_log_writer_default(level, fields, n, NULL);
}

/* however many addresses a stranger has */
static void test_log(void)
{
	HttpDesk desk;

	hostile_desk_init(&desk);
	lines = 0;
	for (guint i = 1; i <= 60; i++) {
		g_autofree char *address = g_strdup_printf("127.1.0.%u", i);
		int fd = connect_from(
			&desk, address, "GET /status HTTP/1.1\r\nX-Secret: guess\r\n\r\n");
		g_autofree char *answer = http_desk_read_all(&desk, fd);

		g_assert_cmpint(http_status_of(answer), ==, 403);
	}
	g_assert_cmpuint(lines, >=, 1);
	/* two intervals' at most, where this takes long */
	g_assert_cmpuint(lines, <=, 2 * LOG_BUDGET_LINES);
	http_desk_clear(&desk);
}

/* -- with security off ------------------------------------------------------------------------ */

/* a page whose name was made to resolve to this machine's address */
static void test_rebinding(void)
{
	static const struct {
		const char *header;
		int status;
	} cases[] = { { "Host: 127.0.0.1:5001\r\n", 200 }, { "Host: localhost\r\n", 200 },
		{ "", 200 }, { "Host: evil.example:5001\r\n", 403 },
		{ "Host: 127.0.0.1\r\nHost: evil.example\r\n", 400 },
		{ "Host: evil.example\r\nhost: 127.0.0.1\r\n", 400 } };
	static const char *const paths[] = { "GET /status", "GET /events?agent=evil", "GET /x" };
	HttpDesk desk;

	hostile_desk_init(&desk);
	desk.config.http_security = FALSE;
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *request =
			g_strdup_printf("GET /status HTTP/1.1\r\n%s\r\n", cases[i].header);
		g_autofree char *answer = http_desk_ask(&desk, FALSE, request);

		g_assert_cmpint(http_status_of(answer), ==, cases[i].status);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autofree char *request =
			g_strdup_printf("%s HTTP/1.1\r\nHost: evil.example\r\n\r\n", paths[i]);
		g_autofree char *answer = http_desk_ask(&desk, FALSE, request);

		http_assert_refused(answer, 403);
	}
	/* with a secret a browser is no danger, and a name as good as another */
	desk.config.http_security = TRUE;
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	{
		g_autofree char *answer = http_desk_ask(
			&desk, FALSE, "GET /status HTTP/1.1\r\nHost: desk.example\r\n" AUTH "\r\n");

		g_assert_cmpint(http_status_of(answer), ==, 200);
	}
	http_desk_clear(&desk);
}

int main(int argc, char **argv)
{
	static const HttpTest tests[] = {
		{ "hostage", test_hostage },
		{ "flood", test_flood },
		{ "waiting", test_waiting },
		{ "waiting-elsewhere", test_waiting_elsewhere },
		{ "late", test_late },
		{ "crowd", test_crowd },
		{ "silent", test_silent },
		{ "quiet", test_quiet },
		{ "log", test_log },
		{ "rebinding", test_rebinding },
	};

	g_log_set_writer_func(count_lines, NULL, NULL);
	return http_tests_run(argc, argv, "http-hostile", tests, G_N_ELEMENTS(tests));
}
