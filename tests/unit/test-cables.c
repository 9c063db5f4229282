/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One monitor with two cables to this computer: one from the host's graphics card (bus 0), one from
 * the guest's (bus 5), which is there while the guest does not have its card.
 */
#include "desk.h"
#include "display/inside.h"

enum { HOST_BUS = 0, GUEST_BUS = 5 };

typedef struct {
	Desk *desk;
	SimMonitor *monitor;
	Resource *display;
} Fixture;

static void set_up(Fixture *f, gconstpointer serial)
{
	f->desk = desk_new();
	f->monitor = desk_monitor(f->desk, HOST_BUS, "2778X", serial);
	sim_i2c_plug(f->desk->sim, HOST_BUS, "card0-DP-1", f->monitor, 0x0f);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	resource_free(f->display);
	desk_free(f->desk);
}

static void make_display(Fixture *f, const char *connector)
{
	ConfigDisplay config = config_display(-1);

	config.match.monitor = (char *)"AOC 2778X";
	config.match.connector = (char *)connector;
	f->display = desk_display(f->desk, &config);
}

/* The guest has stopped: its card, and so its cable, is the host's again. */
static void plug_guests(Fixture *f, guint8 product)
{
	sim_i2c_plug(f->desk->sim, GUEST_BUS, "card1-HDMI-A-2", f->monitor, 0x11);
	sim_i2c_set_product(f->desk->sim, GUEST_BUS, product);
	monitor_registry_rescan(f->desk->registry);
}

static void arrives(Fixture *f, const char *target, const char *bus)
{
	g_auto(Outcome) outcome = apply(f->display, target);

	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, target);
	if (bus != NULL && strstr(outcome.detail, bus) == NULL)
		g_error("\"%s\" is not in \"%s\"", bus, outcome.detail);
}

/* It goes over the bus that it went over before, whatever the codes say. */
static void test_returns(Fixture *f, gconstpointer serial)
{
	for (guint8 product = 0; product < 2; product++) {
		g_clear_pointer(&f->display, resource_free);
		make_display(f, NULL);
		arrives(f, "guest", "on /dev/i2c-0");
		plug_guests(f, product);
		arrives(f, "host", "on /dev/i2c-0");
		g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
		g_assert_true(f->display->ops->check(f->display, "guest", NULL));
		sim_i2c_set_bus_fault(f->desk->sim, GUEST_BUS, SIM_BUS_ABSENT);
	}
}

static void test_connector(Fixture *f, gconstpointer serial)
{
	static const char *const names[] = { "DP-1", "dp-1", "card0-DP-1", "card0", "0000:01:00.0",
		"0000:01:00.0-DP-1" };

	plug_guests(f, 1);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_clear_pointer(&f->display, resource_free);
		make_display(f, names[i]);
		arrives(f, "guest", "on /dev/i2c-0");
		arrives(f, "host", "on /dev/i2c-0");
	}
	g_clear_pointer(&f->display, resource_free);
	make_display(f, "0000:02:00.0");
	arrives(f, "guest", "on /dev/i2c-5");
	/* of another card, or another connector of this one */
	for (gsize i = 0; i < 2; i++) {
		g_auto(Outcome) outcome = { 0 };

		resource_free(f->display);
		make_display(f, i == 0 ? "card1-DP-1" : "0000:01:00.0-HDMI-A-2");
		outcome = apply(f->display, "guest");
		g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
	}
}

/* Nothing is known yet: the card that no guest is given comes first. */
static void test_guest_card(Fixture *f, gconstpointer serial)
{
	static const char *const first[] = { "0000:01:00.0", NULL };
	static const char *const second[] = { "0000:02:00.0", NULL };

	plug_guests(f, 1);
	make_display(f, NULL);
	monitor_registry_set_guest_cards(f->desk->registry, first);
	arrives(f, "guest", "on /dev/i2c-5");
	g_clear_pointer(&f->display, resource_free);
	make_display(f, NULL);
	monitor_registry_set_guest_cards(f->desk->registry, second);
	arrives(f, "host", "on /dev/i2c-0");
}

