/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/touch-sum.h"

#include <math.h>

/* Wider than any touchpad, in steps of a mouse. */
#define MOST 1e6

gint64 touch_sum_take(TouchSum *sum, HidAxis axis, double amount)
{
	double whole;

	if (!isfinite(amount) || fabs(amount) > MOST)
		return 0;
	sum->left[axis] = modf(sum->left[axis] + amount, &whole);
	return (gint64)whole;
}

/* For a mouse, up is positive. */
static double direction(HidAxis axis)
{
	return axis == HID_WHEEL ? -1 : 1;
}

gint64 touch_sum_scroll(TouchSum *sum, HidAxis axis, double way)
{
	return touch_sum_take(sum, axis, direction(axis) * way * HID_NOTCH / TOUCH_NOTCH);
}

gint64 touch_sum_turn(TouchSum *sum, HidAxis axis, double v120)
{
	return touch_sum_take(sum, axis, direction(axis) * v120 * HID_NOTCH / 120);
}
