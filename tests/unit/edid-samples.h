/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is read from the EDIDs in tests/fuzz/edid. Most are base blocks that linuxhw/EDID published,
 * with the date and the serial numbers replaced.
 */
#pragma once

#include <glib.h>

typedef struct {
	const char *file, *manufacturer, *model, *serial;
	guint32 number;
} EdidSample;

static const EdidSample edid_samples[] = {
	{ "bare", "AOC", "0x2778", "", 1234 },
	{ "full", "AOC", "2778X", "GCHD1234", 1234 },
	{ "underscore-maker", "TV?", "TV", "", 0 },
	/* a name and an empty descriptor, in either order */
	{ "blank-second-name", "GSM", "L1770H", "", 0 },
	{ "blank-second-name-2018", "ELE", "E2SW3918", "", 0 },
	{ "name-behind-blanks", "IVM", "MM906UT", "", 0 },
	{ "name-all-blank", "LRX", "0x2281", "", 0 },
	{ "name-repeated", "WWW", "ZN242GD", "", 0 },
	/* names in several descriptors */
	{ "name-continued", "APP", "Cinema Display", "", 0 },
	{ "name-continued-space", "APP", "Apple Cinema HD Display", "", 0 },
	{ "name-continued-apart", "GSM", "FLATRON 795FT Plus", "", 0 },
	{ "name-two-words", "MAX", "Belinea 101920", "", 0 },
	{ "name-in-three", "MDT", "Internal Display", "", 0 },
	/* bytes that are not text, in one of two descriptors */
	{ "name-garbled-first", "HSD", "HSD150PX17-A", "", 0 },
	{ "name-garbled-second", "TMX", "TL140VDXP04-0", "", 0 },
	/* padding */
	{ "name-nul", "GSM", "L222W", "", 0 },
	{ "padded-0x01", "GVT", "GVision L5EX_TA", "", 0 },
	{ "padded-0xff", "ACI", "ASUS VW192S", "00XX000000", 0 },
	{ "padded-0xff-lf", "ACI", "ASUS LS201", "00XXXX000000", 0 },
	{ "padded-cr", "BBY", "DX-32L220A12", "", 0 },
	{ "padded-cr-lf", "ELE", "ELSFWC401", "", 0 },
	{ "padded-nbsp", "BNQ", "BenQ FP731", "", 0 },
	{ "serial-0xff", "SAM", "C32JG5x", "", 0 },
	{ "serial-behind-blank", "NON", "SMILE563", "0X000XX0X", 0 },
};

/* The bytes of a sample; free with g_free(). */
static inline guint8 *edid_sample_load(const EdidSample *sample, gsize *length)
{
	g_autofree char *path =
		g_test_build_filename(G_TEST_DIST, "..", "fuzz", "edid", sample->file, NULL);
	g_autoptr(GError) error = NULL;
	char *bytes;

	g_file_get_contents(path, &bytes, length, &error);
	g_assert_no_error(error);
	return (guint8 *)bytes;
}
