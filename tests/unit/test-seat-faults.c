/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What fails on the way: all of it comes back or is tried again, and nobody is stranded.
 */
#include "seat-desk.h"

static void test_rollback(Desk *desk, gconstpointer unused)
{
	desk->keyboard->stuck_away = TRUE;
	desk->mouse->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	desk_is(desk, "host");
	g_assert_cmpuint(desk->come->applies, ==, 1);
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==,
		"everything was brought back, because of device keyboard: will not move");
	fake_run(&desk->time, 100000); /* and nothing tries to leave again */
	desk_is(desk, "host");
}

/* What the answer says of it. */
static void test_rollback_fails(Desk *desk, gconstpointer unused)
{
	desk->mouse->ms = 100;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 50);
	desk->keyboard->stuck = TRUE;
	desk->mouse->stuck = TRUE;
	fake_run(&desk->time, 500);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==,
		"not everything came back (device keyboard: will not move); it began with: device "
		"mouse: will not move");
}

/* The keyboard is still coming home when the next switch has to be undone: it never began to leave.
 */
static void test_rollback_of_what_waits(Desk *desk, gconstpointer unused)
{
	const Step *keyboard;

	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->ms = 500;
	desk_ask(desk, "host");
	fake_run(&desk->time, 20);
	desk->mouse->stuck_away = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5000);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:superseded 3:rolled-back ");
	desk_is(desk, "host");
	keyboard = g_ptr_array_index(seat_last(desk->seat)->steps, 2);
	g_assert_cmpstr(keyboard->resource->name, ==, "keyboard");
	g_assert_cmpint(keyboard->outcome, ==, STEP_SKIPPED);
}

static void test_rollback_to_guest(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100);
	desk->left->stuck = TRUE;
	desk->right->stuck = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:rolled-back ");
	desk_is(desk, "linux");
}

/* The guest that everything is on its way back to dies. */
static void test_rollback_to_dead_guest(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100);
	desk->left->stuck = desk->right->stuck = TRUE;
	desk->mouse->ms = 500;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 700);
	g_assert_cmpstr(seat_wanted(desk->seat), ==, "linux");
	desk->left->stuck = desk->right->stuck = FALSE;
	fake_guest_becomes(desk->other, GUEST_CRASHED);
	fake_run(&desk->time, 10000);
	desk_is(desk, "host");
}

static void test_one_dark_display(Desk *desk, gconstpointer unused)
{
	desk->right->stuck = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:incomplete ");
	g_assert_cmpstr(desk->keyboard->at, ==, "guest");
	desk->right->stuck = FALSE;
	fake_run(&desk->time, 5000); /* retried in the background */
	desk_is(desk, "guest");
}

static void test_all_dark(Desk *desk, gconstpointer unused)
{
	desk->right->stuck_away = TRUE;
	desk->left->stuck_away = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	desk_is(desk, "host");
}

static void test_host_tries_everything(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->left->stuck = TRUE;
	desk->keyboard->stuck = TRUE;
	desk_ask(desk, "host");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:incomplete ");
	g_assert_cmpstr(desk->right->at, ==, "host");
	g_assert_cmpstr(desk->mouse->at, ==, "host");
	desk->keyboard->stuck = FALSE;
	fake_run(&desk->time, 3000);
	g_assert_cmpstr(desk->keyboard->at, ==, "host");
	fake_run(&desk->time, 200000);
	g_assert_cmpuint(desk->left->applies, ==, 2 + 6); /* gives up: nothing wakes up */
	g_assert_cmpuint(desk->time.timers->len, ==, 0);
}

/* A request is a new beginning, however often it was tried before. */
static void test_retries_begin_anew(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->stuck = TRUE;
	desk_ask(desk, "host");
	fake_run(&desk->time, 200000);
	desk_ask(desk, "host");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:incomplete 3:incomplete ");
	desk->keyboard->stuck = FALSE;
	fake_run(&desk->time, 5000);
	desk_is(desk, "host");
}

/* What a refused request interrupted goes on: the monitor that waited follows the keyboard. */
static void test_refused_on_the_way(Desk *desk, gconstpointer unused)
{
	desk->left->one_way = desk->right->one_way = TRUE;
	desk->keyboard->ms = 300;
	fake_guest_becomes(desk->other, GUEST_OFF);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk_ask(desk, "linux");
	fake_run(&desk->time, 2000);
	desk_is(desk, "guest");
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:refused ");
}

/* It goes home where it cannot go on. */
static void test_refused_and_stuck(Desk *desk, gconstpointer unused)
{
	desk->keyboard->ms = 300;
	fake_guest_becomes(desk->other, GUEST_OFF);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->stuck_away = TRUE;
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100000);
	desk_is(desk, "host");
}

/* The mouse is pulled out on the way, and the request repeated while all of it comes back. */
static void test_refused_rollback(Desk *desk, gconstpointer unused)
{
	desk->keyboard->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5);
	desk->mouse->missing = TRUE;
	fake_run(&desk->time, 50);
	g_assert_cmpstr(seat_wanted(desk->seat), ==, "host");
	desk_ask(desk, "guest");
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==,
		"superseded by a switch to guest (request) while everything was brought back, "
		"because of device mouse: will not move");
	fake_run(&desk->time, 100000);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:refused ");
	g_assert_cmpstr(desk->keyboard->at, ==, "host");
	g_assert_cmpstr(desk->left->at, ==, "host");
}

/* What stayed behind is tried again, though a request comes in between that is refused. */
static void test_refused_before_a_retry(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->stuck = TRUE;
	desk_ask(desk, "host");
	fake_run(&desk->time, 900);
	desk->keyboard->stuck = FALSE;
	guest_set_state(&desk->other->base, GUEST_UNKNOWN, "libvirt restarts");
	desk->other->real = GUEST_OFF;
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100000);
	desk_is(desk, "host");
}

