/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/edid.h"

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

static bool is_edid(const uint8_t *bytes, size_t length)
{
	static const uint8_t header[] = { 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00 };
	uint8_t sum = 0;

	if (length < EDID_LENGTH || memcmp(bytes, header, sizeof header) != 0)
		return false;
	for (size_t i = 0; i < EDID_LENGTH; i++)
		sum = (uint8_t)(sum + bytes[i]);
	return sum == 0;
}

/* The text of one descriptor, without padding, as in hotseatd's src/display/edid.c. */
typedef struct {
	char text[DESCRIPTOR_BYTES + 1];
	bool starts_apart; /* there is padding at its front */
	bool fills;	   /* it uses the last byte, so the next text may continue it */
	bool is_garbled;   /* it contains '?' for bytes that are not text */
} Part;

/* Published EDIDs pad their texts with spaces, CR, other control characters, 0xff and the
 * no-break space of Latin-1. */
static bool is_padding(uint8_t c)
{
	return c <= ' ' || c == 0x7f || c == 0xa0 || c == 0xff;
}

/* Reads a text, which ends at a line feed, at a NUL or after 13 bytes. */
static Part read_part(const uint8_t *from)
{
	Part part = { 0 };
	size_t start = 0, end = 0;

	while (end < DESCRIPTOR_BYTES && from[end] != '\n' && from[end] != '\0')
		end++;
	part.fills = end == DESCRIPTOR_BYTES && !is_padding(from[end - 1]);
	while (end > 0 && is_padding(from[end - 1]))
		end--;
	while (start < end && is_padding(from[start]))
		start++;
	part.starts_apart = start > 0;
	for (size_t i = start; i < end; i++) {
		bool is_text = core_text_is_plain((char)from[i]);

		part.text[i - start] = is_text ? (char)from[i] : '?';
		part.is_garbled |= !is_text;
	}
	return part;
}

static bool has_part(const Part *parts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(parts[i].text, text) == 0)
			return true;
	return false;
}

/* Finds the texts of the descriptors with this tag, and returns their number. Ignores empty and
 * repeated ones; a garbled one is used only if it is the first and no other follows. */
static size_t find_parts(const uint8_t *bytes, uint8_t tag, Part parts[DESCRIPTOR_COUNT])
{
	size_t count = 0;

	for (int i = 0; i < DESCRIPTOR_COUNT; i++) {
		const uint8_t *d = bytes + DESCRIPTORS + i * DESCRIPTOR_LENGTH;
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
static void read_text(const uint8_t *bytes, uint8_t tag, char to[EDID_TEXT])
{
	Part parts[DESCRIPTOR_COUNT];
	size_t count = find_parts(bytes, tag, parts);
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		bool is_apart = i > 0 && (!parts[i - 1].fills || parts[i].starts_apart);

		core_text_format(to + length, EDID_TEXT - length, "%s%s", is_apart ? " " : "",
			parts[i].text);
		length += strlen(to + length);
	}
}

void core_edid_parse(const uint8_t *bytes, size_t length, Edid *edid)
{
	unsigned id;

	memset(edid, 0, sizeof *edid);
	if (!is_edid(bytes, length))
		return;
	edid->known = true;
	/* three letters of five bits each, 1 is A */
	id = (unsigned)bytes[MANUFACTURER] << 8 | bytes[MANUFACTURER + 1];
	for (int i = 0; i < 3; i++) {
		unsigned letter = id >> (10 - 5 * i) & 0x1f;

		edid->manufacturer[i] = letter >= 1 && letter <= 26 ? (char)('@' + letter) : '?';
	}
	for (int i = 3; i >= 0; i--)
		edid->number = edid->number << 8 | bytes[NUMBER + i];
	read_text(bytes, TAG_NAME, edid->model);
	read_text(bytes, TAG_SERIAL, edid->serial);
	if (edid->model[0] == '\0')
		core_text_format(edid->model, sizeof edid->model, "0x%04X",
			(unsigned)bytes[PRODUCT + 1] << 8 | bytes[PRODUCT]);
}

static bool same(const char *wanted, const char *is)
{
	return wanted[0] == '\0' || core_text_same(wanted, is);
}

static bool fits(const Edid *edid, const EdidWanted *wanted)
{
	char number[sizeof "4294967295"];

	core_text_format(number, sizeof number, "%u", (unsigned)edid->number);
	return edid->known && same(wanted->manufacturer, edid->manufacturer) &&
	       same(wanted->model, edid->model) &&
	       (same(wanted->serial, edid->serial) ||
		       (edid->number != 0 && same(wanted->serial, number)));
}

/* The EDID can differ between inputs: product code and serial may change, but the manufacturer does
 * not.
 */
static bool could_be(const Edid *edid, const EdidWanted *wanted)
{
	return edid->known && wanted->manufacturer[0] != '\0' &&
	       core_text_same(wanted->manufacturer, edid->manufacturer);
}

static bool describes(const EdidWanted *wanted)
{
	return wanted->manufacturer[0] != '\0' || wanted->model[0] != '\0' ||
	       wanted->serial[0] != '\0';
}

int core_edid_choose(const Edid *edids, size_t count, const EdidWanted *wanted, Problem *problem)
{
	size_t found = 0;
	int which = -1;

	if (!describes(wanted)) {
		core_problem_set(problem, "the host sent no EDID, and the agent sets only monitors "
					  "that it can identify");
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (fits(&edids[i], wanted)) {
			which = (int)i;
			found++;
		}
	}
	if (found == 1)
		return which;
	if (found == 0 && count == 1 && could_be(&edids[0], wanted))
		return 0;
	if (count == 0)
		core_problem_set(problem, "Windows found no monitor with DDC/CI");
	else
		core_problem_set(problem, "%zu of the %zu monitors in Windows match %s %s %s",
			found, count, wanted->manufacturer, wanted->model, wanted->serial);
	return -1;
}
