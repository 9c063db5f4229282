/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Failures during a switch: everything comes back or is tried again, and the user is never
 * stranded.
 */
#include "seat-desk.h"

static void test_rollback(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->stuck_away = TRUE;
	desk->mouse->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	desk_is(desk, "host");
	g_assert_cmpuint(desk->come->applies, ==, 1);
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==,
		"rolled back; caused by: device keyboard: will not move");
	fake_run(&desk->time, 100000); /* and nothing tries to leave again */
	desk_is(desk, "host");
}

/* What the answer says of it. */
static void test_rollback_fails(SeatDesk *desk, gconstpointer unused)
{
	desk->mouse->ms = 100;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 50);
	desk->keyboard->stuck = TRUE;
	desk->mouse->stuck = TRUE;
	fake_run(&desk->time, 500);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==,
		"rollback incomplete (device keyboard: will not move); caused by: device "
		"mouse: will not move");
}

/* The keyboard is still coming back when the next switch has to be rolled back: it never began to
 * leave.
 */
static void test_rollback_of_what_waits(SeatDesk *desk, gconstpointer unused)
{
	const SwitchStep *keyboard;

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

static void test_rollback_to_guest(SeatDesk *desk, gconstpointer unused)
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
static void test_rollback_to_dead_guest(SeatDesk *desk, gconstpointer unused)
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

static void test_one_dark_display(SeatDesk *desk, gconstpointer unused)
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

static void test_all_dark(SeatDesk *desk, gconstpointer unused)
{
	desk->right->stuck_away = TRUE;
	desk->left->stuck_away = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	desk_is(desk, "host");
}

/* Refused, and another request comes before that is said: it was refused all the same. */
static void test_refused_then_asked(SeatDesk *desk, gconstpointer unused)
{
	fake_plug(desk->keyboard, FALSE);
	fake_run(&desk->time, 100);
	desk_ask(desk, "guest");
	g_assert_cmpstr(desk->answers->str, ==, "");
	g_assert_true(seat_switch(desk->seat, "host", "test", desk_on_done, desk, NULL));
	g_assert_cmpstr(desk->answers->str, ==, "1:refused ");
	fake_run(&desk->time, 100);
	g_assert_true(g_str_has_prefix(desk->answers->str, "1:refused 2:"));
}

/* No command was begun on the way there: none is run on the way back. */
static void test_rollback_without_commands(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->stuck_away = TRUE;
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	desk_is(desk, "host");
	g_assert_cmpuint(desk->leave->applies + desk->come->applies, ==, 0);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpuint(desk->leave->applies, ==, 1);
	g_assert_cmpuint(desk->come->applies, ==, 1);
}

static void test_host_tries_everything(SeatDesk *desk, gconstpointer unused)
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

/* A request comes before the next retry, and a seat that is freed has none left. */
static void test_retry_is_forgotten(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->stuck_away = TRUE;
	desk->left->stuck_away = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->stuck = desk->left->stuck = TRUE;
	desk_ask(desk, "host");
	fake_run(&desk->time, 100);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5);
	desk_ask(desk, "host");
	fake_run(&desk->time, 100);
}

/* A request is a new beginning, however often it was tried before. */
static void test_retries_begin_anew(SeatDesk *desk, gconstpointer unused)
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

/* And so is that it appears again. */
static void test_retries_begin_again_when_it_appears(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->stuck = TRUE;
	desk_ask(desk, "host");
	fake_run(&desk->time, 200000);
	fake_plug(desk->keyboard, FALSE);
	fake_plug(desk->keyboard, TRUE);
	desk->keyboard->at = "guest";
	resource_changed(&desk->keyboard->base, RESOURCE_APPEARED,
		&(ResourceResult){ .at = desk->keyboard->at });
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->keyboard->at, ==, "guest");
	desk->keyboard->stuck = FALSE;
	fake_run(&desk->time, 5000);
	desk_is(desk, "host");
}

