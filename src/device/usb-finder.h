/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The device that a config describes. It is looked up again at each use, because its address
 * changes each time it is plugged in.
 */
#pragma once

#include "device/usb-system.h"

typedef struct {
	UsbSystem *system;	    /* borrowed */
	const ConfigDevice *config; /* borrowed */
	UsbInfo *info; /* as it was found last; it may have been unplugged since; NULL: never found
			*/
	UsbInfo *before; /* as it was found before that, at another address; NULL: never */
	gboolean only; /* nothing was plugged in since info was found, so no other device matches */
} UsbFinder;

/* Frees what the finder owns. */
void usb_finder_clear(UsbFinder *finder);

/* Looks at all devices. On failure (NO_DEVICE, AMBIGUOUS, CONFIG: it is a hub) the finder is
 * unchanged. */
gboolean usb_finder_look(UsbFinder *finder, GError **error);

/* The same, but looks only if something was plugged in, or the device unplugged, since. */
gboolean usb_finder_refresh(UsbFinder *finder, GError **error);

/* Looks only if the device that was found last was unplugged. It does not matter whether an
 * identical device was plugged in meanwhile. */
gboolean usb_finder_refresh_if_gone(UsbFinder *finder, GError **error);

/* Is it no disk that the host is using? What is written to that meanwhile would be lost. info must
 * not be NULL. Errors: FAILED. */
gboolean usb_finder_check_disk(const UsbFinder *finder, GError **error);
