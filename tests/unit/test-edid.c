/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/edid.h"

#include "edid-samples.h"

#include <string.h>

/* header, AOC (0x05e3), product 0x2778, serial number 1234, made in 2013, EDID 1.3; the first
 * descriptor is a timing */
static const guint8 start[] = { 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x05, 0xe3, 0x78,
	0x27, 0xd2, 0x04, 0x00, 0x00, 0x0a, 0x17, 0x01, 0x03 };
static const guint8 timing[] = { 0x02, 0x3a, 0x80, 0x18, 0x71, 0x38, 0x2d, 0x40, 0x58, 0x2c, 0x45,
	0x00, 0x55, 0x50, 0x21, 0x00, 0x00, 0x1e };

typedef struct {
	guint8 tag;
	const char *text; /* 13 bytes */
} Descriptor;

static void make(guint8 edid[EDID_LENGTH], const Descriptor *descriptors, gsize count)
{
	guint8 sum = 0;

	memset(edid, 0, EDID_LENGTH);
	memcpy(edid, start, sizeof start);
	memcpy(edid + 54, timing, sizeof timing);
	for (gsize i = 0; i < count; i++) {
		edid[72 + 18 * i + 3] = descriptors[i].tag;
		memcpy(edid + 72 + 18 * i + 5, descriptors[i].text, 13);
	}
	for (int i = 0; i < EDID_LENGTH - 1; i++)
		sum = (guint8)(sum + edid[i]);
	edid[EDID_LENGTH - 1] = (guint8)-sum;
}

static Edid parsed(const Descriptor *descriptors, gsize count)
{
	g_autoptr(GError) error = NULL;
	guint8 bytes[EDID_LENGTH];
	Edid edid;

	make(bytes, descriptors, count);
	g_assert_true(edid_parse(bytes, sizeof bytes, &edid, &error));
	g_assert_no_error(error);
	return edid;
}

static const Descriptor full[] = { { 0xff, "GCHD1234\n    " }, { 0xfc, "2778X  \n     " },
	{ 0xfd, "\x32\x4c\x1e\x53\x11\x00\x0a      " } };

static void test_parse(void)
{
	Edid edid = parsed(full, G_N_ELEMENTS(full));
	g_autofree char *text = edid_describe(&edid);

	g_assert_cmpstr(edid.manufacturer, ==, "AOC");
	g_assert_cmphex(edid.product, ==, 0x2778);
	g_assert_cmpuint(edid.number, ==, 1234);
	g_assert_cmpstr(edid.model, ==, "2778X");
	g_assert_cmpstr(edid.serial, ==, "GCHD1234");
	g_assert_cmpstr(text, ==, "AOC 2778X GCHD1234");
}

/* thirteen characters and no line feed; bytes that are no text; nothing at all */
static void test_texts(void)
{
	const Descriptor odd[] = { { 0xfc, "ABCDEFGHIJKLM" }, { 0xff, "a\x80\x1b"
								      "b\n########" } };
	Edid edid = parsed(odd, G_N_ELEMENTS(odd));
	Edid bare = parsed(NULL, 0);
	g_autofree char *text = edid_describe(&bare);

	g_assert_cmpstr(edid.model, ==, "ABCDEFGHIJKLM");
	g_assert_cmpstr(edid.serial, ==, "a??b");
	g_assert_cmpstr(bare.model, ==, "0x2778");
	g_assert_cmpstr(bare.serial, ==, "");
	g_assert_cmpstr(text, ==, "AOC 0x2778 1234");
}

static void assert_refused(const guint8 *bytes, gsize length, const char *says)
{
	g_autoptr(GError) error = NULL;
	Edid edid = { .model = "untouched" };

	g_assert_false(edid_parse(bytes, length, &edid, &error));
	g_assert_nonnull(error);
	g_assert_nonnull(strstr(error->message, says));
	g_assert_cmpstr(edid.model, ==, "untouched");
}

static void test_refused(void)
{
	guint8 bytes[EDID_LENGTH];

	make(bytes, full, G_N_ELEMENTS(full));
	assert_refused(bytes, EDID_LENGTH - 1, "too short");
	bytes[90]++;
	assert_refused(bytes, EDID_LENGTH, "checksum");
	bytes[0]++;
	assert_refused(bytes, EDID_LENGTH, "its header is wrong");
	memset(bytes, 0xff, sizeof bytes);
	assert_refused(bytes, EDID_LENGTH, "its header is wrong");
}

