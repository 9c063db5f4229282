/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of the program hotseat-setup.
 */
#pragma once

#include "cli/cli.h"

CliExit cmd_detect(const Cli *cli, char **arguments);
CliExit cmd_doctor(const Cli *cli, char **arguments);
CliExit cmd_setup(const Cli *cli, char **arguments);
