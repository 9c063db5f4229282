/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Switches that begin when their guest has started, and guests that the seat follows.
 */
#include "seat-desk.h"

static void await(SeatDesk *desk, gboolean starting, const char *to)
{
	g_autoptr(GError) error = NULL;

	seat_await(desk->seat, SEAT_RANK_HOST, SEAT_EXTENT_ALL, starting, to, "hook", &error);
	g_assert_no_error(error);
}

/* As libvirt starts one: it runs, then its hooks end. */
static void start(SeatDesk *desk, FakeGuest *guest, guint hooks_ms)
{
	guint applies = desk_applies(desk);

	fake_guest_becomes(guest, GUEST_RUNNING);
	fake_run(&desk->time, hooks_ms);
	g_assert_cmpuint(desk_applies(desk), ==, applies);
	guest_started(&guest->base);
}

static void stop(SeatDesk *desk, FakeGuest *guest)
{
	fake_guest_becomes(guest, GUEST_OFF);
	fake_run(&desk->time, 1000);
}

static const char *last_outcome(const SeatDesk *desk)
{
	return seat_last(desk->seat) != NULL ? switch_outcome_name(seat_last(desk->seat)->outcome)
					     : "none";
}

static void test_not_running(SeatDesk *desk, gconstpointer unused)
{
	stop(desk, desk->guest);
	await(desk, TRUE, "guest");
	fake_run(&desk->time, 60000);
	g_assert_null(seat_last(desk->seat));
	start(desk, desk->guest, 2000);
	fake_run(&desk->time, 1000);
	desk_is(desk, "guest");
	g_assert_cmpstr(seat_last(desk->seat)->reason, ==, "hook");
}

/* A libvirt hook sends its request while the guest already runs: the switch waits until the start
 * has ended. */
static void test_starting(SeatDesk *desk, gconstpointer unused)
{
	await(desk, TRUE, "guest");
	fake_run(&desk->time, 3000);
	g_assert_cmpuint(desk_applies(desk), ==, 0);
	guest_started(&desk->guest->base);
	fake_run(&desk->time, 1000);
	desk_is(desk, "guest");
}

/* It was not a start, or its end is never reported. */
static void test_nothing_starts(SeatDesk *desk, gconstpointer unused)
{
	await(desk, TRUE, "guest");
	fake_run(&desk->time, 7000);
	desk_is(desk, "guest");
}

static void test_at_once(SeatDesk *desk, gconstpointer unused)
{
	await(desk, FALSE, "guest");
	fake_run(&desk->time, 1000);
	desk_is(desk, "guest");
	await(desk, TRUE, "host");
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
}

