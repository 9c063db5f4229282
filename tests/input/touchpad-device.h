/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A touchpad of uinput's, 100 by 60 mm with 40 units in a millimetre, whose surface is one button;
 * what udev says about it; and the desktop's descriptor of its event node.
 */
#pragma once

#include <glib.h>

#define TOUCHPAD_DEVICE_FINGERS 3

typedef struct {
	int uinput, node; /* node: the desktop's */
	struct {
		gboolean down;
		int x, y;
	} fingers[TOUCHPAD_DEVICE_FINGERS];
	int next_id;
} TouchpadDevice;

void touchpad_device_make(TouchpadDevice *pad);
/* Writes into udev's database, as udevd does some time after the device has appeared. */
void touchpad_device_describe(const TouchpadDevice *pad);
void touchpad_device_unmake(TouchpadDevice *pad);

/* All of a frame; positions are in units. */
void touchpad_device_touch(TouchpadDevice *pad, guint finger, int x, int y);
void touchpad_device_slide(TouchpadDevice *pad, guint finger, int dx, int dy);
void touchpad_device_lift(TouchpadDevice *pad, guint finger);
void touchpad_device_end_frame(TouchpadDevice *pad);

/* The button, in a frame of its own. */
void touchpad_device_press(TouchpadDevice *pad, gboolean down);

/* The desktop: how many events have come; how many fingers were lifted in them. */
guint touchpad_device_read(const TouchpadDevice *pad);
guint touchpad_device_read_lifts(const TouchpadDevice *pad);

/* Does the kernel think that a finger is on it, or that its button is down? */
gboolean touchpad_device_is_touched(const TouchpadDevice *pad);
