/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keyboards, mice and touchpads whose events hotseat can forward, as the kernel lists them,
 * with those that are not USB devices: of laptops, and over Bluetooth. Reading the list needs no
 * rights.
 */
#pragma once

#include "config/config.h"

typedef struct {
	char *node; /* "event4", in /dev/input */
	char *name; /* as "input:" in the config says it */
	char *uniq; /* as "uniq:" says it: of Bluetooth the address; NULL: none */
	char *port; /* "1-2": of the USB device that it is part of; NULL: of none */
	int vendor, product;
	gboolean usb;
	/* what it is connected by, for people (static): "PS/2", "Bluetooth"; NULL: USB or unknown
	 */
	const char *bus;
	gboolean all_keys;		    /* a keyboard that text can be written on */
	gboolean keyboard, mouse, touchpad; /* at least one, but for events_look_unfit() */
} EventDevice;

/* EventDevice *, by node, freed with the array. sysfs: SYSFS_ROOT except in tests. */
GPtrArray *events_look(const char *sysfs);

/* Those that report positions, and are none of these: tablets, touchscreens and gamepads, whose
 * events cannot be forwarded. As events_look(). */
GPtrArray *events_look_unfit(const char *sysfs);

/* Is there a keyboard with all its keys that is not on USB: a laptop's own, over Bluetooth? */
gboolean events_have_keyboard(const char *sysfs);

/* "keyboard", "mouse", "touchpad" */
const char *event_device_kind(const EventDevice *device);

/* Does the config mean an event device, and not a USB device? */
gboolean event_device_is_meant(const ConfigDevice *config);
/* Does the device have all that the config asks for? */
gboolean event_device_fits(const EventDevice *event, const ConfigDevice *config);
