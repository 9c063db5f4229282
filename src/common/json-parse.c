/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/json.h"

#include <math.h>
#include <string.h>

#define REPLACEMENT 0xfffd

typedef struct {
	const char *at, *end; /* UTF-8 */
	guint depth;
} Parse;

static JsonNode *parse_value(Parse *parse);

static void skip_space(Parse *parse)
{
	while (parse->at < parse->end && strchr(" \t\r\n", *parse->at) != NULL && *parse->at != 0)
		parse->at++;
}

static gboolean take(Parse *parse, const char *word)
{
	gsize length = strlen(word);

	if ((gsize)(parse->end - parse->at) < length || memcmp(parse->at, word, length) != 0)
		return FALSE;
	parse->at += length;
	return TRUE;
}

/* -- strings ------------------------------------------------------------------------------------
 */

/* Reads the four hexadecimal digits after \u; -1: they are missing. */
static int take_hex(Parse *parse)
{
	int code = 0;

	if (parse->end - parse->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value(parse->at[i]);

		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	parse->at += 4;
	return code;
}

static gboolean is_high(int code)
{
	return code >= 0xd800 && code < 0xdc00;
}

static gboolean is_low(int code)
{
	return code >= 0xdc00 && code < 0xe000;
}

/* Reads the code after "\u"; -1: it is invalid. */
static int take_code(Parse *parse)
{
	int code = take_hex(parse), low;
	Parse behind = *parse;

	if (is_high(code) && take(&behind, "\\u") && is_low(low = take_hex(&behind))) {
		parse->at = behind.at;
		return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	}
	return code == 0 || is_high(code) || is_low(code) ? REPLACEMENT : code;
}

static gboolean take_escape(Parse *parse, GString *out)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	const char *letter;
	int code;

	if (parse->at == parse->end)
		return FALSE;
	letter = memchr(letters, *parse->at, sizeof letters - 1);
	if (letter != NULL) {
		parse->at++;
		g_string_append_c(out, meanings[letter - letters]);
		return TRUE;
	}
	if (*parse->at++ != 'u' || (code = take_code(parse)) < 0)
		return FALSE;
	g_string_append_unichar(out, (gunichar)code);
	return TRUE;
}

/* Reads a string, without its quotes and escapes; NULL: it is not a string. */
static char *parse_string(Parse *parse)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (!take(parse, "\""))
		return NULL;
	while (parse->at < parse->end) {
		char c = *parse->at++;

		if (c == '"')
			return g_strdup(out->str);
		if ((guint8)c < ' ' || (c == '\\' && !take_escape(parse, out)))
			return NULL;
		if (c != '\\')
			g_string_append_c(out, c);
	}
	return NULL;
}

/* -- other values -------------------------------------------------------------------------------
 */

static gboolean skip_digits(Parse *parse)
{
	const char *begin = parse->at;

	while (parse->at < parse->end && g_ascii_isdigit(*parse->at))
		parse->at++;
	return parse->at > begin;
}

/* Skips a number; *whole is TRUE if it has neither fraction nor exponent. */
static gboolean skip_number(Parse *parse, gboolean *whole)
{
	take(parse, "-");
	if (!take(parse, "0") && !skip_digits(parse))
		return FALSE;
	*whole = TRUE;
	if (take(parse, ".")) {
		*whole = FALSE;
		if (!skip_digits(parse))
			return FALSE;
	}
	if (take(parse, "e") || take(parse, "E")) {
		*whole = FALSE;
		if (!take(parse, "-"))
			take(parse, "+");
		return skip_digits(parse);
	}
	return TRUE;
}

static JsonNode *parse_number(Parse *parse)
{
	const char *begin = parse->at;
	g_autofree char *text = NULL;
	gboolean whole;

	if (!skip_number(parse, &whole))
		return NULL;
	text = g_strndup(begin, (gsize)(parse->at - begin));
	/* one that is too large becomes the largest, and stays a whole number */
	if (whole)
		return json_node_init_int(json_node_alloc(), g_ascii_strtoll(text, NULL, 10));
	return json_node_init_double(json_node_alloc(), g_ascii_strtod(text, NULL));
}

