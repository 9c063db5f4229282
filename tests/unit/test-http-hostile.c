/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guests and strangers that mean harm: they keep neither the seat nor the places from others, learn
 * nothing of the host's, and fill no log.
 */
#include "http-desk.h"
#include "tls-relay.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECRET "hunter2"

/* "guest" may switch to host and itself; "linux" to the host, which is the default. */
static void desk_init(HttpDesk *desk)
{
	char *may[] = { (char *)"host", (char *)"self", NULL };
	ConfigGuest config = { (char *)"guest", (char *)"dom-guest", may };
	Secret secrets[] = { { (char *)"guest", (char *)"of guest" },
		{ (char *)"linux", (char *)"of linux" } };
	g_autoptr(GPtrArray) list = g_ptr_array_new(), guests = g_ptr_array_new();

	http_desk_init_two(desk, "linux");
	for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
		g_ptr_array_add(list, &secrets[i]);
	http_set_secrets(desk->http, list);
	g_ptr_array_add(guests, &config);
	desk->config.guests = guests;
	g_assert_true(http_listen(desk->http, &desk->config, NULL));
	desk->config.guests = NULL;
}

static char *post(const char *secret, const char *to)
{
	return g_strdup_printf("POST /switch HTTP/1.1\r\nX-Secret: %s\r\n"
			       "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n"
			       "{\"to\":\"%s\"}",
		secret, strlen(to) + strlen("{\"to\":\"\"}"), to);
}

static char *ask_as(HttpDesk *desk, const char *secret, const char *to)
{
	g_autofree char *request = post(secret, to);

	return http_desk_ask(desk, FALSE, request);
}

static char *status_of(HttpDesk *desk, const char *secret)
{
	g_autofree char *request =
		g_strdup_printf("GET /status HTTP/1.1\r\nX-Secret: %s\r\n\r\n", secret);

	return http_desk_ask(desk, FALSE, request);
}

/* A connection from another address of this machine, on which request was sent. */
static int connect_from(HttpDesk *desk, const char *address, const char *request)
{
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr = { inet_addr(address) } };
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(http_tcp_port(desk->http)),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	g_assert_cmpint(bind(fd, (struct sockaddr *)&from, sizeof from), ==, 0);
	g_assert_cmpint(connect(fd, (struct sockaddr *)&to, sizeof to), ==, 0);
	if (http_desk_has_tls(desk) && request != NULL)
		fd = tls_relay(fd);
	if (request != NULL)
		http_desk_send(fd, request);
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

	desk_init(&desk);
	flood = post("of guest", "guest");
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

	desk_init(&desk);
	for (guint i = 0; i < 40; i++) {
		g_free(last);
		last = ask_as(&desk, "of guest", i % 2 == 0 ? "guest" : "host");
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
	last = ask_as(&desk, "of linux", "host");
	g_assert_cmpint(http_status_of(last), ==, 200);
	g_clear_pointer(&last, g_free);
	last = ask_as(&desk, "open", "guest");
	g_assert_cmpint(http_status_of(last), ==, 200);
	http_desk_clear(&desk);
}

/* -- the places ------------------------------------------------------------------------------- */

/* a switch that lasts, and 40 that wait for it */
static void test_waiting(void)
{
	HttpDesk desk;
	g_autofree char *request = NULL, *status = NULL;
	int fds[40];
	guint waiting = 0;

	desk_init(&desk);
	request = post("of guest", "guest");
	desk.keyboard->ms = 1000 * 1000 * 1000;
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = http_desk_tcp(&desk);
		http_desk_send(fds[i], request);
		for (int n = 0; n < 5; n++)
			http_desk_run(&desk);
	}
	status = status_of(&desk, "open");
	g_assert_cmpint(http_status_of(status), ==, 200);
	for (const GList *link = listener_connections(desk.http->tcp); link != NULL;
		link = link->next)
		waiting += connection_waiting(link->data) ? 1 : 0;
	g_assert_cmpuint(waiting, <=, SWITCH_WAITING_MAX);
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++)
		close(fds[i]);
	http_desk_clear(&desk);
}

