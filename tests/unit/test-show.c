/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is on the wire when a display is observed and applied, and what is said of it.
 */
#include "show-desk.h"

static void test_observe(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) host = observe(f->display);
	g_auto(Outcome) other = { 0 };

	g_assert_no_error(host.error);
	g_assert_cmpstr(host.at, ==, "host");
	g_assert_cmpstr(host.detail, ==, "DisplayPort-1 (0x0f) on /dev/i2c-4");
	g_assert_false(host.changed);
	assert_traffic(f->desk, "get sleep 40 read 0f");

	sim_monitor_press(f->monitor, 0x03);
	other = observe(f->display);
	g_assert_no_error(other.error);
	g_assert_cmpstr(other.at, ==, NULL);
	g_assert_cmpstr(other.detail, ==,
		"DVI-1 (0x03) on /dev/i2c-4, which is not the input of any target");
}

/* Number 0 is a bus like any other. */
static void test_first_bus(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	desk_monitor(f->desk, 0, "2778X", "1234");
	show_desk_configure(f, config_display(0));
	outcome = observe(f->display);
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.detail, ==, "DisplayPort-1 (0x0f) on /dev/i2c-0");
}

/* knows nothing: looks first */
static void test_already_right(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = apply(f->display, "host");

	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "host");
	g_assert_false(outcome.changed);
	assert_traffic(f->desk, "get sleep 40 read 0f");
}

/* knows better: writes at once, waits before it asks, and again before the next set only as long
 * as is left of the pause */
static void test_writes_at_once(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 }, back = { 0 };

	show_desk_look(f);
	outcome = apply(f->display, "guest");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "guest");
	g_assert_cmpstr(outcome.detail, ==, "HDMI-1 (0x11) on /dev/i2c-4");
	g_assert_true(outcome.changed);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x11);
	assert_traffic(f->desk, "set 11 sleep 50 get sleep 40 read 11");
	back = apply(f->display, "host");
	g_assert_cmpstr(back.at, ==, "host");
	/* some lose what comes too soon after their reply */
	assert_traffic(f->desk, "sleep 50 set 0f sleep 50 get sleep 40 read 0f");
}

static void test_naks(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	show_desk_look(f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .naks = 2 });
	outcome = apply(f->display, "guest");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "guest");
	assert_traffic(f->desk, "set 11 nak sleep 20 set 11 nak sleep 50 set 11 "
				"sleep 50 get sleep 40 read 11");
}

static void test_garbled(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .garbled = 1, .nulls = 2 });
	outcome = observe(f->display);
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "host");
	assert_traffic(f->desk, "get sleep 40 read null sleep 40 sleep 10 get sleep 80 read null "
				"sleep 80 get sleep 140 read 0f");
}

/* hears us only on the input it shows: written, and believed */
static void test_active_only(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) guest = { 0 }, seen = { 0 }, again = { 0 }, host = { 0 };

	show_desk_look(f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .active_only = TRUE });
	guest = apply(f->display, "guest");
	g_assert_no_error(guest.error);
	g_assert_cmpstr(guest.at, ==, "guest");
	g_assert_true(guest.changed);
	g_assert_nonnull(strstr(guest.detail, "not confirmed: the monitor does not answer"));
	seen = observe(f->display);
	g_assert_no_error(seen.error);
	g_assert_cmpstr(seen.at, ==, "guest");
	again = apply(f->display, "guest");
	g_assert_no_error(again.error);
	g_assert_cmpstr(again.at, ==, "guest");
	g_assert_false(again.changed);
	host = apply(f->display, "host");
	g_assert_error(host.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_nonnull(strstr(host.error->message, "only on its active input"));
	g_assert_cmpstr(host.at, ==, NULL);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x11);
}

/* silent for a while after it switched */
static void test_silent(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) guest = { 0 };

	show_desk_look(f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .silent_ms = 200 });
	guest = apply(f->display, "guest");
	g_assert_no_error(guest.error);
	g_assert_cmpstr(guest.detail, ==, "HDMI-1 (0x11) on /dev/i2c-4");
	assert_traffic(f->desk, "set 11 sleep 50 get nak sleep 100 get nak sleep 200 "
				"get sleep 40 read 11");
}

