/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which bus a description means, over which cable, and what is said when none does.
 */
#include "desk.h"

typedef struct {
	Desk *desk;
	MonitorMemory *memory;
	LastCable last;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
	f->desk = desk_new();
	f->memory = monitor_memory_new(NULL);
	f->last = LAST_CABLE_NONE;
	monitor_registry_set_memory(f->desk->registry, f->memory);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	last_cable_clear(&f->last);
	desk_free(f->desk);
	monitor_memory_free(f->memory);
}

/* A monitor on the bus, at this connector (NULL: the driver does not report one). */
static void plug(Fixture *f, int bus, const char *connector, const char *serial)
{
	sim_i2c_plug(
		f->desk->sim, bus, connector, desk_monitor(f->desk, bus, "2778X", serial), 0x0f);
}

static void on_scanned(gboolean fresh, gpointer data)
{
	++*(guint *)data;
}

static void scan(Fixture *f)
{
	MonitorRegistry *registry = f->desk->registry;
	guint scans = 0;

	monitor_registry_join(registry, TRUE, on_scanned, &scans);
	monitor_registry_scan(registry);
	while (scans == 0)
		g_main_context_iteration(NULL, TRUE);
	monitor_registry_leave(registry, &scans);
}

static int find(Fixture *f, const char *monitor, GError **error)
{
	const MonitorMatch match = { .bus = -1, .monitor = (char *)monitor };

	return monitor_registry_find(f->desk->registry, &match, &f->last, error);
}

static void assert_missing(Fixture *f, HotseatError code, const char *message)
{
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(find(f, "2778X", &error), ==, -1);
	g_assert_error(error, HOTSEAT_ERROR, (int)code);
	g_assert_cmpstr(error->message, ==, message);
}

/* -- a bus of its own ------------------------------------------------------------------------- */

static void test_by_bus(Fixture *f, gconstpointer unused)
{
	const MonitorMatch zero = { .bus = 0, .monitor = (char *)"no matter" };

	g_assert_cmpint(monitor_registry_find(f->desk->registry, &zero, &f->last, NULL), ==, 0);
}

static void test_bus_zero(Fixture *f, gconstpointer unused)
{
	plug(f, 0, "DP-1", "17");
	scan(f);
	g_assert_cmpint(find(f, "2778X", NULL), ==, 0);
	g_assert_nonnull(monitor_registry_edid(f->desk->registry, 0));
	g_assert_null(monitor_registry_edid(f->desk->registry, 1));
}

/* -- what is said when there is none, or more than one ---------------------------------------- */

static void test_nothing(Fixture *f, gconstpointer unused)
{
	assert_missing(f, HOTSEAT_ERROR_NO_MONITOR,
		"no monitor matches the description, and no other monitor was found; check that it "
		"is plugged in and switched on");
	scan(f);
	assert_missing(f, HOTSEAT_ERROR_NO_MONITOR,
		"no monitor matches the description, and no other monitor was found; check that it "
		"is plugged in and switched on");
}

static void test_others(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	plug(f, 0, "DP-1", "17");
	plug(f, 5, NULL, "18");
	/* one that the kernel knows of and that cannot be asked is none to choose */
	plug(f, -1, "eDP-1", "19");
	sim_i2c_know_edid(f->desk->sim, -1);
	scan(f);
	g_assert_cmpint(find(f, "U2720Q", &error), ==, -1);
	g_assert_cmpstr(error->message, ==,
		"no monitor matches the description; found: \"AOC 2778X 17\" on /dev/i2c-0 (DP-1), "
		"\"AOC 2778X 18\" on /dev/i2c-5; check that it is plugged in and switched on");
}

