/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One USB device that is plugged in, and choosing the one that a config means. Pure.
 */
#pragma once

#include "config/config.h"

typedef struct {
	char *port; /* its name in sysfs, such as "3-1.2": the bus and the port of each hub on the
		       path */
	guint bus, device; /* its address, which changes each time it is plugged in */
	int vendor, product;
	char *serial; /* NULL: it has none */
	gboolean hub; /* others are plugged into it */
} UsbInfo;

/* What is bound to the interfaces of a device. */
typedef enum {
	USB_DRIVEN,	/* the host: at least one interface has a host driver */
	USB_CLAIMED,	/* a program, such as QEMU */
	USB_DRIVERLESS, /* nothing, although it is a keyboard, mouse… (HID), for which the host has
			 * a driver
			 */
	USB_PLAIN,	/* nothing, and no driver is expected */
} UsbDriving;

/* Free with usb_info_free(); NULL is allowed. */
UsbInfo *usb_info_copy(const UsbInfo *info);
void usb_info_free(UsbInfo *info);

/* Do both have the same address, so that it was not unplugged in between? */
gboolean usb_info_same_address(const UsbInfo *info, const UsbInfo *other);

/* Does the device match everything in config? A config of NULL matches every device. */
gboolean usb_info_fits(const UsbInfo *info, const ConfigDevice *config);

/* Sorts UsbInfo * by port. */
void usb_infos_sort(GPtrArray *infos);

/* Is it plugged into the hub at port, or into a hub behind that? */
gboolean usb_port_is_behind(const char *port, const char *hub);

/* The ports of those devices of all (UsbInfo *, sorted by port) that are plugged directly into the
 * hub at port hub: "3-1.1, 3-1.2"; "" if there are none. Free with g_free(). */
char *usb_infos_behind(const GPtrArray *all, const char *hub);

/* Returns FALSE and HOTSEAT_ERROR_CONFIG if the device is a hub, which cannot be attached to a
 * guest; the message names what is behind it. all: UsbInfo *, every device that is plugged in,
 * sorted by port. */
gboolean usb_info_check_hub(const UsbInfo *info, const GPtrArray *all, GError **error);

/* A copy of the only device in fitting (UsbInfo *, all that match config). Free with
 * usb_info_free(). Errors: HOTSEAT_ERROR_NO_DEVICE, HOTSEAT_ERROR_AMBIGUOUS if several match. */
UsbInfo *usb_infos_choose(const GPtrArray *fitting, const ConfigDevice *config, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(UsbInfo, usb_info_free)
