/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands that the program hotseat-agent runs itself.
 */
#pragma once

#include "cli/cli.h"

CliExit cmd_agent(const Cli *cli, char **arguments);
CliExit cmd_remote_status(const Cli *cli, char **arguments);
CliExit cmd_remote_switch(const Cli *cli, char **arguments);
