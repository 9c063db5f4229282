/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sysfs/hardware.h"

#include <gudev/gudev.h>

char *hardware_name(const char *subsystem, const char *name)
{
	g_autoptr(GUdevClient) client = g_udev_client_new(NULL);
	g_autoptr(GUdevDevice) device =
		g_udev_client_query_by_subsystem_and_name(client, subsystem, name);
	const char *vendor, *model;

	if (device == NULL)
		return NULL;
	vendor = g_udev_device_get_property(device, "ID_VENDOR_FROM_DATABASE");
	model = g_udev_device_get_property(device, "ID_MODEL_FROM_DATABASE");
	if (model == NULL)
		return NULL;
	return g_strjoin(" ", vendor != NULL ? vendor : model, vendor != NULL ? model : NULL, NULL);
}
