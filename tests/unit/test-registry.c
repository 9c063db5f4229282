/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which monitor is on which bus, and what happens when that changes.
 */
#include "desk.h"

/* the monitor with this model, wherever it is */
static ConfigDisplay config_monitor(const char *monitor)
{
	ConfigDisplay config = config_display(-1);

	config.match.monitor = (char *)monitor;
	return config;
}

static Resource *display_of(Desk *desk, const char *monitor)
{
	ConfigDisplay config = config_monitor(monitor);

	return desk_display(desk, &config);
}

static void test_by_edid(void)
{
	g_autoptr(Desk) desk = desk_new();
	SimMonitor *left = desk_monitor(desk, 3, "2778X", "1");
	SimMonitor *right = desk_monitor(desk, 5, "U2720Q", "2");
	g_autoptr(Resource) display = NULL;
	g_auto(Outcome) outcome = { 0 };

	sim_i2c_plug(desk->sim, 4, NULL, NULL, 0);
	display = display_of(desk, "AOC U2720Q");
	outcome = apply(display, "guest");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.detail, ==, "HDMI-1 (0x11) on /dev/i2c-5");
	g_assert_cmphex(sim_monitor_input(left), ==, 0x0f);
	g_assert_cmphex(sim_monitor_input(right), ==, 0x11);
}

/* the bus has another number now, without an event */
static void test_moves(void)
{
	g_autoptr(Desk) desk = desk_new();
	SimMonitor *monitor = desk_monitor(desk, 3, "2778X", "1");
	g_autoptr(Resource) display = display_of(desk, "2778X");
	g_auto(Outcome) before = observe(display);
	g_auto(Outcome) outcome = { 0 };

	g_assert_cmpstr(before.at, ==, "host");
	sim_i2c_set_quiet(desk->sim, TRUE);
	sim_i2c_plug(desk->sim, 7, NULL, monitor, 0x0f);
	sim_i2c_set_bus_fault(desk->sim, 3, SIM_BUS_ABSENT);
	outcome = apply(display, "guest");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "guest");
	g_assert_cmpstr(outcome.detail, ==, "HDMI-1 (0x11) on /dev/i2c-7");
	g_assert_true(outcome.changed);
}

/* it moved, and another took its bus: the registry was told, the other is not touched */
static void test_swapped(void)
{
	g_autoptr(Desk) desk = desk_new();
	SimMonitor *left = desk_monitor(desk, 3, "LEFT", "1");
	SimMonitor *right = desk_monitor(desk, 5, "RIGHT", "2");
	g_autoptr(Resource) display = display_of(desk, "LEFT");
	g_auto(Outcome) before = observe(display);
	g_auto(Outcome) outcome = { 0 };

	g_assert_cmpstr(before.detail, ==, "DisplayPort-1 (0x0f) on /dev/i2c-3");
	sim_i2c_plug(desk->sim, 3, NULL, right, 0x0f);
	sim_i2c_plug(desk->sim, 5, NULL, left, 0x0f);
	outcome = apply(display, "guest");
	g_assert_no_error(outcome.error);
	g_assert_cmphex(sim_monitor_input(left), ==, 0x11);
	g_assert_cmphex(sim_monitor_input(right), ==, 0x0f);
}