static void test_refused(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	plug(f, 4, "DP-1", "17");
	plug(f, 5, "DP-2", "18");
	sim_i2c_set_bus_fault(f->desk->sim, 4, SIM_BUS_FORBIDDEN);
	sim_i2c_set_bus_fault(f->desk->sim, 5, SIM_BUS_FORBIDDEN);
	scan(f);
	g_assert_cmpint(find(f, "2778X", &error), ==, -1);
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION);
	/* which of the two was the first is a matter of threads */
	g_strdelimit(error->message, "4", '5');
	g_assert_cmpstr(error->message, ==,
		"no monitor matches on the accessible buses, and 2 buses are not accessible: no "
		"permission to open /dev/i2c-5; add the user to the group i2c");
}

/* What tells them apart: the connector, with its card if both have the same; else the bus. */
static void test_ambiguous(gconstpointer data)
{
	static const struct {
		const char *one, *other, *where_one, *where_other, *with;
	} cases[] = {
		{ "DP-1", "HDMI-A-1", " (DP-1)", " (HDMI-A-1)", "connector: DP-1" },
		{ "DP-1", "card1-DP-1", " (DP-1)", " (DP-1)", "connector: 0000:01:00.0-DP-1" },
		{ "DP-1", NULL, " (DP-1)", "", "connector: DP-1" },
		{ NULL, "DP-1", "", " (DP-1)", "bus: 3\" instead of \"monitor" },
		{ NULL, NULL, "", "", "bus: 3\" instead of \"monitor" },
	};
	gsize i = GPOINTER_TO_SIZE(data);
	Fixture f = { 0 };
	g_autofree char *message =
		g_strdup_printf("several monitors match: \"AOC 2778X\" on /dev/i2c-3%s and on "
				"/dev/i2c-5%s; tell them apart with \"serial\" if it differs, "
				"otherwise with \"%s\"",
			cases[i].where_one, cases[i].where_other, cases[i].with);

	set_up(&f, NULL);
	plug(&f, 3, cases[i].one, NULL);
	plug(&f, 5, cases[i].other, NULL);
	scan(&f);
	assert_missing(&f, HOTSEAT_ERROR_AMBIGUOUS, message);
	/* the one that was reached last is meant, while it is there */
	last_cable_set(&f.last, f.desk->registry, 5);
	g_assert_cmpint(find(&f, "2778X", NULL), ==, 5);
	tear_down(&f, NULL);
}

/* -- the connector where it was --------------------------------------------------------------- */

static void test_off(Fixture *f, gconstpointer unused)
{
	plug(f, 4, "DP-1", "17");
	scan(f);
	last_cable_set(&f->last, f->desk->registry, 4);
	sim_i2c_plug(f->desk->sim, 4, "DP-1", NULL, 0x0f);
	scan(f);
	assert_missing(f, HOTSEAT_ERROR_NO_MONITOR,
		"DP-1, where the monitor was, reports no monitor now, and no other monitor was "
		"found; "
		"many monitors turn off an input while they show another one: bring it back with "
		"the agent in the guest (`hotseat guest-kit`) or with its buttons");
}

/* It is another connector that is off, or another card's, or it is gone. */
static void test_not_off(gconstpointer connector)
{
	Fixture f = { 0 };

	set_up(&f, NULL);
	plug(&f, 4, "DP-1", "17");
	scan(&f);
	last_cable_set(&f.last, f.desk->registry, 4);
	sim_i2c_plug(f.desk->sim, 4, connector, NULL, 0x0f);
	scan(&f);
	assert_missing(&f, HOTSEAT_ERROR_NO_MONITOR,
		"no monitor matches the description, and no other monitor was found; check that it "
		"is plugged in and switched on");
	tear_down(&f, NULL);
}

/* -- cables ----------------------------------------------------------------------------------- */

/* One monitor at two cards. */
static void plug_two(Fixture *f)
{
	SimMonitor *monitor = desk_monitor(f->desk, 4, "2778X", "1234");

	sim_i2c_plug(f->desk->sim, 4, "card0-DP-1", monitor, 0x0f);
	sim_i2c_plug(f->desk->sim, 5, "card1-DP-1", monitor, 0x11);
	scan(f);
}