static void test_ignores_sets(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) guest = { 0 };

	show_desk_look(f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .ignore_sets = TRUE });
	guest = apply(f->display, "guest");
	g_assert_error(guest.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED);
	g_assert_nonnull(strstr(guest.error->message,
		"accepted HDMI-1 (0x11) but still shows DisplayPort-1 (0x0f)"));
	/* the host's own input is no advice for the guest's */
	g_assert_null(strstr(guest.error->message, "reads_as"));
	g_assert_true(g_str_has_suffix(
		guest.error->message, "check that guest sends a picture to that input"));
	g_assert_cmpstr(guest.at, ==, "host");
	g_assert_true(guest.changed);
	/* told twice, not more */
	assert_traffic(f->desk,
		"set 11 sleep 50 get sleep 40 read 0f sleep 100 get sleep 40 read 0f "
		"sleep 200 get sleep 40 read 0f sleep 400 get sleep 40 read 0f "
		"sleep 50 set 11 sleep 600 get sleep 40 read 0f sleep 1000 get sleep 40 read 0f");
}

/* It reports what is no target's: as it is written in the config. */
static void test_reports_otherwise(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) guest = { 0 };

	show_desk_look(f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .misread = 0x11, .misread_as = 0x05 });
	guest = apply(f->display, "guest");
	g_assert_error(guest.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED);
	g_assert_true(g_str_has_suffix(guest.error->message,
		"if the picture did change, add \"reads_as: {guest: 0x05}\" to this display"));
}

/* The reading is a code of another target's, which reports something else. */
static void test_reports_code_of_another(ShowDesk *f, gconstpointer unused)
{
	ConfigDisplay config = config_display(4);
	g_auto(Outcome) guest = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .misread = 0x11, .misread_as = 0x0f });
	config_input(&config, "host", 0x0f, 0x05);
	config_input(&config, "guest", 0x11, -1);
	show_desk_configure(f, config);
	guest = apply(f->display, "guest");
	g_assert_error(guest.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED);
	g_assert_null(strstr(guest.error->message, "reads_as"));
}

static void test_lost_set(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) guest = { 0 };

	show_desk_look(f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .lost_sets = 1 });
	guest = apply(f->display, "guest");
	g_assert_no_error(guest.error);
	g_assert_cmpstr(guest.at, ==, "guest");
}

static void test_reads_as(ShowDesk *f, gconstpointer unused)
{
	ConfigDisplay config = config_display(4);
	g_auto(Outcome) before = { 0 }, guest = { 0 }, again = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .reads_xor = 0x40 });
	config_input(&config, "host", 0x0f, 0x4f);
	config_input(&config, "guest", 0x0311, 0x51);
	show_desk_configure(f, config);
	before = observe(f->display);
	g_assert_cmpstr(before.at, ==, "host");
	desk_forget(f->desk);
	guest = apply(f->display, "guest");
	g_assert_no_error(guest.error);
	g_assert_cmpstr(guest.at, ==, "guest");
	assert_traffic(f->desk, "sleep 50 set 11 sleep 50 get sleep 40 read 51");
	again = apply(f->display, "guest");
	g_assert_false(again.changed);
	assert_traffic(f->desk, "sleep 50 get sleep 40 read 51");
}

/* both inputs read as the same: that it reads so says nothing */
static void test_reads_alike(ShowDesk *f, gconstpointer unused)
{
	ConfigDisplay config = config_display(4);
	g_auto(Outcome) guest = { 0 }, host = { 0 };

	config_input(&config, "host", 0x0f, 0x00);
	config_input(&config, "guest", 0x11, 0x00);
	show_desk_configure(f, config);
	guest = apply(f->display, "guest");
	g_assert_no_error(guest.error);
	g_assert_cmpstr(guest.at, ==, "guest");
	assert_traffic(f->desk, "set 11");
	host = apply(f->display, "host");
	g_assert_cmpstr(host.at, ==, "host");
	assert_traffic(f->desk, "sleep 50 set 0f");
}

