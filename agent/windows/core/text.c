/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Removes an incomplete character at the end of a cut text. */
static void trim_cut(char *text)
{
	size_t length = strlen(text), end = length;

	/* a character has at most three bytes after its first */
	while (end > 0 && length - end < 3 && ((unsigned char)text[end - 1] & 0xc0) == 0x80)
		end--;
	if (end > 0 && ((unsigned char)text[end - 1] & 0xc0) == 0xc0 &&
		!core_text_is_valid(text + end - 1, length - end + 1))
		text[end - 1] = '\0';
}

static void format_list(char *out, size_t size, const char *format, va_list list)
{
	int length = vsnprintf(out, size, format, list);

	if (length < 0)
		out[0] = '\0';
	else if ((size_t)length >= size)
		trim_cut(out);
}

void core_text_format(char *out, size_t size, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	format_list(out, size, format, list);
	va_end(list);
}

bool core_problem_set(Problem *problem, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	format_list(problem->text, sizeof problem->text, format, list);
	va_end(list);
	return false;
}

bool core_text_copy(char *out, size_t size, const char *from, size_t length)
{
	if (length >= size)
		return false;
	memcpy(out, from, length);
	out[length] = '\0';
	return true;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool core_text_same(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool core_text_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool core_text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool core_text_is_plain(char c)
{
	return c >= ' ' && c <= '~';
}

size_t core_text_strip(const char **start, size_t length)
{
	while (length > 0 && core_text_is_space(**start)) {
		(*start)++;
		length--;
	}
	while (length > 0 && core_text_is_space((*start)[length - 1]))
		length--;
	return length;
}

/* The lengths of UTF-8: the bits of the first byte, how many bytes follow, and the lowest code
 * point of that length (RFC 3629, section 3). */
static const struct {
	unsigned char mask, mark;
	size_t more;
	unsigned long least;
} lengths[] = {
	{ 0x80, 0x00, 0, 0x01 },
	{ 0xe0, 0xc0, 1, 0x80 },
	{ 0xf0, 0xe0, 2, 0x800 },
	{ 0xf8, 0xf0, 3, 0x10000 },
};
#define LENGTHS (sizeof lengths / sizeof lengths[0])

static bool is_character(unsigned long code)
{
	return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

/* The length of the character at text; 0 if it is invalid. */
static size_t character_length(const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	unsigned long code;
	size_t kind = 0;

	while (kind < LENGTHS && (bytes[0] & lengths[kind].mask) != lengths[kind].mark)
		kind++;
	if (kind == LENGTHS || length <= lengths[kind].more)
		return 0;
	code = bytes[0] & (unsigned char)~lengths[kind].mask;
	for (size_t i = 1; i <= lengths[kind].more; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (bytes[i] & 0x3f);
	}
	return code >= lengths[kind].least && is_character(code) ? lengths[kind].more + 1 : 0;
}

bool core_text_is_valid(const char *text, size_t length)
{
	size_t step;

	while (length > 0) {
		step = character_length(text, length);
		if (step == 0)
			return false;
		text += step;
		length -= step;
	}
	return true;
}

size_t core_text_put(char *out, unsigned long code)
{
	size_t more = LENGTHS - 1;

	while (more > 0 && code < lengths[more].least)
		more--;
	for (size_t i = more; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	out[0] = (char)(lengths[more].mark | code);
	return more + 1;
}

static unsigned long unit(const unsigned char *at, bool big)
{
	return big ? (unsigned long)(at[0] << 8 | at[1]) : (unsigned long)(at[1] << 8 | at[0]);
}

/* converts units of 16 bits to UTF-8; false if they are invalid */
static bool from_utf16(const unsigned char *at, size_t units, bool big, char *out)
{
	for (size_t i = 0; i < units; i++) {
		unsigned long code = unit(at + 2 * i, big), low;

		if (code >= 0xd800 && code < 0xdc00 && i + 1 < units) {
			low = unit(at + 2 * ++i, big);
			if (low < 0xdc00 || low > 0xdfff)
				return false;
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
		}
		if (code == 0 || !is_character(code))
			return false;
		out += core_text_put(out, code);
	}
	*out = '\0';
	return true;
}

char *core_text_from_file(const unsigned char *bytes, size_t length)
{
	/* a unit of two bytes becomes at most three */
	char *text = malloc(length * 2 + 1);
	bool big = length >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff, fine;

	if (text == NULL)
		return NULL;
	if (big || (length >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe)) {
		fine = length % 2 == 0 && from_utf16(bytes + 2, length / 2 - 1, big, text);
	} else {
		size_t mark = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

		fine = core_text_is_valid((const char *)bytes + mark, length - mark);
		memcpy(text, bytes + mark, length - mark);
		text[length - mark] = '\0';
	}
	if (!fine) {
		free(text);
		return NULL;
	}
	return text;
}
