/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/client.h"
#include "cli/show.h"

#include <stdio.h>

CliExit cmd_status(const Cli *cli, char **arguments)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ClientAnswer) answer =
		client_ask(cli->socket, "/status", NULL, CLIENT_TIMEOUT_MS, &error);
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
		show_desk(json_node_get_object(answer->root), out);
	fputs(out->str, failed && !cli->json ? stderr : stdout);
	return failed ? CLI_FAILED : CLI_OK;
}