/* Deaf on the host's cable, it hears on the guest's. */
static void test_deaf(Fixture *f, gconstpointer serial)
{
	sim_monitor_set_faults(f->monitor, (SimFaults){ .active_only = TRUE });
	make_display(f, NULL);
	plug_guests(f, 1);
	/* the host's cable took the value, and the guest's says so */
	arrives(f, "guest", "HDMI-1 (0x11) on /dev/i2c-5; it has 2 cables");
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x11);
	arrives(f, "host", NULL);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
}

typedef struct {
	GMutex lock;
	GCond cond;
	gboolean open;
} Gate;

static void gate_open(Gate *gate)
{
	g_mutex_lock(&gate->lock);
	gate->open = TRUE;
	g_cond_broadcast(&gate->cond);
	g_mutex_unlock(&gate->lock);
}

/* On the lane of the bus: what comes behind it waits. */
static void gate_wait(gpointer data)
{
	Gate *gate = data;

	g_mutex_lock(&gate->lock);
	while (!gate->open)
		g_cond_wait(&gate->cond, &gate->lock);
	g_mutex_unlock(&gate->lock);
}

static void gate_passed(gpointer data)
{
}

/* The guest's cable has another EDID since the last scan. The next one is under way, and comes to
 * that bus after the display knows where it goes, and before it is there. */
static void test_deaf_new_edid(Fixture *f, gconstpointer serial)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	g_auto(Outcome) outcome = { 0 };
	Gate gate = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .active_only = TRUE });
	make_display(f, NULL);
	sim_i2c_plug(f->desk->sim, GUEST_BUS, "card1-HDMI-A-2", f->monitor, 0x11);
	while (monitor_registry_edid(f->desk->registry, GUEST_BUS) == NULL)
		g_main_context_iteration(NULL, TRUE);
	lane_push(monitor_registry_bus(f->desk->registry, GUEST_BUS)->lane, gate_wait, gate_passed,
		&gate, gate_passed);
	sim_i2c_set_product(f->desk->sim, GUEST_BUS, 1);
	monitor_registry_rescan(f->desk->registry);
	f->display->ops->apply(f->display, "guest", cancel, outcome_done, &outcome);
	while (((Display *)f->display)->use.bus != GUEST_BUS)
		g_main_context_iteration(NULL, TRUE);
	gate_open(&gate);
	outcome_wait(&outcome);
	g_assert_no_error(outcome.error);
	g_assert_nonnull(strstr(outcome.detail, "HDMI-1 (0x11) on /dev/i2c-5; it has 2 cables"));
}

/* It is on the bus that it was on. */
static void test_new_edid(Fixture *f, gconstpointer serial)
{
	make_display(f, NULL);
	arrives(f, "guest", "on /dev/i2c-0");
	sim_i2c_set_product(f->desk->sim, HOST_BUS, 1);
	monitor_registry_rescan(f->desk->registry);
	arrives(f, "host", "on /dev/i2c-0");
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
}

/* One that says clearly that it has not switched is not asked over the other cable. */
static void test_not_followed(Fixture *f, gconstpointer serial)
{
	g_auto(Outcome) outcome = { 0 };
	g_autofree char *log = NULL;

	make_display(f, NULL);
	plug_guests(f, 1);
	arrives(f, "host", "on /dev/i2c-0");
	sim_monitor_set_faults(f->monitor, (SimFaults){ .ignore_sets = TRUE });
	sim_i2c_clear_log(f->desk->sim);
	outcome = apply(f->display, "guest");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED);
	g_assert_cmpstr(outcome.at, ==, "host");
	log = sim_i2c_log(f->desk->sim);
	g_assert_nonnull(strstr(log, "i2c-0 w 37"));
	g_assert_null(strstr(log, "i2c-5 w 37"));
}

/* It was told over the first cable, does not say so, and the second one is not there any more: what
 * the first one did counts. */
