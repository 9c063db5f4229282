/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything behind a hub, as the seat sees it. The hub is in port 3-1, a mouse and a headset are
 * behind it; what moves them is the real code, on a simulated USB.
 */
#include "device/usb-hub.h"
#include "seat/seat.h"
#include "sim/guest.h"
#include "usb-desk.h"

#define MOUSE	"3-1.1"
#define HEADSET "3-1.4"
#define OTHER	"3-1.2"

static void plug(UsbDesk *desk, const char *port, gboolean hub)
{
	sim_usb_add(desk->sim,
		&(UsbInfo){ .port = (char *)port, .vendor = 0x1234, .product = 1, .hub = hub });
}

static void make_hub(UsbDesk *desk, const ConfigDevice *other)
{
	const ConfigDevice config = {
		.name = (char *)"dock", .vendor = -1, .product = -1, .hub = (char *)"3-1"
	};

	resource_free(desk->device);
	desk->config = config;
	g_ptr_array_set_size(desk->devices, 0);
	g_ptr_array_add(desk->devices, &desk->config);
	if (other != NULL)
		g_ptr_array_add(desk->devices, (gpointer)other);
	usb_desk_adopt(desk,
		usb_hub_new(sim_usb_system(desk->sim), &desk->config, desk->guests, desk->devices));
}

static void set_up(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_set_up(desk, NULL);
	/* the keyboard of other tests: this one is not behind the hub */
	sim_usb_plug(desk->sim, PORT, FALSE);
	plug(desk, "3-9", FALSE);
	desk->devices = g_ptr_array_new();
	plug(desk, "3-10", FALSE);
	plug(desk, "3-1.4", FALSE);
	plug(desk, "3-1.1", FALSE);
	make_hub(desk, NULL);
	usb_desk_observe(desk);
	usb_desk_settle(desk);
	g_string_truncate(desk->told, 0);
}

static void tear_down(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_tear_down(desk, NULL);
	g_ptr_array_unref(desk->devices);
}

static void owner_is(UsbDesk *desk, const char *port, const char *owner)
{
	g_autofree char *really = sim_usb_owner(desk->sim, port);

	g_assert_cmpstr(really, ==, owner);
}

/* Forgets what was reported meanwhile. */
static void apply(UsbDesk *desk, const char *target)
{
	usb_desk_apply(desk, target);
	g_string_truncate(desk->told, 0);
}

static void test_there_and_back(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_ended_at(desk, "host", FALSE);
	apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", TRUE);
	g_assert_cmpstr(desk->detail, ==, "hub 3-1: 3-1.1, 3-1.4");
	owner_is(desk, MOUSE, "win10");
	owner_is(desk, HEADSET, "win10");
	/* what is not behind it stays, however its port begins */
	owner_is(desk, "3-10", "host");
	owner_is(desk, "3-9", "host");
	apply(desk, "linux");
	usb_desk_ended_at(desk, "linux", TRUE);
	owner_is(desk, MOUSE, "arch");
	apply(desk, "linux");
	usb_desk_ended_at(desk, "linux", FALSE);
	apply(desk, "host");
	usb_desk_ended_at(desk, "host", TRUE);
	owner_is(desk, MOUSE, "host");
	owner_is(desk, HEADSET, "host");
}

/* A hub is no device for a guest, wherever it is. */
static void test_hubs_stay(UsbDesk *desk, gconstpointer unused)
{
	plug(desk, OTHER, TRUE);
	plug(desk, "3-1.2.3", FALSE);
	usb_desk_settle(desk);
	apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", TRUE);
	owner_is(desk, OTHER, "host");
	owner_is(desk, "3-1.2.3", "win10");
}

static void test_comes(UsbDesk *desk, gconstpointer unused)
{
	apply(desk, "guest");
	plug(desk, OTHER, FALSE);
	/* it is at the host, and the others are not: the seat has to look after it */
	usb_desk_told_is(desk, "appeared nowhere, ");
	apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", TRUE);
	owner_is(desk, OTHER, "win10");
	/* plugged in elsewhere, it is none of it */
	plug(desk, "3-2", FALSE);
	usb_desk_told_is(desk, "");
	owner_is(desk, "3-2", "host");
}

static void test_goes(UsbDesk *desk, gconstpointer unused)
{
	apply(desk, "guest");
	sim_usb_plug(desk->sim, HEADSET, FALSE);
	usb_desk_told_is(desk, "moved guest, ");
	/* its domain does not list it any more */
	g_assert_cmpuint(sim_usb_listed(desk->sim, "win10"), ==, 1);
	apply(desk, "host");
	usb_desk_ended_at(desk, "host", TRUE);
	g_assert_cmpstr(desk->detail, ==, "hub 3-1: 3-1.1");
	sim_usb_plug(desk->sim, HEADSET, TRUE);
	usb_desk_told_is(desk, "appeared host, ");
}

