/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a switch does, and who may ask for which.
 */
#include "seat-desk.h"

static void test_there_and_back(SeatDesk *desk, gconstpointer unused)
{
	const Switch *sw;

	g_assert_cmpuint(desk_applies(desk), ==, 0);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 11); /* at once: as long as the slowest step */
	desk_is(desk, "guest");
	g_assert_cmpstr(desk->answers->str, ==, "1:done ");
	sw = seat_last(desk->seat);
	g_assert_cmpstr(sw->from, ==, "host");
	g_assert_cmpuint(sw->steps->len, ==, 5);
	g_assert_cmpfloat(((SwitchStep *)g_ptr_array_index(sw->steps, 2))->ms, ==, 10.0);
	g_assert_cmpuint(desk->leave->applies, ==, 1);
	g_assert_cmpuint(desk->come->applies, ==, 0);
	desk_ask(desk, "host");
	fake_run(&desk->time, 11);
	desk_is(desk, "host");
	g_assert_cmpuint(desk->come->applies, ==, 1);
	g_assert_cmpuint(desk->events[SEAT_SWITCH_STARTED], ==, 2);
	g_assert_cmpuint(desk->events[SEAT_SWITCH_FINISHED], ==, 2);
	g_assert_cmpuint(desk->events[SEAT_STEP], ==, 20);
}

static void test_toggle(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "linux");
	fake_run(&desk->time, 50);
	desk_ask(desk, "toggle");
	fake_run(&desk->time, 50);
	desk_is(desk, "host");
	desk_ask(desk, "toggle"); /* to the guest that had it, not the first one */
	desk_ask(desk, "toggle"); /* on the way there: home */
	desk_ask(desk, "toggle");
	fake_run(&desk->time, 100);
	desk_is(desk, "linux");
	desk->keyboard->at = "host";
	resource_changed(&desk->keyboard->base, RESOURCE_MOVED, &(ResourceResult){ .at = "host" });
	g_assert_null(seat_at(desk->seat));
	desk_ask(desk, "toggle"); /* from a mixture: home */
	fake_run(&desk->time, 100);
	desk_is(desk, "host");
}

/* a shortcut or a launcher's entry "to the guest" serves whatever the guest is called */
static void test_nameless_guest(SeatDesk *desk, gconstpointer unused)
{
	g_autofree char *name = g_strdup("win11");
	Guest *first = g_ptr_array_index(seat_guests(desk->seat), 0);
	char *guest = first->name;

	first->name = name;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 50);
	g_assert_cmpstr(seat_wanted(desk->seat), ==, "win11");
	desk_ask(desk, "linux");
	fake_run(&desk->time, 50);
	desk_ask(desk, "host");
	fake_run(&desk->time, 50);
	desk_ask(desk, "guest"); /* the one that had it, not the first one */
	fake_run(&desk->time, 50);
	desk_is(desk, "linux");
	first->name = guest;
	desk_ask(desk, "guest"); /* a name goes before */
	fake_run(&desk->time, 50);
	desk_is(desk, "guest");
}

static void test_unknown_target(SeatDesk *desk, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(seat_switch(desk->seat, "gast", "request", desk_on_done, desk, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_GUEST);
	g_assert_cmpstr(error->message, ==,
		"unknown target \"gast\"; the targets are: host, guest, linux, toggle");
}

static void test_equal_join(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 1:done ");
	g_assert_cmpuint(desk->keyboard->applies, ==, 1);
}

static void test_newest_wins(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->ms = 500;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 20); /* the monitors are there, the keyboard is on its way */
	desk_ask(desk, "linux");
	desk_ask(desk, "host");
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:superseded ");
	fake_run(&desk->time, 2000);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:superseded 3:done ");
	desk_is(desk, "host");
	g_assert_cmpuint(desk->keyboard->applies, ==, 2); /* never to "linux" */
}

