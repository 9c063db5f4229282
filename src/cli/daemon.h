/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests to a daemon, on this machine or over the network (src/agent).
 */
#pragma once

#include "cli/cli.h"
#include "cli/client.h"

typedef struct {
	/* Like client_ask(). */
	ClientAnswer *(*ask)(gpointer data, const char *target, const char *body, guint timeout_ms,
		GError **error);
	gpointer data;
} CliDaemon;

/* The daemon at cli's socket; cli is borrowed. */
CliDaemon cli_daemon_local(const Cli *cli);

/* The exit status for an answer. */
CliExit cli_answered(const ClientAnswer *answer);

/* Send a request, and print the answer. */
CliExit cli_switch(const Cli *cli, const CliDaemon *daemon, const char *to);
CliExit cli_status(const Cli *cli, const CliDaemon *daemon);
