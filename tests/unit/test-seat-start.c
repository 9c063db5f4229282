/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the seat makes of what it finds at its start.
 */
#include "seat-desk.h"

/* At start it looks and changes nothing, and takes the seat for where the devices are. */
static void test_in_guest(void)
{
	SeatDesk desk;

	desk_make(&desk);
	desk.left->at = desk.right->at = desk.keyboard->at = desk.mouse->at = "guest";
	desk.keyboard->ms = 70;
	seat_start(desk.seat, NULL);
	fake_run(&desk.time, 100);
	desk_is(&desk, "guest");
	g_assert_cmpuint(desk_applies(&desk), ==, 0);
	fake_guest_becomes(desk.guest, GUEST_CRASHED);
	fake_run(&desk.time, 100);
	desk_is(&desk, "host");
	desk_tear_down(&desk, NULL);
}

/* After a reload a toggle goes to the guest that had it before, if there still is one. */
static void test_last_guest(void)
{
	SeatDesk desk;

	desk_make(&desk);
	seat_set_last_guest(desk.seat, "linux");
	seat_set_last_guest(desk.seat, "renamed");
	seat_set_last_guest(desk.seat, NULL);
	seat_start(desk.seat, TARGET_HOST);
	fake_run(&desk.time, 1000);
	desk_is(&desk, "host");
	desk_ask(&desk, "toggle");
	fake_run(&desk.time, 1000);
	desk_is(&desk, "linux");
	desk_tear_down(&desk, NULL);
}

/* The guest was paused while hotseatd was not running. */
static void test_in_paused_guest(void)
{
	SeatDesk desk;

	desk_make(&desk);
	desk.left->at = desk.right->at = desk.keyboard->at = desk.mouse->at = "guest";
	desk.keyboard->ms = desk.mouse->ms = 70;
	desk.guest->real = GUEST_PAUSED;
	seat_start(desk.seat, NULL);
	fake_run(&desk.time, 1000);
	desk_is(&desk, "host");
	desk_tear_down(&desk, NULL);
}

/* What was found, in whatever order it was found. Nothing is at a guest that is off but monitors,
 * which are dark there. */
static void test_dark(void)
{
	for (guint order = 0; order < 6; order++) {
		SeatDesk desk;

		desk_make(&desk);
		desk.left->at = desk.right->at = "guest";
		desk.left->ms = order % 2 == 0 ? 10 : 70;
		desk.keyboard->ms = desk.mouse->ms = order < 3 ? 10 : 70;
		desk.right->ms = order % 3 == 0 ? 10 : 70;
		desk.guest->real = GUEST_OFF;
		seat_start(desk.seat, NULL);
		fake_run(&desk.time, 1000);
		desk_is(&desk, "host");
		g_assert_cmpuint(desk.keyboard->applies, ==, 0);
		/* what a person sets by hand later stays */
		desk.left->at = "guest";
		resource_changed(
			&desk.left->base, RESOURCE_MOVED, &(ResourceResult){ .at = "guest" });
		fake_run(&desk.time, 1000);
		g_assert_cmpstr(desk.left->at, ==, "guest");
		desk_tear_down(&desk, NULL);
	}
}

/* A monitor that is found first is no reason to take the devices from a guest that runs. */
static void test_found_in_parts(void)
{
	SeatDesk desk;

	desk_make(&desk);
	desk.left->at = desk.right->at = "linux";
	desk.keyboard->at = desk.mouse->at = "guest";
	desk.keyboard->ms = desk.mouse->ms = 70;
	desk.other->real = GUEST_OFF;
	seat_start(desk.seat, NULL);
	fake_run(&desk.time, 1000);
	desk_is(&desk, "guest");
	g_assert_cmpuint(desk.keyboard->applies, ==, 0);
	desk_tear_down(&desk, NULL);
}

/* A monitor that never answers does not keep the others in the dark. */
static void test_with_silent_monitor(void)
{
	SeatDesk desk;

	desk_make(&desk);
	desk.left->at = "guest";
	desk.right->ms = 1000 * 1000 * 1000;
	desk.guest->real = GUEST_OFF;
	seat_start(desk.seat, NULL);
	fake_run(&desk.time, 20000);
	g_assert_cmpstr(desk.left->at, ==, "host");
	desk_tear_down(&desk, NULL);
}

/* The only device, in a guest that has the seat since before the start: plugged in again, it
 * follows. */
static void test_plugged_in_again(void)
{
	SeatDesk desk;

	desk_make(&desk);
	desk.left->at = desk.right->at = desk.keyboard->at = "guest";
	desk.mouse->base.optional = TRUE;
	seat_start(desk.seat, NULL);
	fake_run(&desk.time, 1000);
	g_assert_cmpstr(seat_wanted(desk.seat), ==, "guest");
	fake_plug(desk.keyboard, FALSE);
	fake_plug(desk.keyboard, TRUE);
	fake_run(&desk.time, 1000);
	g_assert_cmpstr(seat_wanted(desk.seat), ==, "guest");
	g_assert_cmpstr(desk.keyboard->at, ==, "guest");
	desk_tear_down(&desk, NULL);
}

/* A guest that brings a device along at the start does not hide where the rest is found. */
static void test_appears_while_looking(void)
{
	SeatDesk desk;

	desk_make(&desk);
	desk.left->at = desk.right->at = desk.keyboard->at = desk.mouse->at = "guest";
	seat_start(desk.seat, NULL);
	resource_changed(&desk.mouse->base, RESOURCE_APPEARED, &(ResourceResult){ .at = "guest" });
	fake_run(&desk.time, 1000);
	desk_is(&desk, "guest");
	desk_tear_down(&desk, NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/seat-start/in-guest", test_in_guest);
	g_test_add_func("/seat-start/in-paused-guest", test_in_paused_guest);
	g_test_add_func("/seat-start/dark", test_dark);
	g_test_add_func("/seat-start/found-in-parts", test_found_in_parts);
	g_test_add_func("/seat-start/with-silent-monitor", test_with_silent_monitor);
	g_test_add_func("/seat-start/appears-while-looking", test_appears_while_looking);
	g_test_add_func("/seat-start/plugged-in-again", test_plugged_in_again);
	g_test_add_func("/seat-start/last-guest", test_last_guest);
	return g_test_run();
}