/* each state ends, this one with an answer, and what was waited for is answered to nobody */
static void test_late(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;

	desk_init(&desk);
	connection_times.waiting_ms = 1;
	desk.keyboard->missing = FALSE;
	desk.keyboard->ms = 1000 * 1000 * 1000;
	answer = ask_as(&desk, "open", "guest");
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

	desk_init(&desk);
	first = connect_from(&desk, "127.0.0.2", NULL);
	while (served(&desk) < 1)
		http_desk_run(&desk);
	for (gsize i = 0; i < G_N_ELEMENTS(crowd); i++) {
		crowd[i] = connect_from(&desk, "127.0.0.3", NULL);
		http_desk_run(&desk);
	}
	last = connect_from(&desk, "127.0.0.4", NULL);
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

/* of one address those go first that have done least: who is asking is served */
static void test_least_far(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;
	int asking, silent[LISTENER_CONNECTIONS_MAX + 20];

	desk_init(&desk);
	asking = connect_from(&desk, "127.0.0.2", "GET /status HTTP/1.1\r\nX-Secret: of ");
	while (served(&desk) < 1 ||
		connection_worth(listener_connections(desk.http->tcp)->data) != CONNECTION_ASKING)
		http_desk_run(&desk);
	for (gsize i = 0; i < G_N_ELEMENTS(silent); i++) {
		silent[i] = connect_from(&desk, "127.0.0.2", NULL);
		http_desk_run(&desk);
	}
	for (int i = 0; i < 100; i++)
		http_desk_run(&desk);
	http_desk_send(asking, "guest\r\n\r\n");
	answer = http_desk_read_all(&desk, asking);
	g_assert_cmpint(http_status_of(answer), ==, 200);
	for (gsize i = 0; i < G_N_ELEMENTS(silent); i++)
		close(silent[i]);
	http_desk_clear(&desk);
}

/* -- what is said ----------------------------------------------------------------------------- */

/* what no guest is told, in whatever answer */
static void assert_no_leak(const char *answer)
{
	static const char *const secrets[] = { "127.", "dom-", "libvirt:", SECRET, "virsh",
		"request from", "stuck" };

	for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
		if (strstr(http_body_of(answer), secrets[i]) != NULL)
			g_error("a guest is told \"%s\": %s", secrets[i], answer);
}

static void test_leak_superseded(void)
{
	HttpDesk desk;
	g_autofree char *request = NULL, *guest = NULL, *admin = NULL, *after = NULL;
	int fd;

	desk_init(&desk);
	request = post("of guest", "guest");
	desk.keyboard->ms = 1000;
	fd = http_desk_tcp(&desk);
	http_desk_send(fd, request);
	while (seat_current(desk.seat) == NULL)
		http_desk_run(&desk);
	admin = ask_as(&desk, "open", "host");
	guest = http_desk_read_all(&desk, fd);
	g_assert_cmpint(http_status_of(guest), ==, 409);
	g_assert_nonnull(strstr(guest, "\"error\":\"a newer request took its place\""));
	assert_no_leak(guest);
	after = status_of(&desk, "of guest");
	assert_no_leak(after);
	http_desk_clear(&desk);
}

static void test_leak_command(void)
{
	HttpDesk desk;
	FakeResource *hook;
	Seat *old;
	SeatClock clock;
	g_autofree char *guest = NULL, *admin = NULL;

	desk_init(&desk);
	/* another seat: this one has a command, whose name is what it runs */
	old = desk.seat;
	http_set_seat(desk.http, NULL);
	seat_free(old);
	fake_clear(&desk.time);
	clock = fake_clock(&desk.time);
	desk.seat = seat_new(&clock, TRUE);
	hook = fake_resource(&desk.time, RESOURCE_COMMAND, "curl -H 'Key: " SECRET "'");
	hook->stuck = TRUE;
	seat_add_resource(desk.seat, &hook->base);
	seat_add_guest(desk.seat, &fake_guest(&desk.time, "guest", GUEST_RUNNING)->base);
	seat_start(desk.seat, NULL);
	http_set_seat(desk.http, desk.seat);
	admin = ask_as(&desk, "open", "guest");
	g_assert_nonnull(strstr(admin, SECRET));
	guest = status_of(&desk, "of guest");
	g_assert_cmpint(http_status_of(guest), ==, 200);
	g_assert_nonnull(strstr(guest, "\"name\":\"command\",\"kind\":\"command\""));
	assert_no_leak(guest);
	http_desk_clear(&desk);
}

static void test_leak_guest_state(void)
{
	HttpDesk desk;
	g_autofree char *admin = NULL, *guest = NULL, *own = NULL;

	desk_init(&desk);
	fake_guest_becomes(desk.guest, GUEST_OFF);
	admin = ask_as(&desk, "open", "guest");
	g_assert_cmpint(http_status_of(admin), ==, 409);
	g_assert_nonnull(strstr(admin, "virsh start dom-guest"));
	guest = status_of(&desk, "of linux");
	g_assert_nonnull(strstr(guest, "\"error\":\"the guest is not running\""));
	assert_no_leak(guest);
	own = ask_as(&desk, "of guest", "guest");
	g_assert_cmpint(http_status_of(own), ==, 409);
	assert_no_leak(own);
	http_desk_clear(&desk);
}

/* every answer that is no status: the kinds of refusals */
static void test_leak_refusals(void)
{
	static const struct {
		const char *to;
		int status;
	} cases[] = { { "linux", 403 }, { "moon", 400 }, { "dom-linux", 400 }, { "toggle", 200 } };
	HttpDesk desk;

	desk_init(&desk);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *answer = ask_as(&desk, "of guest", cases[i].to);

		g_assert_cmpint(http_status_of(answer), ==, cases[i].status);
		assert_no_leak(answer);
		g_assert_null(cases[i].status == 200 ? NULL : strstr(answer, "linux"));
	}
	http_desk_clear(&desk);
}

