/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hotkeys, and what else devices that move via input tell a desk: two guests, win11 and linux, a
 * keyboard that moves via input, a mouse that moves via USB, and a monitor.
 */
#include "fake-desk.h"

#include "daemon/desk-input.h"
#include "device/input.h"
#include "device/usb.h"
#include "sim/input.h"
#include "sim/usb.h"

#include <string.h>

static const char text[] = "guests: [{domain: win11}, {domain: linux}]\n"
			   "devices: [{name: keyboard, port: 1-1, via: input}, {name: mouse, port: "
			   "1-2}]\n";

typedef struct {
	FakeTime time;
	Config *config;
	SimInput *input;
	SimUsb *usb;
	Seat *seat;
	FakeResource *monitor;
	FakeGuest *win11, *linux;
	DeskInput *hotkeys;
} InputDesk;

/* All that happens at once has happened, also what the fake clock drives. */
static void settle(InputDesk *desk)
{
	for (guint i = 0; i < 20; i++) {
		fake_run(&desk->time, 100);
		while (g_main_context_iteration(NULL, FALSE))
			;
	}
}

static void make_devices(InputDesk *desk)
{
	static const SimUsbTimes times = { .deadline = 100 };

	desk->usb = sim_usb_new(&times);
	sim_usb_add(desk->usb, &(UsbInfo){ .port = (char *)"1-2" });
	sim_usb_start_domain(desk->usb, "win11");
	sim_usb_start_domain(desk->usb, "linux");
	desk->input = sim_input_new(0);
	sim_input_add(desk->input, "keyboard");
	sim_input_set_guest(desk->input, "win11", INPUT_READY);
	sim_input_set_guest(desk->input, "linux", INPUT_READY);
	seat_add_resource(
		desk->seat, device_via_input_new(sim_input_system(desk->input),
				    desk->config->devices->pdata[0], desk->config->guests, 60000));
	seat_add_resource(
		desk->seat, usb_device_new(sim_usb_system(desk->usb),
				    desk->config->devices->pdata[1], desk->config->guests));
}

static void set_up(InputDesk *desk, gconstpointer more)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autofree char *whole = g_strconcat(text, more, NULL);
	SeatClock clock;

	*desk = (InputDesk){ 0 };
	clock = fake_clock(&desk->time);
	desk->config = config_parse("x", whole, strlen(whole), problems);
	g_assert_nonnull(desk->config);
	desk->seat = seat_new(&clock, TRUE);
	desk->monitor = fake_resource(&desk->time, RESOURCE_DISPLAY, "left");
	desk->win11 = fake_guest(&desk->time, "win11", GUEST_RUNNING);
	desk->linux = fake_guest(&desk->time, "linux", GUEST_RUNNING);
	seat_add_guest(desk->seat, &desk->win11->base);
	seat_add_guest(desk->seat, &desk->linux->base);
	seat_add_resource(desk->seat, &desk->monitor->base);
	make_devices(desk);
	desk->hotkeys = desk_input_new(sim_input_system(desk->input), desk->seat, desk->config);
	seat_start(desk->seat, NULL);
	settle(desk);
}

static void tear_down(InputDesk *desk, gconstpointer unused)
{
	desk_input_free(desk->hotkeys);
	seat_free(desk->seat);
	sim_input_free(desk->input);
	sim_usb_free(desk->usb);
	config_free(desk->config);
	fake_clear(&desk->time);
}

static void is_at(InputDesk *desk, const char *target)
{
	g_autofree char *owner = NULL;

	settle(desk);
	owner = sim_usb_owner(desk->usb, "1-2");
	g_assert_cmpstr(seat_at(desk->seat), ==, target);
	g_assert_cmpstr(desk->monitor->at, ==, target);
	g_assert_cmpstr(sim_input_at(desk->input, "keyboard"), ==, target);
	g_assert_cmpstr(owner, ==, target);
}

static void press(InputDesk *desk, InputNews news, const char *target, const char *then_at)
{
	sim_input_press(desk->input, news, target);
	is_at(desk, then_at);
}

/* Both kinds of devices, and the monitor, in one switch; and back with the same key. */
static void test_toggle(InputDesk *desk, gconstpointer unused)
{
	is_at(desk, "host");
	press(desk, INPUT_NEWS_TOGGLE, NULL, "win11");
	g_assert_cmpuint(seat_last(desk->seat)->steps->len, ==, 3);
	g_assert_cmpstr(seat_last(desk->seat)->reason, ==, "hotkey");
	press(desk, INPUT_NEWS_TOGGLE, NULL, "host");
	press(desk, INPUT_NEWS_GO, "linux", "linux");
	press(desk, INPUT_NEWS_GO, "host", "host");
	press(desk, INPUT_NEWS_TOGGLE, NULL, "linux");
}

static void test_next(InputDesk *desk, gconstpointer unused)
{
	press(desk, INPUT_NEWS_NEXT, NULL, "win11");
	press(desk, INPUT_NEWS_NEXT, NULL, "linux");
	press(desk, INPUT_NEWS_NEXT, NULL, "host");
	/* one that does not run is passed over */
	fake_guest_becomes(desk->win11, GUEST_OFF);
	press(desk, INPUT_NEWS_NEXT, NULL, "linux");
	press(desk, INPUT_NEWS_NEXT, NULL, "host");
	fake_guest_becomes(desk->linux, GUEST_OFF);
	press(desk, INPUT_NEWS_NEXT, NULL, "host");
}

