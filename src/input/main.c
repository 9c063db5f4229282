/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "common/log.h"
#include "input/inputd.h"
#include "input/protocol.h"
#include "input/sockets.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

/* Exit statuses, as documented in hotseat-inputd(8). */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef struct {
	char *control; /* --control; NULL: systemd gives the socket */
	GArray *ports; /* guint: --listen */
	gboolean simulate, verbose, version;
} Options;

static gboolean add_port(const char *name, const char *value, gpointer data, GError **error)
{
	guint64 number;
	guint port;

	if (!g_ascii_string_to_unsigned(value, 10, 1, 65535, &number, error))
		return FALSE;
	port = (guint)number;
	g_array_append_val(((Options *)data)->ports, port);
	return TRUE;
}

static gboolean read_options(Options *options, int argc, char **argv, GError **error)
{
	const GOptionEntry entries[] = { { "control", 0, 0, G_OPTION_ARG_FILENAME,
						 &options->control,
						 "Listen for hotseatd on this socket", "PATH" },
		{ "listen", 0, 0, G_OPTION_ARG_CALLBACK, (gpointer)add_port,
			"Hold this port of 127.0.0.1 for a guest; may be repeated", "PORT" },
		{ "simulate", 0, 0, G_OPTION_ARG_NONE, &options->simulate,
			"Use no event nodes of this computer", NULL },
		{ "verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose, "Log more", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Show the version", NULL },
		G_OPTION_ENTRY_NULL };
	g_autoptr(GOptionContext) context =
		g_option_context_new("- forward keyboards and mice to virtual machines");
	GOptionGroup *group = g_option_group_new("main", "", "", options, NULL);

	g_option_group_add_entries(group, entries);
	g_option_context_set_main_group(context, group);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (argc > 1) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"\"%s\" is not an option", argv[1]);
		return FALSE;
	}
	return TRUE;
}

/* Signals become events of the loop, so that they interrupt nothing. */
static void on_signal(gpointer data, guint32 events)
{
	*(gboolean *)data = TRUE;
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* A page that must be read from a disk would delay keys. */
static void lock_memory(void)
{
	if (mlockall(MCL_CURRENT | MCL_FUTURE) == 0)
		return;
	g_message("memory is not locked (%s): keys may be late when the computer swaps; raise "
		  "LimitMEMLOCK= in the unit",
		g_strerror(errno));
	/* with only a part locked, allocations would fail at the limit */
	munlockall();
}

static gboolean run(const Options *options, Sockets *sockets, GError **error)
{
	Loop *loop = loop_new();
	InputdOptions inputd_options = { .control = sockets->control,
		.ports = sockets->ports,
		.simulated = options->simulate,
		.folder = "/dev/input" };
	Inputd *inputd = inputd_new(loop, &inputd_options, error);
	gboolean ended = FALSE;
	LoopWatch signals = { .fd = open_signals(), .ready = on_signal, .data = &ended };

	if (inputd == NULL) {
		loop_free(loop);
		return FALSE;
	}
	loop_watch(loop, &signals, EPOLLIN);
	lock_memory();
	sd_notify(0, "READY=1");
	while (!ended && loop_step(loop))
		;
	if (!ended)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"waiting for events failed: %s", g_strerror(errno));
	sd_notify(0, "STOPPING=1");
	inputd_free(inputd);
	loop_unwatch(&signals);
	loop_free(loop);
	return ended;
}

static int start(const Options *options)
{
	g_autoptr(GError) error = NULL;
	Sockets sockets;
	gboolean ok;

	if (!sockets_open(&sockets, options->control, options->ports, &error)) {
		g_critical("%s", error->message);
		/* a mistake in a unit or on the command line, which a restart does not fix */
		return EXIT_USAGE;
	}
	ok = run(options, &sockets, &error);
	if (!ok)
		g_critical("%s", error->message);
	sockets_close(&sockets);
	return ok ? EXIT_OK : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	Options options = { .ports = g_array_new(FALSE, FALSE, sizeof(guint)) };
	int status = EXIT_OK;

	/* this locale is built into the C library: the file with all others has up to 200 MB, and
	 * would be locked in memory */
	setlocale(LC_ALL, "C.UTF-8");
	if (!read_options(&options, argc, argv, &error)) {
		fprintf(stderr, "hotseat-inputd: %s; hotseat-inputd --help shows the usage\n",
			error->message);
		status = EXIT_USAGE;
	} else if (options.version) {
		puts("hotseat-inputd " HOTSEAT_VERSION);
	} else {
		log_set_up("hotseat-inputd", options.verbose);
		status = start(&options);
	}
	g_free(options.control);
	g_array_unref(options.ports);
	return status;
}
