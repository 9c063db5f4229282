/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include <string.h>
#include <sys/utsname.h>

#define MODULE "i2c-dev"

/* Does a line of the file name the module, with '-' or '_', which are one to the kernel? */
static gboolean names_module(const char *path)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return FALSE;
	g_strdelimit(text, "_", '-');
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		if (g_str_equal(g_strstrip(*line), MODULE))
			return TRUE;
	return FALSE;
}

static gboolean directory_names_module(const Doctor *doctor, const char *directory)
{
	g_autofree char *path = doctor_path(doctor, directory);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		if (g_str_has_suffix(name, ".conf") && names_module(file))
			return TRUE;
	}
	return FALSE;
}

/* modules.builtin of the kernel that runs lists what is in itself (kmod(8)) */
static gboolean is_built_in(const Doctor *doctor)
{
	g_autofree char *path = NULL, *full = NULL, *text = NULL;
	struct utsname kernel;

	uname(&kernel);
	path = g_strdup_printf("/lib/modules/%s/modules.builtin", kernel.release);
	full = doctor_path(doctor, path);
	return g_file_get_contents(full, &text, NULL, NULL) &&
	       strstr(text, "/" MODULE ".ko") != NULL;
}

/* modules-load.d(5), and what Debian has besides */
static gboolean is_loaded_at_boot(const Doctor *doctor)
{
	static const char *const directories[] = { "/etc/modules-load.d", "/run/modules-load.d",
		"/usr/local/lib/modules-load.d", "/usr/lib/modules-load.d", "/lib/modules-load.d" };
	g_autofree char *debian = doctor_path(doctor, "/etc/modules");

	for (gsize i = 0; i < G_N_ELEMENTS(directories); i++)
		if (directory_names_module(doctor, directories[i]))
			return TRUE;
	return names_module(debian) || is_built_in(doctor);
}

/* The class is there from the moment the driver is, whatever buses there are. */
static gboolean is_loaded(const Doctor *doctor)
{
	g_autofree char *class =
		g_build_filename(doctor->places.machine.sysfs, "class/i2c-dev", NULL);

	return g_file_test(class, G_FILE_TEST_IS_DIR);
}

static void check_buses(Doctor *doctor)
{
	I2cSystem *i2c = doctor->places.machine.i2c;
	g_autoptr(GArray) buses = i2c->ops->list(i2c);
	Finding *finding;

	if (buses->len > 0) {
		finding_ok(doctor->findings, MODULE, "loaded; %u I2C buses of graphics cards",
			buses->len);
		return;
	}
	finding = finding_warning(doctor->findings, MODULE,
		"loaded, but no graphics card of the host's has an I2C bus");
	finding_advise(finding, "see with `lspci -k` whether the host's card has its driver "
				"(amdgpu, i915, nvidia…) "
				"and is not the one that the guest has");
}

void check_kernel(Doctor *doctor)
{
	Finding *finding;

	if (is_loaded(doctor)) {
		check_buses(doctor);
	} else {
		finding = finding_problem(doctor->findings, MODULE,
			"this driver is not loaded: no monitor can be reached");
		finding_run_as_root(doctor->findings, finding, "modprobe " MODULE);
	}
	if (is_loaded_at_boot(doctor)) {
		finding_ok(doctor->findings, MODULE, "loaded at boot");
		return;
	}
	finding = finding_warning(
		doctor->findings, MODULE, "nothing loads this driver when the computer starts");
	finding_script_as_root(
		doctor->findings, finding, "echo " MODULE " >/etc/modules-load.d/" MODULE ".conf");
}
