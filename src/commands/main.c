/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat-setup: those commands of hotseat that look at the machine themselves, or link many
 * libraries. hotseat starts it with its own command line.
 */
#include "cli/cli.h"

int main(int argc, char **argv)
{
	static const CliOwn own[] = {
		{ "certificate", cmd_certificate },
		{ "check-config", cmd_check_config },
		{ "detect", cmd_detect },
		{ "doctor", cmd_doctor },
		{ "guest-kit", cmd_guest_kit },
		{ "setup", cmd_setup },
		{ .name = NULL },
	};

	return (int)cli_main(argc, argv, own);
}