static void test_other_is_gone(Fixture *f, gconstpointer serial)
{
	g_auto(Outcome) outcome = { 0 };

	make_display(f, NULL);
	plug_guests(f, 1);
	arrives(f, "host", "on /dev/i2c-0");
	sim_monitor_set_faults(f->monitor, (SimFaults){ .active_only = TRUE });
	sim_i2c_set_quiet(f->desk->sim, TRUE);
	sim_i2c_set_bus_fault(f->desk->sim, GUEST_BUS, SIM_BUS_ABSENT);
	outcome = apply(f->display, "guest");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "guest");
	g_assert_true(g_str_has_prefix(outcome.detail,
		"HDMI-1 (0x11) on /dev/i2c-0; set, not confirmed: the monitor does not answer"));
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x11);
}

/* The guest starts: its cable is gone, and the host's is used again. */
static void test_guest_starts(Fixture *f, gconstpointer serial)
{
	make_display(f, NULL);
	sim_monitor_press(f->monitor, 0x11);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .active_only = TRUE });
	plug_guests(f, 0);
	arrives(f, "host", NULL);
	arrives(f, "guest", NULL);
	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	sim_i2c_set_bus_fault(f->desk->sim, GUEST_BUS, SIM_BUS_ABSENT);
	arrives(f, "host", "on /dev/i2c-0");
}

static void test_detail(Fixture *f, gconstpointer serial)
{
	g_auto(Outcome) outcome = { 0 };

	plug_guests(f, 1);
	make_display(f, NULL);
	outcome = observe(f->display);
	g_assert_cmpstr(outcome.detail, ==,
		"DisplayPort-1 (0x0f) on /dev/i2c-0; it has 2 cables: DP-1 of card0 at "
		"0000:01:00.0 (/dev/i2c-0), HDMI-A-2 of card1 at 0000:02:00.0 (/dev/i2c-5)");
}

/* Without a serial number it may be two: one that was there before is still the one, while it is
 * there; a new display has to be told. */
static void test_no_serial(Fixture *f, gconstpointer serial)
{
	g_auto(Outcome) outcome = { 0 };

	make_display(f, NULL);
	arrives(f, "guest", "on /dev/i2c-0");
	plug_guests(f, 1);
	arrives(f, "host", "on /dev/i2c-0");
	g_clear_pointer(&f->display, resource_free);
	make_display(f, NULL);
	while (monitor_registry_edid(f->desk->registry, GUEST_BUS) == NULL) {
		monitor_registry_scan(f->desk->registry);
		g_main_context_iteration(NULL, TRUE);
	}
	outcome = apply(f->display, "guest");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_AMBIGUOUS);
}

static void test_scan(Fixture *f, gconstpointer serial)
{
	g_autoptr(ScanResult) result = NULL;
	const FoundMonitor *monitor;

	plug_guests(f, 1);
	result = scan_run(sim_i2c_system(f->desk->sim), SCAN_INPUT, NULL, NULL);
	g_assert_cmpuint(result->monitors->len, ==, serial != NULL ? 1 : 2);
	monitor = result->monitors->pdata[0];
	g_assert_cmpuint(monitor->others->len, ==, serial != NULL ? 1 : 0);
	g_assert_cmpint(monitor->twin, ==, serial == NULL);
	g_assert_cmpint(monitor->bus, ==, HOST_BUS);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path, *serial;
		void (*test)(Fixture *f, gconstpointer serial);
	} tests[] = {
		{ "/cables/returns", "1234", test_returns },
		{ "/cables/connector", "1234", test_connector },
		{ "/cables/guest-card", "1234", test_guest_card },
		{ "/cables/deaf", "1234", test_deaf },
		{ "/cables/deaf/new-edid", "1234", test_deaf_new_edid },
		{ "/cables/new-edid", "1234", test_new_edid },
		{ "/cables/not-followed", "1234", test_not_followed },
		{ "/cables/other-is-gone", "1234", test_other_is_gone },
		{ "/cables/guest-starts", "1234", test_guest_starts },
		{ "/cables/detail", "1234", test_detail },
		{ "/cables/scan", "1234", test_scan },
		{ "/cables/no-serial/scan", NULL, test_scan },
		{ "/cables/no-serial/placeholder", "00000000", test_no_serial },
		{ "/cables/no-serial", NULL, test_no_serial },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(
			tests[i].path, Fixture, tests[i].serial, set_up, tests[i].test, tear_down);
	return g_test_run();
}
