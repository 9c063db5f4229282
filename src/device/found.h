/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The USB devices that are plugged in, with the names that users give them.
 */
#pragma once

#include "device/harm.h"
#include "device/judge.h"
#include "device/sysfs.h"

typedef struct {
	UsbInfo *info;
	char *name; /* "Logitech G502", by its own strings or by udev's database; never NULL */
	FoundKind kind;
	gboolean keyboard, mouse;   /* has such an interface: a receiver is often both */
	gboolean touchpad, gamepad; /* has such an interface; some gamepads have both */
	gboolean tablet;	    /* has a pen */
	gboolean twin;		    /* another one has the same vendor and product */
	UsbDriving driving;
	Judged typed, moved; /* is it what someone types on, or moves? */
	UsbHarmKind harm;    /* what the host would lose */
	char *harm_why;	     /* USB_HARMLESS: NULL */
} FoundDevice;

/* FoundDevice *, freed with the array: by kind, then by port. Hubs only if they are wanted. sysfs:
 * SYSFS_ROOT except in tests. */
GPtrArray *devices_look(const char *sysfs, gboolean hubs);

/* The words that users say: "headset"; for a keyboard that is also a mouse, "keyboard, mouse". */
const char *found_device_kind(const FoundDevice *device);

/* What a config must contain to find only this device: its port, if neither vendor and product nor
 * the serial number distinguish it from its twins. */
typedef enum {
	FOUND_BY_ID,
	FOUND_BY_SERIAL,
	FOUND_BY_PORT,
} FoundBy;

/* devices: all that were found. */
FoundBy found_device_by(const FoundDevice *device, const GPtrArray *devices);

/* The better way to move it to a guest, and why, for people (static). */
DeviceVia found_device_via(const FoundDevice *device, const char **why);
