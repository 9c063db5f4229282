/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/plan.h"

char *usb_alias(const char *port)
{
	char *alias = g_strconcat("ua-hotseat-", port, NULL);

	return g_strdelimit(alias, ".", '_');
}

const ConfigGuest *usb_guest_of_domain(GPtrArray *guests, const char *domain)
{
	for (guint i = 0; i < guests->len; i++) {
		const ConfigGuest *guest = guests->pdata[i];

		if (g_strcmp0(guest->domain, domain) == 0)
			return guest;
	}
	return NULL;
}

static gboolean same_address(const UsbInfo *info, const Hostdev *hostdev)
{
	return hostdev->bus == info->bus && hostdev->device == info->device;
}

/* Addresses are reused after some time, so the rest of the hostdev must match too. */
static gboolean is_this(const UsbInfo *info, const Hostdev *hostdev)
{
	g_autofree char *alias = usb_alias(info->port);

	if (!same_address(info, hostdev))
		return FALSE;
	if (hostdev->vendor >= 0 && hostdev->vendor != info->vendor)
		return FALSE;
	if (hostdev->product >= 0 && hostdev->product != info->product)
		return FALSE;
	return hostdev->alias == NULL || !g_str_has_prefix(hostdev->alias, "ua-hotseat-") ||
	       g_str_equal(hostdev->alias, alias);
}

gboolean usb_hostdev_is_ours(const UsbInfo *info, const Hostdev *hostdev)
{
	g_autofree char *alias = usb_alias(info->port);

	return g_strcmp0(hostdev->alias, alias) == 0;
}

const Hostdev *usb_hostdev(const UsbInfo *info, const GPtrArray *hostdevs)
{
	for (guint i = 0; i < hostdevs->len; i++)
		if (is_this(info, hostdevs->pdata[i]))
			return hostdevs->pdata[i];
	return NULL;
}

const Hostdev *usb_leftover(const UsbInfo *info, const GPtrArray *hostdevs, GPtrArray *guests)
{
	g_autofree char *alias = usb_alias(info->port);

	for (guint i = 0; i < hostdevs->len; i++) {
		const Hostdev *hostdev = hostdevs->pdata[i];

		if (hostdev->alias == NULL || is_this(info, hostdev) ||
			usb_guest_of_domain(guests, hostdev->domain) == NULL)
			continue;
		if (g_str_equal(hostdev->alias, alias) || same_address(info, hostdev))
			return hostdev;
	}
	return NULL;
}

UsbState usb_state(const GPtrArray *hostdevs, const Hostdev *hostdev, UsbDriving driving)
{
	if (hostdev != NULL)
		return USB_IN_DOMAIN;
	if (hostdevs == NULL && driving != USB_DRIVEN)
		return USB_UNKNOWN;
	return driving == USB_DRIVERLESS ? USB_AT_HOST_UNBOUND : USB_AT_HOST;
}

UsbPlan usb_plan(
	const UsbInfo *info, const GPtrArray *hostdevs, GPtrArray *guests, const char *domain)
{
	const Hostdev *leftover = usb_leftover(info, hostdevs, guests);
	const Hostdev *hostdev = usb_hostdev(info, hostdevs);

	if (leftover != NULL)
		return (UsbPlan){ USB_PLAN_DETACH, leftover };
	if (hostdev == NULL)
		return (UsbPlan){ domain == NULL ? USB_PLAN_NOTHING : USB_PLAN_ATTACH, NULL };
	if (g_strcmp0(hostdev->domain, domain) == 0)
		return (UsbPlan){ USB_PLAN_NOTHING, hostdev };
	if (usb_guest_of_domain(guests, hostdev->domain) == NULL || hostdev->alias == NULL)
		return (UsbPlan){ USB_PLAN_FOREIGN, hostdev };
	return (UsbPlan){ USB_PLAN_DETACH, hostdev };
}