/* A guest that starts or stops may be what lets it go, if not at once. */
static void test_retries_begin_again_with_a_guest(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->stuck = TRUE;
	desk_ask(desk, "host");
	fake_run(&desk->time, 100000);
	g_assert_cmpint(fake_until_next(&desk->time), ==, -1);
	fake_guest_becomes(desk->other, GUEST_OFF);
	fake_run(&desk->time, 100);
	desk->keyboard->stuck = FALSE;
	fake_run(&desk->time, 100000);
	desk_is(desk, "host");
}

/* What a refused request interrupted goes on: the monitor that waited follows the keyboard. */
static void test_refused_on_the_way(SeatDesk *desk, gconstpointer unused)
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

/* It comes back if it cannot continue. */
static void test_refused_and_stuck(SeatDesk *desk, gconstpointer unused)
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
static void test_refused_rollback(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5);
	desk->mouse->missing = TRUE;
	fake_run(&desk->time, 50);
	g_assert_cmpstr(seat_wanted(desk->seat), ==, "host");
	desk_ask(desk, "guest");
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==,
		"superseded by a switch to guest (request) during a rollback caused by device "
		"mouse: will not move");
	fake_run(&desk->time, 100000);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:refused ");
	g_assert_cmpstr(desk->keyboard->at, ==, "host");
	g_assert_cmpstr(desk->left->at, ==, "host");
}

/* What stayed behind is tried again, though a request comes in between that is refused. */
static void test_refused_before_a_retry(SeatDesk *desk, gconstpointer unused)
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

/* -- what comes back while a switch is under way ------------------------------------------------
 */

static const SwitchStep *step_of(const Switch *sw, const FakeResource *r)
{
	for (guint i = 0; i < sw->steps->len; i++) {
		const SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (step->resource == &r->base)
			return step;
	}
	g_assert_not_reached();
}

/* It follows at once, however long the rest of the switch takes. */
static void test_back_during_a_switch(SeatDesk *desk, gconstpointer unused)
{
	desk->mouse->base.optional = TRUE;
	desk->left->ms = 100000;
	fake_plug(desk->mouse, FALSE);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	g_assert_cmpint(step_of(seat_current(desk->seat), desk->mouse)->outcome, ==, STEP_FAILED);
	fake_plug(desk->mouse, TRUE);
	fake_run(&desk->time, 1000);
	g_assert_nonnull(seat_current(desk->seat));
	g_assert_cmpstr(desk->mouse->at, ==, "guest");
	fake_run(&desk->time, 100000);
	g_assert_cmpstr(desk->answers->str, ==, "1:done ");
	desk_is(desk, "guest");
}

/* Its retries are all there when the switch is over. */
static void test_retries_outlast_a_switch(SeatDesk *desk, gconstpointer unused)
{
	desk->mouse->base.optional = TRUE;
	desk->left->ms = 100000;
	fake_plug(desk->mouse, FALSE);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	desk->mouse->stuck = TRUE;
	fake_plug(desk->mouse, TRUE);
	fake_run(&desk->time, 100000);
	g_assert_cmpstr(desk->answers->str, ==, "1:done ");
	g_assert_cmpstr(desk->mouse->at, ==, "host");
	desk->mouse->stuck = FALSE;
	fake_run(&desk->time, 5000);
	desk_is(desk, "guest");
}

/* The request that is refused does not keep it from following. */
static void test_back_while_refused(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	fake_plug(desk->mouse, FALSE);
	fake_guest_becomes(desk->other, GUEST_OFF);
	desk_ask(desk, "linux");
	fake_plug(desk->mouse, TRUE);
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:refused ");
	desk_is(desk, "guest");
}

/* Plugged in again while libvirt cannot be asked for the guest. */
static void test_back_while_guest_is_unknown(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	guest_set_state(&desk->guest->base, GUEST_UNKNOWN, "libvirt restarts");
	fake_plug(desk->mouse, FALSE);
	fake_plug(desk->mouse, TRUE);
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->mouse->at, ==, "host");
	fake_guest_becomes(desk->guest, GUEST_RUNNING);
	fake_run(&desk->time, 1000);
	desk_is(desk, "guest");
}

