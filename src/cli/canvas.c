/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/canvas.h"

#include <string.h>

typedef struct {
	gunichar c; /* 0: the right half of a wide character */
	TextStyle style;
} Cell;

struct Canvas {
	int width, height;
	Cell *cells;
};

void canvas_clear_below(Canvas *canvas, int y)
{
	for (int i = MAX(y, 0) * canvas->width; i < canvas->width * canvas->height; i++)
		canvas->cells[i] = (Cell){ ' ', STYLE_PLAIN };
}

Canvas *canvas_new(int width, int height)
{
	Canvas *canvas = g_new0(Canvas, 1);

	canvas->width = width;
	canvas->height = height;
	canvas->cells = g_new(Cell, (gsize)(width * height));
	canvas_clear_below(canvas, 0);
	return canvas;
}

void canvas_free(Canvas *canvas)
{
	g_free(canvas->cells);
	g_free(canvas);
}

static void put(Canvas *canvas, int x, int y, TextStyle style, gunichar c)
{
	if (x >= 0 && x < canvas->width && y >= 0 && y < canvas->height)
		canvas->cells[y * canvas->width + x] = (Cell){ c, style };
}

int canvas_text(Canvas *canvas, int x, int y, int max, TextStyle style, const char *text)
{
	g_autofree char *clean = text_clean(text);
	int used = 0;

	max = MIN(max, canvas->width - x);
	for (const char *p = clean; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		int width = text_char_width(c);

		if (used + width > max)
			break;
		/* a cell has no room for a combining accent */
		if (width == 0)
			continue;
		put(canvas, x + used, y, style, c);
		if (width == 2)
			put(canvas, x + used + 1, y, style, 0);
		used += width;
	}
	return used;
}

/* How many bytes of text (clean) fit into width columns: complete words, or else as much as fits.
 * Never 0 unless text is empty. */
static const char *fit(const char *text, int width)
{
	const char *space = NULL, *p = text;
	int used = 0;

	for (; *p != '\0'; p = g_utf8_next_char(p)) {
		used += text_char_width(g_utf8_get_char(p));
		if (used > width)
			break;
		if (*p == ' ')
			space = p;
	}
	/* the space after a word needs no column */
	if (*p == '\0' || *p == ' ')
		return p;
	if (space != NULL && space != text)
		return space;
	return p == text ? g_utf8_next_char(p) : p;
}

int canvas_wrap(
	Canvas *canvas, int x, int y, int width, int rows, TextStyle style, const char *text)
{
	g_autofree char *clean = text_clean(text);
	const char *p = clean;
	int row = 0;

	for (; *p != '\0' && row < rows && width > 0; row++) {
		const char *end = fit(p, width);
		g_autofree char *line = g_strndup(p, (gsize)(end - p));

		p = end + strspn(end, " ");
		if (canvas == NULL)
			continue;
		canvas_text(canvas, x, y + row, width, style, line);
		if (*p != '\0' && row + 1 == rows)
			canvas_text(canvas, x + MIN(text_width(line), width - 1), y + row, 1, style,
				text_is_utf8() ? "…" : "~");
	}
	return *p != '\0' ? rows + 1 : row;
}

void canvas_centre(Canvas *canvas, int x, int y, int width, TextStyle style, const char *text)
{
	g_autofree char *clean = text_clean(text);
	int free_columns = MAX(0, width - text_width(clean));

	canvas_text(canvas, x + free_columns / 2, y, width, style, clean);
}

void canvas_box(Canvas *canvas, int x, int y, int width, int height, TextStyle style,
	gboolean double_lines, const char *title)
{
	/* corners from the upper left clockwise, horizontal, vertical */
	static const gunichar sets[][6] = {
		{ '+', '+', '+', '+', '-', '|' },
		{ '#', '#', '#', '#', '=', '#' },
		{ 0x250c, 0x2510, 0x2518, 0x2514, 0x2500, 0x2502 },
		{ 0x2554, 0x2557, 0x255d, 0x255a, 0x2550, 0x2551 },
	};
	const gunichar *set = sets[(text_is_utf8() ? 2 : 0) + (double_lines ? 1 : 0)];
	g_autofree char *spaced = g_strdup_printf(" %s ", title);
	int right = x + width - 1, bottom = y + height - 1;

	for (int i = x + 1; i < right; i++) {
		put(canvas, i, y, style, set[4]);
		put(canvas, i, bottom, style, set[4]);
	}
	for (int i = y + 1; i < bottom; i++) {
		put(canvas, x, i, style, set[5]);
		put(canvas, right, i, style, set[5]);
	}
	put(canvas, x, y, style, set[0]);
	put(canvas, right, y, style, set[1]);
	put(canvas, right, bottom, style, set[2]);
	put(canvas, x, bottom, style, set[3]);
	canvas_text(canvas, x + 2, y, width - 4, style, spaced);
}

static void paint_row(const Cell *row, int width, GString *out)
{
	g_autoptr(GString) run = g_string_new(NULL);

	for (int i = 0; i < width; i++) {
		if (i > 0 && row[i].style != row[i - 1].style) {
			text_append(out, row[i - 1].style, run->str, -1);
			g_string_truncate(run, 0);
		}
		if (row[i].c != 0)
			g_string_append_unichar(run, row[i].c);
	}
	text_append(out, row[width - 1].style, run->str, -1);
}

void canvas_paint(const Canvas *canvas, GString *out)
{
	for (int y = 0; y < canvas->height; y++) {
		/* the cursor is placed again for each row: if a terminal counts the width of a
		 * character differently, only one row is wrong */
		g_string_append_printf(out, "\033[%d;1H", y + 1);
		paint_row(canvas->cells + y * canvas->width, canvas->width, out);
	}
}
