/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands that run before the devices move.
 */
#include "seat-desk.h"

static void set_up(SeatDesk *desk, gconstpointer unused)
{
	desk_set_up(desk, NULL);
	desk->leave->base.before_devices = TRUE;
	desk->leave->ms = 100;
}

static void test_order(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 50);
	/* displays wait for nothing */
	g_assert_cmpstr(desk->left->at, ==, "guest");
	g_assert_cmpuint(desk->keyboard->applies + desk->mouse->applies, ==, 0);
	fake_run(&desk->time, 1000);
	desk_is(desk, "guest");
	g_assert_cmpstr(desk->answers->str, ==, "1:done ");
	/* the host's command is no such */
	desk_ask(desk, "host");
	g_assert_cmpuint(desk->keyboard->applies, ==, 2);
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
}

/* A display that might not come back waits for the devices, and they for the command. */
static void test_display_last(SeatDesk *desk, gconstpointer unused)
{
	desk->left->one_way = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 50);
	g_assert_cmpstr(desk->left->at, ==, "host");
	fake_run(&desk->time, 1000);
	desk_is(desk, "guest");
}

/* The devices have not moved, and the displays come back. */
static void test_fails(SeatDesk *desk, gconstpointer unused)
{
	desk->leave->stuck = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	g_assert_cmpstr(desk->keyboard->at, ==, "host");
	g_assert_cmpuint(desk->keyboard->writes, ==, 0);
	/* what it may have begun is undone */
	g_assert_cmpuint(desk->come->applies, ==, 1);
}

/* At home nothing is in the way of the devices. */
static void test_fails_on_the_way_home(SeatDesk *desk, gconstpointer unused)
{
	desk->come->base.before_devices = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	desk->come->stuck = TRUE;
	desk_ask(desk, "host");
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->keyboard->at, ==, "host");
	g_assert_cmpstr(desk->left->at, ==, "host");
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:incomplete ");
}

/* A person without a keyboard does not wait for the host's commands. */
static void test_rescue(SeatDesk *desk, gconstpointer unused)
{
	desk->come->base.before_devices = TRUE;
	desk->come->ms = 500;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	desk_is(desk, "guest");
	fake_guest_becomes(desk->guest, GUEST_CRASHED);
	fake_run(&desk->time, 200);
	g_assert_cmpstr(desk->keyboard->at, ==, "host");
	g_assert_cmpstr(desk->come->at, !=, "host");
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
}

static void test_optional(SeatDesk *desk, gconstpointer unused)
{
	desk->leave->base.optional = TRUE;
	desk->leave->stuck = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->keyboard->at, ==, "guest");
}

/* Devices that wait go nowhere when a newer request comes, or the guest dies. */
static void test_superseded(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 50);
	desk_ask(desk, "host");
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
	g_assert_cmpuint(desk->keyboard->writes, ==, 0);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 50);
	fake_guest_becomes(desk->guest, GUEST_CRASHED);
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
	g_assert_cmpuint(desk->keyboard->writes, ==, 0);
}

/* A device that stays with the host waits as well, and is not forgotten in a rollback. */
static void test_stays_with_the_host(SeatDesk *desk, gconstpointer unused)
{
	desk->mouse->serves = "linux";
	desk->leave->stuck = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
	g_assert_null(seat_current(desk->seat));
}

/* Nothing but the command has business with the guest. */
static void test_nothing_to_bring_back(SeatDesk *desk, gconstpointer unused)
{
	FakeResource *const others[] = { desk->left, desk->right, desk->keyboard, desk->mouse };

	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		others[i]->serves = "linux";
	desk->come->serves = "linux";
	desk->leave->stuck = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	g_assert_null(seat_current(desk->seat));
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	desk_is(desk, "host");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD_BEFORE(name, func)                                                                     \
	g_test_add("/seat-before/" name, SeatDesk, NULL, set_up, func, desk_tear_down)
	ADD_BEFORE("order", test_order);
	ADD_BEFORE("display-last", test_display_last);
	ADD_BEFORE("fails", test_fails);
	ADD_BEFORE("fails-on-the-way-home", test_fails_on_the_way_home);
	ADD_BEFORE("rescue", test_rescue);
	ADD_BEFORE("optional", test_optional);
	ADD_BEFORE("superseded", test_superseded);
	ADD_BEFORE("stays-with-the-host", test_stays_with_the_host);
	ADD_BEFORE("nothing-to-bring-back", test_nothing_to_bring_back);
	return g_test_run();
}
