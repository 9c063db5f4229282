/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/document.h"

#include "config/problem.h"

#include <string.h>

#define HINT_TAB "indent with spaces; YAML does not allow tabs"

/* The usual mistake for each of libyaml's messages (with a character: if that is at the position),
 * and its position: where libyaml stopped, or where the construct began. The first match is used.
 */
static const struct {
	const char *problem; /* its beginning */
	char character;
	gboolean at_context;
	const char *hint;
} hints[] = {
	{ "could not find expected ':'", 0, TRUE,
		"write a key as \"key: value\", with a space after the colon" },
	{ "mapping values are not allowed in this context", 0, FALSE,
		"check the indentation here and the space after the colon in the line before, and "
		"put quotes around text with \": \" in it" },
	{ "did not find expected key", '-', FALSE,
		"check the indentation: the dashes of a list must be in one column" },
	{ "did not find expected key", '}', FALSE, "there is no { that this closes" },
	{ "did not find expected key", ']', FALSE, "there is no [ that this closes" },
	{ "did not find expected key", 0, FALSE,
		"check the indentation: the keys of a mapping must begin in one column" },
	{ "did not find expected <document start>", 0, FALSE,
		"all top-level keys must begin in the first column" },
	{ "did not find expected '-' indicator", 0, FALSE,
		"check the indentation: the dashes of a list must be in one column; and nothing "
		"may follow a closing quote" },
	{ "did not find expected ',' or ']'", 0, TRUE, "close this [ with a ]" },
	{ "did not find expected ',' or '}'", 0, TRUE, "close this { with a }" },
	{ "found unexpected end of stream", 0, TRUE, "close this quote" },
	{ "found unexpected document indicator", 0, TRUE, "close this quote" },
	{ "found undefined alias", 0, FALSE, "text that begins with * needs quotes" },
	{ "found undefined tag handle", 0, FALSE, "text that begins with ! needs quotes" },
	{ "found unknown escape character", 0, FALSE,
		"a \\ in double quotes must be written \\\\; or use single quotes" },
	{ "block sequence entries are not allowed in this context", 0, FALSE,
		"put the first \"- \" on a line of its own" },
	{ "found character that cannot start any token", '\t', FALSE, HINT_TAB },
	{ "found character that cannot start any token", 0, FALSE,
		"text that begins with this character needs quotes" },
	{ "found a tab character", 0, FALSE, HINT_TAB },
	{ "found incompatible YAML document", 0, FALSE, "delete this line" },
};

/* most nested lists and mappings; a config needs seven */
#define DEPTH_MAX 32

static void parser_init(yaml_parser_t *parser, const char *text, gsize length)
{
	if (!yaml_parser_initialize(parser))
		g_error("out of memory");
	yaml_parser_set_input_string(parser, (const guchar *)text, length);
}

static gsize offset_of(const char *text, gsize length, const yaml_mark_t *mark)
{
	const char *p = text, *end = text + length;

	for (gsize line = 0; line < mark->line && p < end; p++)
		if (*p == '\n')
			line++;
	for (gsize column = 0; column < mark->column && p < end; column++)
		p = g_utf8_next_char(p);
	return (gsize)(p - text);
}

/* Finds a byte that is invalid at its position. */
static void add_at_offset(GPtrArray *problems, const char *text, gsize offset, char *message)
{
	guint line = 1, column = 1;

	for (gsize i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else if (((guchar)text[i] & 0xc0) != 0x80) { /* not inside a character */
			column++;
		}
	}
	problem_add(problems, FALSE, line, column, message);
}

static void add_syntax_error(
	const yaml_parser_t *parser, const char *text, gsize length, GPtrArray *problems)
{
	yaml_mark_t at = parser->problem_mark;
	gsize offset = offset_of(text, length, &at);
	char character = offset < length ? text[offset] : '\0';
	const char *hint = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(hints) && hint == NULL; i++) {
		if (!g_str_has_prefix(parser->problem, hints[i].problem) ||
			(hints[i].character != 0 && hints[i].character != character))
			continue;
		hint = hints[i].hint;
		if (hints[i].at_context && parser->context != NULL)
			at = parser->context_mark;
	}
	problem_add(problems, FALSE, (guint)at.line + 1, (guint)at.column + 1,
		g_strdup_printf("not YAML: %s%s%s", parser->problem, hint != NULL ? "; " : "",
			hint != NULL ? hint : ""));
}

