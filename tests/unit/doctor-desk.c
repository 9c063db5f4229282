/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor-desk.h"
#include "tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *units_text;

static char *ask(const char *const *argv, guint deadline_ms)
{
	return g_str_equal(argv[0], "systemctl") ? g_strdup(units_text) : NULL;
}

void make(const DoctorDesk *desk, const char *path, const char *text)
{
	g_autofree char *file = g_strconcat(desk->root, path, NULL);
	g_autofree char *dir = g_path_get_dirname(file);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_assert_true(g_file_set_contents_full(
		file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

void plug_in(const DoctorDesk *desk, const char *port, const char *device)
{
	const struct {
		const char *file, *text;
	} files[] = { { "idVendor", "28da\n" }, { "idProduct", "1101\n" }, { "busnum", "3\n" },
		{ "devnum", device } };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_strdup_printf("/sys/bus/usb/devices/%s/%s", port, files[i].file);

		make(desk, path, files[i].text);
	}
}

void set_up(DoctorDesk *desk, gconstpointer unused)
{
	const SimMonitorSpec spec = {
		.manufacturer = "AOC", .model = "2778X", .serial = "1234", .input = 0x0f
	};

	units_text = "";
	desk->root = g_dir_make_tmp("hotseat-doctor-XXXXXX", NULL);
	desk->sysfs = g_build_filename(desk->root, "sys", NULL);
	desk->config = g_build_filename(desk->root, "config.yaml", NULL);
	desk->socket = g_build_filename(desk->root, "socket", NULL);
	desk->sim = sim_i2c_new(TRUE);
	desk->monitor = sim_monitor_new(desk->sim, &spec);
	sim_i2c_plug(desk->sim, 4, "DP-1", desk->monitor, 0x0f);
	make(desk, "/sys/class/i2c-dev/x", "");
	make(desk, "/etc/modules-load.d/any.conf", "# monitors\ni2c_dev\n");
	make(desk, "/usr/lib/sysusers.d/hotseat.conf", "");
	make(desk, "/usr/lib/systemd/system/hotseat-inputd.socket", "");
	make(desk, "/usr/lib/systemd/system/hotseatd.service", "");
	plug_in(desk, "3-1", "7\n");
	make(desk, "/config.yaml", GUEST DISPLAY DEVICE);
	desk->places = (DoctorPlaces){
		.machine = { sim_i2c_system(desk->sim), desk->sysfs, "test:///default" },
		.root = desk->root,
		.proc = "/proc",
		.socket = desk->socket,
		.ask = ask,
	};
}

void tear_down(DoctorDesk *desk, gconstpointer unused)
{
	g_clear_pointer(&desk->doctor, doctor_free);
	while (sim_i2c_in_use(desk->sim))
		g_thread_yield();
	sim_i2c_unref(desk->sim);
	tree_remove(desk->root);
	g_free(desk->root);
	g_free(desk->sysfs);
	g_free(desk->config);
	g_free(desk->socket);
}

void examine(DoctorDesk *desk)
{
	g_clear_pointer(&desk->doctor, doctor_free);
	desk->doctor = doctor_run(&desk->places, desk->config);
}

const Finding *pick(const DoctorDesk *desk, FindingLevel level, const char *area, const char *says)
{
	const Finding *found = NULL;

	for (guint i = 0; i < desk->doctor->findings->list->len; i++) {
		const Finding *finding = desk->doctor->findings->list->pdata[i];

		if (finding->level != level || strcmp(finding->area, area) != 0 ||
			strstr(finding->message, says) == NULL)
			continue;
		g_assert_null(found);
		found = finding;
	}
	return found;
}

void assert_finds(DoctorDesk *desk, FindingLevel level, const char *area, const char *says,
	const char *command)
{
	const Finding *finding;

	examine(desk);
	finding = pick(desk, level, area, says);
	for (guint i = 0; finding == NULL && i < desk->doctor->findings->list->len; i++) {
		const Finding *other = desk->doctor->findings->list->pdata[i];

		g_test_message(
			"%s %s: %s", other->area, finding_level_name(other->level), other->message);
	}
	if (finding == NULL)
		g_error("no %s of %s says \"%s\"", finding_level_name(level), area, says);
	g_assert_cmpstr(finding->command, ==, command);
	if (command == NULL)
		g_assert_nonnull(finding->advice);
}

/* "sudo " as far as this test is not root */
static char *as_root(const char *command)
{
	return g_strconcat(geteuid() != 0 ? "sudo " : "", command, NULL);
}

void assert_finds_root(DoctorDesk *desk, FindingLevel level, const char *area, const char *says,
	const char *command)
{
	g_autofree char *full = as_root(command);

	assert_finds(desk, level, area, says, full);
}

void assert_count(const DoctorDesk *desk, FindingLevel level, const char *area, guint wanted)
{
	guint count = 0;

	for (guint i = 0; i < desk->doctor->findings->list->len; i++) {
		const Finding *finding = desk->doctor->findings->list->pdata[i];

		count += finding->level == level && strcmp(finding->area, area) == 0;
	}
	g_assert_cmpuint(count, ==, wanted);
}
