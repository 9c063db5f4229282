/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the doctor says of programs that take devices back.
 */
#include "doctor-desk.h"

#include <string.h>

static void run(const DoctorDesk *desk, int pid, const char *comm, const char *cmdline)
{
	g_autofree char *comm_path = g_strdup_printf("/proc/%d/comm", pid);
	g_autofree char *line_path = g_strdup_printf("%s/proc/%d/cmdline", desk->root, pid);
	g_autofree char *comm_text = g_strdup_printf("%s\n", comm);
	g_autofree char *line = g_strdup(cmdline);
	gsize length = strlen(line) + 1;

	g_strdelimit(line, "|", '\0');
	make(desk, comm_path, comm_text);
	g_assert_true(g_file_set_contents(line_path, line, (gssize)length, NULL));
}

static void set_up_proc(DoctorDesk *desk, gconstpointer unused)
{
	set_up(desk, NULL);
	make(desk, "/proc/1/comm", "systemd\n");
	make(desk, "/proc/self/comm", "solaar\n");
	desk->places.proc = g_build_filename(desk->root, "proc", NULL);
	run(desk, 2, "kthreadd", "");
	run(desk, 77, "vim", "vim|/usr/share/doc/solaar");
	run(desk, 78, "bash", "bash|-c|openrgb --help");
	make(desk, "/config.yaml", GUEST DISPLAY DEVICE);
}

static void tear_down_proc(DoctorDesk *desk, gconstpointer unused)
{
	g_free((char *)desk->places.proc);
	tear_down(desk, NULL);
}

static void test_none(DoctorDesk *desk, gconstpointer unused)
{
	examine(desk);
	g_assert_null(pick(desk, FINDING_WARNING, "devices", "may take a device back"));
}

static void test_each(DoctorDesk *desk, gconstpointer unused)
{
	static const struct {
		const char *comm, *cmdline, *title;
	} all[] = {
		{ "openrgb", "/usr/bin/openrgb|--server", "OpenRGB" },
		{ "ckb-next-daemon", "/usr/bin/ckb-next-daemon", "ckb-next" },
		{ "openrazer-daemo", "/usr/bin/python3|/usr/bin/openrazer-daemon|-F", "OpenRazer" },
		{ "polychromatic-t", "python3|/usr/bin/polychromatic-tray-applet",
			"Polychromatic" },
		{ "python3", "/usr/bin/python3|-s|/usr/bin/solaar", "Solaar" },
		{ "solaar", "/usr/bin/python3|/usr/bin/solaar|--window=hide", "Solaar" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		const Finding *finding;

		run(desk, 500, all[i].comm, all[i].cmdline);
		examine(desk);
		finding = pick(desk, FINDING_WARNING, "devices",
			"it runs (process 500), and may take a device back");
		g_assert_nonnull(finding);
		g_assert_cmpstr(finding->thing, ==, all[i].title);
		g_assert_nonnull(strstr(finding->advice, "before: devices"));
	}
}

/* One that a command stops first, or where no device moves via usb. */
static void test_handled(DoctorDesk *desk, gconstpointer unused)
{
	run(desk, 500, "openrgb", "openrgb");
	run(desk, 501, "openrgb", "openrgb|--gui");
	examine(desk);
	g_assert_nonnull(pick(desk, FINDING_WARNING, "devices", "may take a device back"));
	make(desk, "/config.yaml",
		GUEST DISPLAY DEVICE "commands:\n  guest:\n    - {run: pkill -x openrgb, "
				     "before: devices}\n");
	examine(desk);
	g_assert_null(pick(desk, FINDING_WARNING, "devices", "may take a device back"));
	make(desk, "/config.yaml", GUEST DISPLAY);
	examine(desk);
	g_assert_null(pick(desk, FINDING_WARNING, "devices", "may take a device back"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD_PROC(name, func)                                                                       \
	g_test_add("/doctor/grabbers/" name, DoctorDesk, NULL, set_up_proc, func, tear_down_proc)
	ADD_PROC("none", test_none);
	ADD_PROC("each", test_each);
	ADD_PROC("handled", test_handled);
	return g_test_run();
}
