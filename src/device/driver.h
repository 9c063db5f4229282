/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives a USB device back to the host's drivers, if the process that used it did not.
 */
#pragma once

#include "device/sysfs.h"

/* ioctl(2) */
typedef int (*UsbControl)(int fd, unsigned long request, void *argument);

/* Where the kernel is found. Paths are borrowed. */
typedef struct {
	const char *sysfs; /* "/sys" */
	const char *dev;   /* "/dev" */
	UsbControl control;
} UsbPlaces;

/* The kernel of this machine. */
extern const UsbPlaces usb_places_here;

/* Has the kernel look for a driver for each interface that has none. Blocks, for as long as the
 * device takes to answer the driver. Errors: HOTSEAT_ERROR_NO_PERMISSION, HOTSEAT_ERROR_FAILED;
 * it is not an error if no driver wants an interface. */
gboolean usb_bind_host(const UsbPlaces *places, const UsbInfo *info, GError **error);
