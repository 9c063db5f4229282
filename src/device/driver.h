/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Binds a USB device to the host's drivers again, if the process that used it did not.
 */
#pragma once

#include "device/sysfs.h"

/* ioctl(2) */
typedef int (*UsbControl)(int fd, unsigned long request, void *argument);

/* Access to the kernel. Paths are borrowed. */
typedef struct {
	const char *sysfs; /* "/sys" */
	const char *dev;   /* "/dev" */
	UsbControl control;
} UsbPlaces;

/* The kernel of this machine. */
extern const UsbPlaces usb_places_here;

/* Makes the kernel look for a driver for each interface that has none. Blocks until the device has
 * answered the driver. Errors: HOTSEAT_ERROR_NO_PERMISSION, HOTSEAT_ERROR_FAILED. It is not an
 * error if no driver matches an interface. */
gboolean usb_bind_host(const UsbPlaces *places, const UsbInfo *info, GError **error);
