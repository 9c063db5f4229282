/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>

/* The rest of the text. Each skip_…() moves it past the named part. */
typedef struct {
	const char *at, *end;
} Cursor;

static void skip_blank(Cursor *c)
{
	while (c->at < c->end && core_text_is_space(*c->at))
		c->at++;
}

static bool skip_char(Cursor *c, char wanted)
{
	if (c->at == c->end || *c->at != wanted)
		return false;
	c->at++;
	return true;
}

static bool skip_word(Cursor *c, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0)
		return false;
	c->at += length;
	return true;
}

static bool skip_digits(Cursor *c)
{
	const char *start = c->at;

	while (c->at < c->end && core_text_is_digit(*c->at))
		c->at++;
	return c->at > start;
}

static bool skip_number(Cursor *c)
{
	skip_char(c, '-');
	/* no digit may follow a leading zero; the caller then finds the rest invalid */
	if (!skip_char(c, '0') && !skip_digits(c))
		return false;
	if (skip_char(c, '.') && !skip_digits(c))
		return false;
	if (skip_char(c, 'e') || skip_char(c, 'E')) {
		if (!skip_char(c, '+'))
			skip_char(c, '-');
		return skip_digits(c);
	}
	return true;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *found;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	found = c != '\0' ? strchr(digits, c) : NULL;
	return found != NULL ? (int)(found - digits) : -1;
}

static bool skip_escape(Cursor *c)
{
	if (c->at == c->end || *c->at == '\0')
		return false;
	if (*c->at != 'u')
		return strchr("\"\\/bfnrt", *c->at++) != NULL;
	c->at++;
	for (int i = 0; i < 4; i++)
		if (c->at == c->end || hex_digit(*c->at++) < 0)
			return false;
	return true;
}

static bool skip_string(Cursor *c)
{
	if (!skip_char(c, '"'))
		return false;
	while (c->at < c->end && (unsigned char)*c->at >= ' ') {
		char byte = *c->at++;

		if (byte == '"')
			return true;
		if (byte == '\\' && !skip_escape(c))
			return false;
	}
	return false;
}

static bool skip_value(Cursor *c, int depth);

static bool skip_name(Cursor *c)
{
	if (!skip_string(c))
		return false;
	skip_blank(c);
	return skip_char(c, ':');
}

/* After the opening bracket: [NAME:] VALUE, … and the closing one. depth: how many more levels are
 * allowed. */
static bool skip_items(Cursor *c, char close, int depth)
{
	if (depth-- == 0)
		return false;
	skip_blank(c);
	if (skip_char(c, close))
		return true;
	do {
		skip_blank(c);
		if (close == '}' && !skip_name(c))
			return false;
		if (!skip_value(c, depth))
			return false;
		skip_blank(c);
	} while (skip_char(c, ','));
	return skip_char(c, close);
}

static bool skip_value(Cursor *c, int depth)
{
	skip_blank(c);
	if (c->at == c->end)
		return false;
	switch (*c->at) {
	case '{':
		c->at++;
		return skip_items(c, '}', depth);
	case '[':
		c->at++;
		return skip_items(c, ']', depth);
	case '"':
		return skip_string(c);
	case 't':
		return skip_word(c, "true");
	case 'f':
		return skip_word(c, "false");
	case 'n':
		return skip_word(c, "null");
	default:
		return skip_number(c);
	}
}

/* The value at c, without leading white space. */
static bool take_value(Cursor *c, Json *value)
{
	const char *start;

	skip_blank(c);
	start = c->at;
	if (!skip_value(c, JSON_DEPTH_MAX))
		return false;
	*value = (Json){ start, c->at };
	return true;
}

bool core_json_parse(const char *text, size_t length, Json *value)
{
	Cursor c = { text, text + length };
	Json found;

	if (!core_text_is_valid(text, length) || !take_value(&c, &found))
		return false;
	skip_blank(&c);
	if (c.at != c.end)
		return false;
	*value = found;
	return true;
}

