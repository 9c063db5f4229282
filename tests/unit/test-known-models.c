/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hotseatd does for models that are in the monitor database, from the first switch on.
 */
#include "ladder-desk.h"

#include <glib/gstdio.h>

/* -- the desk: the monitor on two cables, as in ladder-desk.h, but of a model that is known -----
 */

static void plug(LadderDesk *f, const char *manufacturer, const char *model, SimFaults faults)
{
	SimMonitorSpec spec = {
		.manufacturer = manufacturer, .model = model, .serial = "1234", .input = 0x0f
	};

	f->monitor = f->agent.monitor = sim_monitor_new(f->desk->sim, &spec);
	sim_i2c_plug(f->desk->sim, HOST_BUS, NULL, f->monitor, 0x0f);
	sim_monitor_set_faults(f->monitor, faults);
}

/* As the daemon does when it starts. */
static void start(LadderDesk *f, const char *shell)
{
	g_auto(Outcome) seen = { 0 };

	ladder_make(f, NULL, shell);
	seen = observe(f->ladder);
	sim_i2c_clear_log(f->desk->sim);
}

static void restart(LadderDesk *f, MonitorMemory *memory)
{
	g_clear_pointer(&f->ladder, resource_free);
	monitor_registry_free(f->desk->registry);
	f->desk->registry = monitor_registry_new(sim_i2c_system(f->desk->sim));
	monitor_registry_set_memory(f->desk->registry, memory);
	start(f, NULL);
}

static void assert_shows(LadderDesk *f, const char *target, guint8 input)
{
	ladder_arrives(f, target, NULL);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, input);
}

/* -- what it reports -------------------------------------------------------------------------- */

/* The first switch succeeds, and a write is never skipped. */
static void test_own_input(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) seen = { 0 };

	plug(f, "HWP", "HP Z27n", (SimFaults){ .tells_cable = TRUE });
	start(f, NULL);
	seen = observe(f->ladder);
	g_assert_cmpstr(seen.at, ==, NULL);
	assert_shows(f, "guest", 0x11);
	assert_shows(f, "host", 0x0f);
	/* with its buttons, which hotseat cannot notice */
	sim_monitor_press(f->monitor, 0x11);
	sim_i2c_clear_log(f->desk->sim);
	assert_shows(f, "host", 0x0f);
}

/* Even at the start, when it reports the host's input and shows the guest. */
static void test_own_input_elsewhere(LadderDesk *f, gconstpointer unused)
{
	plug(f, "HWP", "HP Z27n", (SimFaults){ .tells_cable = TRUE });
	sim_monitor_press(f->monitor, 0x11);
	start(f, NULL);
	assert_shows(f, "host", 0x0f);
}

/* On a bus that the registry has scanned, the first look knows who it is. */
static void test_own_input_scanned(LadderDesk *f, gconstpointer unused)
{
	ConfigDisplay config = config_display(-1);
	g_auto(Outcome) seen = { 0 };

	config.match.monitor = (char *)"HP Z27n";
	plug(f, "HWP", "HP Z27n", (SimFaults){ .tells_cable = TRUE });
	f->ladder = ladder_new_timed(f->desk->registry, desk_keep(f->desk, &config), &f->times);
	seen = observe(f->ladder);
	g_assert_no_error(seen.error);
	g_assert_cmpstr(seen.at, ==, NULL);
	assert_shows(f, "guest", 0x11);
}

/* A reading that differs is no failure, and not rolled back. */
static void test_reports_zero(LadderDesk *f, gconstpointer unused)
{
	/* now and then it reports something else */
	plug(f, "AOC", "U27N3R", (SimFaults){ .reads_xor = 0x03 });
	start(f, NULL);
	assert_shows(f, "guest", 0x11);
	assert_shows(f, "host", 0x0f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .tells_zero = TRUE });
	assert_shows(f, "guest", 0x11);
	assert_shows(f, "host", 0x0f);
}

