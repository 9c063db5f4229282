/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The USB devices that are plugged in, as sysfs shows them, and finding the one that a config
 * means. Quick enough for the main loop (reads a few small files for each device).
 */
#pragma once

#include "device/info.h"
#include "sysfs/sysfs.h"

/* The device that config describes. Free with usb_info_free(). Errors: HOTSEAT_ERROR_NO_DEVICE,
 * HOTSEAT_ERROR_AMBIGUOUS if several match, HOTSEAT_ERROR_CONFIG if it is a hub. root: SYSFS_ROOT
 * except in tests. */
UsbInfo *usb_find(const char *root, const ConfigDevice *config, GError **error);

/* Adds an error to problems (ConfigProblem *), or a warning, for each device of config that is
 * plugged in and is a hub. */
void usb_check_hubs(const char *root, const Config *config, gboolean warning, GPtrArray *problems);

/* All devices that are plugged in and match wanted (NULL: all), including hubs but not root hubs.
 * UsbInfo *, sorted by port, freed with the array. */
GPtrArray *usb_list(const char *root, const ConfigDevice *wanted);

/* Has the device been plugged in all the time since info was read? Quicker than usb_find(). */
gboolean usb_still_there(const char *root, const UsbInfo *info);

/* The port of the USB device to which a folder in sysfs (of a network interface, a disk) belongs.
 * The folder may be a link. NULL: it belongs to none. Free with g_free(). */
char *usb_port_above(const char *folder);

/* Does the device at port have an event node that config describes by input, uniq or node? */
gboolean usb_has_input(const char *root, const char *port, const ConfigDevice *config);

/* The numbers (guint) of the interfaces of the device at port that have no driver. Free with
 * g_array_unref(). */
GArray *usb_driverless_interfaces(const char *root, const char *port);

UsbDriving usb_driving(const char *root, const char *port);
