/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A monitor's capabilities: any bytes, as the string and as a fragment of it, the latter unchanged
 * and with checksum and offset corrected.
 */
#include "display/capabilities.h"
#include "display/ddcci.h"

#include <string.h>

#define OFFSET 0x4142

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_text(const char text[CAPABILITIES_TEXT])
{
	const char *end = memchr(text, '\0', CAPABILITIES_TEXT);

	g_assert_nonnull(end);
	for (; text < end; text++)
		g_assert_true(g_ascii_isprint(*text));
}

static void check_values(
	const Capabilities *capabilities, guint8 feature, const CapabilitiesValues *values)
{
	g_assert_cmpuint(values->length, <=, 256);
	if (values->length > 0)
		g_assert_true(capabilities_has(capabilities, feature));
	for (guint i = 1; i < values->length; i++)
		g_assert_null(memchr(values->codes, values->codes[i], i));
}

static void parse_string(const char *text, gsize length)
{
	Capabilities capabilities;

	memset(&capabilities, 0xa5, sizeof capabilities);
	capabilities_parse(text, length, &capabilities);
	check_text(capabilities.protocol);
	check_text(capabilities.type);
	check_text(capabilities.model);
	check_values(&capabilities, 0x60, &capabilities.inputs);
	check_values(&capabilities, 0xf4, &capabilities.lg_inputs);
	g_assert_cmpuint(capabilities.mccs_major, <, 10);
	g_assert_cmpuint(capabilities.mccs_minor, <, 10);
	g_assert_cmphex(capabilities.damage & ~0xfu, ==, 0);
}

static void parse_fragment(const guint8 *reply, gsize length)
{
	const guint8 *text = NULL;
	gsize text_length = 47;
	DdcciStatus status = ddcci_parse_fragment(reply, length, OFFSET, &text, &text_length);

	g_assert_nonnull(ddcci_status_text(status));
	if (status == DDCCI_OK) {
		g_assert_cmpuint(text_length, <=, DDCCI_FRAGMENT_TEXT);
		g_assert_true(text > reply && text + text_length < reply + length);
	} else {
		g_assert_null(text);
		g_assert_cmpuint(text_length, ==, 47);
	}
}

/* The string in one of the files of tests/capabilities: behind their header. */
static gsize skip_header(const guint8 *data, gsize size)
{
	for (gsize i = 0; i + 1 < size; i++)
		if (data[i] == '\n' && data[i + 1] == '\n')
			return i + 2;
	return 0;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	gsize header = skip_header(data, size);
	/* of their own, so that a sanitizer sees a read past the end */
	g_autofree char *text = g_memdup2(data + header, size - header);
	g_autofree guint8 *reply = g_memdup2(data, size);
	gsize end = size > 1 ? (gsize)(reply[1] & 0x7f) + 2 : size;
	guint8 sum = 0x50;

	parse_string(text != NULL ? text : "", size - header);
	parse_fragment(reply, size);
	if (end >= size || end < 5)
		return 0;
	reply[3] = OFFSET >> 8;
	reply[4] = OFFSET & 0xff;
	for (gsize i = 0; i < end; i++)
		sum ^= reply[i];
	reply[end] = sum;
	parse_fragment(reply, size);
	return 0;
}