static void test_matches(void)
{
	static const struct {
		MonitorMatch match;
		gboolean matches;
	} cases[] = {
		{ { .monitor = (char *)"AOC 2778X" }, TRUE },
		{ { .monitor = (char *)"2778x  aoc" }, TRUE },
		{ { .monitor = (char *)"gchd1234" }, TRUE },
		{ { .monitor = (char *)"AOC 2778" }, FALSE },
		{ { .monitor = (char *)"AOC 2778X DEL" }, FALSE },
		{ { .manufacturer = (char *)"aoc" }, TRUE },
		{ { .manufacturer = (char *)"DEL" }, FALSE },
		{ { .model = (char *)"2778x" }, TRUE },
		{ { .model = (char *)"277" }, FALSE },
		{ { .serial = (char *)"GCHD1234" }, TRUE },
		{ { .serial = (char *)"1234" }, TRUE },
		{ { .serial = (char *)"123" }, FALSE },
		{ { .manufacturer = (char *)"AOC", .serial = (char *)"1235" }, FALSE },
		{ { .number = 1234 }, TRUE },
		{ { .number = 1235 }, FALSE },
		{ { 0 }, TRUE },
	};
	Edid edid = parsed(full, G_N_ELEMENTS(full));

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("case %" G_GSIZE_FORMAT, i);
		g_assert_cmpint(edid_matches(&edid, &cases[i].match), ==, cases[i].matches);
	}
}

static void test_samples(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(edid_samples); i++) {
		const EdidSample *sample = &edid_samples[i];
		g_autoptr(GError) error = NULL;
		gsize length;
		g_autofree guint8 *bytes = edid_sample_load(sample, &length);
		Edid edid;

		g_test_message("%s", sample->file);
		g_assert_true(edid_parse(bytes, length, &edid, &error));
		g_assert_no_error(error);
		g_assert_cmpstr(edid.manufacturer, ==, sample->manufacturer);
		g_assert_cmpstr(edid.model, ==, sample->model);
		g_assert_cmpstr(edid.serial, ==, sample->serial);
		g_assert_cmpuint(edid.number, ==, sample->number);
	}
}

/* four descriptors, all used to the last byte, and all ended before it */
static void test_longest(void)
{
	static const Descriptor filled[] = { { 0xfc, "ABCDEFGHIJKLM" }, { 0xfc, "abcdefghijklm" },
		{ 0xfc, "NOPQRSTUVWXYZ" } };
	static const Descriptor ended[] = { { 0xfc, "ABCDEFGHIJKL\n" }, { 0xfc, "abcdefghijkl\n" },
		{ 0xfc, "NOPQRSTUVWXY\n" } };
	Edid edid = parsed(filled, G_N_ELEMENTS(filled));

	g_assert_cmpstr(edid.model, ==, "ABCDEFGHIJKLMabcdefghijklmNOPQRSTUVWXYZ");
	edid = parsed(ended, G_N_ELEMENTS(ended));
	g_assert_cmpstr(edid.model, ==, "ABCDEFGHIJKL abcdefghijkl NOPQRSTUVWXY");
}

/* Each way that published EDIDs fill up a text, at its end and before its start. */
static void test_padding(void)
{
	static const char *const texts[] = { "2778X        ", "2778X\r\r\r\r\r\r\r\r",
		"2778X\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f", "2778X\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0",
		"2778X\xff\xff\xff\xff\xff\xff\xff\xff", "\x7f\xa0\xff\r    2778X" };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		const Descriptor one[] = { { 0xfc, texts[i] } };
		Edid edid = parsed(one, G_N_ELEMENTS(one));

		g_test_message("text %zu", i);
		g_assert_cmpstr(edid.model, ==, "2778X");
	}
}

/* A space at either side of the seam is one of the name. */
static void test_seams(void)
{
	static const Descriptor apart[] = { { 0xfc, "ABCDEFGHIJKLM" }, { 0xfc, " N\n          " } };
	static const Descriptor joined[] = { { 0xfc, "ABCDEFGHIJKLM" },
		{ 0xfc, "N\n           " } };
	static const Descriptor padded[] = { { 0xfc, "ABCDEFGHIJKL " },
		{ 0xfc, "N\n           " } };
	Edid edid = parsed(apart, G_N_ELEMENTS(apart));

	g_assert_cmpstr(edid.model, ==, "ABCDEFGHIJKLM N");
	edid = parsed(joined, G_N_ELEMENTS(joined));
	g_assert_cmpstr(edid.model, ==, "ABCDEFGHIJKLMN");
	edid = parsed(padded, G_N_ELEMENTS(padded));
	g_assert_cmpstr(edid.model, ==, "ABCDEFGHIJKL N");
}

/* Every one of an EDID's facts counts. */
static void test_equal(void)
{
	const Edid edid = parsed(full, G_N_ELEMENTS(full));
	Edid others[] = { edid, edid, edid, edid, edid };

	g_assert_true(edid_equal(&edid, &edid));
	others[0].manufacturer[0] = 'X';
	others[1].product++;
	others[2].number++;
	others[3].model[0] = 'X';
	others[4].serial[0] = 'X';
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		g_assert_false(edid_equal(&edid, &others[i]));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/edid/parse", test_parse);
	g_test_add_func("/edid/texts", test_texts);
	g_test_add_func("/edid/samples", test_samples);
	g_test_add_func("/edid/longest", test_longest);
	g_test_add_func("/edid/padding", test_padding);
	g_test_add_func("/edid/seams", test_seams);
	g_test_add_func("/edid/equal", test_equal);
	g_test_add_func("/edid/refused", test_refused);
	g_test_add_func("/edid/matches", test_matches);
	return g_test_run();
}
