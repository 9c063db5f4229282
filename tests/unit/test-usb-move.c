/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bringing a device to a guest and back, whatever is in the way.
 */
#include "sim/usb-private.h"
#include "usb-desk.h"

static void test_there_and_back(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", TRUE);
	usb_desk_owner_is(desk, "win10");
	g_assert_cmpstr(desk->detail, ==, "port 3-1, bus 3 device 1, in the domain win10");
	usb_desk_apply(desk, "host");
	usb_desk_ended_at(desk, "host", TRUE);
	usb_desk_owner_is(desk, "host");
	g_assert_cmpstr(desk->detail, ==, "port 3-1");
	g_assert_cmpstr(
		sim_usb_log(desk->sim), ==, "attach win10 " ALIAS " detach win10 " ALIAS " ");
	/* the seat is not told of what it did itself */
	usb_desk_told_is(desk, "");
}

static void test_nothing_to_do(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "host");
	usb_desk_ended_at(desk, "host", FALSE);
	usb_desk_apply(desk, "guest");
	usb_desk_apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", FALSE);
	g_assert_cmpstr(sim_usb_log(desk->sim), ==, "attach win10 " ALIAS " ");
}

static void test_from_guest_to_guest(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	usb_desk_apply(desk, "linux");
	usb_desk_ended_at(desk, "linux", TRUE);
	usb_desk_owner_is(desk, "arch");
	g_assert_cmpuint(sim_usb_listed(desk->sim, "win10"), ==, 0);
}

/* -- a guest that dies ------------------------------------------------------------------------ */

static void die_in_guest(UsbDesk *desk)
{
	sim_usb_start_domain(desk->sim, "win10");
	usb_desk_apply(desk, "guest");
	sim_usb_stop_domain(desk->sim, "win10", TRUE);
	usb_desk_owner_is(desk, "unbound");
}

/* Every time, and not only the first. */
static void test_killed_again_and_again(UsbDesk *desk, gconstpointer unused)
{
	for (guint i = 0; i < 3; i++) {
		die_in_guest(desk);
		usb_desk_apply(desk, "host");
		usb_desk_ended_at(desk, "host", TRUE);
		usb_desk_owner_is(desk, "host");
	}
}

/* A device that no guest and no driver has is at no target until it was tried. */
static void test_unbound_is_nowhere(UsbDesk *desk, gconstpointer unused)
{
	die_in_guest(desk);
	usb_desk_told_is(desk, "moved nowhere, ");
	usb_desk_observe(desk);
	usb_desk_ended_at(desk, NULL, FALSE);
	g_assert_cmpstr(desk->detail, ==, "port 3-1, without a driver on the host");
}

/* The host has no driver for it: that is as good as it gets, until a guest has had it. */
static void test_no_driver(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_set_faults(desk->sim, PORT, (SimUsbFaults){ .no_driver = TRUE });
	die_in_guest(desk);
	usb_desk_apply(desk, "host");
	usb_desk_ended_at(desk, "host", FALSE);
	usb_desk_observe(desk);
	usb_desk_ended_at(desk, "host", FALSE);
	g_assert_cmpstr(desk->detail, ==, "port 3-1, without a driver on the host");
	die_in_guest(desk);
	usb_desk_observe(desk);
	usb_desk_ended_at(desk, NULL, FALSE);
}

/* A driver that was loaded meanwhile is found with the next request. */
static void test_driver_comes_later(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_set_faults(desk->sim, PORT, (SimUsbFaults){ .no_driver = TRUE });
	die_in_guest(desk);
	usb_desk_apply(desk, "host");
	sim_usb_set_faults(desk->sim, PORT, (SimUsbFaults){ 0 });
	usb_desk_apply(desk, "host");
	usb_desk_ended_at(desk, "host", TRUE);
	usb_desk_owner_is(desk, "host");
}

static void test_no_permission(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_set_faults(desk->sim, PORT, (SimUsbFaults){ .no_permission = TRUE });
	die_in_guest(desk);
	usb_desk_apply(desk, "host");
	usb_desk_failed(desk, HOTSEAT_ERROR_NO_PERMISSION);
	g_assert_null(desk->at);
	sim_usb_set_faults(desk->sim, PORT, (SimUsbFaults){ 0 });
	usb_desk_apply(desk, "host");
	usb_desk_ended_at(desk, "host", TRUE);
}