static void test_unknown_target(SeatDesk *desk, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(seat_await(
		desk->seat, SEAT_RANK_HOST, SEAT_EXTENT_ALL, TRUE, "moon", "hook", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_GUEST);
}

/* The start has failed: no switch was requested for the next one. */
static void test_never_starts(SeatDesk *desk, gconstpointer unused)
{
	stop(desk, desk->guest);
	await(desk, TRUE, "guest");
	fake_run(&desk->time, 130000);
	g_assert_cmpstr(last_outcome(desk), ==, "refused");
	start(desk, desk->guest, 0);
	fake_run(&desk->time, 60000);
	desk_is(desk, "host");
}

static void test_newer_request(SeatDesk *desk, gconstpointer unused)
{
	stop(desk, desk->guest);
	await(desk, TRUE, "guest");
	desk_ask(desk, "linux");
	fake_run(&desk->time, 1000);
	start(desk, desk->guest, 0);
	fake_run(&desk->time, 200000);
	desk_is(desk, "linux");
}

/* What a switch needs may come a moment after the start. */
static void test_not_ready_yet(SeatDesk *desk, gconstpointer unused)
{
	desk->mouse->missing = TRUE;
	await(desk, TRUE, "guest");
	guest_started(&desk->guest->base);
	fake_run(&desk->time, 5000);
	g_assert_cmpstr(last_outcome(desk), ==, "refused");
	desk->mouse->missing = FALSE;
	fake_run(&desk->time, 3000);
	desk_is(desk, "guest");
}

static void test_never_ready(SeatDesk *desk, gconstpointer unused)
{
	guint id;

	desk->mouse->missing = TRUE;
	await(desk, FALSE, "guest");
	await(desk, TRUE, "guest");
	fake_run(&desk->time, 60000);
	id = seat_last(desk->seat)->id;
	fake_run(&desk->time, 600000);
	g_assert_cmpuint(seat_last(desk->seat)->id, ==, id);
	g_assert_cmpuint(desk_applies(desk), ==, 0);
}

/* What was rolled back is not tried again: it would move back and forth. */
static void test_rolled_back(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->stuck_away = TRUE;
	await(desk, TRUE, "guest");
	fake_run(&desk->time, 200000);
	g_assert_cmpuint(seat_last(desk->seat)->id, ==, 1);
	g_assert_cmpstr(last_outcome(desk), ==, "rolled-back");
}

static void test_follow(SeatDesk *desk, gconstpointer unused)
{
	desk->guest->base.follow = TRUE;
	stop(desk, desk->guest);
	stop(desk, desk->other);
	start(desk, desk->other, 0);
	fake_run(&desk->time, 10000);
	desk_is(desk, "host");
	start(desk, desk->guest, 0);
	fake_run(&desk->time, 1000);
	desk_is(desk, "guest");
	g_assert_cmpstr(seat_last(desk->seat)->reason, ==, "dom-guest has started");
	stop(desk, desk->guest);
	desk_is(desk, "host");
}

/* A guest that someone uses keeps the seat. */
static void test_follow_stays(SeatDesk *desk, gconstpointer unused)
{
	desk->guest->base.follow = TRUE;
	stop(desk, desk->guest);
	desk_ask(desk, "linux");
	fake_run(&desk->time, 1000);
	start(desk, desk->guest, 0);
	fake_run(&desk->time, 10000);
	desk_is(desk, "linux");
}

/* That it runs when hotseatd starts is no start. */
static void test_follow_resumed(SeatDesk *desk, gconstpointer unused)
{
	desk->guest->base.follow = TRUE;
	fake_guest_becomes(desk->guest, GUEST_PAUSED);
	fake_run(&desk->time, 1000);
	fake_guest_becomes(desk->guest, GUEST_RUNNING);
	fake_run(&desk->time, 10000);
	desk_is(desk, "host");
}

/* An explicit request is not replaced by what a guest does by itself. */
static void test_follow_yields(SeatDesk *desk, gconstpointer unused)
{
	desk->guest->base.follow = TRUE;
	stop(desk, desk->guest);
	stop(desk, desk->other);
	await(desk, TRUE, "linux");
	start(desk, desk->guest, 0);
	fake_run(&desk->time, 10000);
	desk_is(desk, "host");
	start(desk, desk->other, 0);
	fake_run(&desk->time, 1000);
	desk_is(desk, "linux");
}

static gboolean guest_asks(SeatDesk *desk, const char *to, gboolean waits)
{
	if (waits)
		return seat_request(desk->seat, SEAT_RANK_GUEST, SEAT_EXTENT_ALL, to, "guest", NULL,
			NULL, NULL);
	return seat_await(desk->seat, SEAT_RANK_GUEST, SEAT_EXTENT_ALL, FALSE, to, "guest", NULL);
}

/* What the host awaits comes all the same. */
static void test_rank(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "linux");
	fake_run(&desk->time, 1000);
	stop(desk, desk->guest);
	await(desk, TRUE, "guest");
	g_assert_true(guest_asks(desk, "guest", FALSE));
	g_assert_true(guest_asks(desk, "host", TRUE));
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
	stop(desk, desk->other);
	g_assert_false(guest_asks(desk, "linux", FALSE));
	g_assert_cmpstr(seat_awaited(desk->seat), ==, "guest");
	start(desk, desk->guest, 0);
	fake_run(&desk->time, 1000);
	desk_is(desk, "guest");
	g_assert_cmpstr(seat_last(desk->seat)->reason, ==, "hook");
}

