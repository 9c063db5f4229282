/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Programs that take a device back while it is on its way to a guest.
 */
#include "doctor/doctor.h"

#include "ready/process.h"

#include <stdlib.h>
#include <string.h>

/* Programs for lights, keys and batteries, which open a device over USB or hidraw again and again.
 * name: of the process, or of the script that it runs; a process's name has up to 15 characters. */
static const struct {
	const char *name, *title, *stop;
} grabbers[] = {
	{ "openrgb", "OpenRGB", "pkill -x openrgb" },
	{ "ckb-next-daemon", "ckb-next", "systemctl stop ckb-next-daemon" },
	{ "ckb-next", "ckb-next", "systemctl stop ckb-next-daemon" },
	{ "openrazer-daemon", "OpenRazer", "systemctl --user stop openrazer-daemon" },
	{ "polychromatic-tray-applet", "Polychromatic", "pkill -f polychromatic-tray-applet" },
	{ "polychromatic-helper", "Polychromatic", "pkill -f polychromatic-helper" },
	{ "polychromatic-controller", "Polychromatic", "pkill -f polychromatic-controller" },
	{ "solaar", "Solaar", "pkill -f solaar" },
	{ "ratbagd", "ratbagd (Piper)", "systemctl stop ratbagd" },
};

enum { COMM_MAX = 15 };

static gboolean is_called(const char *name, const char *comm)
{
	gsize length = strlen(name);

	return length <= COMM_MAX
		       ? g_ascii_strcasecmp(comm, name) == 0
		       : strlen(comm) == COMM_MAX && g_ascii_strncasecmp(comm, name, COMM_MAX) == 0;
}

/* "/usr/bin/python3 /usr/bin/solaar": the name is that of the program, or of the script behind
 * it. */
static gboolean runs(const char *name, GStrv argv)
{
	g_autofree char *program = g_path_get_basename(argv[0]);
	guint last = g_str_has_prefix(program, "python") ? 3 : 1;

	for (guint i = 0; argv[i] != NULL && i < last; i++) {
		g_autofree char *base = g_path_get_basename(argv[i]);

		if (g_ascii_strcasecmp(base, name) == 0)
			return TRUE;
	}
	return FALSE;
}

/* The user id of the process, or -1. */
static int grabber_of(const char *proc, int pid)
{
	g_autofree char *comm = process_name(proc, pid);
	g_auto(GStrv) argv = process_argv(proc, pid);

	/* A kernel thread has no command line. */
	if (comm == NULL || argv[0] == NULL || *argv[0] == '\0')
		return -1;
	for (gsize i = 0; i < G_N_ELEMENTS(grabbers); i++)
		if (is_called(grabbers[i].name, comm) || runs(grabbers[i].name, argv))
			return (int)i;
	return -1;
}

/* Does a command that runs before the devices name it? */
static gboolean is_handled(const Doctor *doctor, int grabber)
{
	const GPtrArray *commands = doctor->config->commands;

	for (guint i = 0; i < commands->len; i++) {
		const ConfigCommand *command = commands->pdata[i];
		g_autofree char *lower = g_ascii_strdown(command->label, -1);

		if (command->before_devices && strstr(lower, grabbers[grabber].name) != NULL)
			return TRUE;
	}
	return FALSE;
}

static void say(Doctor *doctor, int grabber, const char *pid)
{
	Finding *finding = finding_warning(doctor->findings, grabbers[grabber].title,
		"it runs (process %s), and may take a device back while it moves to a guest", pid);

	finding_advise(finding,
		"stop it first, with a command for the guest in the config: {run: %s, before: "
		"devices}; and start it with a command for the host",
		grabbers[grabber].stop);
}

void check_grabbers(Doctor *doctor)
{
	g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GDir) proc = g_dir_open(doctor->places.proc, 0, NULL);
	const char *pid;

	if (proc == NULL || !config_has_via(doctor->config, VIA_USB))
		return;
	while ((pid = g_dir_read_name(proc)) != NULL) {
		int grabber =
			g_ascii_isdigit(*pid) ? grabber_of(doctor->places.proc, atoi(pid)) : -1;

		if (grabber >= 0 && !is_handled(doctor, grabber) &&
			g_hash_table_add(said, (gpointer)grabbers[grabber].title))
			say(doctor, grabber, pid);
	}
}
