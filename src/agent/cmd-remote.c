/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of hotseat that can use a daemon on another machine.
 */
#include "agent/ask.h"
#include "agent/cmd.h"
#include "cli/daemon.h"
#include "cli/notify.h"
#include "cli/text.h"

#include <stdio.h>

typedef struct {
	Endpoint *endpoint;
	guint patience_ms;
	gboolean forbidden; /* an answer was 403 */
} Host;

static ClientAnswer *ask_host(
	gpointer data, const char *target, const char *body, guint timeout_ms, GError **error)
{
	Host *host = data;
	AskTimes times = { ASK_CONNECT_MS, timeout_ms, host->patience_ms };
	ClientAnswer *answer = ask(host->endpoint, target, body, &times, error);

	host->forbidden |= answer != NULL && answer->status == 403;
	/* after an answer it is known to be awake */
	host->patience_ms = 0;
	return answer;
}

/* Adds the file of the secret, which hotseatd cannot know. */
static void tell_secret(const Host *host)
{
	g_autofree char *clean = text_clean(host->endpoint->secret_file);

	if (host->endpoint->secret_file != NULL)
		fprintf(stderr, "hotseat: the secret that was sent is in %s\n", clean);
	else
		fprintf(stderr,
			"hotseat: no secret was sent; write it to a file, and use --secret-file\n");
}

/* to of NULL requests the status. */
static CliExit run(const Cli *cli, guint patience_ms, const char *to)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Endpoint) endpoint = endpoint_from_cli(cli, &error);
	Host host = { .endpoint = endpoint, .patience_ms = patience_ms };
	CliDaemon daemon = { ask_host, &host };
	CliExit status;

	if (endpoint == NULL) {
		if (cli_has(cli, "--notify"))
			notify_no_switch(error->message);
		return cli_fail(g_steal_pointer(&error));
	}
	status = to != NULL ? cli_switch(cli, &daemon, to) : cli_status(cli, &daemon);
	if (host.forbidden)
		tell_secret(&host);
	return status;
}

CliExit cmd_remote_switch(const Cli *cli, char **arguments)
{
	return run(cli, ASK_PATIENCE_MS, arguments[0]);
}

CliExit cmd_remote_status(const Cli *cli, char **arguments)
{
	return run(cli, 0, NULL);
}
