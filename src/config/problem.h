/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of what is wrong with a file.
 */
#pragma once

#include "config/config.h"

/* Appends a problem; line and column as in ConfigProblem; message is taken. */
void problem_add(GPtrArray *problems, gboolean warning, guint line, guint column, char *message);

/* Sorts by position and drops what is said twice (aliases make one place be read more than once).
 */
void problems_sort(GPtrArray *problems);

gboolean problems_have_error(const GPtrArray *problems);

/* text in quotes, made fit for a line of a terminal: control characters as \xNN, long text cut.
 * Free with g_free(). */
char *problem_quote(const char *text);
