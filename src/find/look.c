/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/look.h"

#include "device/found.h"
#include "find/guests.h"

MachineLook machine_look(
	const Machine *machine, gboolean hubs, const char *sudo, ScanProgress progress)
{
	static const char asking[] = "asking libvirt for its guests";
	MachineLook look = { .remarks = g_ptr_array_new_with_free_func(g_free) };

	look.scan = scan_run(machine->i2c, SCAN_CAPABILITIES, progress, NULL);
	scan_advise(look.scan, sudo);
	scan_remarks(look.scan, look.remarks);
	look.devices = devices_look(machine->sysfs, hubs);
	progress(asking, 0, 1, NULL);
	look.guests = guests_look_everywhere(machine, look.remarks);
	guests_prefer_host(look.guests, look.scan->monitors);
	progress(asking, 1, 1, NULL);
	machine_advise(look.remarks, sudo);
	return look;
}
