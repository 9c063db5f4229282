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

/* It always reports the input of the cable that asks. The first time that counts as a failure; the
 * way to the host is written anyway, and later its reports are ignored. */
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

/* It did not follow once, because there was no picture, say. When two writes in a row are
 * reflected, its reports count again. */
static void test_trusted_again(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) first = { 0 }, already = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .ignore_sets = TRUE });
	first = apply(f->display, "guest");
	g_assert_error(first.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED);
	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	arrives(f, "guest", 0x11);
	arrives(f, "host", 0x0f);
	already = apply(f->display, "host");
	g_assert_no_error(already.error);
	g_assert_false(already.changed);
	g_assert_cmpstr(already.detail, ==, "DisplayPort-1 (0x0f) on /dev/i2c-4");
}

/* The host's input it reports right, the guest's wrong: the correct report on the way to the host
 * does not make the next switch to the guest fail. */
static void test_one_wrong(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) first = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .misread = 0x11, .misread_as = 0x05 });
	first = apply(f->display, "guest");
	g_assert_error(first.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED);
	arrives(f, "host", 0x0f);
	arrives(f, "guest", 0x11);
	arrives(f, "host", 0x0f);
	arrives(f, "guest", 0x11);
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

/* -- some seconds later ----------------------------------------------------------------------- */

typedef struct {
	guint changes;
	ResourceChange change;
	char *at, *detail, *error;
} Change;

static void on_changed(
	Resource *resource, ResourceChange change, const ResourceResult *result, gpointer data)
{
	Change *seen = data;

	g_free(seen->at);
	g_free(seen->detail);
	g_free(seen->error);
	seen->changes++;
	seen->change = change;
	seen->at = g_strdup(result->at);
	seen->detail = g_strdup(result->detail);
	seen->error = g_strdup(result->error != NULL ? result->error->message : NULL);
}

static void listen(Fixture *f, Change *change)
{
	monitor_registry_set_settle_ms(f->desk->registry, 1);
	f->display->changed = on_changed;
	f->display->changed_data = change;
}

/* It finds no signal at the guest's input and goes back. */
static void test_springs_back(Fixture *f, gconstpointer unused)
{
	Change change = { 0 };
	g_autofree char *at = NULL, *detail = NULL, *error = NULL;

	listen(f, &change);
	arrives(f, "guest", 0x11);
	sim_monitor_press(f->monitor, 0x0f);
	while (change.changes == 0)
		g_main_context_iteration(NULL, TRUE);
	at = change.at;
	detail = change.detail;
	error = change.error;
	g_assert_cmpint(change.change, ==, RESOURCE_MOVED);
	g_assert_cmpstr(at, ==, "host");
	g_assert_cmpstr(detail, ==, "DisplayPort-1 (0x0f) on /dev/i2c-4");
	g_assert_cmpstr(error, ==,
		"the monitor on /dev/i2c-4 went back to DisplayPort-1 (0x0f) by itself: usually "
		"there is no signal on HDMI-1 (0x11); check that the computer is on and its cable "
		"plugged in");
}

static void wait_for_messages(Fixture *f)
{
	g_autofree char *log = NULL;

	do {
		g_main_context_iteration(NULL, FALSE);
		g_free(log);
		log = sim_i2c_log(f->desk->sim);
	} while (strstr(log, "51 82") == NULL);
	for (int i = 0; i < 100; i++) {
		g_main_context_iteration(NULL, FALSE);
		g_usleep(100);
	}
}

/* It stays: there is nothing to report. */
static void test_stays(Fixture *f, gconstpointer unused)
{
	Change change = { 0 };

	listen(f, &change);
	arrives(f, "guest", 0x11);
	sim_i2c_clear_log(f->desk->sim);
	wait_for_messages(f);
	g_assert_cmpuint(change.changes, ==, 0);
}

/* It was silent while it switched, and answers now. */
static void test_answers_later(Fixture *f, gconstpointer unused)
{
	Change change = { 0 };
	g_autofree char *at = NULL, *detail = NULL;

	listen(f, &change);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .silent_ms = 1000000 });
	arrives(f, "guest", 0x11);
	sim_i2c_system(f->desk->sim)
		->ops->sleep_us(sim_i2c_system(f->desk->sim), 1000 * G_TIME_SPAN_SECOND, NULL);
	while (change.changes == 0)
		g_main_context_iteration(NULL, TRUE);
	at = change.at;
	detail = change.detail;
	g_assert_cmpstr(at, ==, "guest");
	g_assert_cmpstr(detail, ==, "HDMI-1 (0x11) on /dev/i2c-4");
	g_assert_null(change.error);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Fixture *f, gconstpointer unused);
	} tests[] = {
		{ "/reports/own-input", test_own_input },
		{ "/reports/trusted-again", test_trusted_again },
		{ "/reports/one-wrong", test_one_wrong },
		{ "/reports/zero", test_zero },
		{ "/reports/zero-counts", test_zero_counts },
		{ "/reports/springs-back", test_springs_back },
		{ "/reports/stays", test_stays },
		{ "/reports/answers-later", test_answers_later },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