/* Pressed before the first switch is over: it goes on from there. */
static void test_next_twice(InputDesk *desk, gconstpointer unused)
{
	sim_input_press(desk->input, INPUT_NEWS_NEXT, NULL);
	press(desk, INPUT_NEWS_NEXT, NULL, "linux");
}

/* The host's rank: a guest's request does not take its place. */
static void test_rank(InputDesk *desk, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	desk->monitor->ms = 1000;
	sim_input_press(desk->input, INPUT_NEWS_GO, "win11");
	g_assert_false(seat_request(
		desk->seat, SEAT_RANK_GUEST, SEAT_EXTENT_ALL, "host", "guest", NULL, NULL, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_OUTRANKED);
	is_at(desk, "win11");
}

/* The keyboard is home already when hotseatd hears of it; the rest follows. */
static void test_panic(InputDesk *desk, gconstpointer unused)
{
	guint id;

	press(desk, INPUT_NEWS_GO, "win11", "win11");
	press(desk, INPUT_NEWS_HOME, "panic hotkey", "host");
	g_assert_cmpstr(seat_last(desk->seat)->reason, ==, "panic hotkey");
	/* where everything is home there is nothing to switch */
	id = seat_last(desk->seat)->id;
	press(desk, INPUT_NEWS_HOME, "panic hotkey", "host");
	g_assert_cmpuint(seat_last(desk->seat)->id, ==, id);
}

static void test_panic_on_the_way(InputDesk *desk, gconstpointer unused)
{
	desk->monitor->ms = 1000;
	sim_input_press(desk->input, INPUT_NEWS_GO, "win11");
	press(desk, INPUT_NEWS_HOME, "panic hotkey", "host");
}

static void test_hung_home(InputDesk *desk, gconstpointer unused)
{
	press(desk, INPUT_NEWS_GO, "win11", "win11");
	/* a guest that does not have the seat may hang */
	sim_input_hang_guest(desk->input, "linux");
	is_at(desk, "win11");
	sim_input_hang_guest(desk->input, "win11");
	is_at(desk, "host");
	g_assert_cmpstr(seat_last(desk->seat)->reason, ==, "win11 takes no input");
}

static void test_readiness(InputDesk *desk, gconstpointer unused)
{
	const Guest *guest = &desk->win11->base;

	g_assert_cmpint(guest->input, ==, GUEST_INPUT_READY);
	g_assert_null(guest->input_error);
	sim_input_set_guest(desk->input, "win11", INPUT_SOON);
	g_assert_cmpint(guest->input, ==, GUEST_INPUT_WAITING);
	g_assert_nonnull(strstr(guest->input_error, "takes no input yet"));
	/* what a guest that is off lacks needs no words */
	fake_guest_becomes(desk->win11, GUEST_OFF);
	g_assert_cmpint(guest->input, ==, GUEST_INPUT_WAITING);
	g_assert_null(guest->input_error);
	fake_guest_becomes(desk->win11, GUEST_RUNNING);
	g_assert_nonnull(guest->input_error);
	sim_input_set_guest(desk->input, "win11", INPUT_READY);
	g_assert_cmpint(guest->input, ==, GUEST_INPUT_READY);
	g_assert_cmpstr(guest_input_name(guest->input), ==, "ready");
	g_assert_null(guest_input_name(GUEST_INPUT_NONE));
}

/* hotseat-inputd ends while the guest has the seat, and starts again: it goes on where it was. */
static void test_restart(InputDesk *desk, gconstpointer unused)
{
	press(desk, INPUT_NEWS_GO, "win11", "win11");
	sim_input_stop(desk->input, TRUE);
	settle(desk);
	g_assert_cmpstr(desk->monitor->at, ==, "win11");
	g_assert_cmpstr(sim_input_at(desk->input, "keyboard"), ==, "host");
	sim_input_stop(desk->input, FALSE);
	is_at(desk, "win11");
}

/* Unplugged in the guest and plugged in again, and the guest's death meanwhile. */
static void test_unplugged(InputDesk *desk, gconstpointer unused)
{
	press(desk, INPUT_NEWS_GO, "win11", "win11");
	sim_input_plug(desk->input, "keyboard", FALSE);
	settle(desk);
	sim_input_plug(desk->input, "keyboard", TRUE);
	is_at(desk, "win11");
	sim_input_plug(desk->input, "keyboard", FALSE);
	settle(desk);
	sim_usb_stop_domain(desk->usb, "win11", FALSE);
	fake_guest_becomes(desk->win11, GUEST_CRASHED);
	settle(desk);
	sim_input_plug(desk->input, "keyboard", TRUE);
	is_at(desk, "host");
}

#define ADD(path, func) g_test_add("/desk-input/" path, InputDesk, "", set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("toggle", test_toggle);
	ADD("next", test_next);
	ADD("next-twice", test_next_twice);
	ADD("rank", test_rank);
	ADD("panic", test_panic);
	ADD("panic-on-the-way", test_panic_on_the_way);
	ADD("hung-home", test_hung_home);
	ADD("readiness", test_readiness);
	ADD("restart", test_restart);
	ADD("unplugged", test_unplugged);
	return g_test_run();
}
