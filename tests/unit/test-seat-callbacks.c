/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests that listeners and those who wait for an answer make: they begin when these have
 * returned, so that no switch goes away while its outcome is being reported.
 */
#include "seat-desk.h"

typedef struct {
	SeatDesk desk;
	guint calls;
	GString *seen; /* what the second listener saw */
} Callbacks;

static void set_up(Callbacks *c, gconstpointer unused)
{
	desk_set_up(&c->desk, NULL);
	c->seen = g_string_new(NULL);
}

static void tear_down(Callbacks *c, gconstpointer unused)
{
	desk_tear_down(&c->desk, NULL);
	g_string_free(c->seen, TRUE);
}

static void ask_thrice(Seat *seat, const Switch *sw, gpointer data)
{
	Callbacks *c = data;
	gsize before = c->desk.answers->len;

	g_assert_cmpint(sw->outcome, !=, SWITCH_RUNNING);
	if (++c->calls > 2)
		return;
	/* each replaces the one before */
	seat_switch(seat, "host", "first", desk_on_done, &c->desk, NULL);
	seat_switch(seat, "linux", "second", desk_on_done, &c->desk, NULL);
	seat_switch(seat, "guest", "third", desk_on_done, &c->desk, NULL);
	g_assert_cmpuint(c->desk.answers->len, ==, before);
	g_assert_cmpstr(sw->reason, ==, "request");
}

static void read_all(Seat *seat, const Switch *sw, gpointer data)
{
	Callbacks *c = data;

	g_string_append_printf(
		c->seen, "%s %s %s, ", sw->to, sw->reason, switch_outcome_name(sw->outcome));
	for (guint i = 0; i < sw->steps->len; i++)
		g_assert_nonnull(((SwitchStep *)g_ptr_array_index(sw->steps, i))->to);
}

/* The first who waits asks for switches that take one another's place; the next one's is whole. */
static void test_waiter_asks(Callbacks *c, gconstpointer unused)
{
	seat_switch(c->desk.seat, "guest", "request", ask_thrice, c, NULL);
	seat_switch(c->desk.seat, "guest", "request", ask_thrice, c, NULL);
	seat_switch(c->desk.seat, "guest", "request", read_all, c, NULL);
	fake_run(&c->desk.time, 1000);
	g_assert_cmpstr(c->seen->str, ==, "guest request done, ");
	g_assert_cmpstr(c->desk.answers->str, ==,
		"2:superseded 3:superseded 4:superseded 5:superseded 6:superseded 7:done ");
	desk_is(&c->desk, "guest");
}

/* The same of one that is superseded itself. */
static void test_waiter_of_superseded_asks(Callbacks *c, gconstpointer unused)
{
	seat_switch(c->desk.seat, "guest", "request", ask_thrice, c, NULL);
	seat_switch(c->desk.seat, "guest", "request", read_all, c, NULL);
	desk_ask(&c->desk, "linux");
	g_assert_cmpstr(c->seen->str, ==, "guest request superseded, ");
	fake_run(&c->desk.time, 1000);
	g_assert_cmpstr(c->desk.answers->str, ==, "2:superseded 3:superseded 4:superseded 5:done ");
	desk_is(&c->desk, "guest");
}

static void read_steps(Seat *seat, const Switch *sw, gpointer data)
{
	Callbacks *c = data;

	for (guint i = 0; i < sw->steps->len; i++) {
		const SwitchStep *step = g_ptr_array_index(sw->steps, i);

		g_string_append_printf(
			c->seen, "%s %s, ", step->resource->name, step_outcome_name(step->outcome));
	}
}

/* Of a superseded switch, what was under way is, and what waited will not begin. */
static void test_steps_of_superseded(Callbacks *c, gconstpointer unused)
{
	c->desk.left->one_way = TRUE;
	c->desk.mouse->ms = 50;
	seat_switch(c->desk.seat, "guest", "request", read_steps, c, NULL);
	fake_run(&c->desk.time, 20);
	desk_ask(&c->desk, "host");
	g_assert_cmpstr(c->seen->str, ==,
		"left skipped, right done, keyboard done, mouse running, leave done, ");
}

