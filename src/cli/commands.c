/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of commands and options, for dispatch and help. Tests compare man page and completions
 * with it.
 */
#include "cli/cli.h"

#include <stddef.h>

/* --json is the first, so that a command without it has the rest. */
const CliOption cli_options[] = {
	{ "--json", NULL, "print JSON instead of text", NULL },
	{ "--socket", "PATH", "the daemon's socket (or $HOTSEAT_SOCKET)", NULL },
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
	{ "--yes", NULL, "ask nothing; use what is obvious", NULL },
	{ "--from", "FILE", "start from this config or script", NULL },
	{ "--output", "FILE", "write the configuration to FILE", NULL },
	{ "--guest", "DOMAIN", "a domain that can have the seat; repeatable", NULL },
	{ "--display", "MONITOR=HOST,GUEST", "a monitor, and its inputs; repeatable", NULL },
	{ "--device", "DEVICE", "vendor:product, port or serial; repeatable", NULL },
	{ "--http", "ADDRESS", "HOST:PORT for the guest's requests, or none", NULL },
	{ "--tls", NULL, "create a certificate, and use TLS", NULL },
	{ "--user", NULL, "for this user only: a user service", NULL },
	{ "--no-root", NULL, "print the commands that need root; run none", NULL },
	{ .name = NULL },
};

/* For a daemon on another machine. */
#define REMOTE_OPTIONS                                                                             \
	{ "--url", "URL", "a daemon on another computer (or $HOTSEAT_URL)", NULL },                \
		{ "--secret-file", "FILE", "for --url: the file with the secret", NULL },          \
	{                                                                                          \
		"--fingerprint", "SHA256", "for https: accept only this certificate", NULL         \
	}

static const CliOption switch_options[] = {
	{ "--no-wait", NULL, "do not wait; switch when the guest has started", NULL },
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
	{ "--config", "FILE", "use FILE instead of the default config", NULL },
	{ "--replace", NULL, "new: replace an existing one", "new" },
	{ "--show", NULL, "new: print the secret", "new" },
	{ .name = NULL },
};

static const CliOption certificate_options[] = {
	{ "--config", "FILE", "use FILE instead of the default config", NULL },
	{ "--replace", NULL, "new: replace existing files", "new" },
	{ .name = NULL },
};

static const CliOption guest_kit_options[] = {
	{ "--guest", "NAME", "the guest; required if there are several", NULL },
	{ "--url", "URL", "hotseatd's address, instead of http.address", NULL },
	{ "--config", "FILE", "use FILE instead of the default config", NULL },
	{ "--replace", NULL, "overwrite an existing kit", NULL },
	{ .name = NULL },
};

const CliCommand cli_commands[] = {
	{ "switch", "TARGET", 1, 1, "move the seat to TARGET, and wait for it",
		"TARGET is \"host\", the name of a guest, or \"toggle\": from the host to the\n"
		"guest that had the seat last, from a guest to the host.\n"
		"Prints each step with its time, and then the state of the desk.\n"
		"With --no-wait, returns at once, and hotseatd switches when the guest has\n"
		"started. libvirt's hooks need this, because libvirt attaches no device before a\n"
		"hook has ended. With --url, tries again for ten seconds if the host does not\n"
		"answer.\n",
		cmd_switch, switch_options, TRUE },
	{ "status", "", 0, 0, "show who has the seat, and where everything is",
		"Shows each display and device with its target, and each guest with its\n"
		"state.\n",
		cmd_status, remote_options, TRUE },
	{ "watch", "", 0, 0, "print a line for each event",
		"Prints each switch when it starts and finishes, each step, and other changes,\n"
		"until the daemon exits or you press Ctrl-C.\n"
		"With --format, prints only which target has the seat, and again when that\n"
		"changes. With --notify, shows a notification when a switch fails that was not\n"
		"requested at this desktop, and when the seat comes back by itself. With either,\n"
		"waits for the daemon to come back if it exits.\n",
		cmd_watch, watch_options, TRUE },
	{ "desk", "", 0, 0, "show a live picture of the desk",
		"Keys: h host, g or a number for a guest, t toggle, q quit. On a simulated desk,\n"
		"more keys cause failures; the picture lists them.\n",
		cmd_desk, NULL, TRUE },
	{ "detect", "", 0, 0, "show the monitors, USB devices and guests here",
		"Needs no daemon and no configuration, and never writes to a monitor. It reports\n"
		"what you have no permission to see, and how to get it.\n"
		"With --report, prints what the monitors report, without serial numbers, for the\n"
		"project's issue tracker.\n",
		cmd_extern, detect_options, TRUE },
	{ "doctor", "[FILE]", 0, 1, "diagnose problems and suggest fixes",
		"Checks the configuration, the kernel, monitors, devices, libvirt, guests, the\n"
		"service and the HTTP address. Below each problem it prints the command that\n"
		"fixes it, or what you have to do by hand. It changes nothing. FILE is by default\n"
		"the configuration that hotseatd would read. The exit status is 1 if there are\n"
		"problems.\n",
		cmd_extern, config_options, TRUE },
	{ "setup", "", 0, 0, "interactive setup",
		"Shows what it found, fills in what is obvious, asks about the rest, and shows\n"
		"the configuration and each command before it changes anything. It takes a\n"
		"guest's input from the monitor database, or reads it while you press the\n"
		"monitor's buttons. It sets monitors only in the trial at the end.\n"
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
		"With its secret, a guest can send the seat to the host over the network;\n"
		"may_switch_to in the config can allow more.\n"
		"new creates it in a file beside the config, and keeps an existing one; show\n"
		"prints it; list shows which guests have one; revoke deletes it. Changes take\n"
		"effect immediately; no daemon is needed. FILE after GUEST is the same as\n"
		"--config FILE.\n",
		cmd_secret, secret_options, TRUE },
	{ "certificate", "new|show", 1, 1, "create or show the daemon's TLS certificate",
		"new creates a key and a self-signed certificate where http.tls of the config\n"
		"says, otherwise beside the config. Both print the fingerprint that agents\n"
		"accept.\n",
		cmd_extern, certificate_options, TRUE },
	{ "agent", "", 0, 0, "in a guest: set monitors when the host asks",
		"Stays connected to the daemon at --url, and sets a monitor over the guest's own\n"
		"cable when the daemon asks for it. This is for monitors that accept commands\n"
		"only from the computer that they show. Exits on SIGTERM.\n",
		cmd_extern_agent, remote_options, FALSE },
	{ "guest-kit", "DIR", 1, 1, "write files that let a guest switch to the host",
		"Writes scripts for AutoHotkey, PowerShell and a Linux shell, and settings for\n"
		"hotseat-agent.exe, with the address and the secret. A README explains each. If\n"
		"the guest has no secret yet, one is created. With TLS, the files contain the\n"
		"certificate's fingerprint.\n",
		cmd_extern, guest_kit_options, TRUE },
	{ "help", "[COMMAND]", 0, 1, "show this help, or the help of COMMAND", "", cmd_help, NULL,
		FALSE },
	{ .name = NULL },
};