/* A hook waits for the start where states are not checked, too. */
static void test_unchecked(SeatDesk *desk, gconstpointer unused)
{
	SeatClock clock = fake_same_clock(&desk->time);
	Seat *seat = seat_new(&clock, FALSE);
	FakeGuest *guest = fake_guest(&desk->time, "guest", GUEST_OFF);
	FakeResource *keyboard = fake_resource(&desk->time, RESOURCE_DEVICE, "keyboard");
	const gboolean starts[] = { FALSE, TRUE };

	seat_add_guest(seat, &guest->base);
	seat_add_resource(seat, &keyboard->base);
	seat_start(seat, NULL);
	fake_run(&desk->time, 1000);
	for (gsize i = 0; i < G_N_ELEMENTS(starts); i++) {
		g_assert_true(seat_await(
			seat, SEAT_RANK_HOST, SEAT_EXTENT_ALL, TRUE, "guest", "hook", NULL));
		fake_run(&desk->time, 10000);
		g_assert_null(seat_last(seat));
		if (starts[i])
			guest_started(&guest->base);
		fake_run(&desk->time, 200000);
		g_assert_cmpstr(keyboard->at, ==, starts[i] ? "guest" : "host");
		g_assert_null(seat_awaited(seat));
	}
	seat_free(seat);
}

/* A config that is reloaded meanwhile. */
static void test_other_seat(SeatDesk *desk, gconstpointer unused)
{
	SeatClock clock = fake_same_clock(&desk->time);
	Seat *without = seat_new(&clock, TRUE);

	seat_start(without, NULL);
	stop(desk, desk->guest);
	seat_await_put(desk->seat, seat_await_take(desk->seat));
	await(desk, TRUE, "guest");
	seat_await_put(desk->seat, seat_await_take(desk->seat));
	g_assert_cmpstr(seat_awaited(desk->seat), ==, "guest");
	start(desk, desk->guest, 2000);
	fake_run(&desk->time, 1000);
	desk_is(desk, "guest");
	stop(desk, desk->guest);
	await(desk, TRUE, "guest");
	seat_await_put(without, seat_await_take(desk->seat));
	g_assert_null(seat_awaited(without));
	g_assert_null(seat_awaited(desk->seat));
	seat_free(without);
}

static void ask_for_host(Seat *seat, const SeatEvent *event, gpointer data)
{
	SeatDesk *desk = data;

	if (event->kind == SEAT_SWITCH_STARTED)
		g_string_append_printf(desk->answers, ">%s ", event->sw->to);
	else if (event->kind == SEAT_SWITCH_FINISHED && event->sw->outcome == SWITCH_SUPERSEDED &&
		 g_str_equal(event->sw->to, "linux"))
		g_assert_true(seat_switch(seat, "host", "listener", desk_on_done, desk, NULL));
}

/* A listener asks for something while what was awaited begins. */
static void test_asked_in_a_callback(SeatDesk *desk, gconstpointer unused)
{
	desk->mouse->ms = 500;
	desk_ask(desk, "linux");
	await(desk, TRUE, "guest");
	seat_listen(desk->seat, ask_for_host, desk);
	fake_run(&desk->time, 100);
	guest_started(&desk->guest->base);
	fake_run(&desk->time, 5000);
	desk_is(desk, "host");
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded >guest >host 3:done ");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/seat-await/not-running", test_not_running);
	ADD("/seat-await/starting", test_starting);
	ADD("/seat-await/nothing-starts", test_nothing_starts);
	ADD("/seat-await/at-once", test_at_once);
	ADD("/seat-await/unknown-target", test_unknown_target);
	ADD("/seat-await/never-starts", test_never_starts);
	ADD("/seat-await/newer-request", test_newer_request);
	ADD("/seat-await/not-ready-yet", test_not_ready_yet);
	ADD("/seat-await/never-ready", test_never_ready);
	ADD("/seat-await/rolled-back", test_rolled_back);
	ADD("/seat-await/follow", test_follow);
	ADD("/seat-await/follow-stays", test_follow_stays);
	ADD("/seat-await/follow-resumed", test_follow_resumed);
	ADD("/seat-await/follow-yields", test_follow_yields);
	ADD("/seat-await/rank", test_rank);
	ADD("/seat-await/unchecked", test_unchecked);
	ADD("/seat-await/other-seat", test_other_seat);
	ADD("/seat-await/asked-in-a-callback", test_asked_in_a_callback);
	return g_test_run();
}
