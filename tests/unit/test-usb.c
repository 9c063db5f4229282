/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A USB device as the seat sees it: which guests it serves, and what it is told without a request.
 */
#include "sim/usb-private.h"
#include "usb-desk.h"

static void test_serves(UsbDesk *desk, gconstpointer unused)
{
	const char *only[] = { "linux", NULL };
	const ConfigDevice config = {
		.name = (char *)"keyboard",
		.vendor = 0x28da,
		.product = 0x1101,
		.optional = TRUE,
		.guests = (char **)only,
	};

	g_assert_true(resource_serves(desk->device, "host"));
	g_assert_true(resource_serves(desk->device, "guest"));
	g_assert_false(resource_serves(desk->device, "nobody"));
	g_assert_false(desk->device->optional);
	usb_desk_remake(desk, &config);
	g_assert_true(resource_serves(desk->device, "host"));
	g_assert_true(resource_serves(desk->device, "linux"));
	g_assert_false(resource_serves(desk->device, "guest"));
	g_assert_true(desk->device->optional);
	g_assert_cmpint(desk->device->kind, ==, RESOURCE_DEVICE);
	g_assert_cmpstr(desk->device->name, ==, "keyboard");
}

static void test_check(UsbDesk *desk, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(desk->device->ops->check(desk->device, "guest", &error));
	g_assert_no_error(error);
	sim_usb_plug(desk->sim, PORT, FALSE);
	g_assert_false(desk->device->ops->check(desk->device, "guest", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE);
	g_clear_error(&error);
	sim_usb_plug(desk->sim, PORT, TRUE);
	g_assert_true(desk->device->ops->check(desk->device, "guest", &error));
}

/* A disk that the host is using stays there, whatever the config says; what a guest has is not the
 * host's. */
static void test_disk(UsbDesk *desk, gconstpointer unused)
{
	const SimUsbFaults mounted = { .harm = "its file system is mounted at /mnt" };
	g_autoptr(GError) error = NULL;

	sim_usb_set_faults(desk->sim, PORT, mounted);
	g_assert_false(desk->device->ops->check(desk->device, "guest", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	g_assert_cmpstr(error->message, ==,
		"it must stay with the host: its file system is mounted at /mnt; unmount it there, "
		"or "
		"remove it from the configuration");
	/* one that was plugged in when the guest had the seat already */
	usb_desk_apply(desk, "guest");
	usb_desk_failed(desk, HOTSEAT_ERROR_FAILED);
	usb_desk_owner_is(desk, "host");
	sim_usb_set_faults(desk->sim, PORT, (SimUsbFaults){ 0 });
	g_assert_true(desk->device->ops->check(desk->device, "guest", NULL));
	usb_desk_apply(desk, "guest");
	usb_desk_owner_is(desk, "win10");
	sim_usb_set_faults(desk->sim, PORT, mounted);
	g_assert_true(desk->device->ops->check(desk->device, "guest", NULL));
	usb_desk_apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", FALSE);
}

static void test_observe(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_observe(desk);
	usb_desk_ended_at(desk, "host", FALSE);
	sim_usb_attach(desk->sim, "arch", PORT, "hostdev0");
	usb_desk_observe(desk);
	usb_desk_ended_at(desk, "linux", FALSE);
	usb_desk_told_is(desk, "");
	/* changes nothing */
	g_assert_cmpstr(sim_usb_log(desk->sim), ==, "");
}

static void test_plugged(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_observe(desk);
	sim_usb_plug(desk->sim, PORT, FALSE);
	usb_desk_told_is(desk, "gone nowhere, ");
	sim_usb_plug(desk->sim, PORT, TRUE);
	usb_desk_told_is(desk, "appeared host, ");
	/* out and in before anyone looks is one plugging in */
	sim_usb_plug(desk->sim, PORT, FALSE);
	sim_usb_plug(desk->sim, PORT, TRUE);
	usb_desk_told_is(desk, "appeared host, ");
	/* another device's plug is none of its concern */
	sim_usb_add(desk->sim, &(UsbInfo){ .port = (char *)"3-9", .vendor = 1, .product = 2 });
	sim_usb_plug(desk->sim, "3-9", FALSE);
	usb_desk_told_is(desk, "");
}

/* The removal is heard of when the device is back, and was found. */
static void test_late_removal(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	sim_usb_announce(desk->sim, USB_UNPLUGGED, PORT);
	usb_desk_told_is(desk, "");
	usb_desk_owner_is(desk, "win10");
	g_assert_cmpstr(sim_usb_log(desk->sim), ==, "attach win10 " ALIAS " ");
}

static void test_plugged_in_later(UsbDesk *desk, gconstpointer unused)
{
	const ConfigDevice mouse = { .name = (char *)"mouse", .vendor = 0x046d, .product = 0xc08d };

	usb_desk_remake(desk, &mouse);
	usb_desk_observe(desk);
	usb_desk_failed(desk, HOTSEAT_ERROR_NO_DEVICE);
	sim_usb_plug(desk->sim, PORT, FALSE);
	usb_desk_told_is(desk, "");
	sim_usb_add(desk->sim,
		&(UsbInfo){ .port = (char *)"3-4", .vendor = 0x046d, .product = 0xc08d });
	usb_desk_told_is(desk, "appeared host, ");
}

/* Plugged in during a move: the seat is told when that has ended. */
static void test_plugged_on_the_way(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_begin(desk, "guest");
	sim_usb_plug(desk->sim, PORT, FALSE);
	sim_usb_plug(desk->sim, PORT, TRUE);
	usb_desk_wait(desk);
	usb_desk_ended_at(desk, "guest", TRUE);
	usb_desk_told_is(desk, "appeared guest, ");
}

/* The same when it was looked for in between, in vain: the seat hears of it at the end. */
static void test_plugged_while_it_hangs(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_hang(desk->sim, TRUE);
	usb_desk_begin(desk, "guest");
	sim_usb_plug(desk->sim, PORT, FALSE);
	sim_usb_plug(desk->sim, PORT, TRUE);
	usb_desk_settle(desk);
	usb_desk_told_is(desk, "");
	usb_desk_wait(desk);
	usb_desk_failed(desk, HOTSEAT_ERROR_TIMED_OUT);
	usb_desk_told_is(desk, "appeared host, ");
}

static void test_moved_by_hand(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_observe(desk);
	sim_usb_attach(desk->sim, "win10", PORT, "hostdev0");
	usb_desk_told_is(desk, "moved guest, ");
	sim_usb_detach(desk->sim, "win10", PORT);
	usb_desk_told_is(desk, "moved host, ");
	sim_usb_start_domain(desk->sim, "build-vm");
	sim_usb_attach(desk->sim, "build-vm", PORT, "hostdev0");
	usb_desk_told_is(desk, "moved nowhere, ");
	/* of no target before, and of none now: another state all the same */
	sim_usb_stop_domain(desk->sim, "build-vm", TRUE);
	usb_desk_told_is(desk, "moved nowhere, ");
}

/* From one guest into the other: the same state, and another target. */
static void test_moved_between_guests(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_observe(desk);
	sim_usb_attach(desk->sim, "win10", PORT, "hostdev0");
	usb_desk_told_is(desk, "moved guest, ");
	sim_usb_detach(desk->sim, "win10", PORT);
	sim_usb_attach(desk->sim, "arch", PORT, "hostdev0");
	usb_desk_told_is(desk, "moved linux, ");
	/* nothing has changed */
	sim_usb_announce(desk->sim, USB_PLUGGED, PORT);
	usb_desk_told_is(desk, "");
}

static void test_domain_stops(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	sim_usb_stop_domain(desk->sim, "win10", FALSE);
	usb_desk_told_is(desk, "moved host, ");
}

/* A device that is pulled out of a guest leaves nothing in its domain. */
static void test_tidied(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	sim_usb_plug(desk->sim, PORT, FALSE);
	usb_desk_told_is(desk, "gone nowhere, ");
	g_assert_cmpuint(sim_usb_listed(desk->sim, "win10"), ==, 0);
	sim_usb_plug(desk->sim, PORT, TRUE);
	usb_desk_told_is(desk, "appeared host, ");
}

/* The same when it was plugged in again, and found, before that was heard of. */
static void test_tidied_late(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_attach(desk->sim, "win10", PORT, "hostdev0");
	usb_desk_observe(desk);
	sim_usb_replug_silently(desk->sim, PORT);
	usb_desk_observe(desk);
	usb_desk_ended_at(desk, "host", FALSE);
	g_assert_cmpuint(sim_usb_listed(desk->sim, "win10"), ==, 1);
	sim_usb_announce(desk->sim, USB_UNPLUGGED, PORT);
	sim_usb_announce(desk->sim, USB_PLUGGED, PORT);
	usb_desk_settle(desk);
	g_assert_cmpuint(sim_usb_listed(desk->sim, "win10"), ==, 0);
	usb_desk_owner_is(desk, "host");
}

/* A guest that is restored takes along what it had when it was saved: no one has asked for that. */
static void test_restored(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_observe(desk);
	sim_usb_attach(desk->sim, "win10", PORT, ALIAS);
	usb_desk_told_is(desk, "appeared guest, ");
}

/* What another program has put into another domain stays there. */
static void test_foreign_is_not_tidied(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_start_domain(desk->sim, "build-vm");
	sim_usb_attach(desk->sim, "build-vm", PORT, "hostdev0");
	sim_usb_plug(desk->sim, PORT, FALSE);
	usb_desk_settle(desk);
	g_assert_cmpuint(sim_usb_listed(desk->sim, "build-vm"), ==, 1);
	g_assert_cmpstr(sim_usb_log(desk->sim), ==, "");
}

static void test_without_alias_is_not_tidied(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_attach(desk->sim, "win10", PORT, NULL);
	sim_usb_plug(desk->sim, PORT, FALSE);
	usb_desk_settle(desk);
	g_assert_cmpstr(sim_usb_log(desk->sim), ==, "");
}

/* Freed while it detaches what it left behind: that is done all the same. */
static void test_freed_while_tidying(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	sim_usb_plug(desk->sim, PORT, FALSE);
	g_clear_pointer(&desk->device, resource_free);
	usb_desk_settle(desk);
	g_assert_cmpuint(sim_usb_listed(desk->sim, "win10"), ==, 0);
}

/* Freed at each moment of a look: no callback is called. */
static void test_freed_while_observing(UsbDesk *desk, gconstpointer unused)
{
	for (guint turns = 0; turns < 2; turns++) {
		const ConfigDevice config = {
			.name = (char *)"keyboard", .vendor = 0x28da, .product = -1
		};

		usb_desk_begin_observe(desk);
		for (guint i = 0; i < turns; i++)
			g_main_context_iteration(NULL, FALSE);
		usb_desk_remake(desk, &config);
		usb_desk_settle(desk);
		g_assert_cmpuint(desk->ended, ==, 0);
	}
}

#define TEST(path, func)                                                                           \
	g_test_add("/usb/" path, UsbDesk, NULL, usb_desk_set_up, func, usb_desk_tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST("serves", test_serves);
	TEST("check", test_check);
	TEST("disk", test_disk);
	TEST("observe", test_observe);
	TEST("plugged", test_plugged);
	TEST("late-removal", test_late_removal);
	TEST("plugged-in-later", test_plugged_in_later);
	TEST("plugged-on-the-way", test_plugged_on_the_way);
	TEST("plugged-while-it-hangs", test_plugged_while_it_hangs);
	TEST("moved-by-hand", test_moved_by_hand);
	TEST("moved-between-guests", test_moved_between_guests);
	TEST("domain-stops", test_domain_stops);
	TEST("tidied", test_tidied);
	TEST("tidied-late", test_tidied_late);
	TEST("restored", test_restored);
	TEST("foreign-is-not-tidied", test_foreign_is_not_tidied);
	TEST("without-alias-is-not-tidied", test_without_alias_is_not_tidied);
	TEST("freed-while-observing", test_freed_while_observing);
	TEST("freed-while-tidying", test_freed_while_tidying);
	return g_test_run();
}
