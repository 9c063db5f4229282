/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of the problems in a file.
 */
#pragma once

#include "config/config.h"

/* Appends a problem; line and column as in ConfigProblem. Takes ownership of message. */
void problem_add(GPtrArray *problems, gboolean warning, guint line, guint column, char *message);

/* The same for another file than the config, without a position; path is copied. */
void problem_add_file(GPtrArray *problems, gboolean warning, const char *path, const char *format,
	...) G_GNUC_PRINTF(4, 5);

/* Sorts by position and removes duplicates (because of aliases, a place can be read more than
 * once).
 */
void problems_sort(GPtrArray *problems);

/* text in quotes, safe to print in one line: control characters become \xNN, and long text is cut.
 * Free with g_free(). */
char *problem_quote(const char *text);