/* Python's names for numbers are accepted too, because clients in Python may send them. */
static JsonNode *parse_word(Parse *parse)
{
	if (take(parse, "null"))
		return json_node_init_null(json_node_alloc());
	if (take(parse, "true"))
		return json_node_init_boolean(json_node_alloc(), TRUE);
	if (take(parse, "false"))
		return json_node_init_boolean(json_node_alloc(), FALSE);
	if (take(parse, "NaN"))
		return json_node_init_double(json_node_alloc(), (double)NAN);
	if (take(parse, "Infinity"))
		return json_node_init_double(json_node_alloc(), HUGE_VAL);
	if (take(parse, "-Infinity"))
		return json_node_init_double(json_node_alloc(), -HUGE_VAL);
	return NULL;
}

/* Reads what follows an item of an array or object: a comma sets *more, the closing bracket does
 * not. FALSE: it is neither. */
static gboolean take_end(Parse *parse, const char *bracket, gboolean *more)
{
	skip_space(parse);
	*more = take(parse, ",");
	return !*more && take(parse, bracket);
}

static gboolean parse_items(Parse *parse, JsonArray *array)
{
	gboolean more;

	skip_space(parse);
	if (take(parse, "]"))
		return TRUE;
	do {
		JsonNode *item = parse_value(parse);

		if (item == NULL)
			return FALSE;
		json_array_add_element(array, item);
		if (take_end(parse, "]", &more))
			return TRUE;
	} while (more);
	return FALSE;
}

static gboolean parse_member(Parse *parse, JsonObject *object)
{
	g_autofree char *name = NULL;
	JsonNode *value;

	skip_space(parse);
	name = parse_string(parse);
	skip_space(parse);
	if (name == NULL || !take(parse, ":"))
		return FALSE;
	value = parse_value(parse);
	if (value != NULL)
		json_object_set_member(object, name, value);
	return value != NULL;
}

static gboolean parse_members(Parse *parse, JsonObject *object)
{
	gboolean more;

	skip_space(parse);
	if (take(parse, "}"))
		return TRUE;
	do {
		if (!parse_member(parse, object))
			return FALSE;
		if (take_end(parse, "}", &more))
			return TRUE;
	} while (more);
	return FALSE;
}

static JsonNode *parse_array(Parse *parse)
{
	g_autoptr(JsonArray) array = json_array_new();
	gboolean whole = ++parse->depth <= OBJECT_NESTING_MAX && parse_items(parse, array);

	parse->depth--;
	return whole ? json_node_init_array(json_node_alloc(), array) : NULL;
}

static JsonNode *parse_object(Parse *parse)
{
	g_autoptr(JsonObject) object = json_object_new();
	gboolean whole = ++parse->depth <= OBJECT_NESTING_MAX && parse_members(parse, object);

	parse->depth--;
	return whole ? json_node_init_object(json_node_alloc(), object) : NULL;
}

static JsonNode *parse_scalar(Parse *parse)
{
	JsonNode *word = parse_word(parse);

	return word != NULL ? word : parse_number(parse);
}

static JsonNode *parse_text(Parse *parse)
{
	g_autofree char *text = parse_string(parse);

	return text != NULL ? json_node_init_string(json_node_alloc(), text) : NULL;
}

static JsonNode *parse_value(Parse *parse)
{
	JsonNode *node = NULL;

	skip_space(parse);
	if (parse->at == parse->end)
		return NULL;
	if (*parse->at == '"')
		node = parse_text(parse);
	else if (take(parse, "{"))
		node = parse_object(parse);
	else if (take(parse, "["))
		node = parse_array(parse);
	else
		node = parse_scalar(parse);
	return node;
}

static JsonNode *parse_all(const char *text, gsize length)
{
	Parse parse = { text, text + length, 0 };
	g_autoptr(JsonNode) root = parse_value(&parse);

	skip_space(&parse);
	return root != NULL && parse.at == parse.end && JSON_NODE_HOLDS_OBJECT(root)
		       ? g_steal_pointer(&root)
		       : NULL;
}

JsonNode *object_parse(const char *text)
{
	return g_utf8_validate(text, -1, NULL) ? parse_all(text, strlen(text)) : NULL;
}

/* -- encodings ----------------------------------------------------------------------------------
 */

