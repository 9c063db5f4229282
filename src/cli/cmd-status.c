/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/daemon.h"
#include "cli/show.h"

#include <stdio.h>

static ClientAnswer *ask_local(
	gpointer data, const char *target, const char *body, guint timeout_ms, GError **error)
{
	const Cli *cli = data;

	return client_ask(cli->socket, target, body, timeout_ms, error);
}

CliDaemon cli_daemon_local(const Cli *cli)
{
	return (CliDaemon){ ask_local, (gpointer)cli };
}

CliExit cli_answered(const ClientAnswer *answer)
{
	/* no such target, or http:// for https://: a mistake on the command line */
	if (answer->status == 400)
		return CLI_USAGE;
	/* 202: the daemon continues without this program */
	return answer->status == 200 || answer->status == 202 ? CLI_OK : CLI_FAILED;
}

CliExit cli_status(const Cli *cli, const CliDaemon *daemon)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ClientAnswer) answer =
		daemon->ask(daemon->data, "/status", NULL, CLIENT_TIMEOUT_MS, &error);
	g_autoptr(GString) out = g_string_new(NULL);
	gboolean failed;

	if (answer == NULL)
		return cli_fail(g_steal_pointer(&error));
	failed = answer->status != 200;
	if (cli->json)
		g_string_append_printf(out, "%s\n", answer->text);
	else if (failed)
		show_error(json_node_get_object(answer->root), out);
	else
		show_desk(json_node_get_object(answer->root), NULL, out);
	fputs(out->str, failed && !cli->json ? stderr : stdout);
	return cli_answered(answer);
}

CliExit cmd_status(const Cli *cli, char **arguments)
{
	CliDaemon local = cli_daemon_local(cli);

	return cli_is_remote(cli) ? cmd_extern_agent(cli, arguments) : cli_status(cli, &local);
}