static void test_refusals(SeatDesk *desk, gconstpointer unused)
{
	static const GuestState down[] = { GUEST_ABSENT, GUEST_OFF, GUEST_CRASHED, GUEST_PAUSED,
		GUEST_SUSPENDED, GUEST_STOPPING, GUEST_UNKNOWN };
	guint before = desk_applies(desk);

	for (guint i = 0; i < G_N_ELEMENTS(down); i++) {
		fake_guest_becomes(desk->guest, down[i]);
		g_string_truncate(desk->answers, 0);
		desk_ask(desk, "guest");
		fake_run(&desk->time, 100);
		g_assert_nonnull(strstr(desk->answers->str, "refused"));
		/* the name that the user gave it, not the word of the configuration twice */
		g_assert_null(strstr(seat_last(desk->seat)->error->message, "guest guest"));
		g_assert_nonnull(strstr(seat_last(desk->seat)->error->message, "dom-guest"));
	}
	fake_guest_becomes(desk->guest, GUEST_RUNNING);
	desk->mouse->missing = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==, "device mouse: is not there");
	g_assert_cmpuint(desk_applies(desk), ==, before);
	desk_is(desk, "host");
	desk->mouse->base.optional = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpint(seat_last(desk->seat)->outcome, ==, SWITCH_DONE);
}

/* The command asks the libvirt that has the guest. */
static void test_refusal_command(SeatDesk *desk, gconstpointer unused)
{
	static const struct {
		GuestState state;
		const char *command;
	} rows[] = {
		{ GUEST_ABSENT, "list the domains: virsh -c qemu:///session list --all" },
		{ GUEST_OFF, "start it: virsh -c qemu:///session start dom-guest" },
		{ GUEST_CRASHED, "start it: virsh -c qemu:///session start dom-guest" },
		{ GUEST_PAUSED, "resume it: virsh -c qemu:///session resume dom-guest" },
		{ GUEST_SUSPENDED, "wake it: virsh -c qemu:///session dompmwakeup dom-guest" },
		{ GUEST_STOPPING, "start it again: virsh -c qemu:///session start dom-guest" },
	};

	desk->guest->base.virsh = g_strdup("virsh -c qemu:///session");
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *message;

		fake_guest_becomes(desk->guest, rows[i].state);
		desk_ask(desk, "guest");
		fake_run(&desk->time, 100);
		message = seat_last(desk->seat)->error->message;
		if (!g_str_has_suffix(message, rows[i].command))
			g_error("%s", message);
	}
}

/* What the events told last may be old: before it refuses, it asks. */
static void test_asks_before_refusing(SeatDesk *desk, gconstpointer unused)
{
	guint before = desk->guest->refreshes;

	fake_guest_becomes(desk->guest, GUEST_OFF);
	desk->guest->real = GUEST_RUNNING;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk_is(desk, "guest");
	g_assert_cmpuint(desk->guest->refreshes, ==, before + 1);
}

/* Its picture stays with the host until the keyboard has left, and so it does if that fails. */
static void test_one_way(SeatDesk *desk, gconstpointer unused)
{
	const SwitchStep *left;

	desk->left->one_way = TRUE;
	desk->keyboard->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 299);
	g_assert_cmpstr(desk->left->at, ==, "host");
	g_assert_cmpstr(desk->right->at, ==, "guest");
	fake_run(&desk->time, 11);
	desk_is(desk, "guest");
	desk_ask(desk, "host");
	fake_run(&desk->time, 11);
	g_assert_cmpstr(desk->left->at, ==, "host"); /* at once */
	fake_run(&desk->time, 300);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:done ");

	desk->keyboard->stuck_away = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
	g_assert_cmpuint(desk->left->writes, ==, 2);
	left = g_ptr_array_index(seat_last(desk->seat)->steps, 0);
	g_assert_cmpint(left->outcome, ==, STEP_SKIPPED);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:done 3:rolled-back ");
}

/* A newer request finds it where it was. */
static void test_one_way_superseded(SeatDesk *desk, gconstpointer unused)
{
	desk->left->one_way = desk->right->one_way = TRUE;
	desk->keyboard->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk_ask(desk, "host");
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
	g_assert_cmpuint(desk->left->writes, ==, 0);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:done ");
}

/* What an older switch began is ended, though the display is to wait. */
static void test_one_way_is_busy(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->left->one_way = TRUE;
	desk->left->ms = desk->keyboard->ms = 300;
	desk_ask(desk, "host");
	fake_run(&desk->time, 100);
	desk_ask(desk, "guest");
	g_assert_true(g_cancellable_is_cancelled(desk->left->cancel));
	fake_run(&desk->time, 2000);
	desk_is(desk, "guest");
}