/* the kind of an error, which decides on a guest's sentence, is in nobody's answer */
static void test_kinds_are_inner(void)
{
	HttpDesk desk;
	g_autofree char *admin = NULL, *guest = NULL;

	desk_init(&desk);
	fake_guest_becomes(desk.guest, GUEST_OFF);
	admin = ask_as(&desk, "open", "guest");
	g_assert_null(strstr(admin, ":kind"));
	g_free(admin);
	admin = status_of(&desk, "open");
	guest = status_of(&desk, "of guest");
	g_assert_null(strstr(admin, ":kind"));
	g_assert_null(strstr(guest, ":kind"));
	http_desk_clear(&desk);
}

/* what it may ask for, so that an agent can offer it */
static void test_may_switch_to(void)
{
	HttpDesk desk;
	g_autofree char *guest = NULL, *other = NULL, *admin = NULL;

	desk_init(&desk);
	guest = status_of(&desk, "of guest");
	g_assert_nonnull(strstr(guest, "\"may_switch_to\":[\"host\",\"guest\"]"));
	other = status_of(&desk, "of linux");
	g_assert_nonnull(strstr(other, "\"may_switch_to\":[\"host\"]"));
	admin = status_of(&desk, "open");
	g_assert_null(strstr(admin, "may_switch_to"));
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

	desk_init(&desk);
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
		{ "Host: 127.0.0.1\r\nHost: evil.example\r\n", 403 },
		{ "Host: evil.example\r\nHost: 127.0.0.1\r\n", 403 } };
	static const char *const paths[] = { "GET /status", "GET /events?agent=evil", "GET /x" };
	HttpDesk desk;

	desk_init(&desk);
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
		{ "late", test_late },
		{ "crowd", test_crowd },
		{ "least-far", test_least_far },
		{ "leak/superseded", test_leak_superseded },
		{ "leak/command", test_leak_command },
		{ "leak/guest-state", test_leak_guest_state },
		{ "leak/refusals", test_leak_refusals },
		{ "kinds-are-inner", test_kinds_are_inner },
		{ "may-switch-to", test_may_switch_to },
		{ "log", test_log },
		{ "rebinding", test_rebinding },
	};

	g_log_set_writer_func(count_lines, NULL, NULL);
	return http_tests_run(argc, argv, "http-hostile", tests, G_N_ELEMENTS(tests));
}
