/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/document.h"

#include "config/problem.h"

/* What people did when libyaml says this, and where: the place it stumbled, or where that began. */
static const struct {
	const char *problem;
	gboolean at_context;
	const char *hint;
} hints[] = {
	{ "could not find expected ':'", TRUE,
		"write a key as \"key: value\", with a blank after the colon" },
	{ "mapping values are not allowed in this context", FALSE,
		"check the indentation here and on the line before, and put quotes around text "
		"that has \": \" in it" },
	{ "did not find expected key", FALSE,
		"check the indentation: the keys of one mapping begin in one column" },
	{ "did not find expected '-' indicator", FALSE,
		"check the indentation: the dashes of one list stand in one column" },
	{ "did not find expected ',' or ']'", TRUE, "close this [ with a ]" },
	{ "did not find expected ',' or '}'", TRUE, "close this { with a }" },
	{ "found unexpected end of stream", TRUE, "close this quote" },
	{ "found undefined alias", FALSE, "text that begins with * needs quotes" },
	{ "found unknown escape character", FALSE,
		"a \\ in double quotes must be written \\\\; or use single quotes" },
	{ "block sequence entries are not allowed in this context", FALSE,
		"put the first \"- \" on a line of its own" },
};

/* The character at a mark is what "cannot start any token". */
static const char *hint_for_character(const char *text, gsize length, gsize offset)
{
	char c = offset < length ? text[offset] : '\0';

	if (c == '\t')
		return "indent with blanks; YAML does not allow tabs";
	return "text that begins with this character needs quotes";
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

/* A byte that cannot stand where it stands. */
static void add_at_offset(GPtrArray *problems, const char *text, gsize offset, char *message)
{
	guint line = 1, column = 1;

	for (gsize i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else if (((guchar)text[i] & 0xc0) != 0x80) { /* not inside of a character */
			column++;
		}
	}
	problem_add(problems, FALSE, line, column, message);
}

static void add_syntax_error(
	const yaml_parser_t *parser, const char *text, gsize length, GPtrArray *problems)
{
	yaml_mark_t at = parser->problem_mark;
	const char *hint = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(hints); i++) {
		if (strcmp(hints[i].problem, parser->problem) != 0)
			continue;
		hint = hints[i].hint;
		if (hints[i].at_context && parser->context != NULL)
			at = parser->context_mark;
	}
	if (strcmp(parser->problem, "found character that cannot start any token") == 0)
		hint = hint_for_character(text, length, offset_of(text, length, &at));
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

/* Whatever follows the first document is a mistake. */
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
	if (!yaml_parser_initialize(&parser))
		g_error("out of memory");
	yaml_parser_set_input_string(&parser, (const guchar *)text, length);
	loaded = load(&parser, document, text, length, problems);
	yaml_parser_delete(&parser);
	return loaded;
}