/* What the config says comes first: its reads_as are relied on, 0 as any other. */
static void test_config_first(LadderDesk *f, gconstpointer reads_as)
{
	ConfigDisplay config = config_display(HOST_BUS);
	g_auto(Outcome) seen = { 0 }, already = { 0 };

	config_input(&config, "guest", 0x11, GPOINTER_TO_INT(reads_as));
	plug(f, "HWP", "HP Z27n", (SimFaults){ 0 });
	f->ladder = ladder_new_timed(f->desk->registry, desk_keep(f->desk, &config), &f->times);
	seen = observe(f->ladder);
	g_assert_cmpstr(seen.at, ==, "host");
	already = apply(f->ladder, "host");
	g_assert_false(already.changed);
}

/* Then what was learned: it reflects what is written. */
static void test_memory_before_database(LadderDesk *f, gconstpointer unused)
{
	MonitorMemory *memory = monitor_memory_new(NULL);
	g_auto(Outcome) already = { 0 };

	plug(f, "HWP", "HP Z27n", (SimFaults){ 0 });
	restart(f, memory);
	assert_shows(f, "guest", 0x11);
	assert_shows(f, "host", 0x0f);
	restart(f, memory);
	already = apply(f->ladder, "host");
	g_assert_no_error(already.error);
	g_assert_false(already.changed);
	restart(f, NULL);
	monitor_memory_free(memory);
}

/* What the database says is not written down as learned: a newer database may say something else.
 */
static void test_not_learned(LadderDesk *f, gconstpointer unused)
{
	MonitorMemory *memory = monitor_memory_new(NULL);
	const Edid edid = { .manufacturer = "HWP", .model = "HP Z27n", .serial = "1234" };
	g_autofree char *reports = NULL, *reply = NULL;

	plug(f, "HWP", "HP Z27n", (SimFaults){ .tells_cable = TRUE });
	restart(f, memory);
	assert_shows(f, "guest", 0x11);
	reports = monitor_memory_get(memory, &edid, MEMORY_REPORTS);
	reply = monitor_memory_get(memory, &edid, MEMORY_REPLY_MS);
	g_assert_null(reports);
	g_assert_null(reply);
	restart(f, NULL);
	monitor_memory_free(memory);
}

/* -- deaf ------------------------------------------------------------------------------------- */

static guint host_writes(LadderDesk *f)
{
	g_autofree char *log = sim_i2c_log(f->desk->sim);
	guint count = 0;

	for (const char *p = log; (p = strstr(p, "i2c-0 w 37 51 84")) != NULL; p++)
		count++;
	return count;
}

static void plug_deaf(LadderDesk *f)
{
	plug(f, "ACI", "VS248", (SimFaults){ .active_only = TRUE });
}

/* The agent is asked first; the host, which it cannot hear, does not even try. */
static void test_deaf_agent(LadderDesk *f, gconstpointer unused)
{
	plug_deaf(f);
	f->agent.connected = TRUE;
	start(f, NULL);
	assert_shows(f, "guest", 0x11);
	g_assert_false(f->ladder->ops->can_return(f->ladder, "guest"));
	sim_i2c_clear_log(f->desk->sim);
	assert_shows(f, "host", 0x0f);
	g_assert_cmpuint(f->agent.orders, ==, 1);
	g_assert_cmpuint(host_writes(f), ==, 0);
}

static void test_deaf_command(LadderDesk *f, gconstpointer unused)
{
	plug_deaf(f);
	start(f, "touch $LOG");
	assert_shows(f, "guest", 0x11);
	sim_i2c_clear_log(f->desk->sim);
	ladder_arrives(f, "host", NULL);
	g_assert_true(g_file_test(ladder_log, G_FILE_TEST_EXISTS));
	g_assert_cmpuint(host_writes(f), ==, 0);
}

/* Without another way the host tries: the database may be wrong about this one. */
static void test_deaf_alone(LadderDesk *f, gconstpointer unused)
{
	plug(f, "ACI", "VS248", (SimFaults){ 0 });
	start(f, NULL);
	assert_shows(f, "guest", 0x11);
	assert_shows(f, "host", 0x0f);
	g_assert_cmpuint(f->agent.orders, ==, 0);
}

