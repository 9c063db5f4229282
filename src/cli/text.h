/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text for people, limited to what the terminal can show, and measured in columns.
 */
#pragma once

#include <glib.h>

typedef enum {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_BUSY,
} TextStyle;

/* Finds out what stdout and the locale support. Colours only on a terminal, and not if NO_COLOR is
 * set (no-color.org); ASCII unless the locale is UTF-8. */
void text_init(void);
/* For tests. */
void text_set(gboolean colour, gboolean utf8);

gboolean text_is_utf8(void);

/* A copy that is safe to print: control characters, and characters that the locale cannot show,
 * become '?'. NULL becomes "". Free with g_free(). */
char *text_clean(const char *text);
/* The same for output that is always UTF-8, in any locale. */
char *text_clean_utf8(const char *text);

/* The columns of a character: 0 (it combines with the previous one), 1 or 2. */
int text_char_width(gunichar c);

/* The columns of a clean text. */
int text_width(const char *text);

/* Appends text (clean) in style, cut or padded to width columns; a width of -1 changes nothing. */
void text_append(GString *out, TextStyle style, const char *text, int width);
/* Adds a line: before as it is, and text in style, cleaned; NULL: nothing. */
void text_append_line(GString *out, TextStyle style, const char *before, const char *text);

/* "✓" or "+" and the like, with its style. */
const char *text_mark(const char *outcome, TextStyle *style);

/* Rows of clean cells, aligned. */
typedef struct TextTable TextTable;

TextTable *text_table_new(guint columns);
void text_table_free(TextTable *table);
/* Adds a cell; after the last cell of a row the next row begins. text is cleaned; NULL: empty. */
void text_table_add(TextTable *table, TextStyle style, const char *text);
/* Appends all rows to out, each after indent. */
void text_table_print(const TextTable *table, const char *indent, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextTable, text_table_free)
