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
#define DESCRIPTOR_BYTES  13
#define TAG_SERIAL	  0xff
#define TAG_NAME	  0xfc

/* The text of one descriptor, without padding. */
typedef struct {
	char text[DESCRIPTOR_BYTES + 1];
	gboolean starts_apart; /* there is padding at its front */
	gboolean fills;	       /* it uses the last byte, so the next text may continue it */
	gboolean is_garbled;   /* it contains '?' for bytes that are not text */
} Part;

/* Published EDIDs pad their texts with spaces, CR, other control characters, 0xff and the
 * no-break space of Latin-1. */
static gboolean is_padding(guint8 c)
{
	return c <= ' ' || c == 0x7f || c == 0xa0 || c == 0xff;
}

/* Reads a text, which ends at a line feed, at a NUL or after 13 bytes. */
static Part read_part(const guint8 *from)
{
	Part part = { 0 };
	gsize start = 0, end = 0;

	while (end < DESCRIPTOR_BYTES && from[end] != '\n' && from[end] != '\0')
		end++;
	part.fills = end == DESCRIPTOR_BYTES && !is_padding(from[end - 1]);
	while (end > 0 && is_padding(from[end - 1]))
		end--;
	while (start < end && is_padding(from[start]))
		start++;
	part.starts_apart = start > 0;
	for (gsize i = start; i < end; i++) {
		gboolean is_text = g_ascii_isprint((char)from[i]);

		part.text[i - start] = is_text ? (char)from[i] : '?';
		part.is_garbled |= !is_text;
	}
	return part;
}

static gboolean has_part(const Part *parts, gsize count, const char *text)
{
	for (gsize i = 0; i < count; i++)
		if (strcmp(parts[i].text, text) == 0)
			return TRUE;
	return FALSE;
}

/* Finds the texts of the descriptors with this tag, and returns their number. Ignores empty and
 * repeated ones; a garbled one is used only if it is the first and no other follows. */
static gsize find_parts(const guint8 *data, guint8 tag, Part parts[DESCRIPTOR_COUNT])
{
	gsize count = 0;

	for (int i = 0; i < DESCRIPTOR_COUNT; i++) {
		const guint8 *d = data + DESCRIPTORS + i * DESCRIPTOR_LENGTH;
		Part part;

		/* descriptors that are not timings start with zeros */
		if (d[0] != 0 || d[1] != 0 || d[3] != tag)
			continue;
		part = read_part(d + DESCRIPTOR_TEXT);
		if (part.text[0] == '\0' || has_part(parts, count, part.text) ||
			(part.is_garbled && count > 0))
			continue;
		if (count == 1 && parts[0].is_garbled)
			count = 0;
		parts[count++] = part;
	}
	return count;
}

/* Reads a text that may be split over several descriptors: "Cinema Displa", "y". */
static void read_text(const guint8 *data, guint8 tag, char to[EDID_TEXT])
{
	Part parts[DESCRIPTOR_COUNT];
	gsize count = find_parts(data, tag, parts);

	for (gsize i = 0; i < count; i++) {
		if (i > 0 && (!parts[i - 1].fills || parts[i].starts_apart))
			g_strlcat(to, " ", EDID_TEXT);
		g_strlcat(to, parts[i].text, EDID_TEXT);
	}
}

static const char *fault(const guint8 *data, gsize length)
{
	static const guint8 header[] = { 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00 };
	guint8 sum = 0;

	if (length < EDID_LENGTH)
		return "it is too short";
	if (memcmp(data, header, sizeof header) != 0)
		return "its header is wrong";
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
	read_text(data, TAG_NAME, edid->model);
	read_text(data, TAG_SERIAL, edid->serial);
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
