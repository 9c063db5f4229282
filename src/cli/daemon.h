/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be asked of a daemon wherever it is: at the socket, or over the network (src/agent).
 */
#pragma once

#include "cli/cli.h"
#include "cli/client.h"

typedef struct {
	/* As client_ask() does it. */
	ClientAnswer *(*ask)(gpointer data, const char *target, const char *body, guint timeout_ms,
		GError **error);
	gpointer data;
} CliDaemon;

/* The one at cli's socket; cli is borrowed. */
CliDaemon cli_daemon_local(const Cli *cli);

/* The exit status that goes with an answer. */
CliExit cli_answered(const ClientAnswer *answer);

/* Ask, and show the answer. */
CliExit cli_switch(const Cli *cli, const CliDaemon *daemon, const char *to);
CliExit cli_status(const Cli *cli, const CliDaemon *daemon);
