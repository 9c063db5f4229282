/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/input.h"

static void test_codes(void)
{
	g_assert_cmpint(input_code("hdmi1"), ==, 0x11);
	g_assert_cmpint(input_code("HDMI-2"), ==, 0x12);
	g_assert_cmpint(input_code("DisplayPort 1"), ==, 0x0f);
	g_assert_cmpint(input_code("dp"), ==, 0x0f);
	g_assert_cmpint(input_code("usb-c"), ==, 0x1b);
	g_assert_cmpint(input_code("USB_C"), ==, 0x1b);
	g_assert_cmpint(input_code("hdmi3"), ==, -1);
	g_assert_cmpint(input_code(""), ==, -1);
}

/* what people are shown is what they may write */
static void test_round_trip(void)
{
	for (int code = 0; code < 256; code++)
		if (input_name((guint8)code) != NULL)
			g_assert_cmpint(input_code(input_name((guint8)code)), ==, code);
	for (const char *const *name = input_names(); *name != NULL; name++)
		g_assert_cmpint(input_code(*name), >, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input/codes", test_codes);
	g_test_add_func("/input/round-trip", test_round_trip);
	return g_test_run();
}