/* -- what libvirt and guests refuse ----------------------------------------------------------- */

static void test_attach_refused(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_set_faults(desk->sim, PORT, (SimUsbFaults){ .refuses_attach = TRUE });
	usb_desk_apply(desk, "guest");
	usb_desk_failed(desk, HOTSEAT_ERROR_LIBVIRT);
	g_assert_cmpstr(desk->at, ==, "host");
	g_assert_false(desk->changed);
	/* asked twice, and no more */
	g_assert_cmpstr(
		sim_usb_log(desk->sim), ==, "attach win10 " ALIAS " attach win10 " ALIAS " ");
}

static void test_detach_refused(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	sim_usb_set_faults(desk->sim, PORT, (SimUsbFaults){ .stuck = TRUE });
	usb_desk_apply(desk, "host");
	usb_desk_failed(desk, HOTSEAT_ERROR_LIBVIRT);
	g_assert_cmpstr(desk->at, ==, "guest");
	sim_usb_set_faults(desk->sim, PORT, (SimUsbFaults){ 0 });
	usb_desk_apply(desk, "host");
	usb_desk_ended_at(desk, "host", TRUE);
}

static void test_guest_is_off(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_stop_domain(desk->sim, "win10", FALSE);
	usb_desk_apply(desk, "guest");
	usb_desk_failed(desk, HOTSEAT_ERROR_LIBVIRT);
	usb_desk_owner_is(desk, "host");
}

static void test_foreign_domain(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_start_domain(desk->sim, "build-vm");
	sim_usb_attach(desk->sim, "build-vm", PORT, "hostdev0");
	usb_desk_apply(desk, "host");
	usb_desk_failed(desk, HOTSEAT_ERROR_LIBVIRT);
	g_assert_null(desk->at);
	usb_desk_owner_is(desk, "build-vm");
	g_assert_cmpstr(sim_usb_log(desk->sim), ==, "");
}

/* Another program attached it first, under a name of its own. */
static void test_another_was_faster(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_begin(desk, "guest");
	while (sim_usb_log(desk->sim)[0] == '\0')
		g_main_context_iteration(NULL, TRUE);
	sim_usb_attach(desk->sim, "win10", PORT, "hostdev0");
	usb_desk_wait(desk);
	usb_desk_ended_at(desk, "guest", FALSE);
	usb_desk_owner_is(desk, "win10");
	usb_desk_apply(desk, "host");
	usb_desk_ended_at(desk, "host", TRUE);
}

/* -- libvirt that hangs or is gone ------------------------------------------------------------ */

static void test_late_attach(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_hang(desk->sim, TRUE);
	usb_desk_apply(desk, "guest");
	usb_desk_failed(desk, HOTSEAT_ERROR_TIMED_OUT);
	g_assert_cmpstr(desk->at, ==, "host");
	sim_usb_hang(desk->sim, FALSE);
	usb_desk_owner_is(desk, "win10");
	/* so that the seat brings it where it belongs */
	usb_desk_told_is(desk, "appeared guest, ");
}

/* The same when the rollback found nothing to do meanwhile. */
static void test_late_after_rollback(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	sim_usb_hang(desk->sim, TRUE);
	usb_desk_apply(desk, "host");
	usb_desk_failed(desk, HOTSEAT_ERROR_TIMED_OUT);
	usb_desk_apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", FALSE);
	sim_usb_hang(desk->sim, FALSE);
	usb_desk_told_is(desk, "appeared host, ");
}

static void test_late_detach(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	sim_usb_hang(desk->sim, TRUE);
	usb_desk_apply(desk, "linux");
	usb_desk_failed(desk, HOTSEAT_ERROR_TIMED_OUT);
	sim_usb_hang(desk->sim, FALSE);
	usb_desk_told_is(desk, "appeared host, ");
	/* and what another program does after that is that program's wish */
	sim_usb_attach(desk->sim, "arch", PORT, "hostdev0");
	usb_desk_told_is(desk, "moved linux, ");
}

