/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A monitor that was found: which one a description means, which of its cables comes first, and
 * what people read about it.
 */
#include "display/scan.h"

static FoundMonitor *cable_new(
	int bus, const char *connector, const char *card, const char *address)
{
	FoundMonitor *cable = g_new0(FoundMonitor, 1);

	cable->bus = bus;
	cable->connector = g_strdup(connector);
	cable->card = g_strdup(card);
	cable->address = g_strdup(address);
	cable->edid = (Edid){ .manufacturer = "AOC", .model = "2778X", .serial = "1234" };
	cable->answers = TRUE;
	return cable;
}

static FoundMonitor *monitor_new(
	int bus, const char *connector, const char *card, const char *address)
{
	FoundMonitor *monitor = cable_new(bus, connector, card, address);

	monitor->others = g_ptr_array_new_with_free_func(found_monitor_free);
	return monitor;
}

static void add_cable(FoundMonitor *monitor, FoundMonitor *cable)
{
	g_ptr_array_add(monitor->others, cable);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FoundMonitor, found_monitor_free)

/* -- which one is meant ----------------------------------------------------------------------- */

static void test_connector(void)
{
	static const struct {
		const char *connector;
		gboolean fits;
	} cases[] = {
		{ "DP-1", TRUE },
		{ "dp-1", TRUE },
		{ "DP-10", FALSE },
		{ "DP", FALSE },
		{ "DP-2", FALSE },
		{ "card1", TRUE },
		{ "CARD1", TRUE },
		{ "card1-DP-1", TRUE },
		{ "card1-DP-2", FALSE },
		{ "card1DP-1", FALSE },
		{ "card1_DP-1", FALSE },
		{ "card1-", FALSE },
		{ "card10", FALSE },
		{ "card2", FALSE },
		{ "card2-DP-1", FALSE },
		{ "0000:03:00.0", TRUE },
		{ "0000:03:00.0-DP-1", TRUE },
		{ "0000:03:00.0-DP-2", FALSE },
		{ "0000:03:00.1", FALSE },
		{ "0000:03:00.1-DP-1", FALSE },
		{ "", FALSE },
	};
	g_autoptr(FoundMonitor) cable = cable_new(4, "DP-1", "card1", "0000:03:00.0");

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		MonitorMatch match = { .bus = -1, .connector = (char *)cases[i].connector };

		g_test_message("%s", cases[i].connector);
		g_assert_cmpint(found_cable_fits(cable, &match), ==, cases[i].fits);
	}
}

/* What is not known of a cable fits no description of it. */
static void test_connector_unknown(void)
{
	static const char *const names[] = { "DP-1", "card1", "card1-DP-1", "0000:03:00.0", "" };
	MonitorMatch match = { .bus = -1 };
	g_autoptr(FoundMonitor) nothing = cable_new(4, NULL, NULL, NULL);
	g_autoptr(FoundMonitor) card = cable_new(4, NULL, "card1", "0000:03:00.0");

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		match.connector = (char *)names[i];
		g_assert_false(found_cable_fits(nothing, &match));
	}
	match.connector = (char *)"card1-DP-1";
	g_assert_false(found_cable_fits(card, &match));
	match.connector = (char *)"card1";
	g_assert_true(found_cable_fits(card, &match));
	match.connector = (char *)"0000:03:00.0";
	g_assert_true(found_cable_fits(card, &match));
}

/* A bus decides alone, 0 as well; else connector and EDID both have to fit. */
static void test_fits(void)
{
	g_autoptr(FoundMonitor) cable = cable_new(0, "DP-1", "card1", NULL);
	MonitorMatch bus = { .bus = 0, .connector = (char *)"HDMI-A-1", .model = (char *)"other" };
	MonitorMatch both = { .bus = -1, .connector = (char *)"DP-1", .model = (char *)"2778X" };
	MonitorMatch other = { .bus = -1, .connector = (char *)"DP-1", .model = (char *)"U2720Q" };

	g_assert_true(found_cable_fits(cable, &bus));
	bus.bus = 1;
	g_assert_false(found_cable_fits(cable, &bus));
	g_assert_true(found_cable_fits(cable, &both));
	g_assert_false(found_cable_fits(cable, &other));
	both.connector = (char *)"DP-2";
	g_assert_false(found_cable_fits(cable, &both));
	both.connector = NULL;
	g_assert_true(found_cable_fits(cable, &both));
}

/* A monitor fits if any of its cables does. */
static void test_any_cable(void)
{
	g_autoptr(FoundMonitor) monitor = monitor_new(4, "DP-1", "card0", NULL);
	FoundMonitor *second = cable_new(5, "HDMI-A-1", "card1", NULL);
	FoundMonitor *third = cable_new(6, "DP-2", "card1", NULL);
	MonitorMatch match = { .bus = 4 };

	add_cable(monitor, second);
	add_cable(monitor, third);
	for (match.bus = 4; match.bus <= 6; match.bus++)
		g_assert_true(found_monitor_fits(monitor, &match));
	g_assert_false(found_monitor_fits(monitor, &match));
	g_assert_true(found_monitor_cable(monitor, 0) == monitor);
	g_assert_true(found_monitor_cable(monitor, 1) == second);
	g_assert_true(found_monitor_cable(monitor, 2) == third);
	g_assert_null(found_monitor_cable(monitor, 3));
}

/* -- which cable comes first ------------------------------------------------------------------ */

#define HOST  "0000:01:00.0"
#define GUEST "0000:02:00.0"

static const char *const guest_cards[] = { GUEST, NULL };

