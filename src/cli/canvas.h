/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A picture made of characters. What does not fit on it is cut off.
 */
#pragma once

#include "cli/text.h"

typedef struct Canvas Canvas;

Canvas *canvas_new(int width, int height);
void canvas_free(Canvas *canvas);

/* Writes text (cleaned) from column x on, in at most max columns; returns how many it used. */
int canvas_text(Canvas *canvas, int x, int y, int max, TextStyle style, const char *text);
/* Writes text into at most rows rows of width columns, broken between words. If it does not fit, it
 * ends with an ellipsis. Returns how many rows it used, or rows + 1 if it did not fit. canvas of
 * NULL: only measures. */
int canvas_wrap(
	Canvas *canvas, int x, int y, int width, int rows, TextStyle style, const char *text);
/* Like canvas_text(), centred in width columns. */
void canvas_centre(Canvas *canvas, int x, int y, int width, TextStyle style, const char *text);
/* Clears the rows from y on. */
void canvas_clear_below(Canvas *canvas, int y);
/* A frame with its title in the upper line. double_lines marks the important one. */
void canvas_box(Canvas *canvas, int x, int y, int width, int height, TextStyle style,
	gboolean double_lines, const char *title);

/* Appends the text that paints it over the whole terminal. Does not clear first, so that nothing
 * flickers. */
void canvas_paint(const Canvas *canvas, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Canvas, canvas_free)