/* Out and in again while a guest has the seat. */
static void test_replugged(UsbDesk *desk, gconstpointer unused)
{
	apply(desk, "guest");
	sim_usb_plug(desk->sim, HEADSET, FALSE);
	sim_usb_plug(desk->sim, HEADSET, TRUE);
	usb_desk_settle(desk);
	g_assert_nonnull(strstr(desk->told->str, "appeared nowhere, "));
	apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", TRUE);
	owner_is(desk, HEADSET, "win10");
	g_assert_cmpuint(sim_usb_listed(desk->sim, "win10"), ==, 2);
}

/* No error, and where it was sent. */
static void test_nothing(UsbDesk *desk, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	sim_usb_plug(desk->sim, HEADSET, FALSE);
	sim_usb_plug(desk->sim, MOUSE, FALSE);
	usb_desk_settle(desk);
	g_assert_true(desk->device->ops->check(desk->device, "guest", &error));
	/* at the start of a daemon it does not say where the seat is */
	usb_desk_observe(desk);
	usb_desk_ended_at(desk, NULL, FALSE);
	apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", FALSE);
	g_assert_cmpstr(desk->detail, ==, "hub 3-1: nothing behind it");
	usb_desk_observe(desk);
	usb_desk_ended_at(desk, "guest", FALSE);
	sim_usb_plug(desk->sim, MOUSE, TRUE);
	usb_desk_settle(desk);
	g_assert_nonnull(strstr(desk->told->str, "appeared host, "));
}

/* It leaves while it moves: what is gone is no failure. */
static void test_leaves_on_the_way(UsbDesk *desk, gconstpointer unused)
{
	usb_desk_begin(desk, "guest");
	sim_usb_plug(desk->sim, HEADSET, FALSE);
	usb_desk_wait(desk);
	usb_desk_ended_at(desk, "guest", TRUE);
	owner_is(desk, MOUSE, "win10");
}

static void test_one_fails(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_set_faults(desk->sim, HEADSET, (SimUsbFaults){ .refuses_attach = TRUE });
	apply(desk, "guest");
	g_assert_error(desk->error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	g_assert_true(g_str_has_prefix(desk->error->message, "port 3-1.4: attaching to win10"));
	g_assert_null(desk->at);
	owner_is(desk, MOUSE, "win10");
	owner_is(desk, HEADSET, "host");
	g_assert_cmpstr(desk->detail, ==, "hub 3-1: 3-1.1 (guest), 3-1.4 (host)");
	apply(desk, "host");
	usb_desk_ended_at(desk, "host", TRUE);
	g_assert_cmpstr(desk->detail, ==, "hub 3-1: 3-1.1, 3-1.4");
}

/* What the host needs stays there, and that is said. */
static void test_harm(UsbDesk *desk, gconstpointer unused)
{
	sim_usb_set_faults(
		desk->sim, HEADSET, (SimUsbFaults){ .harm = "its file system is mounted at /mnt" });
	apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", TRUE);
	owner_is(desk, MOUSE, "win10");
	owner_is(desk, HEADSET, "host");
	g_assert_cmpstr(desk->detail, ==,
		"hub 3-1: 3-1.1; stays with the host: 3-1.4 (its file system is mounted at /mnt)");
	/* unmounted */
	sim_usb_set_faults(desk->sim, HEADSET, (SimUsbFaults){ 0 });
	apply(desk, "guest");
	usb_desk_ended_at(desk, "guest", TRUE);
	owner_is(desk, HEADSET, "win10");
}

/* A device that has an entry of its own is that one's, whatever finds it. */
static void test_claimed(UsbDesk *desk, gconstpointer unused)
{
	const ConfigDevice others[] = {
		{ .name = (char *)"mouse", .vendor = -1, .product = -1, .port = (char *)MOUSE },
		{ .name = (char *)"mouse",
			.via = VIA_INPUT,
			.vendor = -1,
			.product = -1,
			.input = (char *)"Acme Rodent" },
	};

	sim_usb_set_input(desk->sim, MOUSE, "Acme Rodent");
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
		make_hub(desk, &others[i]);
		apply(desk, "guest");
		usb_desk_ended_at(desk, "guest", i == 0);
		owner_is(desk, MOUSE, "host");
		owner_is(desk, HEADSET, "win10");
	}
}

