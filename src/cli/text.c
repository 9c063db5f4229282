/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/text.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

static gboolean has_colour, has_utf8;

/* ECMA-48, 8.3.117 (SGR) */
static const char *const codes[] = {
	[STYLE_PLAIN] = "",
	[STYLE_BOLD] = "\033[1m",
	[STYLE_DIM] = "\033[2m",
	[STYLE_GOOD] = "\033[32m",
	[STYLE_BAD] = "\033[31m",
	[STYLE_BUSY] = "\033[33m",
};

void text_set(gboolean colour, gboolean utf8)
{
	has_colour = colour;
	has_utf8 = utf8;
}

void text_init(void)
{
	const char *no_color = g_getenv("NO_COLOR");
	const char *term = g_getenv("TERM");

	setlocale(LC_ALL, "");
	text_set(isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') &&
			 g_strcmp0(term, "dumb") != 0,
		g_get_charset(NULL));
}

gboolean text_is_utf8(void)
{
	return has_utf8;
}

static char *clean(const char *text, gboolean utf8)
{
	g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
	GString *out = g_string_new(NULL);

	for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		/* g_unichar_isprint() is also false for formatting characters, which can reverse
		 * text
		 */
		if (!g_unichar_isprint(c) || (c > 0x7f && !utf8))
			g_string_append_c(out, '?');
		else
			g_string_append_unichar(out, c);
	}
	return g_string_free(out, FALSE);
}

char *text_clean(const char *text)
{
	return clean(text, has_utf8);
}

char *text_clean_utf8(const char *text)
{
	return clean(text, TRUE);
}

int text_char_width(gunichar c)
{
	return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

int text_width(const char *text)
{
	int width = 0;

	for (; *text != '\0'; text = g_utf8_next_char(text))
		width += text_char_width(g_utf8_get_char(text));
	return width;
}

void text_append(GString *out, TextStyle style, const char *text, int width)
{
	gboolean styled = has_colour && style != STYLE_PLAIN;
	int used = 0;

	if (styled)
		g_string_append(out, codes[style]);
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (width >= 0 && used + text_char_width(c) > width)
			break;
		g_string_append_unichar(out, c);
		used += text_char_width(c);
	}
	if (styled)
		g_string_append(out, "\033[0m");
	for (; used < width; used++)
		g_string_append_c(out, ' ');
}

void text_append_line(GString *out, TextStyle style, const char *before, const char *text)
{
	g_autofree char *shown = text_clean(text);

	g_string_append(out, before);
	text_append(out, style, shown, -1);
	g_string_append_c(out, '\n');
}

static const struct {
	const char *outcome, *utf8, *ascii;
	TextStyle style;
} marks[] = {
	{ "done", "✓", "+", STYLE_GOOD },
	{ "already", "✓", "+", STYLE_DIM },
	{ "failed", "✗", "x", STYLE_BAD },
	{ "refused", "✗", "x", STYLE_BAD },
	{ "rolled-back", "✗", "x", STYLE_BAD },
	{ "incomplete", "✗", "x", STYLE_BAD },
	{ "ok", "✓", "+", STYLE_GOOD },
	{ "warning", "!", "!", STYLE_BUSY },
	{ "problem", "✗", "x", STYLE_BAD },
	{ "superseded", "→", ">", STYLE_BUSY },
	{ "running", "…", "~", STYLE_BUSY },
	{ "waiting", "…", "~", STYLE_DIM },
	{ "skipped", "-", "-", STYLE_DIM },
};

const char *text_mark(const char *outcome, TextStyle *style)
{
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
		if (g_strcmp0(marks[i].outcome, outcome) == 0) {
			*style = marks[i].style;
			return has_utf8 ? marks[i].utf8 : marks[i].ascii;
		}
	}
	*style = STYLE_PLAIN;
	return "?";
}

typedef struct {
	TextStyle style;
	char *text;
} Cell;

struct TextTable {
	guint columns;
	GArray *cells;
};

static void clear_cell(gpointer data)
{
	g_free(((Cell *)data)->text);
}

TextTable *text_table_new(guint columns)
{
	TextTable *table = g_new0(TextTable, 1);

	table->columns = columns;
	table->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
	g_array_set_clear_func(table->cells, clear_cell);
	return table;
}

void text_table_free(TextTable *table)
{
	g_array_unref(table->cells);
	g_free(table);
}

void text_table_add(TextTable *table, TextStyle style, const char *text)
{
	Cell cell = { style, text_clean(text) };

	g_array_append_val(table->cells, cell);
}

static int column_width(const TextTable *table, guint column)
{
	int width = 0;

	for (guint i = column; i < table->cells->len; i += table->columns)
		width = MAX(width, text_width(g_array_index(table->cells, Cell, i).text));
	return width;
}

void text_table_print(const TextTable *table, const char *indent, GString *out)
{
	g_autofree int *widths = g_new0(int, table->columns);

	for (guint i = 0; i < table->columns; i++)
		widths[i] = column_width(table, i);
	for (guint i = 0; i < table->cells->len; i++) {
		const Cell *cell = &g_array_index(table->cells, Cell, i);
		guint column = i % table->columns;
		gboolean last = column + 1 == table->columns;

		if (column == 0)
			g_string_append(out, indent);
		text_append(out, cell->style, cell->text, last ? -1 : widths[column] + 2);
		if (last) {
			while (out->len > 0 && out->str[out->len - 1] == ' ')
				g_string_truncate(out, out->len - 1);
			g_string_append_c(out, '\n');
		}
	}
}