typedef struct {
	guint8 width; /* bytes of a unit: 1, 2 or 4 */
	gboolean big_endian;
	gsize mark; /* bytes of the byte order mark */
} Encoding;

/* The position of the first zeros shows the encoding, because the first character of JSON is ASCII
 * (RFC 4627, section 3). */
static Encoding guess_encoding(const guint8 *bytes, gsize length)
{
	if (length >= 2 && bytes[0] == 0)
		return (Encoding){ bytes[1] == 0 && length >= 4 ? 4 : 2, TRUE, 0 };
	if (length >= 2 && bytes[1] == 0)
		return (Encoding){ length >= 4 && bytes[2] == 0 && bytes[3] == 0 ? 4 : 2, FALSE,
			0 };
	return (Encoding){ 1, FALSE, 0 };
}

static Encoding find_encoding(const guint8 *bytes, gsize length)
{
	/* the longer ones first: that of UTF-32 begins with that of UTF-16 */
	static const struct {
		const char *mark;
		Encoding encoding;
	} marks[] = {
		{ "\xff\xfe\0\0", { 4, FALSE, 4 } },
		{ "\0\0\xfe\xff", { 4, TRUE, 4 } },
		{ "\xff\xfe", { 2, FALSE, 2 } },
		{ "\xfe\xff", { 2, TRUE, 2 } },
		{ "\xef\xbb\xbf", { 1, FALSE, 3 } },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (length >= marks[i].encoding.mark &&
			memcmp(bytes, marks[i].mark, marks[i].encoding.mark) == 0)
			return marks[i].encoding;
	return guess_encoding(bytes, length);
}

static guint32 unit_at(const Encoding *encoding, const guint8 *bytes)
{
	guint32 unit = 0;

	for (guint i = 0; i < encoding->width; i++)
		unit = unit << 8 | bytes[encoding->big_endian ? i : encoding->width - 1 - i];
	return unit;
}

/* A character that our texts may contain, or REPLACEMENT for half of a surrogate pair. */
static gunichar allow(guint32 code)
{
	return code >= 0xd800 && code < 0xe000 ? REPLACEMENT : code;
}

/* FALSE: the bytes are not text in UTF-16 or UTF-32. */
static gboolean decode_units(
	const Encoding *encoding, const guint8 *bytes, gsize length, GString *out)
{
	if (length % encoding->width != 0)
		return FALSE;
	for (gsize i = 0; i < length; i += encoding->width) {
		guint32 code = unit_at(encoding, bytes + i);
		guint32 next = encoding->width == 2 && i + 2 < length
				       ? unit_at(encoding, bytes + i + 2)
				       : 0;

		if (code > 0x10ffff)
			return FALSE;
		if (is_high((int)code) && is_low((int)next)) {
			code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
			i += 2;
		}
		if (code == 0) /* unchanged, because it is invalid in JSON anyway */
			g_string_append_c(out, '\0');
		else
			g_string_append_unichar(out, allow(code));
	}
	return TRUE;
}

/* FALSE: the bytes are not UTF-8, not even with halves of surrogate pairs. */
static gboolean decode_bytes(const guint8 *bytes, gsize length, GString *out)
{
	const char *text = (const char *)bytes, *end = text + length, *bad;

	while (!g_utf8_validate_len(text, (gsize)(end - text), &bad)) {
		if (end - bad < 3 || (guint8)bad[0] != 0xed || (guint8)bad[1] < 0xa0 ||
			((guint8)bad[1] & 0xc0) != 0x80 || ((guint8)bad[2] & 0xc0) != 0x80)
			return FALSE;
		g_string_append_len(out, text, bad - text);
		g_string_append_unichar(out, REPLACEMENT);
		text = bad + 3;
	}
	g_string_append_len(out, text, end - text);
	return TRUE;
}

JsonNode *object_parse_bytes(const guint8 *bytes, gsize length)
{
	g_autoptr(GString) text = g_string_new(NULL);
	Encoding encoding;
	gboolean decoded;

	if (length == 0)
		return NULL;
	encoding = find_encoding(bytes, length);
	bytes += encoding.mark;
	length -= encoding.mark;
	decoded = encoding.width == 1 ? decode_bytes(bytes, length, text)
				      : decode_units(&encoding, bytes, length, text);
	return decoded ? parse_all(text->str, text->len) : NULL;
}
