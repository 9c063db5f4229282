/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/agent.h"
#include "agent/cmd.h"
#include "display/display.h"

#include <glib-unix.h>

static gboolean on_signal(gpointer loop)
{
	g_main_loop_quit(loop);
	return G_SOURCE_CONTINUE;
}

/* FALSE and an error of CLI_ERROR: $HOTSEAT_FEATURES is not a list of features. */
static gboolean find_features(Features *features, GError **error)
{
	const char *text = g_getenv("HOTSEAT_FEATURES");
	Problem problem;

	*features = (Features){ { 0 } };
	if (text == NULL || core_features_parse(text, features, &problem))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_USAGE, "HOTSEAT_FEATURES: %s", problem.text);
	return FALSE;
}

CliExit cmd_agent(const Cli *cli, char **arguments)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Endpoint) endpoint = endpoint_from_cli(cli, &error);
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	g_autoptr(Agent) agent = NULL;
	Features features;
	guint term, interrupt;

	if (endpoint == NULL || !find_features(&features, &error))
		return cli_fail(g_steal_pointer(&error));
	agent = agent_new(endpoint, i2c_kernel(), &features, &LINK_TIMES);
	term = g_unix_signal_add(SIGTERM, on_signal, loop);
	interrupt = g_unix_signal_add(SIGINT, on_signal, loop);
	g_main_loop_run(loop);
	g_source_remove(term);
	g_source_remove(interrupt);
	return CLI_OK;
}
