/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of what is wrong with a file.
 */
#pragma once

#include "config/config.h"

/* Appends a problem; line and column as in ConfigProblem; message is taken. */
void problem_add(GPtrArray *problems, gboolean warning, guint line, guint column, char *message);

/* The same for another file than the config, as a whole; path is copied. */
void problem_add_file(GPtrArray *problems, gboolean warning, const char *path, const char *format,
	...) G_GNUC_PRINTF(4, 5);

/* Sorts by position and drops what is said twice (aliases make one place be read more than once).
 */
void problems_sort(GPtrArray *problems);

/* text in quotes, made fit for a line of a terminal: control characters as \xNN, long text cut.
 * Free with g_free(). */
char *problem_quote(const char *text);
