/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Displays on simulated buses, for tests.
 */
#pragma once

#include "common/error.h"
#include "display/display.h"
#include "sim/monitor.h"

#include <string.h>

typedef struct {
	SimI2c *sim;
	MonitorRegistry *registry;
	GPtrArray *configs; /* ConfigDisplay *, for as long as their displays live */
} Desk;

/* What an observe or apply came to. */
typedef struct {
	gboolean done;
	char *at, *detail;
	gboolean changed;
	GError *error;
} Outcome;

static inline void config_forget(gpointer data)
{
	ConfigDisplay *config = data;

	g_hash_table_unref(config->inputs);
	g_free(config);
}

static inline Desk *desk_new(void)
{
	Desk *desk = g_new0(Desk, 1);

	desk->sim = sim_i2c_new(TRUE);
	desk->registry = monitor_registry_new(sim_i2c_system(desk->sim));
	desk->configs = g_ptr_array_new_with_free_func(config_forget);
	return desk;
}

static inline void desk_free(Desk *desk)
{
	monitor_registry_free(desk->registry);
	/* jobs without a waiting caller */
	while (sim_i2c_in_use(desk->sim))
		g_main_context_iteration(NULL, TRUE);
	sim_i2c_unref(desk->sim);
	g_ptr_array_unref(desk->configs);
	g_free(desk);
}

static inline void outcome_clear(Outcome *outcome)
{
	g_free(outcome->at);
	g_free(outcome->detail);
	g_clear_error(&outcome->error);
	*outcome = (Outcome){ 0 };
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outcome, outcome_clear)

/* a monitor of AOC's that shows DisplayPort-1 (0x0f), on a bus whose cable leads into that */
static inline SimMonitor *desk_monitor(Desk *desk, int bus, const char *model, const char *serial)
{
	SimMonitorSpec spec = {
		.manufacturer = "AOC", .model = model, .serial = serial, .input = 0x0f
	};
	SimMonitor *monitor = sim_monitor_new(desk->sim, &spec);

	sim_i2c_plug(desk->sim, bus, NULL, monitor, 0x0f);
	return monitor;
}

static inline void config_input(
	ConfigDisplay *config, const char *target, guint16 value, int reads_as)
{
	ConfigInput input = { .value = value, .reads_as = reads_as };

	g_hash_table_replace(config->inputs, g_strdup(target), g_memdup2(&input, sizeof input));
}

/* host on 0x0f, guest on 0x11; free inputs */
static inline ConfigDisplay config_display(int bus)
{
	ConfigDisplay config = {
		.name = (char *)"left",
		.match.bus = bus,
		.feature = VCP_FEATURE_INPUT,
		.inputs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
	};

	config_input(&config, "host", 0x0f, -1);
	config_input(&config, "guest", 0x11, -1);
	return config;
}

/* A copy of config for as long as the desk lives; takes config's inputs. */
static inline const ConfigDisplay *desk_keep(Desk *desk, const ConfigDisplay *config)
{
	ConfigDisplay *kept = g_memdup2(config, sizeof *config);

	g_ptr_array_add(desk->configs, kept);
	return kept;
}

/* takes config's inputs */
static inline Resource *desk_display(Desk *desk, const ConfigDisplay *config)
{
	return display_new(desk->registry, desk_keep(desk, config));
}

static inline void outcome_done(Resource *resource, const ResourceResult *result, gpointer data)
{
	Outcome *outcome = data;

	g_assert_false(outcome->done);
	outcome->done = TRUE;
	outcome->at = g_strdup(result->at);
	outcome->detail = g_strdup(result->detail);
	outcome->changed = result->changed;
	if (result->error != NULL)
		outcome->error = g_error_copy(result->error);
}

static inline void outcome_wait(Outcome *outcome)
{
	while (!outcome->done)
		g_main_context_iteration(NULL, TRUE);
}

static inline Outcome apply(Resource *display, const char *target)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	Outcome outcome = { 0 };

	display->ops->apply(display, target, cancel, outcome_done, &outcome);
	g_assert_false(outcome.done);
	outcome_wait(&outcome);
	return outcome;
}

static inline Outcome observe(Resource *display)
{
	Outcome outcome = { 0 };

	display->ops->observe(display, outcome_done, &outcome);
	g_assert_false(outcome.done);
	outcome_wait(&outcome);
	return outcome;
}

static inline void desk_forget(Desk *desk)
{
	sim_i2c_clear_log(desk->sim);
}

/* the messages, shorter: "set 11", "get", "set 11 nak", "read 0f", "read null", "sleep 50", one
 * space between them; clears the list */
static inline char *desk_traffic(Desk *desk)
{
	static const struct {
		const char *pattern, *by;
	} shorter[] = {
		{ "i2c-\\d+ w 37 5. 84 03 .. .. (..) ..", "set \\1" },
		{ "i2c-\\d+ w 37 5. 82 01 .. ..", "get" },
		{ "i2c-\\d+ r 37 6e 80 be( 00)*", "read null" },
		{ "i2c-\\d+ r 37 6e 88 02 01 .*", "read refused" },
		{ "i2c-\\d+ r 37 6e 88 .. .. .. .. .. .. .. (..) ..", "read \\1" },
		{ "i2c-\\d+ r 37", "read" },
		{ "\n(?=.)", " " },
		{ "\n", "" },
	};
	char *log = sim_i2c_log(desk->sim);

	sim_i2c_clear_log(desk->sim);
	for (gsize i = 0; i < G_N_ELEMENTS(shorter); i++) {
		g_autoptr(GRegex) regex = g_regex_new(shorter[i].pattern, 0, 0, NULL);
		char *shortened = g_regex_replace(regex, log, -1, 0, shorter[i].by, 0, NULL);

		g_free(log);
		log = shortened;
	}
	return log;
}

#define assert_traffic(desk, expected)                                                             \
	G_STMT_START                                                                               \
	{                                                                                          \
		g_autofree char *traffic = desk_traffic(desk);                                     \
		g_assert_cmpstr(traffic, ==, expected);                                            \
	}                                                                                          \
	G_STMT_END
