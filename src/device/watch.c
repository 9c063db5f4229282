/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/watch.h"

#include <gudev/gudev.h>

struct UsbWatch {
	GUdevClient *client; /* shared */
	gulong handler;
	UsbListener heard;
	gpointer data;
};

/* Each event of the kernel wakes every client, so all devices share one. */
static GUdevClient *shared_client(void)
{
	static const char *const subsystems[] = { "usb/usb_device", NULL };
	static GWeakRef shared;
	GUdevClient *client = g_weak_ref_get(&shared);

	if (client == NULL) {
		client = g_udev_client_new(subsystems);
		g_weak_ref_set(&shared, client);
	}
	return client;
}

/* "add" comes before the drivers are bound, and attaching then fails at times; a device whose
 * configuration is being changed is bound and unbound without going away. */
static void on_uevent(GUdevClient *client, const char *action, GUdevDevice *device, gpointer data)
{
	UsbWatch *watch = data;

	if (g_str_equal(action, "bind"))
		watch->heard(USB_PLUGGED, g_udev_device_get_name(device), watch->data);
	else if (g_str_equal(action, "remove"))
		watch->heard(USB_UNPLUGGED, g_udev_device_get_name(device), watch->data);
}

UsbWatch *usb_watch_new(UsbListener heard, gpointer data)
{
	UsbWatch *watch = g_new0(UsbWatch, 1);

	watch->client = shared_client();
	watch->heard = heard;
	watch->data = data;
	watch->handler = g_signal_connect(watch->client, "uevent", G_CALLBACK(on_uevent), watch);
	return watch;
}

void usb_watch_free(UsbWatch *watch)
{
	if (watch == NULL)
		return;
	g_signal_handler_disconnect(watch->client, watch->handler);
	g_object_unref(watch->client);
	g_free(watch);
}