static void test_last(Fixture *f, gconstpointer unused)
{
	plug_two(f);
	g_assert_cmpint(find(f, "2778X", NULL), ==, 4);
	last_cable_set(&f->last, f->desk->registry, 5);
	g_assert_cmpstr(f->last.connector, ==, "DP-1");
	g_assert_cmpstr(f->last.address, ==, "0000:02:00.0");
	g_assert_cmpint(find(f, "2778X", NULL), ==, 5);
	last_cable_set(&f->last, f->desk->registry, 4);
	g_assert_cmpint(find(f, "2778X", NULL), ==, 4);
	/* a bus where nothing was found */
	last_cable_set(&f->last, f->desk->registry, 9);
	g_assert_cmpint(f->last.bus, ==, 9);
	g_assert_null(f->last.connector);
	g_assert_false(f->last.has_edid);
	g_assert_cmpint(find(f, "2778X", NULL), ==, 4);
}

/* Another monitor at the same place is not the one that was there. */
static void test_last_is_another(Fixture *f, gconstpointer unused)
{
	plug(f, 4, "DP-1", "17");
	scan(f);
	last_cable_set(&f->last, f->desk->registry, 4);
	plug(f, 4, "DP-1", NULL);
	plug(f, 5, "DP-2", NULL);
	scan(f);
	g_assert_cmpint(find(f, "2778X", NULL), ==, -1);
}

/* A daemon before this one reached it over the second cable. */
static void test_remembered(Fixture *f, gconstpointer unused)
{
	const Edid *edid;
	g_autofree char *kept = NULL;

	plug_two(f);
	last_cable_set(&f->last, f->desk->registry, 5);
	edid = monitor_registry_edid(f->desk->registry, 5);
	kept = monitor_memory_get(f->memory, edid, MEMORY_CABLE);
	g_assert_cmpstr(kept, ==, "0000:02:00.0 DP-1");
	last_cable_clear(&f->last);
	g_assert_cmpint(find(f, "2778X", NULL), ==, 5);
	monitor_registry_set_memory(f->desk->registry, NULL);
	g_assert_cmpint(find(f, "2778X", NULL), ==, 4);
}

/* A cable whose connector is not known has no name to remember. */
static void test_not_remembered(Fixture *f, gconstpointer unused)
{
	g_autofree char *kept = NULL;

	plug(f, 4, NULL, "17");
	scan(f);
	last_cable_set(&f->last, f->desk->registry, 4);
	g_assert_true(f->last.has_edid);
	kept = monitor_memory_get(f->memory, &f->last.edid, MEMORY_CABLE);
	g_assert_null(kept);
	g_assert_cmpint(find(f, "2778X", NULL), ==, 4);
}

static void test_other_cable(Fixture *f, gconstpointer unused)
{
	MonitorRegistry *registry = f->desk->registry;
	g_autoptr(GArray) tried = g_array_new(FALSE, FALSE, sizeof(int));
	g_autofree char *cables = NULL;
	int four = 4, five = 5;

	g_assert_cmpint(monitor_registry_other_cable(registry, tried), ==, -1);
	plug_two(f);
	g_assert_cmpint(monitor_registry_other_cable(registry, tried), ==, -1);
	g_array_append_val(tried, five);
	g_assert_cmpint(monitor_registry_other_cable(registry, tried), ==, 4);
	g_array_append_val(tried, four);
	g_assert_cmpint(monitor_registry_other_cable(registry, tried), ==, -1);
	cables = monitor_registry_describe_cables(registry, 5);
	g_assert_cmpstr(cables, ==,
		"2 cables: DP-1 of card0 at 0000:01:00.0 (/dev/i2c-4), DP-1 of card1 at "
		"0000:02:00.0 (/dev/i2c-5)");
	g_assert_null(monitor_registry_describe_cables(registry, 9));
}

