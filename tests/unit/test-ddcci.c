/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/ddcci.h"

#include <string.h>

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
	/* the usual example: brightness */
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

static void test_save(void)
{
	guint8 message[DDCCI_SAVE_LENGTH];
	g_autofree char *text = NULL;

	ddcci_save(message, 0x51);
	text = hex(message, sizeof message);
	g_assert_cmpstr(text, ==, "51 81 0c b2");
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
		{ "other sender", DDCCI_BAD_LENGTH,
			{ 0x6c, 0x88, 2, 0, 0x60, 0, 0x0f, 4, 3, 0x11, 0xcf }, 11 },
		{ "two bytes", DDCCI_BAD_LENGTH, { 0x6e, 0x80 }, 2 },
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

static void assert_capabilities(guint8 source, guint16 offset, const char *expected)
{
	guint8 message[DDCCI_CAPABILITIES_LENGTH];
	g_autofree char *text = NULL;

	ddcci_capabilities(message, source, offset);
	text = hex(message, sizeof message);
	g_assert_cmpstr(text, ==, expected);
}

static void test_capabilities(void)
{
	assert_capabilities(0x51, 0, "51 83 f3 00 00 4f");
	assert_capabilities(0x51, 32, "51 83 f3 00 20 6f");
	assert_capabilities(0x50, 0x0120, "50 83 f3 01 20 6f");
}

typedef struct {
	const char *what;
	DdcciStatus status;
	const char *text;
	guint8 bytes[DDCCI_FRAGMENT_LENGTH + 2]; /* one too many, and the NUL of a string */
	gsize length;
} Fragment;

/* replies to the request for offset 0x0120 */
static void test_fragments(void)
{
	static const Fragment fragments[] = {
		{ "three", DDCCI_OK, "vcp", { 0x6e, 0x86, 0xe3, 1, 0x20, 'v', 'c', 'p', 0x1f },
			38 },
		{ "exactly", DDCCI_OK, "vcp", { 0x6e, 0x86, 0xe3, 1, 0x20, 'v', 'c', 'p', 0x1f },
			9 },
		{ "the end", DDCCI_OK, "", { 0x6e, 0x83, 0xe3, 1, 0x20, 0x7f }, 38 },
		{ "as long as may be", DDCCI_OK, "12345678123456781234567812345678",
			"\x6e\xa3\xe3\x01\x20"
			"12345678123456781234567812345678\x5f",
			38 },
		{ "longer", DDCCI_BAD_LENGTH, NULL,
			"\x6e\xa4\xe3\x01\x20"
			"123456781234567812345678123456781\x69",
			39 },
		{ "no offset", DDCCI_BAD_LENGTH, NULL, { 0x6e, 0x82, 0xe3, 1, 0x5e }, 38 },
		{ "null", DDCCI_NULL, NULL, { 0x6e, 0x80, 0xbe }, 38 },
		{ "a bit lost", DDCCI_BAD_CHECKSUM, NULL,
			{ 0x6e, 0x86, 0xe3, 1, 0x20, 'v', 'c', 'q', 0x1f }, 38 },
		{ "other offset", DDCCI_WRONG_OFFSET, NULL,
			{ 0x6e, 0x86, 0xe3, 0, 0x20, 'v', 'c', 'p', 0x1e }, 38 },
		{ "a get's reply", DDCCI_WRONG_MESSAGE, NULL,
			{ 0x6e, 0x88, 2, 0, 0x60, 0, 0x0f, 4, 3, 0x11, 0xcd }, 38 },
		{ "cut off", DDCCI_BAD_LENGTH, NULL, { 0x6e, 0x86, 0xe3, 1, 0x20, 'v', 'c', 'p' },
			8 },
		{ "nothing", DDCCI_BAD_LENGTH, NULL, { 0 }, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(fragments); i++) {
		const Fragment *fragment = &fragments[i];
		const guint8 *text = NULL;
		gsize length = 47;

		g_test_message("%s: %s", fragment->what, ddcci_status_text(fragment->status));
		g_assert_cmpint(ddcci_parse_fragment(
					fragment->bytes, fragment->length, 0x0120, &text, &length),
			==, fragment->status);
		if (fragment->text == NULL) {
			g_assert_null(text);
			g_assert_cmpuint(length, ==, 47);
		} else {
			g_assert_cmpuint(length, ==, strlen(fragment->text));
			g_assert_cmpint(memcmp(text, fragment->text, length), ==, 0);
		}
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ddcci/get", test_get);
	g_test_add_func("/ddcci/set", test_set);
	g_test_add_func("/ddcci/save", test_save);
	g_test_add_func("/ddcci/replies", test_replies);
	g_test_add_func("/ddcci/capabilities", test_capabilities);
	g_test_add_func("/ddcci/fragments", test_fragments);
	return g_test_run();
}