static void test_guest_goes(SeatDesk *desk, gconstpointer unused)
{
	static const GuestState down[] = { GUEST_OFF, GUEST_CRASHED, GUEST_PAUSED, GUEST_SUSPENDED,
		GUEST_ABSENT };
	guint events;

	for (guint i = 0; i < G_N_ELEMENTS(down); i++) {
		desk_ask(desk, "guest");
		fake_run(&desk->time, 100);
		desk_is(desk, "guest");
		fake_guest_becomes(desk->guest, GUEST_UNKNOWN); /* libvirtd restarts: stay */
		fake_run(&desk->time, 100);
		fake_guest_becomes(desk->guest, GUEST_RUNNING);
		fake_guest_becomes(desk->other, down[i]); /* not the one that has it */
		fake_run(&desk->time, 100);
		desk_is(desk, "guest");
		events = desk->events[SEAT_GUEST_CHANGED];
		fake_guest_becomes(desk->guest, down[i]);
		g_assert_cmpuint(desk->events[SEAT_GUEST_CHANGED], ==, events + 1);
		fake_run(&desk->time, 100);
		desk_is(desk, "host");
		fake_guest_becomes(desk->guest, GUEST_RUNNING);
		fake_run(&desk->time, 100);
		desk_is(desk, "host"); /* it does not take it back by itself */
	}
}

static void test_guest_goes_on_the_way(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5);
	fake_guest_becomes(desk->guest, GUEST_CRASHED);
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded ");
	desk_is(desk, "host");
}

static void test_replug(SeatDesk *desk, gconstpointer unused)
{
	guint events;

	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	events = desk->events[SEAT_RESOURCE_CHANGED];
	fake_plug(desk->keyboard, FALSE);
	g_assert_cmpuint(desk->events[SEAT_RESOURCE_CHANGED], ==, events + 1);
	fake_run(&desk->time, 60000);
	fake_plug(desk->keyboard, TRUE);
	fake_run(&desk->time, 100);
	desk_is(desk, "guest");
	fake_plug(desk->keyboard, FALSE);
	desk_ask(desk, "host");
	fake_run(&desk->time, 100);
	fake_plug(desk->keyboard, TRUE);
	fake_run(&desk->time, 100);
	desk_is(desk, "host");
	g_assert_cmpuint(desk->keyboard->writes, ==, 2);
}

/* A device of one guest only is at the host while another one has the seat. */
static void test_device_of_one_guest(SeatDesk *desk, gconstpointer unused)
{
	desk->mouse->serves = "linux";
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->mouse->at, ==, "linux");
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->mouse->at, ==, "host");
	g_assert_cmpstr(seat_at(desk->seat), ==, "guest");
}

/* That had it before the daemon was there counts too. */
static void test_toggle_from_where_it_began(void)
{
	static const char *const kept[] = { NULL, "linux" };

	for (guint i = 0; i < G_N_ELEMENTS(kept); i++) {
		SeatDesk desk;

		desk_make(&desk);
		desk.left->at = desk.right->at = desk.keyboard->at = desk.mouse->at = "linux";
		seat_start(desk.seat, kept[i]);
		fake_run(&desk.time, 100);
		desk_ask(&desk, "toggle");
		fake_run(&desk.time, 100);
		desk_is(&desk, "host");
		desk_ask(&desk, "toggle");
		fake_run(&desk.time, 100);
		desk_is(&desk, "linux");
		desk_tear_down(&desk, NULL);
	}
}

/* A new config takes up what the old one could not do. */
static void test_catch_up(void)
{
	SeatDesk desk;

	desk_make(&desk);
	desk.keyboard->at = "guest";
	seat_start(desk.seat, "host");
	/* it looks, and brings nothing back */
	g_assert_false(seat_is_behind(desk.seat));
	fake_run(&desk.time, 100);
	g_assert_cmpstr(desk.keyboard->at, ==, "guest");
	g_assert_false(seat_is_behind(desk.seat));
	desk_tear_down(&desk, NULL);

	desk_make(&desk);
	desk.keyboard->at = "guest";
	desk.keyboard->stuck = TRUE;
	seat_start(desk.seat, "host");
	seat_catch_up(desk.seat);
	fake_run(&desk.time, 100);
	g_assert_true(seat_is_behind(desk.seat));
	desk.keyboard->stuck = FALSE;
	fake_run(&desk.time, 5000);
	desk_is(&desk, "host");
	g_assert_false(seat_is_behind(desk.seat));
	g_assert_cmpuint(desk.come->applies, ==, 0);
	/* on the way it is behind */
	desk_ask(&desk, "guest");
	fake_run(&desk.time, 5);
	g_assert_true(seat_is_behind(desk.seat));
	fake_run(&desk.time, 100);
	desk_is(&desk, "guest");
	g_assert_false(seat_is_behind(desk.seat));
	desk_ask(&desk, "host");
	fake_run(&desk.time, 100);
	desk_tear_down(&desk, NULL);
}