/* A hub is pulled out of the guest with all that hangs on it, and put back. */
static void test_hub(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	fake_plug(desk->keyboard, FALSE);
	fake_plug(desk->mouse, FALSE);
	fake_run(&desk->time, 100000);
	g_assert_cmpstr(seat_wanted(desk->seat), ==, "guest");
	g_assert_cmpuint(desk->time.timers->len, ==, 0);
	fake_plug(desk->mouse, TRUE);
	fake_plug(desk->keyboard, TRUE);
	fake_run(&desk->time, 100);
	desk_is(desk, "guest");
}

/* Pulled out on the way to the guest: everything comes back, and the keyboard when it is there. */
static void test_hub_on_the_way(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->ms = desk->mouse->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	fake_plug(desk->keyboard, FALSE);
	fake_plug(desk->mouse, FALSE);
	fake_run(&desk->time, 5000);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	g_assert_cmpstr(desk->left->at, ==, "host");
	fake_plug(desk->keyboard, TRUE);
	fake_plug(desk->mouse, TRUE);
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
}

/* A held display waits for its turn, also when it appears meanwhile. */
static void test_held_is_not_let_go(SeatDesk *desk, gconstpointer unused)
{
	ResourceResult at_host = { .at = TARGET_HOST };

	desk->left->one_way = TRUE;
	desk->keyboard->ms = 1000;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	resource_changed(&desk->left->base, RESOURCE_APPEARED, &at_host);
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->left->at, ==, "host");
	fake_run(&desk->time, 2000);
	desk_is(desk, "guest");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/seat-faults/rollback", test_rollback);
	ADD("/seat-faults/rollback-fails", test_rollback_fails);
	ADD("/seat-faults/rollback-of-what-waits", test_rollback_of_what_waits);
	ADD("/seat-faults/rollback-to-guest", test_rollback_to_guest);
	ADD("/seat-faults/rollback-to-dead-guest", test_rollback_to_dead_guest);
	ADD("/seat-faults/one-dark-display", test_one_dark_display);
	ADD("/seat-faults/all-dark", test_all_dark);
	ADD("/seat-faults/refused-then-asked", test_refused_then_asked);
	ADD("/seat-faults/rollback-without-commands", test_rollback_without_commands);
	ADD("/seat-faults/host-tries-everything", test_host_tries_everything);
	ADD("/seat-faults/retry-is-forgotten", test_retry_is_forgotten);
	ADD("/seat-faults/retries-begin-anew", test_retries_begin_anew);
	ADD("/seat-faults/retries-begin-again-when-it-appears",
		test_retries_begin_again_when_it_appears);
	ADD("/seat-faults/retries-begin-again-with-a-guest", test_retries_begin_again_with_a_guest);
	ADD("/seat-faults/refused-on-the-way", test_refused_on_the_way);
	ADD("/seat-faults/refused-and-stuck", test_refused_and_stuck);
	ADD("/seat-faults/refused-rollback", test_refused_rollback);
	ADD("/seat-faults/refused-before-a-retry", test_refused_before_a_retry);
	ADD("/seat-faults/back-during-a-switch", test_back_during_a_switch);
	ADD("/seat-faults/retries-outlast-a-switch", test_retries_outlast_a_switch);
	ADD("/seat-faults/back-while-refused", test_back_while_refused);
	ADD("/seat-faults/back-while-guest-is-unknown", test_back_while_guest_is_unknown);
	ADD("/seat-faults/hub", test_hub);
	ADD("/seat-faults/hub-on-the-way", test_hub_on_the_way);
	ADD("/seat-faults/held-is-not-let-go", test_held_is_not_let_go);
	return g_test_run();
}
