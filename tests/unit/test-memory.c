/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was learned about a monitor survives a restart.
 */
#include "common/state-path.h"
#include "ladder-desk.h"

#include <glib/gstdio.h>

static char *path;

/* The daemon starts again: all is new but the monitor and the file. */
static MonitorMemory *restart(LadderDesk *f, MonitorMemory *before)
{
	MonitorMemory *memory;
	Outcome seen;

	g_clear_pointer(&f->ladder, resource_free);
	monitor_registry_free(f->desk->registry);
	monitor_memory_free(before);
	memory = monitor_memory_new(path);
	f->desk->registry = monitor_registry_new(sim_i2c_system(f->desk->sim));
	monitor_registry_set_agents(f->desk->registry, &f->agent.base);
	monitor_registry_set_memory(f->desk->registry, memory);
	ladder_make(f, NULL, NULL);
	seen = observe(f->ladder);
	outcome_clear(&seen);
	sim_i2c_clear_log(f->desk->sim);
	return memory;
}

static void forget(LadderDesk *f, MonitorMemory *memory)
{
	g_clear_pointer(&f->ladder, resource_free);
	monitor_registry_set_memory(f->desk->registry, NULL);
	monitor_memory_free(memory);
	g_remove(path);
}

static gboolean log_has(LadderDesk *f, const char *text)
{
	g_autofree char *log = sim_i2c_log(f->desk->sim);

	return strstr(log, text) != NULL;
}

/* The agent brought it back: it is asked first, the host does not even try. */
static void test_way(LadderDesk *f, gconstpointer unused)
{
	MonitorMemory *memory = restart(f, NULL);

	f->agent.connected = TRUE;
	ladder_arrives(f, "guest", NULL);
	ladder_arrives(f, "host", NULL);
	memory = restart(f, memory);
	ladder_arrives(f, "guest", NULL);
	sim_i2c_clear_log(f->desk->sim);
	ladder_arrives(f, "host", NULL);
	g_assert_cmpuint(f->agent.orders, ==, 2);
	g_assert_false(log_has(f, "i2c-0 w 37 51 84"));
	forget(f, memory);
}

static void test_timing(LadderDesk *f, gconstpointer unused)
{
	MonitorMemory *memory = NULL;

	sim_monitor_set_faults(f->monitor, (SimFaults){ .ready_ms = 100 });
	memory = restart(f, NULL);
	memory = restart(f, memory);
	{
		g_auto(Outcome) seen = observe(f->ladder);

		g_assert_cmpstr(seen.at, ==, "host");
	}
	g_assert_true(log_has(f, "sleep 140"));
	g_assert_false(log_has(f, "sleep 40\n"));
	forget(f, memory);
}

static void test_unreliable(LadderDesk *f, gconstpointer unused)
{
	MonitorMemory *memory = restart(f, NULL);

	sim_monitor_set_faults(f->monitor, (SimFaults){ .tells_cable = TRUE });
	{
		g_auto(Outcome) first = apply(f->ladder, "guest");

		g_assert_error(first.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED);
	}
	memory = restart(f, memory);
	/* what it reports says nothing, from the first look on */
	g_clear_pointer(&f->ladder, resource_free);
	ladder_make(f, NULL, NULL);
	{
		g_auto(Outcome) seen = observe(f->ladder);

		g_assert_no_error(seen.error);
		g_assert_null(seen.at);
		g_assert_cmpstr(
			seen.detail, ==, "/dev/i2c-0; the monitor does not report its input");
	}
	/* no more a reason to skip the write, or to fail */
	ladder_arrives(f, "host", NULL);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
	ladder_arrives(f, "guest", NULL);
	forget(f, memory);
}

/* People can read it. */
static void test_file(LadderDesk *f, gconstpointer unused)
{
	MonitorMemory *memory = restart(f, NULL);
	g_autofree char *text = NULL;

	sim_i2c_plug(f->desk->sim, HOST_BUS, "DP-1", f->monitor, 0x0f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .ready_ms = 45 });
	memory = restart(f, memory);
	ladder_arrives(f, "guest", NULL);
	ladder_arrives(f, "host", NULL);
	memory = restart(f, memory);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_nonnull(strstr(text, "# What hotseatd has learned"));
	g_assert_nonnull(strstr(text, "[AOC 2778X 1234]\n"));
	g_assert_nonnull(strstr(text, "reply-ms=80\n"));
	g_assert_nonnull(strstr(text, "return=ddc\n"));
	forget(f, memory);
}

