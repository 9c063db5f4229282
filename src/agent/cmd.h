/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the program hotseat-agent does itself.
 */
#pragma once

#include "cli/cli.h"

CliExit cmd_agent(const Cli *cli, char **arguments);
CliExit cmd_remote_status(const Cli *cli, char **arguments);
CliExit cmd_remote_switch(const Cli *cli, char **arguments);
