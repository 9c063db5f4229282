/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests that leave optional devices where they are.
 */
#include "seat-desk.h"

static void ask_required(SeatDesk *desk, const char *to)
{
	g_autoptr(GError) error = NULL;

	seat_request(desk->seat, SEAT_RANK_HOST, SEAT_EXTENT_REQUIRED, to, "request", desk_on_done,
		desk, &error);
	g_assert_no_error(error);
}

static void assert_places(const SeatDesk *desk, const char *keyboard, const char *mouse)
{
	g_assert_cmpstr(desk->keyboard->at, ==, keyboard);
	g_assert_cmpstr(desk->left->at, ==, keyboard);
	g_assert_cmpstr(desk->mouse->at, ==, mouse);
}

static void set_up(SeatDesk *desk, gconstpointer unused)
{
	desk_set_up(desk, NULL);
	desk->mouse->base.optional = TRUE;
}

static void test_leaves_optional(SeatDesk *desk, gconstpointer unused)
{
	ask_required(desk, "guest");
	/* nor is it brought there later */
	fake_run(&desk->time, 100000);
	assert_places(desk, "guest", "host");
	g_assert_cmpuint(desk->mouse->applies, ==, 0);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	assert_places(desk, "guest", "guest");
	ask_required(desk, "host");
	fake_run(&desk->time, 100000);
	assert_places(desk, "host", "guest");
	desk_ask(desk, "host");
	fake_run(&desk->time, 1000);
	assert_places(desk, "host", "host");
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:done 3:done 4:done ");
}

/* An optional display is no device. */
static void test_moves_displays(SeatDesk *desk, gconstpointer unused)
{
	desk->left->base.optional = TRUE;
	ask_required(desk, "guest");
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->left->at, ==, "guest");
}

static void test_plugged_in(SeatDesk *desk, gconstpointer unused)
{
	ask_required(desk, "guest");
	fake_run(&desk->time, 1000);
	fake_plug(desk->mouse, FALSE);
	fake_run(&desk->time, 100);
	fake_plug(desk->mouse, TRUE);
	fake_run(&desk->time, 1000);
	assert_places(desk, "guest", "host");
}

static void test_rolled_back(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->stuck_away = TRUE;
	ask_required(desk, "guest");
	fake_run(&desk->time, 1000);
	assert_places(desk, "host", "host");
	g_assert_cmpuint(desk->mouse->applies, ==, 0);
}

static void test_supersedes(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->ms = 100;
	ask_required(desk, "guest");
	fake_run(&desk->time, 5);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:done ");
	assert_places(desk, "guest", "guest");
	desk_ask(desk, "host");
	fake_run(&desk->time, 5);
	ask_required(desk, "host");
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->keyboard->at, ==, "host");
}

/* A guest that stops has nothing left. */
static void test_guest_stops(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	ask_required(desk, "linux");
	fake_run(&desk->time, 1000);
	assert_places(desk, "linux", "guest");
	fake_guest_becomes(desk->other, GUEST_OFF);
	fake_run(&desk->time, 1000);
	assert_places(desk, "host", "host");
}

/* No request follows: what was left there comes to where the seat is. */
static void test_left_at_one_that_stops(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	ask_required(desk, "host");
	fake_run(&desk->time, 1000);
	assert_places(desk, "host", "guest");
	fake_guest_becomes(desk->other, GUEST_OFF);
	fake_guest_becomes(desk->guest, GUEST_STOPPING);
	fake_run(&desk->time, 1000);
	assert_places(desk, "host", "guest");
	fake_guest_becomes(desk->guest, GUEST_OFF);
	fake_run(&desk->time, 1000);
	assert_places(desk, "host", "host");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD_EXTENT(name, func)                                                                     \
	g_test_add("/seat-extent/" name, SeatDesk, NULL, set_up, func, desk_tear_down)
	ADD_EXTENT("leaves-optional", test_leaves_optional);
	ADD_EXTENT("moves-displays", test_moves_displays);
	ADD_EXTENT("plugged-in", test_plugged_in);
	ADD_EXTENT("rolled-back", test_rolled_back);
	ADD_EXTENT("supersedes", test_supersedes);
	ADD_EXTENT("guest-stops", test_guest_stops);
	ADD_EXTENT("left-at-one-that-stops", test_left_at_one_that_stops);
	return g_test_run();
}
