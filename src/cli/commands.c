/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of commands and options: dispatch, help, and what man page and completions are tested
 * against.
 */
#include "cli/cli.h"

#include <stddef.h>

/* --json is the first, so that a command without it has the rest. */
const CliOption cli_options[] = {
	{ "--json", NULL, "print JSON instead of text", NULL },
	{ "--socket", "PATH", "the daemon's socket (also: $HOTSEAT_SOCKET)", NULL },
	{ "--help", NULL, "show the help of hotseat or of a command", NULL },
	{ "--version", NULL, "show the version", NULL },
	{ .name = NULL },
};

static const CliOption detect_options[] = {
	{ "--hubs", NULL, "show USB hubs too", NULL },
	{ "--report", NULL, "print a report for the monitor database", NULL },
	{ .name = NULL },
};

static const CliOption setup_options[] = {
	{ "--yes", NULL, "ask nothing: use what is obvious, and do it", NULL },
	{ "--from", "FILE", "begin with a config, or another program's", NULL },
	{ "--output", "FILE", "write the configuration to FILE", NULL },
	{ "--guest", "DOMAIN", "a domain that can have the seat; repeatable", NULL },
	{ "--display", "MONITOR=HOST,GUEST", "a monitor, and its inputs; repeatable", NULL },
	{ "--device", "DEVICE", "vendor:product, port or serial; repeatable", NULL },
	{ "--http", "ADDRESS", "HOST:PORT for requests by the guest; or none", NULL },
	{ "--tls", NULL, "create a certificate, and use TLS", NULL },
	{ "--user", NULL, "for this user only: a user service", NULL },
	{ "--no-root", NULL, "print the commands that need root; run none", NULL },
	{ .name = NULL },
};

/* For a daemon on another machine. */
#define REMOTE_OPTIONS                                                                             \
	{ "--url", "URL", "a daemon elsewhere (also: $HOTSEAT_URL)", NULL },                       \
		{ "--secret-file", "FILE", "for --url: the file with the secret", NULL },          \
	{                                                                                          \
		"--fingerprint", "SHA256", "for https: accept only this certificate", NULL         \
	}

static const CliOption switch_options[] = {
	{ "--no-wait", NULL, "begin when the guest has started; do not wait", NULL },
	{ "--notify", NULL, "show a desktop notification if it fails", NULL },
	REMOTE_OPTIONS,
	{ .name = NULL },
};

static const CliOption remote_options[] = {
	REMOTE_OPTIONS,
	{ .name = NULL },
};

static const CliOption watch_options[] = {
	{ "--format", "FORMAT", "for a status bar: waybar, i3blocks or plain", NULL },
	{ "--notify", NULL, "show desktop notifications", NULL },
	{ .name = NULL },
};

static const CliOption config_options[] = {
	{ "--config", "FILE", "the same as FILE", NULL },
	{ .name = NULL },
};

static const CliOption secret_options[] = {
	{ "--config", "FILE", "the config, if not hotseatd's", NULL },
	{ "--replace", NULL, "new: replace an existing one", "new" },
	{ "--show", NULL, "new: print the secret", "new" },
	{ .name = NULL },
};

static const CliOption certificate_options[] = {
	{ "--config", "FILE", "the config, if not hotseatd's", NULL },
	{ "--replace", NULL, "new: replace existing files", "new" },
	{ .name = NULL },
};

static const CliOption guest_kit_options[] = {
	{ "--guest", "NAME", "the guest, if there are several", NULL },
	{ "--url", "URL", "hotseatd's address, if not http.address", NULL },
	{ "--config", "FILE", "the config, if not hotseatd's", NULL },
	{ "--replace", NULL, "overwrite an existing kit", NULL },
	{ .name = NULL },
};

