/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"
#include "ready/module.h"

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
		finding_ok(doctor->findings, I2C_MODULE, "loaded; %u I2C buses of graphics cards",
			buses->len);
		return;
	}
	finding = finding_warning(doctor->findings, I2C_MODULE,
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
		finding = finding_problem(doctor->findings, I2C_MODULE,
			"this driver is not loaded: no monitor can be reached");
		finding_run_as_root(finding, "modprobe " I2C_MODULE, NULL);
	}
	if (module_at_boot(doctor->places.root)) {
		finding_ok(doctor->findings, I2C_MODULE, "loaded at boot");
		return;
	}
	finding = finding_warning(
		doctor->findings, I2C_MODULE, "nothing loads this driver when the computer starts");
	finding_script_as_root(
		finding, "echo " I2C_MODULE " >/etc/modules-load.d/" I2C_MODULE ".conf");
}
