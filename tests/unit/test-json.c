/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is an object in JSON, and what is none: as Python's json.loads() has it.
 */
#include "common/json.h"

#include <string.h>

static const char *const taken[] = {
	"{}",
	" \t\r\n{ \"to\" :\n\"guest\" }\r\n",
	"{\"a\":{\"b\":[1,[],{\"c\":null}]},\"d\":true,\"e\":false}",
	"{\"a\":0,\"b\":-0,\"c\":10,\"d\":1.5,\"e\":1e5,\"f\":1E+5,\"g\":2.5e-3}",
	"{\"a\":123456789012345678901234567890,\"b\":1e999}",
	"{\"a\":NaN,\"b\":Infinity,\"c\":-Infinity}",
	"{\"a\":\"\\ud800\",\"b\":\"\\udc00x\",\"c\":\"\\ud800\\u0041\",\"d\":\"\\u0000\"}",
	"{\"\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
	"{\"a\":1,\"a\":2}",
};

static const char *const refused[] = {
	"",
	" ",
	"[]",
	"\"to\"",
	"null",
	"1",
	"{",
	"}",
	"{\"a\"",
	"{\"a\":",
	"{\"a\":1",
	"{\"a\":1,",
	"{\"a\":1,}",
	"{,\"a\":1}",
	"{\"a\" 1}",
	"{a:1}",
	"{'a':1}",
	"{\"a\":'b'}",
	"{5",
	"{\"a\":[1,]}",
	"{\"a\":[,1]}",
	"{\"a\":[1 2]}",
	"{\"a\":[1}",
	"{\"a\":1} x",
	"{\"a\":1}{}",
	"{\"a\":1};",
	"{\"a\":01}",
	"{\"a\":1.}",
	"{\"a\":.5}",
	"{\"a\":+1}",
	"{\"a\":-}",
	"{\"a\":--1}",
	"{\"a\":1e}",
	"{\"a\":0x10}",
	"{\"a\":nan}",
	"{\"a\":True}",
	"{\"a\":nullx}",
	"{\"a\":\"\t\"}",
	"{\"a\":\"\n\"}",
	"{\"a\":\"\\q\"}",
	"{\"a\":\"\\u12\"}",
	"{\"a\":\"\\u12g4\"}",
	"{\"a\":\"\\",
	"{\"a\":\"b",
	"/* c */{\"a\":1}",
	"# c\n{\"a\":1}",
	"var a = {\"a\":1}",
	"\f{\"a\":1}",
	"\xc2\xa0{\"a\":1}",
	"\xef\xbb\xbf{\"a\":1}",
	"{\"a\":\"\xff\"}",
};

static void test_texts(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(taken); i++) {
		g_autoptr(JsonNode) root = object_parse(taken[i]);

		g_test_message("%s", taken[i]);
		g_assert_nonnull(root);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_test_message("refused %zu", i);
		g_assert_null(object_parse(refused[i]));
	}
}

static void test_members(void)
{
	g_autoptr(JsonNode) root = object_parse(
		"{\"t\":\"\\u20ac\\ud83d\\ude00\\ud83dx\\u0000\",\"n\":-12,\"f\":0.5,\"h\":"
		"99999999999999999999,\"b\":true,"
		"\"o\":{\"x\":1},\"l\":[1,{\"x\":2},null,{}],\"t2\":\"a\",\"t2\":\"b\"}");
	JsonObject *object = json_node_get_object(root);
	gint64 number = 0;
	guint i = 0;

	g_assert_cmpstr(member_text(object, "t"), ==, "€😀\xef\xbf\xbdx\xef\xbf\xbd");
	g_assert_cmpstr(member_text(object, "t2"), ==, "b");
	g_assert_true(member_int(object, "n", &number) && number == -12);
	g_assert_false(member_int(object, "f", &number) || member_int(object, "t", &number));
	g_assert_cmpfloat(member_number(object, "f"), ==, 0.5);
	g_assert_true(member_int(object, "h", &number) && number == G_MAXINT64);
	g_assert_true(member_bool(object, "b"));
	g_assert_true(member_int(member_object(object, "o"), "x", &number) && number == 1);
	g_assert_true(member_int(member_item(object, "l", &i), "x", &number) && number == 2);
	g_assert_nonnull(member_item(object, "l", &i));
	g_assert_null(member_item(object, "l", &i));
	g_assert_null(member_text(object, "n"));
	g_assert_null(member_text(object, "none"));
	g_assert_null(member_text(NULL, "t"));
}