const CliCommand cli_commands[] = {
	{ "switch", "TARGET", 1, 1, "move the seat to TARGET, and wait for it",
		"TARGET is \"host\", the name of a guest, or \"toggle\": from the host to the\n"
		"guest that had the seat last, from a guest to the host.\n"
		"Prints each step with its time, and then the state of the desk.\n"
		"With --no-wait, hotseatd does it without this program, and waits until the\n"
		"guest has started: for hooks of libvirt, which must end first.\n"
		"If a daemon elsewhere does not answer, it tries again for ten seconds.\n",
		cmd_switch, switch_options, TRUE },
	{ "status", "", 0, 0, "show who has the seat, and where everything is",
		"Shows each display and device with its target, and each guest with its\n"
		"state.\n",
		cmd_status, remote_options, TRUE },
	{ "watch", "", 0, 0, "print a line for each event",
		"Prints the switches as they start and finish, each step, and what changes\n"
		"otherwise, until the daemon exits or you press Ctrl-C.\n"
		"With --format, prints only who has the seat, again whenever that changes; with\n"
		"--notify, reports failed switches that were not requested at this desktop, and\n"
		"a seat that came back by itself. Both wait for a daemon that exits.\n",
		cmd_watch, watch_options, TRUE },
	{ "desk", "", 0, 0, "show a live picture of the desk",
		"Keys: h host, g or a number for a guest, t toggle, q quit; with a simulated desk\n"
		"also those that break things, which the picture names.\n",
		cmd_desk, NULL, TRUE },
	{ "detect", "", 0, 0, "show the monitors, USB devices and guests here",
		"Needs no daemon and no configuration. It never writes to a monitor. It names\n"
		"what you have no permission to see, and what would help.\n"
		"With --report, prints what the monitors report, without serial numbers, for the\n"
		"project's issue tracker.\n",
		cmd_extern, detect_options, TRUE },
	{ "doctor", "[FILE]", 0, 1, "diagnose problems and suggest fixes",
		"Checks the configuration, the kernel, monitors, devices, libvirt, guests, the\n"
		"service and the HTTP address. After each problem follows the command that fixes\n"
		"it, or what you have to do by hand. It changes nothing. FILE is by default the\n"
		"configuration that hotseatd would read. Exit status 1: there are problems.\n",
		cmd_extern, config_options, TRUE },
	{ "setup", "", 0, 0, "interactive setup",
		"Shows what it found, fills in what is obvious, asks about the rest, and shows\n"
		"the configuration and each command before it changes anything. A guest's input\n"
		"comes from the monitor database, or from you with the monitor's buttons.\n"
		"Monitors are set only in the trial at the end.\n"
		"\n"
		"MONITOR is words of its name or serial, a connector or a bus number, as hotseat\n"
		"detect shows them; HOST and GUEST are inputs: dp1, hdmi1, 0x11. With --display\n"
		"or --device only the named ones are used.\n",
		cmd_extern, setup_options, FALSE },
	{ "check-config", "[FILE]", 0, 1, "check a configuration, without a daemon",
		"Reports every mistake with its line and column. FILE is by default the\n"
		"configuration that hotseatd would read.\n",
		cmd_extern, config_options, TRUE },
	{ "secret", "new|show|list|revoke [GUEST]", 1, 3, "manage the guests' secrets",
		"With its secret a guest can send the seat to the host, over the network;\n"
		"may_switch_to in the config allows it more.\n"
		"new writes it to a file beside the config, and keeps an existing one; show\n"
		"prints it; revoke removes it. Changes take effect immediately; no daemon is\n"
		"needed. FILE after GUEST is the same as --config FILE.\n",
		cmd_secret, secret_options, TRUE },
	{ "certificate", "new|show", 1, 1, "create or show the daemon's TLS certificate",
		"new creates a key and a self-signed certificate where http.tls of the config\n"
		"says, otherwise beside it. Both print the fingerprint that agents pin.\n",
		cmd_extern, certificate_options, TRUE },
	{ "agent", "", 0, 0, "in a guest: set monitors when the host asks",
		"Stays connected to the daemon at --url, and sets a monitor over the guest's own\n"
		"cable when the daemon asks for it. This is for monitors that accept commands\n"
		"only from the computer that they show. Exits on SIGTERM.\n",
		cmd_extern_agent, remote_options, FALSE },
	{ "guest-kit", "DIR", 1, 1, "write what a guest needs to ask for the host",
		"For AutoHotkey, PowerShell, hotseat-agent.exe and a Linux shell, with address\n"
		"and secret, and a README that explains each. The guest's secret is created if\n"
		"there is none yet. With TLS the files contain the certificate's fingerprint.\n",
		cmd_extern, guest_kit_options, TRUE },
	{ "help", "[COMMAND]", 0, 1, "show this help, or the help of COMMAND", "", cmd_help, NULL,
		FALSE },
	{ .name = NULL },
};
