/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a touchpad's motion and scrolling are as a mouse's.
 */
#include "input/touch-sum.h"

#include <math.h>

/* n times amount; the steps altogether. */
static gint64 add_up(TouchSum *sum, HidAxis axis, double amount, guint n)
{
	gint64 steps = 0;

	while (n-- > 0)
		steps += touch_sum_take(sum, axis, amount);
	return steps;
}

static void test_fractions(void)
{
	TouchSum sum = { 0 };

	g_assert_cmpint(touch_sum_take(&sum, HID_X, 0.75), ==, 0);
	g_assert_cmpint(touch_sum_take(&sum, HID_X, 0.75), ==, 1);
	g_assert_cmpint(touch_sum_take(&sum, HID_X, 0.5), ==, 1);
	g_assert_cmpint(add_up(&sum, HID_X, 0.125, 8000), ==, 1000);
	/* back to where it was, also across zero */
	g_assert_cmpint(add_up(&sum, HID_X, -0.125, 8000), ==, -1000);
	g_assert_cmpint(touch_sum_take(&sum, HID_X, 0.5), ==, 0);
	g_assert_cmpint(touch_sum_take(&sum, HID_X, -0.5), ==, 0);
	g_assert_cmpint(touch_sum_take(&sum, HID_X, -0.5), ==, 0);
	g_assert_cmpint(touch_sum_take(&sum, HID_X, -0.5), ==, -1);
}

static void test_axes_apart(void)
{
	TouchSum sum = { 0 };

	g_assert_cmpint(touch_sum_take(&sum, HID_X, 0.75), ==, 0);
	g_assert_cmpint(touch_sum_take(&sum, HID_Y, 0.75), ==, 0);
	g_assert_cmpint(touch_sum_take(&sum, HID_Y, -2.75), ==, -2);
	g_assert_cmpint(touch_sum_take(&sum, HID_X, 0.25), ==, 1);
}

/* 15 of libinput's units are a notch: 120 of a mouse's. A finger that goes down scrolls down, which
 * is negative for a mouse's wheel, and positive for libinput. */
static void test_scroll(void)
{
	TouchSum sum = { 0 };

	g_assert_cmpint(touch_sum_scroll(&sum, HID_WHEEL, 15), ==, -120);
	g_assert_cmpint(touch_sum_scroll(&sum, HID_WHEEL, -1), ==, 8);
	g_assert_cmpint(touch_sum_scroll(&sum, HID_PAN, 15), ==, 120);
	g_assert_cmpint(touch_sum_scroll(&sum, HID_PAN, -0.125), ==, -1);
	/* slow scrolling adds up */
	g_assert_cmpint(touch_sum_scroll(&sum, HID_WHEEL, 0.0625), ==, 0);
	g_assert_cmpint(touch_sum_scroll(&sum, HID_WHEEL, 0.0625), ==, -1);
	/* the end of a scroll */
	g_assert_cmpint(touch_sum_scroll(&sum, HID_WHEEL, 0), ==, 0);
}

static void test_wheel(void)
{
	TouchSum sum = { 0 };

	g_assert_cmpint(touch_sum_turn(&sum, HID_WHEEL, 120), ==, -120);
	g_assert_cmpint(touch_sum_turn(&sum, HID_WHEEL, -30), ==, 30);
	g_assert_cmpint(touch_sum_turn(&sum, HID_PAN, 120), ==, 120);
}

static void test_nonsense(void)
{
	static const double nonsense[] = { NAN, INFINITY, -INFINITY, 1e300, -1e7 };
	TouchSum sum = { 0 };

	g_assert_cmpint(touch_sum_take(&sum, HID_X, 0.5), ==, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(nonsense); i++)
		g_assert_cmpint(touch_sum_take(&sum, HID_X, nonsense[i]), ==, 0);
	g_assert_cmpint(touch_sum_take(&sum, HID_X, 0.5), ==, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input-touch/fractions", test_fractions);
	g_test_add_func("/input-touch/axes-apart", test_axes_apart);
	g_test_add_func("/input-touch/scroll", test_scroll);
	g_test_add_func("/input-touch/wheel", test_wheel);
	g_test_add_func("/input-touch/nonsense", test_nonsense);
	return g_test_run();
}