static void ask_at_event(Seat *seat, const SeatEvent *event, gpointer data)
{
	static const char *const targets[] = { "host", "linux", "guest" };
	Callbacks *c = data;
	const Switch *before = seat_current(seat);

	if (++c->calls > 20)
		return;
	seat_switch(seat, targets[c->calls % 3], "listener", NULL, NULL, NULL);
	g_assert_true(seat_current(seat) == before);
}

static void look_at_event(Seat *seat, const SeatEvent *event, gpointer data)
{
	if (event->sw != NULL)
		g_assert_nonnull(event->sw->reason);
	if (event->step != NULL)
		g_assert_nonnull(event->step->to);
}

static void test_listener_asks(Callbacks *c, gconstpointer unused)
{
	seat_listen(c->desk.seat, ask_at_event, c);
	seat_listen(c->desk.seat, look_at_event, c);
	desk_ask(&c->desk, "guest");
	fake_run(&c->desk.time, 100000);
	g_assert_cmpuint(c->calls, >, 20);
	g_assert_cmpuint(c->desk.time.timers->len, ==, 0);
	desk_is(&c->desk, seat_wanted(c->desk.seat));
}

/* A guest that dies while an event is reported ends the switch at once. */
static void die_at_event(Seat *seat, const SeatEvent *event, gpointer data)
{
	Callbacks *c = data;

	if (event->kind == SEAT_STEP && event->step->outcome == STEP_DONE && c->calls++ == 0)
		fake_guest_becomes(c->desk.guest, GUEST_CRASHED);
}

static void test_guest_dies_at_event(Callbacks *c, gconstpointer unused)
{
	seat_listen(c->desk.seat, die_at_event, c);
	seat_listen(c->desk.seat, look_at_event, c);
	desk_ask(&c->desk, "guest");
	fake_run(&c->desk.time, 10000);
	g_assert_cmpstr(c->desk.answers->str, ==, "1:superseded ");
	desk_is(&c->desk, "host");
}

static void stop_at_start(Seat *seat, const SeatEvent *event, gpointer data)
{
	Callbacks *c = data;

	if (event->kind == SEAT_SWITCH_STARTED && g_str_equal(event->sw->to, "linux"))
		fake_guest_becomes(c->desk.guest, GUEST_CRASHED);
}

/* The guest that is left dies as the switch to another one begins. */
static void test_guest_dies_at_start(Callbacks *c, gconstpointer unused)
{
	desk_ask(&c->desk, "guest");
	fake_run(&c->desk.time, 100);
	seat_listen(c->desk.seat, stop_at_start, c);
	seat_listen(c->desk.seat, look_at_event, c);
	desk_ask(&c->desk, "linux");
	fake_run(&c->desk.time, 10000);
	desk_is(&c->desk, "linux");
}

/* Freed with requests that have not begun. */
static void test_free_with_requests(Callbacks *c, gconstpointer unused)
{
	seat_switch(c->desk.seat, "guest", "request", ask_thrice, c, NULL);
	desk_ask(&c->desk, "host");
}

/* It hears nothing any more after it was removed, also during an event. */
static void remove_next(Seat *seat, const SeatEvent *event, gpointer data)
{
	seat_unlisten(seat, *(guint *)data);
}

static void count_event(Seat *seat, const SeatEvent *event, gpointer data)
{
	++*(guint *)data;
}

static void test_removed_during_event(Callbacks *c, gconstpointer unused)
{
	guint next = 0, heard = 0;

	seat_listen(c->desk.seat, remove_next, &next);
	next = seat_listen(c->desk.seat, count_event, &heard);
	desk_ask(&c->desk, "guest");
	fake_run(&c->desk.time, 100);
	g_assert_cmpuint(heard, ==, 0);
}

#undef ADD
#define ADD(path, func) g_test_add(path, Callbacks, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/seat-callbacks/waiter-asks", test_waiter_asks);
	ADD("/seat-callbacks/waiter-of-superseded-asks", test_waiter_of_superseded_asks);
	ADD("/seat-callbacks/steps-of-superseded", test_steps_of_superseded);
	ADD("/seat-callbacks/listener-asks", test_listener_asks);
	ADD("/seat-callbacks/guest-dies-at-event", test_guest_dies_at_event);
	ADD("/seat-callbacks/guest-dies-at-start", test_guest_dies_at_start);
	ADD("/seat-callbacks/free-with-requests", test_free_with_requests);
	ADD("/seat-callbacks/removed-during-event", test_removed_during_event);
	return g_test_run();
}