static void add_parser_error(
	const yaml_parser_t *parser, const char *text, gsize length, GPtrArray *problems)
{
	if (parser->error == YAML_READER_ERROR)
		add_at_offset(problems, text, MIN(parser->problem_offset, length),
			g_strdup_printf("not YAML: %s (0x%02x); delete it", parser->problem,
				(guint)parser->problem_value));
	else if (parser->problem != NULL)
		add_syntax_error(parser, text, length, problems);
	else
		problem_add(problems, FALSE, 0, 0, g_strdup("not YAML: out of memory"));
}

static gboolean is_empty(yaml_document_t *document)
{
	const yaml_node_t *root = yaml_document_get_root_node(document);

	return root == NULL || (root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0);
}

/* A second document is a mistake. */
static gboolean check_end(
	yaml_parser_t *parser, const char *text, gsize length, GPtrArray *problems)
{
	yaml_document_t second;
	const yaml_node_t *root;

	if (!yaml_parser_load(parser, &second)) {
		add_parser_error(parser, text, length, problems);
		return FALSE;
	}
	root = yaml_document_get_root_node(&second);
	if (root != NULL)
		problem_add(problems, FALSE, (guint)second.start_mark.line + 1,
			(guint)second.start_mark.column + 1,
			g_strdup("a second document begins here; keep one and delete this line"));
	yaml_document_delete(&second);
	return root == NULL;
}

/* libyaml's time for a document grows with the square of its depth, so the depth is checked first,
 * from the events. The loader reports syntax errors. */
static gboolean check_depth(const char *text, gsize length, GPtrArray *problems)
{
	yaml_parser_t parser;
	yaml_event_t event;
	gboolean more = TRUE;
	guint depth = 0;

	parser_init(&parser, text, length);
	while (more && depth <= DEPTH_MAX && yaml_parser_parse(&parser, &event)) {
		if (event.type == YAML_SEQUENCE_START_EVENT ||
			event.type == YAML_MAPPING_START_EVENT)
			depth++;
		else if (event.type == YAML_SEQUENCE_END_EVENT ||
			 event.type == YAML_MAPPING_END_EVENT)
			depth--;
		if (depth > DEPTH_MAX)
			problem_add(problems, FALSE, (guint)event.start_mark.line + 1,
				(guint)event.start_mark.column + 1,
				g_strdup("nested too deep; check the brackets"));
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return depth <= DEPTH_MAX;
}

static gboolean load(yaml_parser_t *parser, yaml_document_t *document, const char *text,
	gsize length, GPtrArray *problems)
{
	if (!yaml_parser_load(parser, document)) {
		add_parser_error(parser, text, length, problems);
		return FALSE;
	}
	if (is_empty(document))
		problem_add(problems, FALSE, 0, 0,
			g_strdup("the file is empty; hotseat.yaml(5) has an example"));
	else if (check_end(parser, text, length, problems))
		return TRUE;
	yaml_document_delete(document);
	return FALSE;
}

gboolean document_load(
	yaml_document_t *document, const char *text, gsize length, GPtrArray *problems)
{
	yaml_parser_t parser;
	const char *bad;
	gboolean loaded;

	if (!g_utf8_validate_len(text, length, &bad)) {
		add_at_offset(problems, text, (gsize)(bad - text),
			g_strdup_printf("not UTF-8 (byte 0x%02x); save the file as UTF-8 text",
				(guchar)*bad));
		return FALSE;
	}
	if (!check_depth(text, length, problems))
		return FALSE;
	parser_init(&parser, text, length);
	loaded = load(&parser, document, text, length, problems);
	yaml_parser_delete(&parser);
	return loaded;
}

void document_forget(yaml_document_t *document)
{
	for (yaml_node_t *node = document->nodes.start; node < document->nodes.top; node++)
		if (node->type == YAML_SCALAR_NODE)
			explicit_bzero(node->data.scalar.value, node->data.scalar.length);
	yaml_document_delete(document);
}
