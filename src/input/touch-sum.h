/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Converts libinput's motion of a touchpad to a mouse's whole steps. Pure. Fractions of a step are
 * kept, so that slow motion is not lost.
 */
#pragma once

#include "input/hid.h"

/* How much finger scrolling equals one notch of a wheel, in libinput's units, which are those of
 * the pointer's motion. Source: xf86-input-libinput's ScrollPixelDistance. */
#define TOUCH_NOTCH 15

typedef struct {
	double left[HID_AXES]; /* fractions between -1 and 1 */
} TouchSum;

/* Adds amount to axis, in the units of queue_move(), and takes the whole steps. Values that are not
 * a number, or larger than any finger's motion, are ignored. */
gint64 touch_sum_take(TouchSum *sum, HidAxis axis, double amount);

/* Adds scrolling, in libinput's units: the motion of the finger; down and right are positive. axis:
 * HID_WHEEL or HID_PAN. */
gint64 touch_sum_scroll(TouchSum *sum, HidAxis axis, double way);

/* The same for a wheel, with libinput's 120 units per notch. */
gint64 touch_sum_turn(TouchSum *sum, HidAxis axis, double v120);
