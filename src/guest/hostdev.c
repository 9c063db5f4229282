/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/hostdev.h"

#include <string.h>

static void hostdev_free(gpointer data)
{
	Hostdev *hostdev = data;

	g_free(hostdev->domain);
	g_free(hostdev->alias);
	g_free(hostdev->port);
	g_free(hostdev);
}

GPtrArray *hostdevs_new(void)
{
	return g_ptr_array_new_with_free_func(hostdev_free);
}

Hostdev *hostdev_new(const char *domain, const char *alias, guint bus, guint device)
{
	Hostdev *hostdev = g_new0(Hostdev, 1);

	hostdev->domain = g_strdup(domain);
	hostdev->alias = g_strdup(alias);
	hostdev->bus = bus;
	hostdev->device = device;
	hostdev->vendor = hostdev->product = -1;
	return hostdev;
}

/* "3-1.2", or "1.2" on any bus */
static gboolean is_port(const char *said, const char *port)
{
	const char *dash = strchr(port, '-');

	return g_str_equal(said, port) ||
	       (strchr(said, '-') == NULL && dash != NULL && g_str_equal(said, dash + 1));
}

/* The address of a device that has an identity can be that of an earlier plugging in. */
gboolean hostdev_means(
	const Hostdev *hostdev, int vendor, int product, guint bus, guint device, const char *port)
{
	gboolean has_id = hostdev->vendor >= 0 || hostdev->product >= 0;

	if (hostdev->vendor >= 0 && hostdev->vendor != vendor)
		return FALSE;
	if (hostdev->product >= 0 && hostdev->product != product)
		return FALSE;
	if (hostdev->port != NULL)
		return is_port(hostdev->port, port) || (has_id && *port == '\0');
	if (has_id)
		return TRUE;
	return hostdev->bus != 0 && hostdev->bus == bus &&
	       (hostdev->device == 0 || hostdev->device == device);
}

const Hostdev *hostdevs_find(const GPtrArray *hostdevs, const char *domain, const char *alias)
{
	for (guint i = 0; i < hostdevs->len; i++) {
		const Hostdev *hostdev = hostdevs->pdata[i];

		if (g_str_equal(hostdev->domain, domain) && g_strcmp0(hostdev->alias, alias) == 0)
			return hostdev;
	}
	return NULL;
}

char *hostdev_xml(guint bus, guint device, const char *alias)
{
	return g_markup_printf_escaped("<hostdev mode='subsystem' type='usb'>"
				       "<source><address bus='%u' device='%u'/></source>"
				       "<alias name='%s'/></hostdev>",
		bus, device, alias);
}
