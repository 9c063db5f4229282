/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/usb-private.h"

void sim_usb_add(SimUsb *sim, const UsbInfo *info)
{
	SimDevice *device = g_new0(SimDevice, 1);

	g_assert(sim_usb_find(sim, info->port) == NULL);
	device->info = usb_info_copy(info);
	g_ptr_array_add(sim->devices, device);
	sim_usb_plug(sim, info->port, TRUE);
}

void sim_usb_set_input(SimUsb *sim, const char *port, const char *input)
{
	SimDevice *device = sim_usb_find(sim, port);

	g_free(device->input);
	device->input = g_strdup(input);
}

static void plug_in(SimUsb *sim, SimDevice *device)
{
	device->plugged = TRUE;
	device->info->bus = (guint)g_ascii_strtoull(device->info->port, NULL, 10);
	device->info->device = ++sim->last_address;
	sim_usb_give_to_host(device, TRUE);
}

void sim_usb_replug_silently(SimUsb *sim, const char *port)
{
	plug_in(sim, sim_usb_find(sim, port));
}

void sim_usb_plug(SimUsb *sim, const char *port, gboolean in)
{
	SimDevice *device = sim_usb_find(sim, port);

	if (device->plugged == in)
		return;
	if (in)
		plug_in(sim, device);
	device->plugged = in;
	sim_usb_announce(sim, in ? USB_PLUGGED : USB_UNPLUGGED, port);
}

gboolean sim_usb_plugged(const SimUsb *sim, const char *port)
{
	return sim_usb_find(sim, port)->plugged;
}

void sim_usb_set_faults(SimUsb *sim, const char *port, SimUsbFaults faults)
{
	sim_usb_find(sim, port)->faults = faults;
}

void sim_usb_start_domain(SimUsb *sim, const char *domain)
{
	if (!sim_usb_runs(sim, domain))
		g_ptr_array_add(sim->running, g_strdup(domain));
}

void sim_usb_stop_domain(SimUsb *sim, const char *domain, gboolean killed)
{
	guint index;

	if (g_ptr_array_find_with_equal_func(sim->running, domain, g_str_equal, &index))
		g_ptr_array_remove_index(sim->running, index);
	for (guint i = sim->hostdevs->len; i-- > 0;) {
		const Hostdev *hostdev = sim->hostdevs->pdata[i];

		if (g_str_equal(hostdev->domain, domain))
			sim_usb_hostdev_remove(sim, hostdev, !killed);
	}
	sim_usb_announce(sim, USB_HOSTDEVS, NULL);
}

void sim_usb_hang(SimUsb *sim, gboolean hangs)
{
	g_autoptr(GPtrArray) hanging = g_ptr_array_new();

	sim->hangs = hangs;
	for (guint i = 0; !hangs && i < sim->ops->len; i++) {
		SimOp *op = sim->ops->pdata[i];

		if (op->hangs)
			g_ptr_array_add(hanging, op);
	}
	for (guint i = 0; i < hanging->len; i++)
		sim_usb_run(sim, hanging->pdata[i]);
}

void sim_usb_disconnect(SimUsb *sim, gboolean disconnected)
{
	sim->disconnected = disconnected;
	if (!disconnected)
		sim_usb_announce(sim, USB_HOSTDEVS, NULL);
}

void sim_usb_attach(SimUsb *sim, const char *domain, const char *port, const char *alias)
{
	sim_usb_hostdev_add(sim, domain, sim_usb_find(sim, port), alias);
}

void sim_usb_detach(SimUsb *sim, const char *domain, const char *port)
{
	const Hostdev *hostdev = sim_usb_find_hostdev(sim, sim_usb_find(sim, port));

	g_assert(hostdev != NULL && g_str_equal(hostdev->domain, domain));
	sim_usb_hostdev_remove(sim, hostdev, TRUE);
	sim_usb_announce(sim, USB_HOSTDEVS, NULL);
}

char *sim_usb_owner(const SimUsb *sim, const char *port)
{
	const SimDevice *device = sim_usb_find(sim, port);
	const Hostdev *hostdev = sim_usb_find_hostdev(sim, device);

	if (!device->plugged)
		return g_strdup("unplugged");
	if (hostdev != NULL)
		return g_strdup(hostdev->domain);
	return g_strdup(device->driving == USB_DRIVERLESS ? "unbound" : "host");
}

guint sim_usb_listed(const SimUsb *sim, const char *domain)
{
	guint n = 0;

	for (guint i = 0; i < sim->hostdevs->len; i++)
		n += g_str_equal(((Hostdev *)sim->hostdevs->pdata[i])->domain, domain);
	return n;
}

const char *sim_usb_log(const SimUsb *sim)
{
	return sim->log->str;
}
