/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/ddcci.h"

static char *hex(const guint8 *bytes, gsize length)
{
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < length; i++)
		g_string_append_printf(s, i > 0 ? " %02x" : "%02x", bytes[i]);
	return g_string_free(s, FALSE);
}

static void assert_get(guint8 source, guint8 feature, const char *expected)
{
	guint8 message[DDCCI_GET_LENGTH];
	g_autofree char *text = NULL;

	ddcci_get(message, source, feature);
	text = hex(message, sizeof message);
	g_assert_cmpstr(text, ==, expected);
}

static void assert_set(guint8 source, guint8 feature, guint16 value, const char *expected)
{
	guint8 message[DDCCI_SET_LENGTH];
	g_autofree char *text = NULL;

	ddcci_set(message, source, feature, value);
	text = hex(message, sizeof message);
	g_assert_cmpstr(text, ==, expected);
}

static void test_get(void)
{
	/* the example that everybody gives: brightness */
	assert_get(0x51, 0x10, "51 82 01 10 ac");
	assert_get(0x51, 0x60, "51 82 01 60 dc");
}

static void test_set(void)
{
	assert_set(0x51, 0x10, 50, "51 84 03 10 00 32 9a");
	assert_set(0x51, 0x60, 0x11, "51 84 03 60 00 11 c9");
	assert_set(0x51, 0x60, 0x1101, "51 84 03 60 11 01 c8");
	/* LG's input switch: signed 0x50, feature 0xf4 */
	assert_set(0x50, 0xf4, 0x90, "50 84 03 f4 00 90 dd");
}

typedef struct {
	const char *what;
	DdcciStatus status;
	guint8 bytes[DDCCI_REPLY_LENGTH];
	gsize length;
} Reply;

static void test_replies(void)
{
	static const Reply replies[] = {
		{ "whole", DDCCI_OK, { 0x6e, 0x88, 2, 0, 0x60, 0, 0x0f, 4, 3, 0x11, 0xcd }, 11 },
		{ "unsupported", DDCCI_UNSUPPORTED, { 0x6e, 0x88, 2, 1, 0x60, 0, 0, 0, 0, 0, 0xd5 },
			11 },
		{ "null", DDCCI_NULL, { 0x6e, 0x80, 0xbe }, 11 },
		{ "null, exactly", DDCCI_NULL, { 0x6e, 0x80, 0xbe }, 3 },
		{ "a bit lost", DDCCI_BAD_CHECKSUM,
			{ 0x6e, 0x88, 2, 0, 0x60, 0, 0x0f, 4, 3, 0x10, 0xcd }, 11 },
		{ "null's bit lost", DDCCI_BAD_CHECKSUM, { 0x6e, 0x80, 0xbf }, 11 },
		{ "other feature", DDCCI_WRONG_FEATURE,
			{ 0x6e, 0x88, 2, 0, 0x10, 0, 0x0f, 4, 3, 0x11, 0xbd }, 11 },
		{ "not a get's reply", DDCCI_WRONG_MESSAGE,
			{ 0x6e, 0x88, 0xe3, 0, 0x60, 0, 0x0f, 4, 3, 0x11, 0x2c }, 11 },
		{ "unknown result", DDCCI_WRONG_MESSAGE,
			{ 0x6e, 0x88, 2, 2, 0x60, 0, 0x0f, 4, 3, 0x11, 0xcf }, 11 },
		{ "cut off", DDCCI_BAD_LENGTH, { 0x6e, 0x88, 2, 0, 0x60, 0, 0x0f, 4, 3, 0x11 },
			10 },
		{ "too long", DDCCI_BAD_LENGTH, { 0x6e, 0xa3, 2, 0, 0x60 }, 11 },
		{ "no length", DDCCI_BAD_LENGTH, { 0x6e, 0x08, 2, 0, 0x60 }, 11 },
		{ "nobody drives the bus", DDCCI_BAD_LENGTH,
			{ 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 }, 11 },
		{ "zeros", DDCCI_BAD_LENGTH, { 0 }, 11 },
		{ "nothing", DDCCI_BAD_LENGTH, { 0 }, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(replies); i++) {
		const Reply *reply = &replies[i];
		guint16 value = 0xabcd;

		g_test_message("%s: %s", reply->what, ddcci_status_text(reply->status));
		g_assert_cmpint(
			ddcci_parse(reply->bytes, reply->length, 0x60, &value), ==, reply->status);
		g_assert_cmphex(value, ==, reply->status == DDCCI_OK ? 0x0311 : 0xabcd);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ddcci/get", test_get);
	g_test_add_func("/ddcci/set", test_set);
	g_test_add_func("/ddcci/replies", test_replies);
	return g_test_run();
}
