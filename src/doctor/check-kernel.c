/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"
#include "ready/module.h"

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
		"loaded, but no graphics card of the host has an I2C bus");
	finding_advise(finding, "check with `lspci -k` whether the host's card has its driver "
				"(amdgpu, i915, nvidia…) and is not the one that the guest has");
}

void check_kernel(Doctor *doctor)
{
	if (doctor_require(doctor, READY_MODULE))
		check_buses(doctor);
	if (doctor_require(doctor, READY_MODULE_BOOT))
		finding_ok(doctor->findings, I2C_MODULE, "loaded at boot");
}
