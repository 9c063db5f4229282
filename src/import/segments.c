/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import/segments.h"

#include <string.h>

/* A here-document, whose text begins on the next line. */
typedef struct {
	char *end; /* the line that ends it */
	gboolean is_comment;
} Here;

typedef struct {
	char *code;
	char *at;
	guint line;
	GPtrArray *segments;
	GString *text; /* the text of the current segment */
	guint begun;   /* its line */
	SegmentLink link;
	char quote;	    /* the open quote; '\0': none */
	char *quote_at;	    /* where it was opened */
	gsize quote_length; /* the length of text at that time */
	guint quote_line;
	guint brackets; /* how many of $(...), <(...) and NAME=(...) are open */
	GPtrArray *heres;
} Lexer;

static void segment_free(gpointer data)
{
	g_free(((Segment *)data)->text);
	g_free(data);
}

static void here_free(gpointer data)
{
	g_free(((Here *)data)->end);
	g_free(data);
}

static void finish(Lexer *lexer, SegmentLink next)
{
	g_autofree char *text = g_strstrip(g_strdup(lexer->text->str));

	if (*text != '\0') {
		Segment *segment = g_new0(Segment, 1);

		segment->line = lexer->begun;
		segment->link = lexer->link;
		segment->text = g_steal_pointer(&text);
		g_ptr_array_add(lexer->segments, segment);
		lexer->link = next;
	} else if (next == LINK_CASE || (next != LINK_LINE && lexer->link == LINK_LINE)) {
		/* an operator at the end of a line, or on a line of its own */
		lexer->link = next;
	}
	g_string_truncate(lexer->text, 0);
}

static void append(Lexer *lexer, gsize count)
{
	if (lexer->text->len == 0)
		lexer->begun = lexer->line;
	for (gsize i = 0; i < count; i++)
		lexer->line += lexer->at[i] == '\n';
	g_string_append_len(lexer->text, lexer->at, (gssize)count);
	lexer->at += count;
}

/* -- comments and here-documents -------------------------------------------------------------- */

static gboolean begins_word(const Lexer *lexer)
{
	return lexer->at == lexer->code || strchr(" \t\n;|&()", lexer->at[-1]) != NULL;
}

static void skip_comment(Lexer *lexer)
{
	while (*lexer->at != '\0' && *lexer->at != '\n')
		*lexer->at++ = ' ';
}

/* "<<END", "<<-'END'": the document begins after the end of the line. Returns TRUE if it is one. */
static gboolean begin_here(Lexer *lexer)
{
	const char *word = lexer->at + 2;
	g_autofree char *command = NULL;
	gsize length;
	Here *here;

	if (!g_str_has_prefix(lexer->at, "<<") || *word == '<' ||
		(lexer->at > lexer->code && lexer->at[-1] == '<'))
		return FALSE;
	word += *word == '-';
	word += strspn(word, " \t");
	word += strspn(word, "\"'\\");
	length = strcspn(word, " \t\n\"'\\;|&()<>");
	if (length == 0)
		return FALSE;
	here = g_new0(Here, 1);
	here->end = g_strndup(word, length);
	command = g_strstrip(g_strdup(lexer->text->str));
	here->is_comment = g_str_equal(command, ":") || g_str_equal(command, "true");
	g_ptr_array_add(lexer->heres, here);
	return TRUE;
}

/* The line feed before the line that ends the document; NULL: there is none. */
static char *end_of_here(char *at, const Here *here)
{
	for (; at != NULL; at = strchr(at + 1, '\n')) {
		const char *begin = at + 1 + strspn(at + 1, " \t");
		gsize length = strcspn(begin, "\r\n");

		if (length == strlen(here->end) && strncmp(begin, here->end, length) == 0)
			return at;
	}
	return NULL;
}

/* At a line feed: skips the documents that begin after it. */
static void skip_heres(Lexer *lexer)
{
	for (guint i = 0; i < lexer->heres->len; i++) {
		const Here *here = lexer->heres->pdata[i];
		char *end = *lexer->at == '\n' ? end_of_here(lexer->at, here) : NULL;

		while (end != NULL && lexer->at < end) {
			lexer->line += *lexer->at == '\n';
			if (here->is_comment && *lexer->at != '\n')
				*lexer->at = ' ';
			lexer->at++;
		}
		if (end == NULL)
			continue;
		lexer->line++;
		lexer->at++;
		lexer->at += strcspn(lexer->at, "\n");
	}
	g_ptr_array_set_size(lexer->heres, 0);
}

