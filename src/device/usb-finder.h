/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The device that a config means, found again at each use: another one each time it is plugged in.
 */
#pragma once

#include "device/usb-system.h"

typedef struct {
	UsbSystem *system;	    /* borrowed */
	const ConfigDevice *config; /* borrowed */
	UsbInfo *info;	 /* as found last, and perhaps unplugged since; NULL: never found */
	UsbInfo *before; /* as found before that, at another address; NULL: never */
	gboolean only;	 /* nothing was plugged in since info was found: no other one fits */
} UsbFinder;

/* Frees what the finder owns. */
void usb_finder_clear(UsbFinder *finder);

/* Looks at all devices. On failure (NO_DEVICE, AMBIGUOUS, CONFIG: it is a hub) the finder stays as
 * it was. */
gboolean usb_finder_look(UsbFinder *finder, GError **error);

/* The same, but looks only if something was plugged in, or the device unplugged, since. */
gboolean usb_finder_make_sure(UsbFinder *finder, GError **error);

/* Looks only if the device that was found last was unplugged: that a twin was plugged in meanwhile
 * does not matter. */
gboolean usb_finder_keep_up(UsbFinder *finder, GError **error);

/* Is it no disk that the host is using? What is written to that meanwhile would be lost. info must
 * not be NULL. Errors: FAILED. */
gboolean usb_finder_check_disk(const UsbFinder *finder, GError **error);
