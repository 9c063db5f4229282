/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The USB devices that are plugged in, as sysfs shows them, and finding the one that a config
 * means. Quick (some files of a few bytes for each device), hence fit for the main loop.
 */
#pragma once

#include "config/config.h"

#define SYSFS_ROOT "/sys"

typedef struct {
	char *port;	   /* its name in sysfs, such as "3-1.2": bus and sockets on the way */
	guint bus, device; /* changes with each plugging in */
	int vendor, product;
	char *serial; /* NULL: it has none */
} UsbInfo;

/* Who drives the interfaces of a device. */
typedef enum {
	USB_DRIVEN,	/* the host: some interface has a driver of its own */
	USB_CLAIMED,	/* a program, such as QEMU */
	USB_DRIVERLESS, /* nobody, though it is a keyboard, mouse… (HID) that would have a driver */
	USB_PLAIN,	/* nobody, and nothing says that somebody should */
} UsbDriving;

/* The one that config means, to be freed with usb_info_free(). Fails with HOTSEAT_ERROR_NO_DEVICE,
 * or with HOTSEAT_ERROR_AMBIGUOUS when several fit. root: SYSFS_ROOT but for tests. */
UsbInfo *usb_find(const char *root, const ConfigDevice *config, GError **error);

/* All that are plugged in (UsbInfo *, by port, freed with the array), hubs too. */
GPtrArray *usb_list(const char *root);

/* Is it still the same plugging in? Quicker than usb_find(). */
gboolean usb_still_there(const char *root, const UsbInfo *info);

/* Interfaces of the device at port that no driver has: their numbers (guint) in an array. */
GArray *usb_driverless_interfaces(const char *root, const char *port);

UsbDriving usb_driving(const char *root, const char *port);

UsbInfo *usb_info_copy(const UsbInfo *info);
void usb_info_free(UsbInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(UsbInfo, usb_info_free)