/* Something else is plugged in where the hub was. */
static void test_no_hub(UsbDesk *desk, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	sim_usb_plug(desk->sim, PORT, TRUE);
	g_assert_false(desk->device->ops->check(desk->device, "guest", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG);
	g_assert_nonnull(strstr(error->message, "28da:1101 in port 3-1 is not a hub"));
}

static void test_serves(UsbDesk *desk, gconstpointer unused)
{
	const char *only[] = { "linux", NULL };

	g_assert_true(resource_serves(desk->device, "host"));
	g_assert_true(resource_serves(desk->device, "guest"));
	g_assert_false(resource_serves(desk->device, "other"));
	desk->config.guests = (char **)only;
	g_assert_false(resource_serves(desk->device, "guest"));
	g_assert_true(resource_serves(desk->device, "linux"));
	g_assert_true(resource_serves(desk->device, "host"));
	g_assert_cmpint(desk->device->kind, ==, RESOURCE_DEVICE);
}

/* A device that is a hub itself is refused, with the names of what is behind it. */
static void test_hub_as_device(UsbDesk *desk, gconstpointer unused)
{
	const ConfigDevice config = {
		.name = (char *)"hub", .vendor = -1, .product = -1, .port = (char *)"3-5"
	};
	g_autoptr(GError) error = NULL;

	plug(desk, "3-5", TRUE);
	plug(desk, "3-5.1", FALSE);
	plug(desk, "3-5.4", TRUE);
	plug(desk, "3-5.4.1", FALSE);
	usb_desk_remake(desk, &config);
	g_assert_false(desk->device->ops->check(desk->device, "guest", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG);
	g_assert_cmpstr(error->message, ==,
		"it is a hub; name the devices behind it: 3-5.1, 3-5.4, or write \"hub: 3-5\" to "
		"mean them all");
	apply(desk, "guest");
	usb_desk_failed(desk, HOTSEAT_ERROR_CONFIG);
	owner_is(desk, "3-5", "host");
}

/* -- with a seat ------------------------------------------------------------------------------ */

static void wait_for_owner(UsbDesk *desk, const char *port, const char *owner)
{
	for (;;) {
		g_autofree char *really = sim_usb_owner(desk->sim, port);

		if (g_str_equal(really, owner))
			return;
		g_main_context_iteration(NULL, TRUE);
	}
}

static void switched(Seat *seat, const Switch *sw, gpointer data)
{
	*(SwitchOutcome *)data = sw->outcome;
}

static void switch_to(Seat *seat, const char *target)
{
	SwitchOutcome outcome = SWITCH_RUNNING;
	g_autoptr(GError) error = NULL;

	seat_switch(seat, target, "test", switched, &outcome, &error);
	g_assert_no_error(error);
	while (outcome == SWITCH_RUNNING)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpint(outcome, ==, SWITCH_DONE);
}

/* What appears behind the hub while a guest has the seat goes to the guest, and comes back with the
 * others. */
static void test_seat(UsbDesk *desk, gconstpointer unused)
{
	Seat *seat = seat_new(NULL, FALSE);

	for (guint i = 0; i < desk->guests->len; i++)
		seat_add_guest(seat, sim_guest_new(desk->guests->pdata[i]));
	seat_add_resource(seat, g_steal_pointer(&desk->device));
	seat_start(seat, NULL);
	switch_to(seat, "guest");
	owner_is(desk, MOUSE, "win10");
	plug(desk, OTHER, FALSE);
	wait_for_owner(desk, OTHER, "win10");
	sim_usb_plug(desk->sim, OTHER, FALSE);
	sim_usb_plug(desk->sim, OTHER, TRUE);
	wait_for_owner(desk, OTHER, "win10");
	sim_usb_plug(desk->sim, MOUSE, FALSE);
	switch_to(seat, "linux");
	owner_is(desk, OTHER, "arch");
	owner_is(desk, HEADSET, "arch");
	sim_usb_plug(desk->sim, MOUSE, TRUE);
	wait_for_owner(desk, MOUSE, "arch");
	switch_to(seat, "host");
	owner_is(desk, MOUSE, "host");
	owner_is(desk, OTHER, "host");
	owner_is(desk, HEADSET, "host");
	seat_free(seat);
	usb_desk_settle(desk);
}

/* With nothing behind it, the seat moves all the same, and what comes then follows. */
static void test_seat_nothing(UsbDesk *desk, gconstpointer unused)
{
	Seat *seat = seat_new(NULL, FALSE);

	sim_usb_plug(desk->sim, MOUSE, FALSE);
	sim_usb_plug(desk->sim, HEADSET, FALSE);
	for (guint i = 0; i < desk->guests->len; i++)
		seat_add_guest(seat, sim_guest_new(desk->guests->pdata[i]));
	seat_add_resource(seat, g_steal_pointer(&desk->device));
	seat_start(seat, NULL);
	switch_to(seat, "guest");
	sim_usb_plug(desk->sim, MOUSE, TRUE);
	wait_for_owner(desk, MOUSE, "win10");
	seat_free(seat);
	usb_desk_settle(desk);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*test)(UsbDesk *desk, gconstpointer unused);
	} tests[] = {
		{ "/usb-hub/there-and-back", test_there_and_back },
		{ "/usb-hub/hubs-stay", test_hubs_stay },
		{ "/usb-hub/comes", test_comes },
		{ "/usb-hub/goes", test_goes },
		{ "/usb-hub/replugged", test_replugged },
		{ "/usb-hub/nothing", test_nothing },
		{ "/usb-hub/leaves-on-the-way", test_leaves_on_the_way },
		{ "/usb-hub/one-fails", test_one_fails },
		{ "/usb-hub/harm", test_harm },
		{ "/usb-hub/claimed", test_claimed },
		{ "/usb-hub/no-hub", test_no_hub },
		{ "/usb-hub/serves", test_serves },
		{ "/usb-hub/hub-as-device", test_hub_as_device },
		{ "/usb-hub/seat", test_seat },
		{ "/usb-hub/seat/nothing", test_seat_nothing },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].name, UsbDesk, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
