/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What libinput says about a touchpad, as a mouse says it: whole steps. Pure. What is too little
 * for a step is kept, so that slow motion is not lost.
 */
#pragma once

#include "input/hid.h"

/* libinput's units of finger scrolling, which are those of the pointer's motion, in one notch of a
 * wheel: as xf86-input-libinput's ScrollPixelDistance has it. */
#define TOUCH_NOTCH 15

typedef struct {
	double left[HID_AXES]; /* between -1 and 1 */
} TouchSum;

/* Adds amount to axis, as queue_move() counts; takes the whole steps. What is not a number, or more
 * than any finger does at once, is left out. */
gint64 touch_sum_take(TouchSum *sum, HidAxis axis, double amount);

/* Scrolling, as libinput counts: the finger's way, of which down and right are positive. axis:
 * HID_WHEEL or HID_PAN. */
gint64 touch_sum_scroll(TouchSum *sum, HidAxis axis, double way);

/* The same from a wheel, of which libinput counts 120 in a notch. */
gint64 touch_sum_turn(TouchSum *sum, HidAxis axis, double v120);
