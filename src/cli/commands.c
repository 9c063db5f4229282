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
	{ "--report", NULL, "for the database: a report to send in", NULL },
	{ .name = NULL },
};

static const CliOption setup_options[] = {
	{ "--yes", NULL, "ask nothing: take what is obvious, and do it", NULL },
	{ "--from", "FILE", "begin with a config, or another program's", NULL },
	{ "--output", "FILE", "write the configuration there", NULL },
	{ "--guest", "DOMAIN", "a domain that gets the seat; repeatable", NULL },
	{ "--display", "MONITOR=HOST,GUEST", "a monitor, and its inputs; repeatable", NULL },
	{ "--device", "DEVICE", "vendor:product, port or serial; repeatable", NULL },
	{ "--http", "ADDRESS", "HOST:PORT where the guest can ask; or none", NULL },
	{ "--tls", NULL, "make a certificate, and speak TLS there", NULL },
	{ "--user", NULL, "for this user only: a service of the user's own", NULL },
	{ "--no-root", NULL, "only print the commands that need root", NULL },
	{ .name = NULL },
};

/* For a daemon on another machine. */
#define REMOTE_OPTIONS                                                                             \
	{ "--url", "URL", "http://HOST:PORT elsewhere (also: $HOTSEAT_URL)", NULL },               \
		{ "--secret-file", "FILE", "for --url: where the secret is", NULL },               \
	{                                                                                          \
		"--fingerprint", "SHA256", "for https: believe only this certificate", NULL        \
	}

static const CliOption switch_options[] = {
	{ "--no-wait", NULL, "begin when the guest has started; do not wait", NULL },
	{ "--notify", NULL, "if it fails, show a notification on the desktop", NULL },
	REMOTE_OPTIONS,
	{ .name = NULL },
};

static const CliOption remote_options[] = {
	REMOTE_OPTIONS,
	{ .name = NULL },
};

static const CliOption watch_options[] = {
	{ "--format", "FORMAT", "for a bar: waybar, i3blocks or plain", NULL },
	{ "--notify", NULL, "show notifications on the desktop", NULL },
	{ .name = NULL },
};

static const CliOption config_options[] = {
	{ "--config", "FILE", "the same as FILE", NULL },
	{ .name = NULL },
};

static const CliOption secret_options[] = {
	{ "--config", "FILE", "the config, if not the one hotseatd would read", NULL },
	{ "--replace", NULL, "new: make another one if there is one", "new" },
	{ "--show", NULL, "new: print the secret", "new" },
	{ .name = NULL },
};

static const CliOption certificate_options[] = {
	{ "--config", "FILE", "the config, if not the one hotseatd would read", NULL },
	{ "--replace", NULL, "new: make others if they are there", "new" },
	{ .name = NULL },
};

static const CliOption guest_kit_options[] = {
	{ "--guest", "NAME", "the guest it is for, if there are several", NULL },
	{ "--url", "URL", "where it reaches hotseatd, if not http.address", NULL },
	{ "--config", "FILE", "the config, if not the one hotseatd would read", NULL },
	{ "--replace", NULL, "write over the kit that is there", NULL },
	{ .name = NULL },
};