/* LG: another feature, another source address, and the feature cannot be read */
static void test_lg(ShowDesk *f, gconstpointer unused)
{
	SimMonitorSpec spec = { .manufacturer = "GSM",
		.model = "LG ULTRAGEAR",
		.input = 0xd0,
		.feature = 0xf4,
		.source = 0x50 };
	SimMonitor *lg = sim_monitor_new(f->desk->sim, &spec);
	ConfigDisplay config = config_display(6);
	g_auto(Outcome) seen = { 0 }, guest = { 0 }, host = { 0 };

	sim_monitor_set_faults(lg, (SimFaults){ .refuse_reads = TRUE });
	sim_i2c_plug(f->desk->sim, 6, NULL, lg, 0xd0);
	config.feature.code = 0xf4;
	config.feature.source_address = 0x50;
	config_input(&config, "host", 0xd0, -1);
	config_input(&config, "guest", 0x90, -1);
	show_desk_configure(f, config);
	seen = observe(f->display);
	g_assert_no_error(seen.error);
	g_assert_cmpstr(seen.at, ==, NULL);
	g_assert_cmpstr(seen.detail, ==, "/dev/i2c-6; the monitor does not report its input");
	guest = apply(f->display, "guest");
	g_assert_no_error(guest.error);
	g_assert_cmpstr(guest.at, ==, "guest");
	g_assert_cmphex(sim_monitor_input(lg), ==, 0x90);
	g_assert_cmpstr(guest.detail, ==,
		"0x90 on /dev/i2c-6; the monitor does not report whether it shows it");
	assert_traffic(f->desk, "get sleep 40 read refused sleep 50 set 90");
	host = apply(f->display, "host");
	g_assert_cmphex(sim_monitor_input(lg), ==, 0xd0);
	g_assert_true(host.changed);
}

/* does not answer reads, has not been seen: is written all the same */
static void test_only_nulls(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .nulls = 1000 });
	outcome = apply(f->display, "guest");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "guest");
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x11);
}

/* knew it was right: one that went silent since is not taken for right */
static void test_was_right_and_died(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	show_desk_look(f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .dead = TRUE });
	outcome = apply(f->display, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
	g_assert_cmpstr(outcome.at, ==, NULL);
}

static void assert_fails(ShowDesk *f, HotseatError code, const char *says)
{
	for (int applies = 0; applies <= 1; applies++) {
		g_auto(Outcome) outcome =
			applies ? apply(f->display, "guest") : observe(f->display);

		g_assert_error(outcome.error, HOTSEAT_ERROR, (gint)code);
		g_assert_nonnull(strstr(outcome.error->message, says));
		g_assert_cmpstr(outcome.at, ==, NULL);
		g_assert_false(outcome.changed);
	}
}

static void test_errors(ShowDesk *f, gconstpointer unused)
{
	SimI2c *sim = f->desk->sim;

	sim_monitor_set_faults(f->monitor, (SimFaults){ .deaf = TRUE });
	assert_fails(f, HOTSEAT_ERROR_NO_ANSWER, "enable DDC/CI in its menu");
	sim_monitor_set_faults(f->monitor, (SimFaults){ .dead = TRUE });
	assert_fails(f, HOTSEAT_ERROR_NO_MONITOR, "no monitor answers on /dev/i2c-4");
	sim_i2c_set_bus_fault(sim, 4, SIM_BUS_FORBIDDEN);
	assert_fails(f, HOTSEAT_ERROR_NO_PERMISSION, "group i2c");
	sim_i2c_set_bus_fault(sim, 4, SIM_BUS_LOCKED);
	assert_fails(f, HOTSEAT_ERROR_TIMED_OUT, "lock");
	sim_i2c_set_bus_fault(sim, 4, SIM_BUS_ABSENT);
	assert_fails(f, HOTSEAT_ERROR_NO_BUS, "no I2C bus");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(ShowDesk *f, gconstpointer unused);
	} tests[] = {
		{ "/show/observe", test_observe },
		{ "/show/first-bus", test_first_bus },
		{ "/show/already-right", test_already_right },
		{ "/show/writes-at-once", test_writes_at_once },
		{ "/show/naks", test_naks },
		{ "/show/garbled", test_garbled },
		{ "/show/active-only", test_active_only },
		{ "/show/silent", test_silent },
		{ "/show/ignores-sets", test_ignores_sets },
		{ "/show/reports-otherwise", test_reports_otherwise },
		{ "/show/reports-code-of-another", test_reports_code_of_another },
		{ "/show/lost-set", test_lost_set },
		{ "/show/reads-as", test_reads_as },
		{ "/show/reads-alike", test_reads_alike },
		{ "/show/lg", test_lg },
		{ "/show/only-nulls", test_only_nulls },
		{ "/show/was-right-and-died", test_was_right_and_died },
		{ "/show/errors", test_errors },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, ShowDesk, NULL, show_desk_set_up, tests[i].test,
			show_desk_tear_down);
	return g_test_run();
}