static void test_no_libvirt(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_disconnect(desk->sim, TRUE);
	usb_desk_apply(desk, "guest");
	usb_desk_failed(desk, HOTSEAT_ERROR_LIBVIRT);
	/* the host has it, as its driver shows: no libvirt is needed for that */
	g_assert_cmpstr(desk->at, ==, "host");
	usb_desk_apply(desk, "host");
	usb_desk_ended_at(desk, "host", FALSE);
}

static void test_no_libvirt_in_guest(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	sim_usb_disconnect(desk->sim, TRUE);
	usb_desk_apply(desk, "host");
	usb_desk_failed(desk, HOTSEAT_ERROR_LIBVIRT);
	g_assert_null(desk->at);
	usb_desk_observe(desk);
	usb_desk_failed(desk, HOTSEAT_ERROR_LIBVIRT);
	sim_usb_disconnect(desk->sim, FALSE);
	usb_desk_told_is(desk, "moved guest, ");
}

/* libvirt lists it in the guest, and QEMU has not opened it. */
static void test_not_open(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	sim_usb_find(desk->sim, PORT)->driving = USB_DRIVEN;
	usb_desk_apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", TRUE);
	g_assert_cmpstr(sim_usb_log(desk->sim), ==,
		"attach win10 " ALIAS " detach win10 " ALIAS " attach win10 " ALIAS " ");
	g_assert_cmpint(sim_usb_find(desk->sim, PORT)->driving, ==, USB_CLAIMED);
}

/* -- plugs ------------------------------------------------------------------------------------ */

static void test_unplugged(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_plug(desk->sim, PORT, FALSE);
	usb_desk_apply(desk, "guest");
	usb_desk_failed(desk, HOTSEAT_ERROR_NO_DEVICE);
	usb_desk_apply(desk, "host");
	usb_desk_failed(desk, HOTSEAT_ERROR_NO_DEVICE);
	usb_desk_observe(desk);
	usb_desk_failed(desk, HOTSEAT_ERROR_NO_DEVICE);
	g_assert_null(desk->at);
}

/* Pulled out while libvirt is asked, at each of the steps on the way. */
static void test_unplugged_on_the_way(UsbDesk *desk, gconstpointer unused)
{
	for (guint turns = 1; turns < 6; turns++) {
		usb_desk_apply(desk, "guest");
		usb_desk_begin(desk, "linux");
		for (guint i = 0; i < turns; i++)
			g_main_context_iteration(NULL, FALSE);
		sim_usb_plug(desk->sim, PORT, FALSE);
		if (desk->device != NULL)
			usb_desk_settle(desk);
		sim_usb_plug(desk->sim, PORT, TRUE);
		usb_desk_settle(desk);
		usb_desk_apply(desk, "host");
		g_assert_cmpstr(desk->at, ==, "host");
		usb_desk_owner_is(desk, "host");
		g_assert_cmpuint(sim_usb_listed(desk->sim, "win10"), ==, 0);
		g_assert_cmpuint(sim_usb_listed(desk->sim, "arch"), ==, 0);
	}
}

/* What an unplugged device leaves behind in its domain does not matter. */
static void test_leftover(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	sim_usb_disconnect(desk->sim, TRUE);
	sim_usb_plug(desk->sim, PORT, FALSE);
	sim_usb_plug(desk->sim, PORT, TRUE);
	usb_desk_settle(desk);
	sim_usb_disconnect(desk->sim, FALSE);
	g_assert_cmpuint(sim_usb_listed(desk->sim, "win10"), ==, 1);
	usb_desk_apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", TRUE);
	usb_desk_owner_is(desk, "win10");
	g_assert_cmpuint(sim_usb_listed(desk->sim, "win10"), ==, 1);
}

static void add_twin(UsbDesk *desk)
{
	sim_usb_add(desk->sim,
		&(UsbInfo){ .port = (char *)"3-2", .vendor = 0x28da, .product = 0x1101 });
}