static char *nested(guint depth)
{
	g_autofree char *begin = g_strnfill(depth - 1, '['), *end = g_strnfill(depth - 1, ']');

	return g_strconcat("{\"a\":", begin, end, "}", NULL);
}

static void test_depth(void)
{
	g_autofree char *most = nested(OBJECT_NESTING_MAX);
	g_autofree char *more = nested(OBJECT_NESTING_MAX + 1);
	g_autofree char *open = g_strnfill(1000000, '[');
	g_autofree char *deep = g_strconcat("{\"a\":", open, NULL);
	g_autoptr(JsonNode) root = object_parse(most);

	g_assert_nonnull(root);
	g_assert_null(object_parse(more));
	g_assert_null(object_parse(deep));
}

/* {"to":"gä😀t"}, from it in every encoding that Python finds out */
static void test_encodings(void)
{
	static const char text[] = "{\"to\":\"gä😀t\"}";
	static const struct {
		const char *charset, *mark;
		gsize mark_length;
	} all[] = {
		{ "UTF-8", "\xef\xbb\xbf", 3 },
		{ "UTF-16LE", "\xff\xfe", 2 },
		{ "UTF-16BE", "\xfe\xff", 2 },
		{ "UTF-32LE", "\xff\xfe\0\0", 4 },
		{ "UTF-32BE", "\0\0\xfe\xff", 4 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		for (gsize mark = 0; mark <= all[i].mark_length; mark += all[i].mark_length) {
			g_autoptr(GByteArray) bytes = g_byte_array_new();
			g_autoptr(JsonNode) root = NULL;
			gsize length;
			g_autofree char *coded =
				g_convert(text, -1, all[i].charset, "UTF-8", NULL, &length, NULL);

			g_byte_array_append(bytes, (const guint8 *)all[i].mark, (guint)mark);
			g_byte_array_append(bytes, (const guint8 *)coded, (guint)length);
			root = object_parse_bytes(bytes->data, bytes->len);
			g_assert_nonnull(root);
			g_assert_cmpstr(member_text(json_node_get_object(root), "to"), ==, "gä😀t");
			/* one byte more is half a character, or no JSON */
			g_byte_array_append(bytes, (const guint8 *)"x", 1);
			g_assert_null(object_parse_bytes(bytes->data, bytes->len));
		}
}

static void test_bytes(void)
{
	static const struct {
		const char *bytes;
		gsize length;
		gboolean ok;
	} all[] = {
		{ "", 0, FALSE },
		{ "{", 1, FALSE },
		{ "{}", 2, TRUE },
		{ "{\0}\0", 4, TRUE },
		{ "\0{\0}", 4, TRUE },
		{ "\xff\xfe", 2, FALSE },
		{ "\xff\xfe\xff\xfe{\0}\0", 8, FALSE },
		{ "{}\0", 3, FALSE },
		/* halves of surrogate pairs, in UTF-8 and UTF-16 */
		{ "{\"a\":\"\xed\xa0\x80\"}", 11, TRUE },
		{ "{\"a\":\"\xed\xa0\"}", 10, FALSE },
		{ "\xff\xfe{\0\"\0\x00\xd8\"\0:\0001\0}\0", 16, TRUE },
		/* U+110000 */
		{ "{\0\0\0\"\0\0\0\0\0\x11\0\"\0\0\0:\0\0\0001\0\0\0}\0\0\0", 28, FALSE },
		/* U+0000 */
		{ "{\0\"\0a\0\0\0\"\0:\0001\0}\0", 16, FALSE },
	};

	g_assert_null(object_parse_bytes(NULL, 0));
	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree guint8 *copy = g_memdup2(all[i].bytes, all[i].length);
		g_autoptr(JsonNode) root = object_parse_bytes(copy, all[i].length);

		g_test_message("%zu", i);
		g_assert_cmpint(root != NULL, ==, all[i].ok);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/json/texts", test_texts);
	g_test_add_func("/json/members", test_members);
	g_test_add_func("/json/depth", test_depth);
	g_test_add_func("/json/encodings", test_encodings);
	g_test_add_func("/json/bytes", test_bytes);
	return g_test_run();
}
