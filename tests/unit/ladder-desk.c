/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ladder-desk.h"

#include <glib/gstdio.h>

#define GUEST_BUS 5

char *ladder_log;

static gboolean agent_any(DisplayAgents *agents, const char *guest)
{
	return ((FakeAgent *)agents)->connected;
}

gboolean fake_agent_answer(gpointer data)
{
	FakeAgent *agent = data;
	g_autoptr(GError) error = NULL;

	agent->timer = 0;
	if (agent->fails != NULL)
		error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s", agent->fails);
	/* through its own cable, which the monitor listens to while it shows it */
	else if (!agent->lies && (agent->anywhere || sim_monitor_input(agent->monitor) == 0x11))
		sim_monitor_press(agent->monitor, (guint8)agent->value);
	agent->done(error, agent->data);
	return G_SOURCE_REMOVE;
}

static guint agent_order(DisplayAgents *agents, const char *guest, const DisplayOrder *order,
	DisplayOrderDone done, gpointer data)
{
	FakeAgent *agent = (FakeAgent *)agents;

	g_free(agent->guest);
	g_free(agent->who);
	agent->orders++;
	agent->guest = g_strdup(guest);
	agent->who = order->edid != NULL ? edid_describe(order->edid) : NULL;
	agent->value = order->value;
	agent->source_address = order->feature.source_address;
	agent->done = done;
	agent->data = data;
	if (!agent->silent)
		agent->timer = g_idle_add(fake_agent_answer, agent);
	return agent->orders;
}

static void agent_cancel(DisplayAgents *agents, guint id)
{
	((FakeAgent *)agents)->cancelled++;
}

void ladder_desk_set_up(LadderDesk *f, gconstpointer unused)
{
	f->times =
		(ClimbTimes){ .look_ms = 300, .doubt_ms = 100, .pause_ms = 10, .slowest_ms = 10 };
	f->desk = desk_new();
	f->monitor = desk_monitor(f->desk, HOST_BUS, "2778X", "1234");
	sim_i2c_plug(f->desk->sim, GUEST_BUS, NULL, f->monitor, 0x11);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .active_only = TRUE });
	f->agent.base = (DisplayAgents){ agent_any, agent_order, agent_cancel };
	f->agent.sim = f->desk->sim;
	f->agent.monitor = f->monitor;
	monitor_registry_set_agents(f->desk->registry, &f->agent.base);
}

void ladder_desk_tear_down(LadderDesk *f, gconstpointer unused)
{
	resource_free(f->ladder);
	desk_free(f->desk);
	config_command_free(f->command);
	g_free(f->agent.guest);
	g_free(f->agent.who);
	g_remove(ladder_log);
}

void ladder_make(LadderDesk *f, const ReturnWay *ways, const char *shell)
{
	ConfigDisplay config = config_display(HOST_BUS);
	const char *argv[] = { "/bin/sh", "-c", shell, NULL };

	for (; ways != NULL && *ways != RETURN_WAYS; ways++)
		config.ways[config.n_ways++] = *ways;
	config_command_free(f->command);
	f->command = NULL;
	if (shell != NULL) {
		ConfigCommand command = { (char *)"host", (char *)shell, (GStrv)argv, 600000,
			FALSE };

		f->command = config.return_command = config_command_copy(&command);
	}
	config_input(&config, "linux", 0x12, -1);
	f->ladder = ladder_new_timed(f->desk->registry, desk_keep(f->desk, &config), &f->times);
}

void ladder_arrives(LadderDesk *f, const char *target, const char *detail)
{
	g_auto(Outcome) outcome = apply(f->ladder, target);

	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, target);
	g_assert_true(outcome.changed);
	if (detail != NULL)
		g_assert_cmpstr(outcome.detail, ==, detail);
}

int ladder_run(int argc, char **argv, void (*add_tests)(void))
{
	g_autofree char *folder = g_dir_make_tmp("ladder-XXXXXX", NULL);
	int status;

	ladder_log = g_build_filename(folder, "log", NULL);
	g_setenv("LOG", ladder_log, TRUE);
	g_test_init(&argc, &argv, NULL);
	add_tests();
	status = g_test_run();
	g_rmdir(folder);
	g_free(ladder_log);
	return status;
}