/* -- thousands of switches with random faults ---------------------------------------------------
 */

static void random_fault(Desk *desk, GRand *rand)
{
	FakeResource *all[] = { desk->left, desk->right, desk->keyboard, desk->mouse };
	FakeResource *r = all[g_rand_int_range(rand, 0, 4)];
	static const GuestState states[] = { GUEST_RUNNING, GUEST_RUNNING, GUEST_OFF, GUEST_CRASHED,
		GUEST_PAUSED, GUEST_UNKNOWN, GUEST_STOPPING, GUEST_ABSENT };
	FakeGuest *g = g_rand_boolean(rand) ? desk->guest : desk->other;

	switch (g_rand_int_range(rand, 0, 8)) {
	case 0:
		r->stuck = !r->stuck;
		break;
	case 1:
		r->stuck_away = !r->stuck_away;
		break;
	case 2:
		r->ms = (guint)g_rand_int_range(rand, 0, 3000);
		break;
	case 3:
		if (!r->busy && r->base.kind == RESOURCE_DEVICE)
			fake_plug(r, r->missing);
		break;
	case 4:
		/* what is on its way has been decided */
		r->one_way ^= seat_current(desk->seat) == NULL;
		break;
	default:
		fake_guest_becomes(g, states[g_rand_int_range(rand, 0, G_N_ELEMENTS(states))]);
	}
}

static void count_done(Seat *seat, const Switch *sw, gpointer data)
{
	g_assert_cmpint(sw->outcome, !=, SWITCH_RUNNING);
	g_assert_true((sw->error == NULL) == (sw->outcome == SWITCH_DONE));
	for (guint i = 0; sw->outcome == SWITCH_DONE && i < sw->steps->len; i++) {
		const Step *step = g_ptr_array_index(sw->steps, i);

		g_assert_true(step->outcome == STEP_DONE || step->outcome == STEP_ALREADY);
	}
	(*(guint *)data)++;
}

static void mend(Desk *desk)
{
	FakeResource *all[] = { desk->left, desk->right, desk->keyboard, desk->mouse };
	FakeGuest *guests[] = { desk->guest, desk->other };

	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		all[i]->stuck = all[i]->stuck_away = FALSE;
		all[i]->ms = 10;
		if (all[i]->missing)
			fake_plug(all[i], TRUE);
	}
	/* to wait for these is right */
	for (guint i = 0; i < G_N_ELEMENTS(guests); i++)
		if (guests[i]->base.state == GUEST_UNKNOWN ||
			guests[i]->base.state == GUEST_STOPPING)
			fake_guest_becomes(guests[i], GUEST_RUNNING);
}

static const char *living_target(Desk *desk)
{
	const char *wanted = seat_wanted(desk->seat);

	for (guint i = 0; i < seat_guests(desk->seat)->len; i++) {
		const Guest *guest = g_ptr_array_index(seat_guests(desk->seat), i);

		if (g_str_equal(guest->name, wanted) && guest->state == GUEST_RUNNING)
			return wanted;
	}
	return TARGET_HOST;
}

/* Whatever happened: the person has keyboard, mouse and picture in one place. */
static void nobody_is_stranded(Desk *desk)
{
	fake_run(&desk->time, 100000);
	desk_is(desk, living_target(desk));
}

static void test_random_faults(void)
{
	static const char *const targets[] = { "host", "guest", "linux", "toggle" };
	guint asked = 0, answered = 0;
	g_autoptr(GRand) rand = g_rand_new_with_seed(g_test_rand_int() & 0x7fffffff);

	for (guint round = 0; round < 300; round++) {
		Desk desk;

		desk_make(&desk);
		seat_start(desk.seat, NULL);
		for (guint i = 0; i < 30; i++) {
			if (g_rand_boolean(rand))
				random_fault(&desk, rand);
			fake_run(&desk.time, (guint)g_rand_int_range(rand, 0, 2000));
			seat_switch(desk.seat, targets[g_rand_int_range(rand, 0, 4)], "request",
				count_done, &answered, NULL);
			asked++;
			fake_run(&desk.time, (guint)g_rand_int_range(rand, 0, 2000));
		}
		if (round % 2 == 0) {
			/* soon enough for the retries */
			mend(&desk);
		} else {
			/* they have an end: what was broken for longer comes with a request */
			fake_run(&desk.time, 100000);
			mend(&desk);
			fake_run(&desk.time, 100000);
			seat_switch(desk.seat, living_target(&desk), "request", count_done,
				&answered, NULL);
			asked++;
		}
		nobody_is_stranded(&desk);
		desk_tear_down(&desk, NULL);
	}
	g_assert_cmpuint(answered, ==, asked);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/seat/rollback", test_rollback);
	ADD("/seat/rollback-fails", test_rollback_fails);
	ADD("/seat/rollback-of-what-waits", test_rollback_of_what_waits);
	ADD("/seat/rollback-to-guest", test_rollback_to_guest);
	ADD("/seat/rollback-to-dead-guest", test_rollback_to_dead_guest);
	ADD("/seat/one-dark-display", test_one_dark_display);
	ADD("/seat/all-dark", test_all_dark);
	ADD("/seat/host-tries-everything", test_host_tries_everything);
	ADD("/seat/retries-begin-anew", test_retries_begin_anew);
	ADD("/seat/refused-on-the-way", test_refused_on_the_way);
	ADD("/seat/refused-and-stuck", test_refused_and_stuck);
	ADD("/seat/refused-rollback", test_refused_rollback);
	ADD("/seat/refused-before-a-retry", test_refused_before_a_retry);
	g_test_add_func("/seat/random-faults", test_random_faults);
	return g_test_run();
}
