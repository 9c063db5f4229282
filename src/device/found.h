/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The USB devices that are plugged in, as a person would speak of them.
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

/* As users say: "headset"; for a keyboard that is a mouse too "keyboard, mouse". */
const char *found_device_kind(const FoundDevice *device);

/* What a config has to say to find it and no other: port, when neither vendor and product nor the
 * serial number tell it from its twins. */
typedef enum {
	FOUND_BY_ID,
	FOUND_BY_SERIAL,
	FOUND_BY_PORT,
} FoundBy;

/* devices: all there are. */
FoundBy found_device_by(const FoundDevice *device, const GPtrArray *devices);

/* The way by which it best gets to a guest, and why, for people (static). */
DeviceVia found_device_via(const FoundDevice *device, const char **why);