/* -- characters ------------------------------------------------------------------------------- */

static void open_quote(Lexer *lexer)
{
	lexer->quote = *lexer->at;
	lexer->quote_at = lexer->at;
	lexer->quote_length = lexer->text->len;
	lexer->quote_line = lexer->line;
	append(lexer, 1);
}

/* A quote that never ends is an apostrophe. */
static void forget_quote(Lexer *lexer)
{
	lexer->quote = '\0';
	lexer->at = lexer->quote_at;
	lexer->line = lexer->quote_line;
	g_string_truncate(lexer->text, lexer->quote_length);
	append(lexer, 1);
}

static void step_quoted(Lexer *lexer)
{
	if (*lexer->at == '\\' && lexer->quote != '\'' && lexer->at[1] != '\0') {
		append(lexer, 2);
		return;
	}
	if (*lexer->at == lexer->quote)
		lexer->quote = '\0';
	append(lexer, 1);
}

/* The length of an operator between commands; 0: there is none. */
static gsize operator_at(const Lexer *lexer, SegmentLink *link)
{
	static const struct {
		const char *text;
		SegmentLink link;
	} operators[] = {
		{ ";;&", LINK_CASE },
		{ ";;", LINK_CASE },
		{ ";&", LINK_CASE },
		{ "&&", LINK_AND },
		{ "||", LINK_OR },
		{ "|&", LINK_PIPE },
		{ "|", LINK_PIPE },
		{ ";", LINK_LINE },
		{ "&", LINK_LINE },
		{ "\n", LINK_LINE },
	};
	const char *at = lexer->at;
	gboolean redirects =
		*at == '&' && (at[1] == '>' || (at > lexer->code && strchr("<>", at[-1]) != NULL));

	for (gsize i = 0; i < G_N_ELEMENTS(operators) && !redirects; i++)
		if (g_str_has_prefix(at, operators[i].text)) {
			*link = operators[i].link;
			return strlen(operators[i].text);
		}
	return 0;
}

static void count_bracket(Lexer *lexer)
{
	gboolean opens = lexer->at > lexer->code && strchr("$<>=", lexer->at[-1]) != NULL;

	if (*lexer->at == '(' && (lexer->brackets > 0 || opens))
		lexer->brackets++;
	else if (*lexer->at == ')' && lexer->brackets > 0)
		lexer->brackets--;
}

static void step(Lexer *lexer)
{
	SegmentLink link;
	gsize length;

	if (lexer->at[0] == '\\' && lexer->at[1] == '\n') {
		lexer->at += 2;
		lexer->line++;
	} else if (*lexer->at == '\\' && lexer->at[1] != '\0') {
		append(lexer, 2);
	} else if (*lexer->at == '#' && begins_word(lexer)) {
		skip_comment(lexer);
	} else if (*lexer->at == '"' || *lexer->at == '\'') {
		open_quote(lexer);
	} else if (begin_here(lexer)) {
		append(lexer, 2);
	} else if (lexer->brackets == 0 && (length = operator_at(lexer, &link)) > 0) {
		finish(lexer, link);
		if (*lexer->at == '\n')
			skip_heres(lexer);
		if (*lexer->at == '\n')
			lexer->line++;
		lexer->at += *lexer->at != '\0' ? length : 0;
	} else {
		if (*lexer->at == '\n')
			skip_heres(lexer);
		if (*lexer->at == '\0')
			return;
		count_bracket(lexer);
		append(lexer, 1);
	}
}

/* Removes the carriage returns of editors on Windows. */
static char *unix_lines(const char *script)
{
	g_auto(GStrv) lines = g_strsplit(script, "\r\n", -1);

	return g_strjoinv("\n", lines);
}

GPtrArray *segments_read(const char *script, char **code)
{
	Lexer lexer = { .code = unix_lines(script),
		.line = 1,
		.segments = g_ptr_array_new_with_free_func(segment_free),
		.text = g_string_new(NULL),
		.heres = g_ptr_array_new_with_free_func(here_free) };

	lexer.at = lexer.code;
	while (*lexer.at != '\0' || lexer.quote != '\0') {
		if (*lexer.at == '\0')
			forget_quote(&lexer);
		else if (lexer.quote != '\0')
			step_quoted(&lexer);
		else
			step(&lexer);
	}
	finish(&lexer, LINK_LINE);
	g_string_free(lexer.text, TRUE);
	g_ptr_array_unref(lexer.heres);
	*code = lexer.code;
	return lexer.segments;
}