/* It was heard while it showed the guest: that was learned, and counts more. */
static void test_deaf_heard(LadderDesk *f, gconstpointer unused)
{
	plug(f, "ACI", "VS248", (SimFaults){ 0 });
	f->agent.connected = TRUE;
	start(f, NULL);
	assert_shows(f, "guest", 0x11);
	assert_shows(f, "host", 0x0f);
	g_assert_cmpuint(f->agent.orders, ==, 0);
}

/* -- save settings, and timing ---------------------------------------------------------------- */

#define SET_GUEST "i2c-0 w 37 51 84 03 60 00 11 c9\n"
#define SAVE	  "i2c-0 w 37 51 81 0c b2\n"

static gboolean log_has(LadderDesk *f, const char *text)
{
	g_autofree char *log = sim_i2c_log(f->desk->sim);

	return strstr(log, text) != NULL;
}

static void test_save(LadderDesk *f, gconstpointer unused)
{
	plug(f, "IVM", "PL2792Q", (SimFaults){ .needs_save = TRUE });
	start(f, NULL);
	assert_shows(f, "guest", 0x11);
	g_assert_true(log_has(f, SET_GUEST "sleep 50\n" SAVE "sleep 200\n"));
	assert_shows(f, "host", 0x0f);
}

/* The monitor hears no more once it shows the guest: that it was not saved is no failure. */
static void test_save_fails(LadderDesk *f, gconstpointer unused)
{
	plug(f, "IVM", "PL2792Q", (SimFaults){ .active_only = TRUE });
	start(f, NULL);
	assert_shows(f, "guest", 0x11);
	g_assert_true(log_has(f, "i2c-0 w 37 51 81 0c b2 nak\n"));
}

static void test_save_not_needed(LadderDesk *f, gconstpointer unused)
{
	plug(f, "IVM", "PL2730H", (SimFaults){ 0 });
	start(f, NULL);
	assert_shows(f, "guest", 0x11);
	g_assert_false(log_has(f, "51 81 0c"));
}

/* It is given its time from the first question on. */
static void test_reply(LadderDesk *f, gconstpointer unused)
{
	ConfigDisplay config = config_display(-1);
	g_auto(Outcome) seen = { 0 };

	config.match.monitor = (char *)"BenQ T2200HD";
	plug(f, "BNQ", "BenQ T2200HD", (SimFaults){ .ready_ms = 55 });
	f->ladder = ladder_new_timed(f->desk->registry, desk_keep(f->desk, &config), &f->times);
	seen = observe(f->ladder);
	g_assert_cmpstr(seen.at, ==, "host");
	g_assert_true(log_has(f, "sleep 55\n"));
	g_assert_false(log_has(f, "6e 80 be"));
}

static void add_tests(void)
{
	ADD("/known-models/own-input", test_own_input);
	ADD("/known-models/own-input-elsewhere", test_own_input_elsewhere);
	ADD("/known-models/own-input-scanned", test_own_input_scanned);
	ADD("/known-models/reports-zero", test_reports_zero);
	g_test_add("/known-models/config-first", LadderDesk, GINT_TO_POINTER(0x11),
		ladder_desk_set_up, test_config_first, ladder_desk_tear_down);
	g_test_add("/known-models/config-first/zero", LadderDesk, GINT_TO_POINTER(0),
		ladder_desk_set_up, test_config_first, ladder_desk_tear_down);
	ADD("/known-models/memory-before-database", test_memory_before_database);
	ADD("/known-models/not-learned", test_not_learned);
	ADD("/known-models/deaf-agent", test_deaf_agent);
	ADD("/known-models/deaf-command", test_deaf_command);
	ADD("/known-models/deaf-alone", test_deaf_alone);
	ADD("/known-models/deaf-heard", test_deaf_heard);
	ADD("/known-models/save", test_save);
	ADD("/known-models/save-fails", test_save_fails);
	ADD("/known-models/save-not-needed", test_save_not_needed);
	ADD("/known-models/reply", test_reply);
}

int main(int argc, char **argv)
{
	return ladder_run(argc, argv, add_tests);
}