static void test_missing(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Resource) display = display_of(desk, "2778X");
	g_auto(Outcome) nothing = apply(display, "guest");
	g_auto(Outcome) other = { 0 };

	g_assert_error(nothing.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
	desk_monitor(desk, 5, "U2720Q", "2");
	other = observe(display);
	g_assert_error(other.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
	g_assert_nonnull(strstr(other.error->message, "\"AOC U2720Q 2\" on /dev/i2c-5"));
}

/* Nothing fits, and why is known: a bus is locked, or may not be opened. */
static void test_refused(gconstpointer fault)
{
	g_autoptr(Desk) desk = desk_new();
	gboolean locked = GPOINTER_TO_INT(fault) == SIM_BUS_LOCKED;
	HotseatError code = locked ? HOTSEAT_ERROR_TIMED_OUT : HOTSEAT_ERROR_NO_PERMISSION;
	g_autoptr(Resource) display = NULL;
	g_auto(Outcome) outcome = { 0 };

	desk_monitor(desk, 4, "2778X", "1234");
	desk_monitor(desk, 5, "U2720Q", "77");
	sim_i2c_set_bus_fault(desk->sim, 4, (SimBusFault)GPOINTER_TO_INT(fault));
	display = display_of(desk, "AOC 2778X");
	outcome = apply(display, "guest");
	g_assert_error(outcome.error, HOTSEAT_ERROR, (gint)code);
	g_assert_nonnull(strstr(outcome.error->message,
		locked ? "holds the lock of /dev/i2c-4" : "no permission to open /dev/i2c-4"));
}

/* Its connector is off, as it shows the guest: what helps is said. */
static void test_dark(void)
{
	g_autoptr(Desk) desk = desk_new();
	SimMonitor *monitor = desk_monitor(desk, 4, "2778X", "1234");
	g_autoptr(Resource) display = NULL;
	g_auto(Outcome) there = { 0 }, back = { 0 };

	sim_i2c_plug(desk->sim, 4, "DP-1", monitor, 0x0f);
	display = display_of(desk, "AOC 2778X");
	there = apply(display, "guest");
	g_assert_no_error(there.error);
	sim_i2c_plug(desk->sim, 4, "DP-1", NULL, 0x0f);
	back = apply(display, "host");
	g_assert_error(back.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
	g_assert_nonnull(strstr(back.error->message, "DP-1, where the monitor was"));
	g_assert_nonnull(strstr(back.error->message, "the agent in the guest"));
}

static void test_twins(void)
{
	g_autoptr(Desk) desk = desk_new();
	SimMonitor *one = desk_monitor(desk, 3, "2778X", NULL);
	SimMonitor *other = desk_monitor(desk, 5, "2778X", NULL);
	ConfigDisplay config = config_monitor("2778X");
	g_autoptr(Resource) either = display_of(desk, "2778X"), second = NULL;
	g_auto(Outcome) ambiguous = { 0 }, told_apart = { 0 };
	g_autoptr(GError) refusal = NULL;

	sim_i2c_plug(desk->sim, 3, "DP-1", one, 0x0f);
	sim_i2c_plug(desk->sim, 5, "HDMI-A-1", other, 0x0f);
	ambiguous = apply(either, "guest");
	g_assert_error(ambiguous.error, HOTSEAT_ERROR, HOTSEAT_ERROR_AMBIGUOUS);
	g_assert_cmpstr(ambiguous.error->message, ==,
		"several monitors match: \"AOC 2778X\" on /dev/i2c-3 (DP-1) and on "
		"/dev/i2c-5 (HDMI-A-1); tell them apart with \"serial\" if it differs, otherwise "
		"with "
		"\"connector: DP-1\"");
	g_assert_false(either->ops->check(either, "guest", &refusal));
	g_assert_error(refusal, HOTSEAT_ERROR, HOTSEAT_ERROR_AMBIGUOUS);

	config.match.connector = (char *)"hdmi-a-1";
	second = desk_display(desk, &config);
	told_apart = apply(second, "guest");
	g_assert_no_error(told_apart.error);
	g_assert_cmphex(sim_monitor_input(one), ==, 0x0f);
	g_assert_cmphex(sim_monitor_input(other), ==, 0x11);
}

static void test_check(void)
{
	g_autoptr(Desk) desk = desk_new();
	ConfigDisplay config = config_display(4);
	g_autoptr(Resource) display = NULL;
	g_autoptr(GError) forbidden = NULL, absent = NULL;

	desk_monitor(desk, 4, "2778X", "1");
	display = desk_display(desk, &config);
	g_assert_true(resource_serves(display, "guest"));
	g_assert_false(resource_serves(display, "win11"));
	g_assert_true(display->ops->check(display, "guest", NULL));
	sim_i2c_set_bus_fault(desk->sim, 4, SIM_BUS_FORBIDDEN);
	g_assert_false(display->ops->check(display, "guest", &forbidden));
	g_assert_error(forbidden, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION);
	sim_i2c_set_bus_fault(desk->sim, 4, SIM_BUS_ABSENT);
	g_assert_false(display->ops->check(display, "guest", &absent));
	g_assert_error(absent, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_BUS);
}

/* It is where it was, on the first bus, and does not answer: looking for it is no answer. */
static void test_deaf_on_bus_zero(void)
{
	g_autoptr(Desk) desk = desk_new();
	SimMonitor *monitor = desk_monitor(desk, 0, "2778X", "1");
	g_autoptr(Resource) display = display_of(desk, "2778X");
	g_auto(Outcome) before = observe(display), outcome = { 0 };

	g_assert_cmpstr(before.detail, ==, "DisplayPort-1 (0x0f) on /dev/i2c-0");
	sim_monitor_set_faults(monitor, (SimFaults){ .deaf = TRUE });
	outcome = apply(display, "guest");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_null(outcome.at);
}

static void note_change(
	Resource *resource, ResourceChange change, const ResourceResult *result, gpointer data)
{
	static const char *const names[] = {
		[RESOURCE_MOVED] = "moved ",
		[RESOURCE_APPEARED] = "appeared ",
		[RESOURCE_GONE] = "gone ",
	};

	g_assert_true((change == RESOURCE_GONE) == (result->error != NULL));
	g_string_append(data, names[change]);
}

static void wait_for(GString *events, const char *expected)
{
	while (events->len < strlen(expected))
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpstr(events->str, ==, expected);
}

static void test_events(gconstpointer by_edid)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(GString) events = g_string_new(NULL);
	ConfigDisplay config = config_display(0);
	SimMonitor *monitor = desk_monitor(desk, 0, "2778X", "1");
	g_autoptr(Resource) display = NULL;
	g_auto(Outcome) before = { 0 }, failed = { 0 };

	if (by_edid != NULL) {
		config.match.bus = -1;
		config.match.monitor = (char *)"AOC";
	}
	display = desk_display(desk, &config);
	display->changed = note_change;
	display->changed_data = events;
	before = observe(display);
	sim_i2c_set_bus_fault(desk->sim, 0, SIM_BUS_ABSENT);
	wait_for(events, "gone ");
	sim_i2c_set_bus_fault(desk->sim, 0, SIM_BUS_FINE);
	wait_for(events, "gone appeared ");

	/* it was there all the time, only did not answer */
	sim_monitor_set_faults(monitor, (SimFaults){ .deaf = TRUE });
	failed = apply(display, "guest");
	g_assert_error(failed.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	monitor_registry_rescan(desk->registry);
	wait_for(events, "gone appeared appeared ");
	/* who knows the bus need not look for it */
	g_assert_cmpint(monitor_registry_scanned(desk->registry), ==, by_edid != NULL);
}

typedef struct {
	GMutex lock;
	GCond cond;
	int arrived;
} Barrier;

/* each bus's first set waits here for that of the other */
static void meet(int bus, guint8 address, gboolean read, gpointer data)
{
	Barrier *barrier = data;

	g_mutex_lock(&barrier->lock);
	barrier->arrived++;
	g_cond_broadcast(&barrier->cond);
	while (barrier->arrived < 2)
		g_cond_wait(&barrier->cond, &barrier->lock);
	g_mutex_unlock(&barrier->lock);
}

/* two cards do not wait for each other */
static void test_parallel(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	Barrier barrier = { 0 };
	ConfigDisplay one = config_display(4), two = config_display(5);
	g_autoptr(Resource) left = NULL, right = NULL;
	g_auto(Outcome) first = { 0 }, second = { 0 };

	desk_monitor(desk, 4, "LEFT", "1");
	sim_i2c_plug(desk->sim, 5, "card1-DP-1", desk_monitor(desk, 5, "RIGHT", "2"), 0x0f);
	left = desk_display(desk, &one);
	right = desk_display(desk, &two);
	sim_i2c_intercept(desk->sim, meet, &barrier);
	left->ops->apply(left, "guest", cancel, outcome_done, &first);
	right->ops->apply(right, "guest", cancel, outcome_done, &second);
	outcome_wait(&first);
	outcome_wait(&second);
	g_assert_no_error(first.error);
	g_assert_no_error(second.error);
}

/* the display, and then the registry, go while their job is on the wire */
static void test_free_while_busy(void)
{
	Desk *desk = desk_new();
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	Barrier barrier = { 0 };
	ConfigDisplay config = config_display(4);
	Resource *display;
	Outcome outcome = { 0 };

	desk_monitor(desk, 4, "LEFT", "1");
	display = desk_display(desk, &config);
	sim_i2c_intercept(desk->sim, meet, &barrier);
	display->ops->apply(display, "guest", cancel, outcome_done, &outcome);
	g_mutex_lock(&barrier.lock);
	while (barrier.arrived < 1)
		g_cond_wait(&barrier.cond, &barrier.lock);
	g_mutex_unlock(&barrier.lock);
	resource_free(display);
	g_clear_pointer(&desk->registry, monitor_registry_free);
	g_assert_true(sim_i2c_in_use(desk->sim));
	meet(0, 0, FALSE, &barrier);
	desk_free(desk);
	g_assert_false(outcome.done);
}

static void test_free_while_scanning(void)
{
	g_autoptr(Desk) desk = desk_new();
	Resource *display = display_of(desk, "2778X");
	g_auto(Outcome) other = { 0 };
	Outcome outcome = { 0 };
	g_autoptr(Resource) left = display_of(desk, "LEFT");

	desk_monitor(desk, 4, "LEFT", "1");
	display->ops->observe(display, outcome_done, &outcome);
	resource_free(display);
	other = observe(left);
	g_assert_no_error(other.error);
	g_assert_false(outcome.done);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/registry/by-edid", test_by_edid);
	g_test_add_func("/registry/moves", test_moves);
	g_test_add_func("/registry/swapped", test_swapped);
	g_test_add_func("/registry/missing", test_missing);
	g_test_add_data_func(
		"/registry/missing/locked", GINT_TO_POINTER(SIM_BUS_LOCKED), test_refused);
	g_test_add_data_func(
		"/registry/missing/forbidden", GINT_TO_POINTER(SIM_BUS_FORBIDDEN), test_refused);
	g_test_add_func("/registry/missing/dark", test_dark);
	g_test_add_func("/registry/twins", test_twins);
	g_test_add_func("/registry/check", test_check);
	g_test_add_func("/registry/deaf-on-bus-zero", test_deaf_on_bus_zero);
	g_test_add_data_func("/registry/events/by-bus", NULL, test_events);
	g_test_add_data_func("/registry/events/by-edid", "", test_events);
	g_test_add_func("/registry/parallel", test_parallel);
	g_test_add_func("/registry/free-while-busy", test_free_while_busy);
	g_test_add_func("/registry/free-while-scanning", test_free_while_scanning);
	return g_test_run();
}
