/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What guests see: one sentence for each kind of error, and nothing about the host.
 */
#include "hostile-desk.h"

#include <string.h>

#define SECRET "hunter2"

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

	hostile_desk_init(&desk);
	request = hostile_post("of guest", "guest");
	desk.keyboard->ms = 200;
	fd = http_desk_tcp(&desk);
	http_desk_send(fd, request);
	while (seat_current(desk.seat) == NULL)
		http_desk_run(&desk);
	admin = hostile_ask(&desk, "open", "host");
	guest = http_desk_read_all(&desk, fd);
	g_assert_cmpint(http_status_of(guest), ==, 409);
	g_assert_nonnull(strstr(guest, "\"error\":\"replaced by a newer request\""));
	assert_no_leak(guest);
	after = hostile_status(&desk, "of guest");
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

	hostile_desk_init(&desk);
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
	admin = hostile_ask(&desk, "open", "guest");
	g_assert_nonnull(strstr(admin, SECRET));
	guest = hostile_status(&desk, "of guest");
	g_assert_cmpint(http_status_of(guest), ==, 200);
	g_assert_nonnull(strstr(guest, "\"name\":\"command\",\"kind\":\"command\""));
	assert_no_leak(guest);
	http_desk_clear(&desk);
}

static void test_leak_guest_state(void)
{
	HttpDesk desk;
	g_autofree char *admin = NULL, *guest = NULL, *own = NULL;

	hostile_desk_init(&desk);
	fake_guest_becomes(desk.guest, GUEST_OFF);
	admin = hostile_ask(&desk, "open", "guest");
	g_assert_cmpint(http_status_of(admin), ==, 409);
	g_assert_nonnull(strstr(admin, "virsh -c qemu:///system start dom-guest"));
	guest = hostile_status(&desk, "of linux");
	g_assert_nonnull(strstr(guest, "\"error\":\"the guest is not running\""));
	assert_no_leak(guest);
	own = hostile_ask(&desk, "of guest", "guest");
	g_assert_cmpint(http_status_of(own), ==, 409);
	assert_no_leak(own);
	http_desk_clear(&desk);
}

/* why libvirt does not say how a guest is, is the administrator's business */
static void test_leak_guest_error(void)
{
	HttpDesk desk;
	g_autofree char *admin = NULL, *guest = NULL;

	hostile_desk_init(&desk);
	guest_set_state(&desk.guest->base, GUEST_UNKNOWN, "cannot connect as " SECRET);
	admin = hostile_status(&desk, "open");
	g_assert_nonnull(strstr(admin, "\"error\":\"cannot connect as " SECRET "\""));
	guest = hostile_status(&desk, "of guest");
	g_assert_nonnull(
		strstr(guest, "\"error\":\"libvirt failed on the host; see the host's log\""));
	assert_no_leak(guest);
	http_desk_clear(&desk);
}

/* what a guest lacks names services of the host */
static void test_leak_input(void)
{
	HttpDesk desk;
	g_autofree char *admin = NULL, *guest = NULL;

	hostile_desk_init(&desk);
	guest_set_input(&desk.guest->base, GUEST_INPUT_WAITING, "attach with virsh to dom-guest");
	admin = hostile_status(&desk, "open");
	g_assert_nonnull(strstr(
		admin, "\"input\":\"waiting\",\"input_error\":\"attach with virsh to dom-guest\""));
	guest = hostile_status(&desk, "of linux");
	g_assert_nonnull(strstr(guest, "\"input\":\"waiting\""));
	assert_no_leak(guest);
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

	hostile_desk_init(&desk);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *answer = hostile_ask(&desk, "of guest", cases[i].to);

		g_assert_cmpint(http_status_of(answer), ==, cases[i].status);
		assert_no_leak(answer);
		g_assert_null(cases[i].status == 200 ? NULL : strstr(answer, "linux"));
	}
	http_desk_clear(&desk);
}

/* the kind of an error, which decides on a guest's sentence, is in no answer */
static void test_kinds_are_inner(void)
{
	HttpDesk desk;
	g_autofree char *admin = NULL, *guest = NULL;

	hostile_desk_init(&desk);
	fake_guest_becomes(desk.guest, GUEST_OFF);
	admin = hostile_ask(&desk, "open", "guest");
	g_assert_null(strstr(admin, ":kind"));
	g_free(admin);
	admin = hostile_status(&desk, "open");
	guest = hostile_status(&desk, "of guest");
	g_assert_null(strstr(admin, ":kind"));
	g_assert_null(strstr(guest, ":kind"));
	http_desk_clear(&desk);
}

/* what it may ask for, so that an agent can offer it */
static void test_may_switch_to(void)
{
	HttpDesk desk;
	g_autofree char *guest = NULL, *other = NULL, *admin = NULL;

	hostile_desk_init(&desk);
	guest = hostile_status(&desk, "of guest");
	g_assert_nonnull(strstr(guest, "\"may_switch_to\":[\"host\",\"guest\"]"));
	other = hostile_status(&desk, "of linux");
	g_assert_nonnull(strstr(other, "\"may_switch_to\":[\"host\"]"));
	admin = hostile_status(&desk, "open");
	g_assert_null(strstr(admin, "may_switch_to"));
	http_desk_clear(&desk);
}

int main(int argc, char **argv)
{
	static const HttpTest tests[] = {
		{ "superseded", test_leak_superseded },
		{ "command", test_leak_command },
		{ "guest-state", test_leak_guest_state },
		{ "guest-error", test_leak_guest_error },
		{ "input", test_leak_input },
		{ "refusals", test_leak_refusals },
		{ "kinds-are-inner", test_kinds_are_inner },
		{ "may-switch-to", test_may_switch_to },
	};

	return http_tests_run(argc, argv, "http-leaks", tests, G_N_ELEMENTS(tests));
}
