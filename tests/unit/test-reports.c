/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Monitors that report something else than they show, and what is made of it.
 */
#include "desk.h"

#include "display/climb.h"

typedef struct {
	Desk *desk;
	SimMonitor *monitor;
	Resource *display; /* a ladder, as the daemon has it */
} Fixture;

static const ClimbTimes times = {
	.look_ms = 300, .doubt_ms = 100, .pause_ms = 10, .slowest_ms = 10
};

static void set_up(Fixture *f, gconstpointer unused)
{
	ConfigDisplay config = config_display(4);

	f->desk = desk_new();
	f->monitor = desk_monitor(f->desk, 4, "HP Z27n", "1234");
	f->display = ladder_new_timed(f->desk->registry, desk_keep(f->desk, &config), &times);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	resource_free(f->display);
	desk_free(f->desk);
}

static void arrives(Fixture *f, const char *target, guint8 input)
{
	g_auto(Outcome) outcome = apply(f->display, target);

	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, target);
	g_assert_true(outcome.changed);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, input);
}

/* It always reports the input of the cable that asks. The first time that is held against it; the
 * way home is written all the same, and later its reports are not believed. */
static void test_own_input(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) first = { 0 }, again = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .tells_cable = TRUE });
	first = apply(f->display, "guest");
	g_assert_error(first.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x11);
	arrives(f, "host", 0x0f);
	arrives(f, "guest", 0x11);
	again = observe(f->display);
	g_assert_cmpstr(again.at, ==, "guest");
	g_assert_nonnull(strstr(again.detail, "not reliable"));
	arrives(f, "host", 0x0f);
}

/* It did not follow once, because there was no picture, say. When a write is reflected, its reports
 * count again. */
static void test_trusted_again(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) first = { 0 }, already = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .ignore_sets = TRUE });
	first = apply(f->display, "guest");
	g_assert_error(first.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED);
	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	arrives(f, "guest", 0x11);
	already = apply(f->display, "guest");
	g_assert_no_error(already.error);
	g_assert_false(already.changed);
	g_assert_cmpstr(already.detail, ==, "HDMI-1 (0x11) on /dev/i2c-4");
}

/* 0x00 is no reading. */
static void test_zero(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) seen = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .tells_zero = TRUE });
	seen = observe(f->display);
	g_assert_no_error(seen.error);
	g_assert_cmpstr(seen.at, ==, NULL);
	arrives(f, "guest", 0x11);
	arrives(f, "host", 0x0f);
}

/* Unless the config says that an input reads so. */
static void test_zero_counts(Fixture *f, gconstpointer unused)
{
	ConfigDisplay config = config_display(4);
	g_auto(Outcome) seen = { 0 };

	config_input(&config, "host", 0x0f, 0x00);
	resource_free(f->display);
	f->display = ladder_new_timed(f->desk->registry, desk_keep(f->desk, &config), &times);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .tells_zero = TRUE });
	seen = observe(f->display);
	g_assert_cmpstr(seen.at, ==, "host");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Fixture *f, gconstpointer unused);
	} tests[] = {
		{ "/reports/own-input", test_own_input },
		{ "/reports/trusted-again", test_trusted_again },
		{ "/reports/zero", test_zero },
		{ "/reports/zero-counts", test_zero_counts },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
