/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/problem.h"

/* how many characters of the file's text a message quotes */
#define QUOTE_MAX 48

static void problem_free(gpointer data)
{
	ConfigProblem *problem = data;

	g_free(problem->path);
	g_free(problem->message);
	g_free(problem);
}

GPtrArray *config_problems_new(void)
{
	return g_ptr_array_new_with_free_func(problem_free);
}

void problem_add(GPtrArray *problems, gboolean warning, guint line, guint column, char *message)
{
	ConfigProblem *problem = g_new0(ConfigProblem, 1);

	problem->warning = warning;
	problem->line = line;
	problem->column = column;
	problem->message = message;
	g_ptr_array_add(problems, problem);
}

void problem_add_file(
	GPtrArray *problems, gboolean warning, const char *path, const char *format, ...)
{
	va_list args;
	ConfigProblem *problem;

	va_start(args, format);
	problem_add(problems, warning, 0, 0, g_strdup_vprintf(format, args));
	va_end(args);
	problem = problems->pdata[problems->len - 1];
	problem->path = g_strdup(path);
}

static int compare(gconstpointer a, gconstpointer b)
{
	const ConfigProblem *x = *(ConfigProblem *const *)a, *y = *(ConfigProblem *const *)b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->message, y->message);
}

void problems_sort(GPtrArray *problems)
{
	guint kept = 0;

	g_ptr_array_sort(problems, compare);
	for (guint i = 0; i < problems->len; i++) {
		gpointer problem = problems->pdata[i];

		if (kept > 0 && compare(&problems->pdata[kept - 1], &problem) == 0) {
			problem_free(problem);
			continue;
		}
		problems->pdata[kept++] = problem;
	}
	/* the entries after it have moved to the front or are freed already */
	for (guint i = kept; i < problems->len; i++)
		problems->pdata[i] = NULL;
	g_ptr_array_set_free_func(problems, NULL);
	g_ptr_array_set_size(problems, (gint)kept);
	g_ptr_array_set_free_func(problems, problem_free);
}

gboolean config_problems_have_error(const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++)
		if (!((const ConfigProblem *)problems->pdata[i])->warning)
			return TRUE;
	return FALSE;
}

char *config_problem_format(const char *path, const ConfigProblem *problem)
{
	const char *kind = problem->warning ? "warning: " : "";

	if (problem->path != NULL)
		path = problem->path;
	if (problem->line == 0)
		return g_strdup_printf("%s: %s%s", path, kind, problem->message);
	return g_strdup_printf(
		"%s:%u:%u: %s%s", path, problem->line, problem->column, kind, problem->message);
}

char *problem_quote(const char *text)
{
	GString *out = g_string_new("\"");
	guint count = 0;

	for (; *text != '\0' && count < QUOTE_MAX; text = g_utf8_next_char(text), count++) {
		gunichar c = g_utf8_get_char(text);

		if (c == '\n')
			g_string_append(out, "\\n");
		else if (c == '\t')
			g_string_append(out, "\\t");
		else if (g_unichar_iscntrl(c))
			g_string_append_printf(out, "\\x%02x", c);
		else
			g_string_append_unichar(out, c);
	}
	g_string_append(out, *text != '\0' ? "...\"" : "\"");
	return g_string_free(out, FALSE);
}