/* An identical device keeps a device from leaving, but not from coming back. */
static void test_twin(UsbDesk *desk, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	usb_desk_apply(desk, "guest");
	add_twin(desk);
	usb_desk_apply(desk, "host");
	usb_desk_ended_at(desk, "host", TRUE);
	g_assert_false(desk->device->ops->check(desk->device, "guest", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_AMBIGUOUS);
	usb_desk_apply(desk, "guest");
	usb_desk_failed(desk, HOTSEAT_ERROR_AMBIGUOUS);
	usb_desk_owner_is(desk, "host");
}

/* -- cancellation ----------------------------------------------------------------------------- */

/* What has begun is finished, and nothing more begins. */
static void test_cancelled_on_the_way(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_apply(desk, "guest");
	usb_desk_begin(desk, "linux");
	while (strstr(sim_usb_log(desk->sim), "detach") == NULL)
		g_main_context_iteration(NULL, TRUE);
	g_cancellable_cancel(desk->cancel);
	usb_desk_wait(desk);
	usb_desk_failed(desk, HOTSEAT_ERROR_SUPERSEDED);
	g_assert_cmpstr(desk->at, ==, "host");
	g_assert_true(desk->changed);
	usb_desk_owner_is(desk, "host");
}

static void test_cancelled_at_once(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_begin(desk, "guest");
	g_cancellable_cancel(desk->cancel);
	usb_desk_wait(desk);
	usb_desk_failed(desk, HOTSEAT_ERROR_SUPERSEDED);
	g_assert_cmpstr(sim_usb_log(desk->sim), ==, "");
}

static void test_cancelled_with_nothing_to_do(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_begin(desk, "host");
	g_cancellable_cancel(desk->cancel);
	usb_desk_wait(desk);
	usb_desk_ended_at(desk, "host", FALSE);
}

/* Freed at every moment of a move: no callback is called, and nothing is left. */
static void test_freed_on_the_way(UsbDesk *desk, gconstpointer unused)
{
	for (guint turns = 0; turns < 4; turns++) {
		const ConfigDevice config = {
			.name = (char *)"keyboard", .vendor = 0x28da, .product = -1
		};
		guint ended = desk->ended;

		usb_desk_begin(desk, turns % 2 == 0 ? "guest" : "linux");
		for (guint i = 0; i < turns; i++)
			g_main_context_iteration(NULL, FALSE);
		if (desk->ended > ended)
			return;
		usb_desk_remake(desk, &config);
		usb_desk_settle(desk);
		g_assert_cmpuint(desk->ended, ==, ended);
	}
}

#define TEST(path, func)                                                                           \
	g_test_add("/usb-move/" path, UsbDesk, NULL, usb_desk_set_up, func, usb_desk_tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST("there-and-back", test_there_and_back);
	TEST("nothing-to-do", test_nothing_to_do);
	TEST("from-guest-to-guest", test_from_guest_to_guest);
	TEST("killed-again-and-again", test_killed_again_and_again);
	TEST("unbound-is-nowhere", test_unbound_is_nowhere);
	TEST("no-driver", test_no_driver);
	TEST("driver-comes-later", test_driver_comes_later);
	TEST("no-permission", test_no_permission);
	TEST("attach-refused", test_attach_refused);
	TEST("detach-refused", test_detach_refused);
	TEST("guest-is-off", test_guest_is_off);
	TEST("foreign-domain", test_foreign_domain);
	TEST("another-was-faster", test_another_was_faster);
	TEST("late-attach", test_late_attach);
	TEST("late-detach", test_late_detach);
	TEST("late-after-rollback", test_late_after_rollback);
	TEST("no-libvirt", test_no_libvirt);
	TEST("no-libvirt-in-guest", test_no_libvirt_in_guest);
	TEST("not-open", test_not_open);
	TEST("unplugged", test_unplugged);
	TEST("unplugged-on-the-way", test_unplugged_on_the_way);
	TEST("leftover", test_leftover);
	TEST("twin", test_twin);
	TEST("cancelled-on-the-way", test_cancelled_on_the_way);
	TEST("cancelled-at-once", test_cancelled_at_once);
	TEST("cancelled-with-nothing-to-do", test_cancelled_with_nothing_to_do);
	TEST("freed-on-the-way", test_freed_on_the_way);
	return g_test_run();
}
