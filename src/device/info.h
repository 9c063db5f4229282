/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One USB device that is plugged in, and choosing the one that a config means. Pure.
 */
#pragma once

#include "config/config.h"

typedef struct {
	char *port;	   /* its name in sysfs, such as "3-1.2": bus and sockets on the way */
	guint bus, device; /* its address; another one each time it is plugged in */
	int vendor, product;
	char *serial; /* NULL: it has none */
	gboolean hub; /* others are plugged into it */
} UsbInfo;

/* Who drives the interfaces of a device. */
typedef enum {
	USB_DRIVEN,	/* the host: some interface has a driver of its own */
	USB_CLAIMED,	/* a program, such as QEMU */
	USB_DRIVERLESS, /* none, although it is a keyboard, mouse… (HID), for which a driver exists
			 */
	USB_PLAIN,	/* none, and none is expected */
} UsbDriving;

/* Free with usb_info_free(); NULL is fine. */
UsbInfo *usb_info_copy(const UsbInfo *info);
void usb_info_free(UsbInfo *info);

/* Has neither been unplugged since the other one was found? */
gboolean usb_info_same_address(const UsbInfo *info, const UsbInfo *other);

/* Does the device have everything that config asks for? config of NULL asks for nothing. */
gboolean usb_info_fits(const UsbInfo *info, const ConfigDevice *config);

/* Sorts UsbInfo * by port. */
void usb_infos_sort(GPtrArray *infos);

/* Is it plugged into the hub at port, or into a hub behind that? */
gboolean usb_port_is_behind(const char *port, const char *hub);

/* What is plugged into the hub at port itself, of all (UsbInfo *, by port): "3-1.1, 3-1.2"; "" if
 * there is nothing. Free with g_free(). */
char *usb_infos_behind(const GPtrArray *all, const char *hub);

/* A hub cannot be handed to a guest: FALSE and HOTSEAT_ERROR_CONFIG, which names what is behind
 * it. all: UsbInfo *, by port, all that are plugged in. */
gboolean usb_info_check_hub(const UsbInfo *info, const GPtrArray *all, GError **error);

/* A copy of the only one of fitting (UsbInfo *, all that fit config), to be freed with
 * usb_info_free(). Errors: HOTSEAT_ERROR_NO_DEVICE, HOTSEAT_ERROR_AMBIGUOUS when several fit. */
UsbInfo *usb_infos_choose(const GPtrArray *fitting, const ConfigDevice *config, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(UsbInfo, usb_info_free)