bool core_json_member(Json object, const char *name, Json *value)
{
	Cursor c = { object.at, object.end };
	char found[64];
	Json key, item;

	if (!skip_char(&c, '{'))
		return false;
	do {
		/* the object is valid, so this fails only for an empty one */
		if (!take_value(&c, &key))
			return false;
		skip_blank(&c);
		if (!skip_char(&c, ':') || !take_value(&c, &item))
			return false;
		if (core_json_string(key, found, sizeof found) && strcmp(found, name) == 0) {
			*value = item;
			return true;
		}
		skip_blank(&c);
	} while (skip_char(&c, ','));
	return false;
}

bool core_json_next(Json array, Json *item)
{
	Cursor c = { array.at, array.end };

	if (array.at == array.end || *array.at != '[')
		return false;
	if (item->end == NULL) {
		c.at++;
	} else {
		c.at = item->end;
		skip_blank(&c);
		if (!skip_char(&c, ','))
			return false;
	}
	return take_value(&c, item);
}

/* The four digits of a \u escape at *at, which is moved past them. */
static unsigned long take_hex(const char **at)
{
	unsigned long code = 0;

	for (int i = 0; i < 4; i++)
		code = code << 4 | (unsigned long)hex_digit(*(*at)++);
	return code;
}

/* The character after \u at *at; 0 if it is invalid. */
static unsigned long take_unicode(const char **at)
{
	unsigned long code = take_hex(at), low;

	if (code >= 0xdc00 && code < 0xe000)
		return 0;
	if (code < 0xd800 || code > 0xdfff)
		return code;
	if ((*at)[0] != '\\' || (*at)[1] != 'u')
		return 0;
	*at += 2;
	low = take_hex(at);
	return low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
					     : 0;
}

/* The character after a backslash at *at; 0 if it is invalid. */
static unsigned long take_escape(const char **at)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	char c = *(*at)++;
	const char *found = strchr(from, c);

	if (c == 'u')
		return take_unicode(at);
	return (unsigned char)(found != NULL ? to[found - from] : c);
}

/* Decodes value into out, which has room for all of it. */
static bool unescape(Json value, char *out)
{
	const char *at = value.at + 1;
	unsigned long code;

	/* the closing quote ends it; other quotes follow a backslash */
	while (*at != '"') {
		if (*at != '\\') {
			*out++ = *at++;
			continue;
		}
		at++;
		code = take_escape(&at);
		if (code == 0)
			return false;
		out += core_text_put(out, code);
	}
	*out = '\0';
	return true;
}

bool core_json_string(Json value, char *out, size_t size)
{
	bool fine;
	char *plain;

	if (value.at == value.end || *value.at != '"')
		return false;
	plain = malloc((size_t)(value.end - value.at));
	if (plain == NULL)
		return false;
	fine = unescape(value, plain) && core_text_copy(out, size, plain, strlen(plain));
	free(plain);
	return fine;
}

bool core_json_integer(Json value, int64_t *out)
{
	const char *at = value.at;
	bool minus = at < value.end && *at == '-';
	int64_t number = 0;

	for (at += minus; at < value.end; at++) {
		/* as a negative number, because the range has one more of them */
		int digit = *at - '0';

		if (!core_text_is_digit(*at) || number < (INT64_MIN + digit) / 10)
			return false;
		number = number * 10 - digit;
	}
	if (at == value.at + minus || (!minus && number == INT64_MIN))
		return false;
	*out = minus ? number : -number;
	return true;
}

bool core_json_is_null(Json value)
{
	return value.at < value.end && *value.at == 'n';
}

/* The length of c in a JSON string. */
static size_t quoted_length(unsigned char c)
{
	if (c < ' ')
		return strlen("\\u0000");
	return c == '"' || c == '\\' ? 2 : 1;
}

bool core_json_quote(const char *text, char *out, size_t size)
{
	size_t used = 0, length;

	if (size < sizeof "\"\"")
		return false;
	out[used++] = '"';
	for (; *text != '\0'; text++) {
		length = quoted_length((unsigned char)*text);
		/* the closing quote and the NUL */
		if (used + length + 2 > size)
			return false;
		if (length > 2)
			core_text_format(out + used, size - used, "\\u%04x", (unsigned char)*text);
		else if (length == 2)
			out[used] = '\\';
		if (length <= 2)
			out[used + length - 1] = *text;
		used += length;
	}
	out[used++] = '"';
	out[used] = '\0';
	return true;
}