static void test_request_while_looking(void)
{
	SeatDesk desk;

	desk_make(&desk);
	seat_start(desk.seat, NULL);
	desk_ask(&desk, "guest");
	fake_run(&desk.time, 100);
	desk_is(&desk, "guest");
	g_assert_cmpstr(desk.answers->str, ==, "1:done ");
	desk_tear_down(&desk, NULL);
}

/* Where the seat is from before a reload is known before it is found again. */
static void test_toggle_while_looking(void)
{
	static const struct {
		const char *wanted, *at, *toggled;
	} cases[] = {
		{ "host", "host", "guest" },
		{ "guest", "guest", "host" },
		/* nothing is known */
		{ NULL, "host", "host" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		SeatDesk desk;

		desk_make(&desk);
		desk.left->at = desk.right->at = desk.keyboard->at = desk.mouse->at =
			g_intern_string(cases[i].at);
		seat_start(desk.seat, cases[i].wanted);
		desk_ask(&desk, "toggle");
		fake_run(&desk.time, 1000);
		desk_is(&desk, cases[i].toggled);
		desk_tear_down(&desk, NULL);
	}
}

/* A desk with nothing to move: the guest has the seat all the same. */
static void test_nothing_to_move(void)
{
	FakeTime time = { 0 };
	SeatClock clock = fake_clock(&time);
	SeatDesk desk = { .answers = g_string_new(NULL) };

	desk.seat = seat_new(&clock, TRUE);
	seat_add_guest(desk.seat, &fake_guest(&time, "guest", GUEST_RUNNING)->base);
	seat_start(desk.seat, NULL);
	fake_run(&time, 100);
	desk_ask(&desk, "guest");
	fake_run(&time, 100);
	g_assert_cmpstr(desk.answers->str, ==, "1:done ");
	g_assert_cmpstr(seat_wanted(desk.seat), ==, "guest");
	/* nothing is tried again where all is done */
	g_assert_cmpuint(time.timers->len, ==, 0);
	seat_free(desk.seat);
	fake_clear(&time);
	g_string_free(desk.answers, TRUE);
}

static void test_nothing_to_retry(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk_is(desk, "guest");
	g_assert_cmpuint(desk->time.timers->len, ==, 0);
}

static void test_free_in_the_middle(void)
{
	SeatDesk desk;

	desk_make(&desk);
	seat_start(desk.seat, "guest");
	desk_ask(&desk, "host");
	fake_run(&desk.time, 15);
	desk_ask(&desk, "guest");
	desk_tear_down(&desk, NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/seat/there-and-back", test_there_and_back);
	ADD("/seat/toggle", test_toggle);
	ADD("/seat/nameless-guest", test_nameless_guest);
	ADD("/seat/unknown-target", test_unknown_target);
	ADD("/seat/equal-requests-join", test_equal_join);
	ADD("/seat/newest-wins", test_newest_wins);
	ADD("/seat/refusals", test_refusals);
	ADD("/seat/refusals/command", test_refusal_command);
	ADD("/seat/asks-before-refusing", test_asks_before_refusing);
	ADD("/seat/one-way", test_one_way);
	ADD("/seat/one-way-superseded", test_one_way_superseded);
	ADD("/seat/one-way-is-busy", test_one_way_is_busy);
	ADD("/seat/guest-goes", test_guest_goes);
	ADD("/seat/guest-goes-on-the-way", test_guest_goes_on_the_way);
	ADD("/seat/replug", test_replug);
	ADD("/seat/device-of-one-guest", test_device_of_one_guest);
	g_test_add_func("/seat/toggle-from-where-it-began", test_toggle_from_where_it_began);
	g_test_add_func("/seat/catch-up", test_catch_up);
	g_test_add_func("/seat/request-while-looking", test_request_while_looking);
	g_test_add_func("/seat/toggle-while-looking", test_toggle_while_looking);
	g_test_add_func("/seat/nothing-to-move", test_nothing_to_move);
	ADD("/seat/nothing-to-retry", test_nothing_to_retry);
	g_test_add_func("/seat/free-in-the-middle", test_free_in_the_middle);
	return g_test_run();
}
