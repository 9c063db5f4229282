/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/edid.h"

#include "common/error.h"

#include <string.h>

/* offsets in the base block: E-EDID A.2, table 3.1 */
enum {
	MANUFACTURER = 8,
	PRODUCT = 10,
	NUMBER = 12,
	DESCRIPTORS = 54,
};

#define DESCRIPTOR_LENGTH 18
#define DESCRIPTOR_COUNT  4
#define DESCRIPTOR_TEXT	  5 /* offset of the text in a descriptor: 3.10.3 */
#define TAG_SERIAL	  0xff
#define TAG_NAME	  0xfc

/* Copies a text that ends at a line feed or after 13 bytes, without blanks at either end. */
static void copy_text(char to[EDID_TEXT], const guint8 *from)
{
	gsize length = 0;

	while (length < EDID_TEXT - 1 && from[length] != '\n' && from[length] != '\0') {
		char c = (char)from[length];

		to[length++] = g_ascii_isprint(c) ? c : '?';
	}
	to[length] = '\0';
	g_strstrip(to);
}

static void read_descriptors(const guint8 *data, Edid *edid)
{
	for (int i = 0; i < DESCRIPTOR_COUNT; i++) {
		const guint8 *d = data + DESCRIPTORS + i * DESCRIPTOR_LENGTH;

		/* others than timings start with zeros */
		if (d[0] != 0 || d[1] != 0)
			continue;
		if (d[3] == TAG_NAME)
			copy_text(edid->model, d + DESCRIPTOR_TEXT);
		else if (d[3] == TAG_SERIAL)
			copy_text(edid->serial, d + DESCRIPTOR_TEXT);
	}
}

static const char *fault(const guint8 *data, gsize length)
{
	static const guint8 header[] = { 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00 };
	guint8 sum = 0;

	if (length < EDID_LENGTH)
		return "it is too short";
	if (memcmp(data, header, sizeof header) != 0)
		return "it does not start as one";
	for (gsize i = 0; i < EDID_LENGTH; i++)
		sum = (guint8)(sum + data[i]);
	return sum == 0 ? NULL : "its checksum is wrong";
}

gboolean edid_parse(const guint8 *data, gsize length, Edid *edid, GError **error)
{
	const char *why = fault(data, length);
	guint16 id;

	if (why != NULL) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "no valid EDID: %s", why);
		return FALSE;
	}
	*edid = (Edid){ 0 };
	/* three letters of five bits each, 1 is A */
	id = (guint16)(data[MANUFACTURER] << 8 | data[MANUFACTURER + 1]);
	for (int i = 0; i < 3; i++) {
		int letter = '@' + (id >> (10 - 5 * i) & 0x1f);

		edid->manufacturer[i] = g_ascii_isupper((char)letter) ? (char)letter : '?';
	}
	edid->product = (guint16)(data[PRODUCT] | data[PRODUCT + 1] << 8);
	for (int i = 3; i >= 0; i--)
		edid->number = edid->number << 8 | data[NUMBER + i];
	read_descriptors(data, edid);
	if (edid->model[0] == '\0')
		g_snprintf(edid->model, sizeof edid->model, "0x%04X", edid->product);
	return TRUE;
}

char *edid_describe(const Edid *edid)
{
	const char *name = edid->manufacturer;

	if (edid->serial[0] != '\0')
		return g_strdup_printf("%s %s %s", name, edid->model, edid->serial);
	if (edid->number != 0)
		return g_strdup_printf("%s %s %u", name, edid->model, edid->number);
	return g_strdup_printf("%s %s", name, edid->model);
}

gboolean edid_equal(const Edid *a, const Edid *b)
{
	return strcmp(a->manufacturer, b->manufacturer) == 0 && a->product == b->product &&
	       a->number == b->number && strcmp(a->model, b->model) == 0 &&
	       strcmp(a->serial, b->serial) == 0;
}

static gboolean same(const char *wanted, const char *is)
{
	return wanted == NULL || g_ascii_strcasecmp(wanted, is) == 0;
}

static gboolean same_serial(const Edid *edid, const char *wanted)
{
	char number[sizeof "4294967295"];

	g_snprintf(number, sizeof number, "%u", edid->number);
	return same(wanted, edid->serial) || (edid->number != 0 && same(wanted, number));
}

static gboolean has_words(const char *text, const char *wanted)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
	g_auto(GStrv) needed = g_strsplit_set(wanted, " \t", -1);

	for (char **need = needed; *need != NULL; need++) {
		char **word = words;

		while (*word != NULL && g_ascii_strcasecmp(*need, *word) != 0)
			word++;
		if (*word == NULL && **need != '\0')
			return FALSE;
	}
	return TRUE;
}

gboolean edid_matches(const Edid *edid, const MonitorMatch *match)
{
	g_autofree char *all = edid_describe(edid);

	return same(match->manufacturer, edid->manufacturer) && same(match->model, edid->model) &&
	       same_serial(edid, match->serial) &&
	       (match->number == 0 || match->number == edid->number) &&
	       (match->monitor == NULL || has_words(all, match->monitor));
}