/* -- scans ------------------------------------------------------------------------------------ */

typedef struct {
	guint fresh, other;
} Told;

static void note(gboolean fresh, gpointer data)
{
	Told *told = data;

	*(fresh ? &told->fresh : &told->other) += 1;
}

/* Changes during a scan are followed by one more, whose result is the one that counts; a scan that
 * is wanted only joins. */
static void test_again(Fixture *f, gconstpointer unused)
{
	MonitorRegistry *registry = f->desk->registry;
	Told told = { 0 };

	monitor_registry_join(registry, TRUE, note, &told);
	g_assert_false(monitor_registry_scanned(registry));
	monitor_registry_scan(registry);
	monitor_registry_scan(registry);
	monitor_registry_rescan(registry);
	monitor_registry_rescan(registry);
	while (told.fresh == 0)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpuint(told.other, ==, 0);
	g_assert_true(monitor_registry_scanned(registry));
	monitor_registry_rescan(registry);
	while (told.fresh == 1)
		g_main_context_iteration(NULL, TRUE);
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	g_assert_cmpuint(told.fresh, ==, 2);
	g_assert_cmpuint(told.other, ==, 0);
	monitor_registry_leave(registry, &told);
}

/* A card that reports changes without end keeps no display waiting. */
static void test_endless(Fixture *f, gconstpointer unused)
{
	MonitorRegistry *registry = f->desk->registry;
	Told told = { 0 };

	monitor_registry_join(registry, TRUE, note, &told);
	while (told.fresh == 0) {
		monitor_registry_rescan(registry);
		monitor_registry_rescan(registry);
		g_main_context_iteration(NULL, TRUE);
	}
	monitor_registry_leave(registry, &told);
}

/* Who knows the bus needs no scan, and hears of changes at once. */
static void test_members(Fixture *f, gconstpointer unused)
{
	MonitorRegistry *registry = f->desk->registry;
	Told first = { 0 }, second = { 0 };

	monitor_registry_join(registry, FALSE, note, &first);
	monitor_registry_join(registry, FALSE, note, &second);
	monitor_registry_rescan(registry);
	g_assert_cmpuint(first.fresh, ==, 1);
	g_assert_cmpuint(second.fresh, ==, 1);
	monitor_registry_leave(registry, &second);
	monitor_registry_leave(registry, NULL);
	monitor_registry_rescan(registry);
	g_assert_cmpuint(first.fresh, ==, 2);
	g_assert_cmpuint(second.fresh, ==, 1);
	g_assert_false(monitor_registry_scanned(registry));
	monitor_registry_leave(registry, &first);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Fixture *f, gconstpointer unused);
	} tests[] = {
		{ "/registry-find/bus", test_by_bus },
		{ "/registry-find/bus/zero", test_bus_zero },
		{ "/registry-find/nothing", test_nothing },
		{ "/registry-find/others", test_others },
		{ "/registry-find/refused", test_refused },
		{ "/registry-find/off", test_off },
		{ "/registry-find/last", test_last },
		{ "/registry-find/last/another", test_last_is_another },
		{ "/registry-find/remembered", test_remembered },
		{ "/registry-find/remembered/not", test_not_remembered },
		{ "/registry-find/other-cable", test_other_cable },
		{ "/registry-find/again", test_again },
		{ "/registry-find/endless", test_endless },
		{ "/registry-find/members", test_members },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
	for (gsize i = 0; i < 5; i++) {
		g_autofree char *path = g_strdup_printf("/registry-find/ambiguous/%zu", i);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_ambiguous);
	}
	g_test_add_data_func("/registry-find/off/other-connector", "DP-2", test_not_off);
	g_test_add_data_func("/registry-find/off/other-card", "card1-DP-1", test_not_off);
	g_test_add_data_func("/registry-find/off/gone", NULL, test_not_off);
	return g_test_run();
}