const CliCommand cli_commands[] = {
	{ "switch", "TARGET", 1, 1, "move the seat to TARGET, and wait for it",
		"TARGET is \"host\", the name of a guest, or \"toggle\": from the host to the\n"
		"guest that had the seat last, from a guest to the host.\n"
		"Shows every step with its time, and the desk as it stands after it.\n"
		"With --no-wait, hotseatd does it without this program, and waits until the\n"
		"guest has started: for hooks of libvirt, which must end first.\n"
		"A daemon elsewhere that does not answer is asked again for ten seconds.\n",
		cmd_switch, switch_options, TRUE },
	{ "status", "", 0, 0, "show who has the seat, and where everything is",
		"Shows each display and device with the target it is at, and each guest with\n"
		"its state.\n",
		cmd_status, remote_options, TRUE },
	{ "watch", "", 0, 0, "print a line for every event",
		"Prints the switches as they start and finish, each step, and what changes\n"
		"outside of a switch, until the daemon goes away or Ctrl-C is pressed.\n"
		"With --format, prints only who has the seat, again whenever that changes; with\n"
		"--notify, tells of switches that were not asked for at this desktop and failed,\n"
		"and of the seat that came home by itself. Both wait for a daemon that goes "
		"away.\n",
		cmd_watch, watch_options, TRUE },
	{ "desk", "", 0, 0, "show the desk as a picture, as things move",
		"Keys: h host, g or a number for a guest, t toggle, q quit; with a simulated desk\n"
		"also those that break things, which the picture names.\n",
		cmd_desk, NULL, TRUE },
	{ "detect", "", 0, 0, "show the monitors, USB devices and guests here",
		"Needs no daemon and no configuration. It reads and never writes: no monitor is\n"
		"set to anything. What this user may not see is named, with what would help.\n"
		"With --report, prints what the monitors say, without serial numbers, as text\n"
		"that you can paste into the project's issue tracker.\n",
		cmd_extern, detect_options, TRUE },
	{ "doctor", "[FILE]", 0, 1, "find what is wrong, and say what mends it",
		"Goes through the configuration, the kernel, monitors, devices, libvirt, guests,\n"
		"the service and the HTTP address. Behind each problem follows the command that\n"
		"mends it, or what your hand has to do. It changes nothing. FILE is the\n"
		"configuration that hotseatd would read unless it is given. Exit status 1: there\n"
		"are problems.\n",
		cmd_extern, config_options, TRUE },
	{ "setup", "", 0, 0, "make a working desk of this machine, by asking",
		"Shows what it found, takes what is obvious, asks for the rest, and shows the\n"
		"whole configuration and each command before anything is changed. A guest's input\n"
		"is known from the monitor database, or found by you with the monitor's buttons;\n"
		"no monitor is set to anything but in the trial at the end.\n"
		"\n"
		"MONITOR is words of its name or serial, a connector or a bus number, as hotseat\n"
		"detect shows them; HOST and GUEST are inputs: dp1, hdmi1, 0x11. With --display\n"
		"or --device only those that are named are taken.\n",
		cmd_extern, setup_options, FALSE },
	{ "check-config", "[FILE]", 0, 1, "check a configuration, without a daemon",
		"Reports every mistake with its line and column. FILE is the one that hotseatd\n"
		"would read unless it is given.\n",
		cmd_extern, config_options, TRUE },
	{ "secret", "new|show|list|revoke [GUEST]", 1, 3,
		"the guests' secrets",
		"With its secret a guest can send the seat to the host, over the network;\n"
		"may_switch_to in the config allows it more.\n"
		"new writes it to a file beside the config, and keeps one that is there; show\n"
		"prints it; revoke removes it. A daemon that\n"
		"runs goes by it at once; none is needed. A FILE behind GUEST is the same as\n"
		"--config FILE.\n",
		cmd_secret, secret_options, TRUE },
	{ "certificate", "new|show", 1, 1, "make, or show, what the daemon has for TLS",
		"new makes a key and a certificate that is signed with it, where http.tls of the\n"
		"config names them, else beside it. Both print the fingerprint that agents pin.\n",
		cmd_extern, certificate_options, TRUE },
	{ "agent", "", 0, 0, "in a guest: switch monitors when the host asks",
		"Stays connected to the daemon at --url, and sets a monitor over the guest's own\n"
		"cable when the daemon asks for it, as it does with monitors that listen only to\n"
		"the computer they show. Ends at SIGTERM.\n",
		cmd_extern_agent, remote_options, FALSE },
	{ "guest-kit", "DIR", 1, 1, "write what a guest needs to ask for the host",
		"For AutoHotkey, PowerShell, hotseat-agent.exe and a Linux shell, with address\n"
		"and secret filled in, and a README that says how to use each. The secret is the\n"
		"guest's own, and is made if there is none yet. With TLS they know the\n"
		"certificate.\n",
		cmd_extern, guest_kit_options, TRUE },
	{ "help", "[COMMAND]", 0, 1, "show this, or the help of COMMAND", "", cmd_help, NULL,
		FALSE },
	{ .name = NULL },
};
