/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat-agent: the commands of hotseat that use a daemon on another machine. hotseat starts it
 * with its own command line.
 */
#include "agent/cmd.h"

int main(int argc, char **argv)
{
	static const CliOwn own[] = {
		{ "agent", cmd_agent },
		{ "status", cmd_remote_status },
		{ "switch", cmd_remote_switch },
		{ .name = NULL },
	};

	return (int)cli_main(argc, argv, own);
}
