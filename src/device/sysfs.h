/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The USB devices that are plugged in, as sysfs shows them, and finding the one that a config
 * means. Quick (some files of a few bytes for each device), hence fit for the main loop.
 */
#pragma once

#include "device/info.h"
#include "sysfs/sysfs.h"

/* The one that config means, to be freed with usb_info_free(). Fails with HOTSEAT_ERROR_NO_DEVICE,
 * with HOTSEAT_ERROR_AMBIGUOUS when several fit, or with HOTSEAT_ERROR_CONFIG when it is a hub.
 * root: SYSFS_ROOT but for tests. */
UsbInfo *usb_find(const char *root, const ConfigDevice *config, GError **error);

/* Adds an error to problems (ConfigProblem *), or a warning, for each device of config that is
 * plugged in and is a hub. */
void usb_check_hubs(const char *root, const Config *config, gboolean warning, GPtrArray *problems);

/* All that are plugged in and fit wanted (NULL: all), hubs too, but for the root hubs. UsbInfo *,
 * by port, freed with the array. */
GPtrArray *usb_list(const char *root, const ConfigDevice *wanted);

/* Is it still the same plugging in? Quicker than usb_find(). */
gboolean usb_still_there(const char *root, const UsbInfo *info);

/* The port of the USB device that something in sysfs is part of (a network interface, a disk), by
 * its folder there, which may be a link. NULL: of none. Free with g_free(). */
char *usb_port_above(const char *folder);

/* Has the device at port an event node that config finds by input, uniq or node? */
gboolean usb_has_input(const char *root, const char *port, const ConfigDevice *config);

/* Interfaces of the device at port that no driver has: their numbers (guint) in an array. */
GArray *usb_driverless_interfaces(const char *root, const char *port);

UsbDriving usb_driving(const char *root, const char *port);