static guint lines;

static GLogWriterOutput count_lines(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer unused)
{
	lines += (level & G_LOG_LEVEL_MESSAGE) != 0;
	return g_log_writer_default(level, fields, n, NULL);
}

/* It cannot be written: that is said once, however often it is tried. */
static void test_said_once(LadderDesk *f, gconstpointer unused)
{
	const Edid edid = { .manufacturer = "AOC", .model = "2778X" };
	MonitorMemory *memory = monitor_memory_new("/proc/nowhere/monitors");

	ladder_make(f, NULL, NULL);
	lines = 0;
	for (int i = 0; i < 3; i++) {
		g_autofree char *value = g_strdup_printf("%d", i);
		g_autofree char *kept = NULL;

		monitor_memory_set(memory, &edid, MEMORY_REPORTS, value);
		kept = monitor_memory_get(memory, &edid, MEMORY_REPORTS);
		g_assert_cmpstr(kept, ==, value);
	}
	while (lines == 0)
		g_main_context_iteration(NULL, TRUE);
	/* what was pushed after them comes after them */
	for (int i = 3; i < 6; i++) {
		g_autofree char *value = g_strdup_printf("%d", i);
		guint turns = 0;

		monitor_memory_set(memory, &edid, MEMORY_REPORTS, value);
		while (turns++ < 100) {
			g_usleep(1000);
			g_main_context_iteration(NULL, FALSE);
		}
	}
	g_assert_cmpuint(lines, ==, 1);
	monitor_memory_free(memory);
	monitor_memory_free(NULL);
}

/* Nonsense in it, or no folder to write it to, is no reason to fail. */
static void test_no_reason_to_fail(LadderDesk *f, gconstpointer unused)
{
	MonitorMemory *memory;
	g_autofree char *good = path, *state = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(state, 0700), ==, 0);
	g_assert_true(g_file_set_contents(
		path, "[AOC 2778X 1234]\nreply-ms=-7\nreturn=magic\nreports=\n[x\n", -1, NULL));
	memory = restart(f, NULL);
	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	ladder_arrives(f, "guest", NULL);
	ladder_arrives(f, "host", NULL);
	forget(f, memory);
	path = (char *)"/proc/nowhere/monitors";
	ladder_make(f, NULL, NULL);
	memory = restart(f, NULL);
	ladder_arrives(f, "guest", NULL);
	ladder_arrives(f, "host", NULL);
	for (int i = 0; i < 50; i++) {
		g_main_context_iteration(NULL, FALSE);
		g_usleep(1000);
	}
	forget(f, memory);
	path = g_steal_pointer(&good);
}

static void test_path(LadderDesk *f, gconstpointer unused)
{
	g_autofree char *mine = g_build_filename(g_get_user_state_dir(), "hotseat/monitors", NULL);
	g_autofree char *unset = state_path("monitors"), *empty = NULL, *given = NULL;

	ladder_make(f, NULL, NULL);
	g_setenv("STATE_DIRECTORY", "", TRUE);
	empty = state_path("monitors");
	g_setenv("STATE_DIRECTORY", "/var/lib/hotseat:/var/lib/other", TRUE);
	given = state_path("monitors");
	g_unsetenv("STATE_DIRECTORY");
	g_assert_cmpstr(unset, ==, mine);
	g_assert_cmpstr(empty, ==, mine);
	g_assert_cmpstr(given, ==, "/var/lib/hotseat/monitors");
}

static void add_tests(void)
{
	ADD("/memory/way", test_way);
	ADD("/memory/timing", test_timing);
	ADD("/memory/unreliable", test_unreliable);
	ADD("/memory/file", test_file);
	ADD("/memory/path", test_path);
	ADD("/memory/no-reason-to-fail", test_no_reason_to_fail);
	ADD("/memory/said-once", test_said_once);
}

int main(int argc, char **argv)
{
	g_autofree char *folder = g_dir_make_tmp("memory-XXXXXX", NULL), *state = NULL;
	int status;

	g_log_set_writer_func(count_lines, NULL, NULL);
	/* systemd creates it for the service, and nothing creates it for a daemon that is run by
	 * hand */
	state = g_build_filename(folder, "state", NULL);
	path = g_build_filename(state, "monitors", NULL);
	status = ladder_run(argc, argv, add_tests);
	g_rmdir(state);
	g_rmdir(folder);
	g_free(path);
	return status;
}
