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

/* A text that ends at a line feed or after 13 bytes, without blanks at either end. */
static void copy_text(char to[EDID_TEXT], const uint8_t *from)
{
	char text[EDID_TEXT];
	const char *start = text;
	size_t length = 0;

	while (length < EDID_TEXT - 1 && from[length] != '\n' && from[length] != '\0') {
		char c = (char)from[length];

		text[length++] = text_is_plain(c) ? c : '?';
	}
	length = text_strip(&start, length);
	text_copy(to, EDID_TEXT, start, length);
}

static void read_descriptors(const uint8_t *bytes, Edid *edid)
{
	for (int i = 0; i < DESCRIPTOR_COUNT; i++) {
		const uint8_t *d = bytes + DESCRIPTORS + i * DESCRIPTOR_LENGTH;

		/* others than timings start with zeros */
		if (d[0] != 0 || d[1] != 0)
			continue;
		if (d[3] == TAG_NAME)
			copy_text(edid->model, d + DESCRIPTOR_TEXT);
		else if (d[3] == TAG_SERIAL)
			copy_text(edid->serial, d + DESCRIPTOR_TEXT);
	}
}

void edid_parse(const uint8_t *bytes, size_t length, Edid *edid)
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
	read_descriptors(bytes, edid);
	if (edid->model[0] == '\0')
		text_format(edid->model, sizeof edid->model, "0x%04X",
			(unsigned)bytes[PRODUCT + 1] << 8 | bytes[PRODUCT]);
}

static bool same(const char *wanted, const char *is)
{
	return wanted[0] == '\0' || text_same(wanted, is);
}

static bool fits(const Edid *edid, const EdidWanted *wanted)
{
	char number[sizeof "4294967295"];

	text_format(number, sizeof number, "%u", (unsigned)edid->number);
	return edid->known && same(wanted->manufacturer, edid->manufacturer) &&
	       same(wanted->model, edid->model) &&
	       (same(wanted->serial, edid->serial) ||
		       (edid->number != 0 && same(wanted->serial, number)));
}

int edid_choose(const Edid *edids, size_t count, const EdidWanted *wanted, Problem *problem)
{
	size_t found = 0;
	int which = -1;

	for (size_t i = 0; i < count; i++) {
		if (fits(&edids[i], wanted)) {
			which = (int)i;
			found++;
		}
	}
	if (found == 1)
		return which;
	if (found == 0 && count == 1)
		return 0;
	if (count == 0)
		problem_set(problem, "Windows has no monitor that it can command");
	else
		problem_set(problem, "%zu of the %zu monitors that Windows has are %s %s %s", found,
			count, wanted->manufacturer, wanted->model, wanted->serial);
	return -1;
}
