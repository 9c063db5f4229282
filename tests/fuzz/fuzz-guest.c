/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole requests on a connection, whatever they are, and what may come of them: who has no secret
 * moves nothing and reads only "/", a guest moves what its config says, and none of them is told
 * what is the host's.
 */
#include "../unit/fake-desk.h"
#include "http/private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ADMIN "admin-secret"
/* may send the seat to the host */
#define GUEST "guest-secret"
/* may bring the seat to itself, and on to the guest */
#define LINUX "linux-secret"
/* Two of the main loop's rounds for each of some stages; a request has no more. */
#define ROUNDS 25

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
	FakeTime time;
	Seat *seat;
	Http *http;
} Desk;

static Http *make_http(void)
{
	g_autofree char *dir = g_dir_make_tmp("hotseat-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "s", NULL);
	Http *http = http_new(path, NULL);
	GArray *none = g_array_new(FALSE, FALSE, sizeof(int));

	g_assert_nonnull(http);
	g_unlink(path);
	g_rmdir(dir);
	/* whose connections are given to it below */
	http->tcp = listener_new(none, &http->times, &http_connection_ops, http);
	return http;
}

static void set_rights(Http *http)
{
	char *of_guest[] = { (char *)"host", NULL };
	char *of_linux[] = { (char *)"self", (char *)"guest", NULL };
	ConfigGuest configs[] = { { .name = (char *)"guest",
					  .domain = (char *)"dom-guest",
					  .may_switch_to = of_guest },
		{ .name = (char *)"linux",
			.domain = (char *)"dom-linux",
			.may_switch_to = of_linux } };
	Secret texts[] = { { (char *)"guest", (char *)GUEST }, { (char *)"linux", (char *)LINUX } };
	g_autoptr(GPtrArray) guests = g_ptr_array_new(), secrets = g_ptr_array_new();

	for (gsize i = 0; i < G_N_ELEMENTS(configs); i++) {
		g_ptr_array_add(guests, &configs[i]);
		g_ptr_array_add(secrets, &texts[i]);
	}
	auth_set_admin(http->auth, FALSE, ADMIN);
	http_set_secrets(http, secrets);
	rights_set(http->rights, guests);
}

static void desk_init(Desk *desk, const char *at)
{
	SeatClock clock = fake_clock(&desk->time);

	desk->seat = seat_new(&clock, TRUE);
	seat_add_resource(desk->seat, &fake_resource(&desk->time, RESOURCE_DISPLAY, "left")->base);
	seat_add_resource(
		desk->seat, &fake_resource(&desk->time, RESOURCE_DEVICE, "keyboard")->base);
	seat_add_guest(desk->seat, &fake_guest(&desk->time, "guest", GUEST_RUNNING)->base);
	seat_add_guest(desk->seat, &fake_guest(&desk->time, "linux", GUEST_RUNNING)->base);
	seat_start(desk->seat, NULL);
	fake_run(&desk->time, 100);
	seat_switch(desk->seat, at, "request from 10.9.8.7", NULL, NULL, NULL);
	fake_run(&desk->time, 100);
	g_assert_cmpstr(seat_at(desk->seat), ==, at);
	desk->http = make_http();
	set_rights(desk->http);
	http_set_seat(desk->http, desk->seat);
}

static void desk_clear(Desk *desk)
{
	http_free(desk->http);
	seat_free(desk->seat);
	fake_clear(&desk->time);
}

static void run(Desk *desk, guint rounds)
{
	for (guint i = 0; i < rounds; i++) {
		g_main_context_iteration(NULL, FALSE);
		fake_run(&desk->time, 20);
	}
}

/* What the daemon sends for these bytes. */
static GString *converse(Desk *desk, const guint8 *data, gsize size)
{
	GString *answer = g_string_new(NULL);
	char buffer[4096];
	gssize length;
	int ends[2];

	g_assert_cmpint(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), ==, 0);
	connection_new(stream_new(ends[0], NULL), "10.1.2.3", &desk->http->times,
		&http_connection_ops, desk->http);
	g_assert_cmpint((int)send(ends[1], data, size, MSG_NOSIGNAL), >=, 0);
	run(desk, ROUNDS);
	while ((length = recv(ends[1], buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
		g_string_append_len(answer, buffer, length);
	close(ends[1]);
	run(desk, 4);
	return answer;
}

static gboolean has(const guint8 *data, gsize size, const char *text)
{
	return memmem(data, size, text, strlen(text)) != NULL;
}

static void assert_no_leak(const GString *answer)
{
	static const char *const leaks[] = { "10.9.8.7", "dom-", ADMIN, GUEST, LINUX };

	for (gsize i = 0; i < G_N_ELEMENTS(leaks); i++)
		g_assert_false(has((const guint8 *)answer->str, answer->len, leaks[i]));
}

/* What everyone may read at "/", with or without its body (HEAD). The date is before the type. */
static gboolean is_about(Desk *desk, const GString *answer)
{
	static const char request[] = "GET / HTTP/1.1\r\n\r\n", type[] = "\r\nContent-Type: ";
	g_autoptr(GString) about = converse(desk, (const guint8 *)request, strlen(request));

	return g_str_has_prefix(strstr(about->str, type), strstr(answer->str, type));
}

static void check(const guint8 *data, gsize size, const char *at)
{
	gboolean admin = has(data, size, ADMIN), guest = has(data, size, GUEST);
	gboolean other = has(data, size, LINUX);
	g_autoptr(GString) answer = NULL;
	const char *now;
	Desk desk;

	desk_init(&desk, at);
	answer = converse(&desk, data, size);
	now = seat_wanted(desk.seat);
	if (!admin) {
		assert_no_leak(answer);
		if (!guest && !other && g_str_has_prefix(answer->str, "HTTP/1.1 200"))
			g_assert_true(is_about(&desk, answer));
		/* stays, or goes where a secret that was sent may bring it */
		g_assert_true(g_str_equal(now, at) || (guest && g_str_equal(now, "host")) ||
			      (other && !g_str_equal(now, "host")));
	}
	desk_clear(&desk);
}

static GLogWriterOutput swallow(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer unused)
{
	return (level & G_LOG_LEVEL_MASK) <= G_LOG_LEVEL_CRITICAL
		       ? g_log_writer_default(level, fields, n, NULL)
		       : G_LOG_WRITER_HANDLED;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static gsize quiet;
	static const char *const places[] = { "host", "guest", "linux" };

	if (g_once_init_enter(&quiet)) {
		g_log_set_writer_func(swallow, NULL, NULL);
		g_once_init_leave(&quiet, 1);
	}
	if (size > 60000)
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
		check(data, size, places[i]);
	return 0;
}