static void test_prefer(void)
{
	g_autoptr(GPtrArray) monitors = g_ptr_array_new_with_free_func(found_monitor_free);
	FoundMonitor *monitor = monitor_new(4, "DP-1", "card1", GUEST);

	monitor->twin = TRUE;
	add_cable(monitor, cable_new(6, "DP-3", "card1", GUEST));
	add_cable(monitor, cable_new(0, "DP-2", "card0", HOST));
	add_cable(monitor, cable_new(7, "DP-4", "card0", HOST));
	g_ptr_array_add(monitors, monitor);
	found_monitors_prefer(monitors, guest_cards);
	g_assert_cmpint(monitor->bus, ==, 0);
	g_assert_cmpstr(monitor->connector, ==, "DP-2");
	g_assert_true(monitor->twin);
	g_assert_cmpuint(monitor->others->len, ==, 3);
	g_assert_cmpint(found_monitor_cable(monitor, 1)->bus, ==, 6);
	g_assert_cmpint(found_monitor_cable(monitor, 2)->bus, ==, 4);
	g_assert_null(found_monitor_cable(monitor, 2)->others);
	g_assert_cmpint(found_monitor_cable(monitor, 3)->bus, ==, 7);
}

/* The host's cable does not come first if it is worse, or if the first is the host's already. */
static void test_prefer_not(void)
{
	for (int i = 0; i < 4; i++) {
		g_autoptr(GPtrArray) monitors = g_ptr_array_new_with_free_func(found_monitor_free);
		FoundMonitor *monitor = monitor_new(4, "DP-1", "card1", i == 0 ? HOST : GUEST);
		FoundMonitor *other =
			cable_new(i == 1 ? -1 : 5, "DP-2", "card0", i == 2 ? GUEST : HOST);

		if (i == 3)
			other->answers = FALSE;
		add_cable(monitor, other);
		g_ptr_array_add(monitors, monitor);
		found_monitors_prefer(monitors, guest_cards);
		g_assert_cmpint(monitor->bus, ==, 4);
		g_assert_true(monitor->others->pdata[0] == other);
	}
}

/* A card whose address is not known is no guest's; two cables that are both deaf are equal. */
static void test_prefer_unknown(void)
{
	g_autoptr(GPtrArray) monitors = g_ptr_array_new_with_free_func(found_monitor_free);
	FoundMonitor *first = monitor_new(4, "DP-1", "card1", NULL);
	FoundMonitor *second = monitor_new(6, "DP-1", "card1", GUEST);

	add_cable(first, cable_new(5, "DP-2", "card0", HOST));
	add_cable(second, cable_new(7, "DP-2", "card0", NULL));
	second->answers = ((FoundMonitor *)second->others->pdata[0])->answers = FALSE;
	g_ptr_array_add(monitors, first);
	g_ptr_array_add(monitors, second);
	found_monitors_prefer(monitors, guest_cards);
	g_assert_cmpint(first->bus, ==, 4);
	g_assert_cmpint(second->bus, ==, 7);
}

/* -- what people read ------------------------------------------------------------------------- */

static void test_labels(void)
{
	static const struct {
		int bus;
		const char *connector, *card, *address, *monitor, *cable;
	} cases[] = {
		{ 0, "DP-1", "card1", HOST, "AOC 2778X 1234 on DP-1 (/dev/i2c-0)",
			"DP-1 of card1 at " HOST " (/dev/i2c-0)" },
		{ 0, NULL, NULL, NULL, "AOC 2778X 1234 on /dev/i2c-0", "a cable (/dev/i2c-0)" },
		{ -1, "DP-1", "card1", NULL, "AOC 2778X 1234 on DP-1", "DP-1 of card1" },
		{ 4, "DP-1", NULL, HOST, "AOC 2778X 1234 on DP-1 (/dev/i2c-4)",
			"DP-1 at " HOST " (/dev/i2c-4)" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(FoundMonitor) monitor = monitor_new(
			cases[i].bus, cases[i].connector, cases[i].card, cases[i].address);
		g_autofree char *label = found_monitor_label(monitor);
		g_autofree char *cable = found_cable_label(monitor);

		g_assert_cmpstr(label, ==, cases[i].monitor);
		g_assert_cmpstr(cable, ==, cases[i].cable);
	}
}

static void test_cables(void)
{
	g_autoptr(FoundMonitor) monitor = monitor_new(4, "DP-1", NULL, NULL);
	g_autofree char *one = found_monitor_cables(monitor), *two = NULL, *three = NULL;

	g_assert_null(one);
	add_cable(monitor, cable_new(5, "DP-2", "card1", NULL));
	two = found_monitor_cables(monitor);
	g_assert_cmpstr(two, ==, "2 cables: DP-1 (/dev/i2c-4), DP-2 of card1 (/dev/i2c-5)");
	add_cable(monitor, cable_new(-1, NULL, NULL, NULL));
	three = found_monitor_cables(monitor);
	g_assert_cmpstr(
		three, ==, "3 cables: DP-1 (/dev/i2c-4), DP-2 of card1 (/dev/i2c-5), a cable");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/found/connector", test_connector);
	g_test_add_func("/found/connector/unknown", test_connector_unknown);
	g_test_add_func("/found/fits", test_fits);
	g_test_add_func("/found/any-cable", test_any_cable);
	g_test_add_func("/found/prefer", test_prefer);
	g_test_add_func("/found/prefer/not", test_prefer_not);
	g_test_add_func("/found/prefer/unknown", test_prefer_unknown);
	g_test_add_func("/found/labels", test_labels);
	g_test_add_func("/found/cables", test_cables);
	return g_test_run();
}
