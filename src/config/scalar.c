/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/reader.h"
#include "config/suggest.h"

const char *node_text(const yaml_node_t *node)
{
	const char *text;

	if (node->type != YAML_SCALAR_NODE)
		return NULL;
	text = (const char *)node->data.scalar.value;
	return strlen(text) == node->data.scalar.length ? text : NULL;
}

gboolean node_is_plain(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

gboolean node_is_null(const yaml_node_t *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL", NULL };
	const char *text = node_text(node);

	return text != NULL && node_is_plain(node) && g_strv_contains(words, text);
}

/* YAML 1.1, as PyYAML reads it */
static int bool_parse(const char *text)
{
	static const char *const yes[] = { "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On",
		"ON", NULL };
	static const char *const no[] = { "false", "False", "FALSE", "no", "No", "NO", "off", "Off",
		"OFF", NULL };

	return g_strv_contains(yes, text) ? TRUE : g_strv_contains(no, text) ? FALSE : -1;
}

char *node_describe(const yaml_node_t *node)
{
	const char *text = node_text(node);
	g_autofree char *quoted = NULL;
	gint64 value;

	if (node->type == YAML_SEQUENCE_NODE)
		return g_strdup("a list");
	if (node->type == YAML_MAPPING_NODE)
		return g_strdup("a mapping (\"key: value\")");
	if (text == NULL)
		return g_strdup("text with a NUL character");
	if (node_is_null(node))
		return g_strdup("nothing");
	if (node_is_plain(node) && number_parse(text, &value))
		return g_strdup_printf("the number %s", text);
	if (node_is_plain(node) && bool_parse(text) >= 0)
		return g_strdup(text);
	quoted = problem_quote(text);
	return g_strdup_printf("the text %s", quoted);
}

/* --- text --- */

static gboolean has_control(const char *text)
{
	for (; *text != '\0'; text = g_utf8_next_char(text))
		if (g_unichar_iscntrl(g_utf8_get_char(text)))
			return TRUE;
	return FALSE;
}

char *reader_take_text(ConfigReader *reader, const char *key, yaml_node_t *node)
{
	const char *text = node_text(node);

	if (text != NULL && *text != '\0' && !node_is_null(node) && !has_control(text))
		return g_strdup(text);
	if (text != NULL && has_control(text))
		reader_error(reader, node,
			"%s: expected one line of text without control characters", key);
	else
		reader_expected(reader, key, "text", node, NULL);
	return NULL;
}

void reader_text(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	char **member = (char **)((char *)out + field->offset);
	char *text = reader_take_text(reader, field->key, node);

	if (text == NULL)
		return;
	g_free(*member);
	*member = text;
}

/* --- one of some words --- */

/* "a, b or c"; free with g_free() */
static char *join_choices(const char *const *choices)
{
	GString *all = g_string_new(choices[0]);

	for (guint i = 1; choices[i] != NULL; i++)
		g_string_append_printf(
			all, "%s%s", choices[i + 1] != NULL ? ", " : " or ", choices[i]);
	return g_string_free(all, FALSE);
}

void reader_choice(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const char *text = node_text(node);
	const char *meant = text != NULL ? suggest(text, field->choices) : NULL;
	g_autofree char *all = join_choices(field->choices);
	g_autofree char *hint = meant != NULL ? g_strdup_printf("did you mean %s?", meant) : NULL;

	for (int i = 0; text != NULL && field->choices[i] != NULL; i++)
		if (g_str_equal(field->choices[i], text)) {
			*(int *)((char *)out + field->offset) = i;
			return;
		}
	reader_expected(reader, field->key, all, node, hint);
}

/* --- yes or no --- */

static int take_bool(ConfigReader *reader, const Field *field, yaml_node_t *node)
{
	const char *text = node_text(node);
	int value = text != NULL ? bool_parse(text) : -1;

	if (value >= 0 && node_is_plain(node))
		return value;
	reader_expected(
		reader, field->key, "true or false", node, value >= 0 ? "remove the quotes" : NULL);
	return -1;
}

void reader_bool(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	int value = take_bool(reader, field, node);

	if (value >= 0)
		*(gboolean *)((char *)out + field->offset) = value;
}

void reader_ignored_bool(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	take_bool(reader, field, node);
}

/* --- numbers --- */

gboolean number_parse(const char *text, gint64 *value)
{
	static const struct {
		const char *prefix;
		guint base;
	} bases[] = { { "0x", 16 }, { "0b", 2 }, { "0o", 8 }, { "0", 8 }, { "", 10 } };
	g_autoptr(GString) digits = g_string_new(NULL);
	gboolean negative = *text == '-';
	gsize b = 0;
	guint64 n;

	if (*text == '-' || *text == '+')
		text++;
	if (strcmp(text, "0") == 0)
		text = "00";
	while (!g_str_has_prefix(text, bases[b].prefix))
		b++;
	text += strlen(bases[b].prefix);
	if (*text == '_' && bases[b].base == 10)
		return FALSE;
	for (; *text != '\0'; text++)
		if (*text != '_')
			g_string_append_c(digits, *text);
	if (!g_ascii_string_to_unsigned(digits->str, bases[b].base, 0, G_MAXINT64, &n, NULL))
		return FALSE;
	*value = negative ? -(gint64)n : (gint64)n;
	return TRUE;
}

static gboolean in_range(const Field *field, const char *text)
{
	gint64 value;

	return number_parse(text, &value) && value >= field->min && value <= field->max;
}

/* What may stand before and after the digits of a mistyped number, and how to read it. */
static const struct {
	const char *before, *after, *write;
	gboolean hex; /* only for numbers that are usually written in hexadecimal */
} slips[] = {
	{ "", "", "", FALSE },
	{ "", "", "0x", TRUE },
	{ "x", "", "0x", TRUE },
	{ "$", "", "0x", TRUE },
	{ "#", "", "0x", TRUE },
	{ "\\x", "", "0x", TRUE },
	{ "0x", "h", "0x", TRUE },
	{ "", "h", "0x", TRUE },
	{ "/dev/i2c-", "", "", FALSE },
	{ "i2c-", "", "", FALSE },
	{ "0", "", "", FALSE },
	{ "00", "", "", FALSE },
};

char *number_hint(const Field *field, const yaml_node_t *node)
{
	const char *text = node_text(node);
	g_autoptr(GString) s = g_string_new(text);

	if (text == NULL)
		return NULL;
	/* letters typed instead of a digit; neither of them is a hexadecimal digit */
	g_string_replace(s, "O", "0", 0);
	g_string_replace(s, "0X", "0x", 0);
	for (gsize i = 0; i < G_N_ELEMENTS(slips); i++) {
		gsize before = strlen(slips[i].before), after = strlen(slips[i].after);
		g_autofree char *written = NULL;

		if ((slips[i].hex && !field->hex) || s->len <= before + after ||
			!g_str_has_prefix(s->str, slips[i].before) ||
			!g_str_has_suffix(s->str, slips[i].after))
			continue;
		written = g_strdup_printf(
			"%s%.*s", slips[i].write, (int)(s->len - before - after), s->str + before);
		if (!in_range(field, written))
			continue;
		if (strcmp(written, text) == 0)
			return g_strdup("remove the quotes");
		return g_strdup_printf(
			"write %s%s", written, node_is_plain(node) ? "" : " without quotes");
	}
	return NULL;
}

static char *number_range(const Field *field)
{
	if (field->hex)
		return g_strdup_printf(
			"a number from %#x to %#x", (guint)field->min, (guint)field->max);
	return g_strdup_printf(
		"a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, field->min, field->max);
}

gboolean reader_take_number(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gint64 *value)
{
	const char *text = node_text(node);
	g_autofree char *range = NULL;
	g_autofree char *hint = NULL;

	if (text != NULL && (field->quoted || node_is_plain(node)) && in_range(field, text))
		return number_parse(text, value);
	range = number_range(field);
	hint = number_hint(field, node);
	reader_expected(reader, field->key, range, node, hint);
	return FALSE;
}

void reader_number(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	gpointer member = (char *)out + field->offset;
	gint64 value;

	if (!reader_take_number(reader, field, node, &value))
		return;
	if (field->size == sizeof(guint8))
		*(guint8 *)member = (guint8)value;
	else if (field->size == sizeof(guint16))
		*(guint16 *)member = (guint16)value;
	else
		*(int *)member = (int)value;
}

/* --- time --- */

void reader_seconds(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const char *text = node_text(node);
	g_autofree char *range = NULL;
	char *end = NULL;
	double ms = text != NULL ? g_ascii_strtod(text, &end) * 1000 : 0;

	/* strtod() also accepts "inf", "nan" and hexadecimal numbers */
	if (text != NULL && node_is_plain(node) && *text != '\0' && *end == '\0' &&
		strspn(text, "0123456789.") == strlen(text) && ms >= (double)field->min &&
		ms <= (double)field->max) {
		*(guint *)((char *)out + field->offset) = (guint)(ms + 0.5);
		return;
	}
	range = g_strdup_printf(
		"seconds from %g to %g", (double)field->min / 1000, (double)field->max / 1000);
	reader_expected(reader, field->key, range, node,
		end != NULL && end > text && *end != '\0' ? "write the number alone" : NULL);
}
