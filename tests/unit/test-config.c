/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/config.h"

#include <string.h>

/* --- golden files: tests/config/NAME.yaml gives the messages in NAME.expected --- */

static char *messages(const char *path, const GPtrArray *problems)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = config_problem_format(path, problems->pdata[i]);

		g_string_append_printf(all, "%s\n", line);
	}
	return g_string_free(all, FALSE);
}

static gboolean has_error(const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++)
		if (!((const ConfigProblem *)problems->pdata[i])->warning)
			return TRUE;
	return FALSE;
}

static char *read_data(const char *name, const char *suffix, gsize *length)
{
	g_autofree char *file = g_strconcat(name, suffix, NULL);
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "config", file, NULL);
	g_autoptr(GError) error = NULL;
	char *text = NULL;

	g_file_get_contents(path, &text, length, &error);
	g_assert_no_error(error);
	return text;
}

static void test_golden(gconstpointer data)
{
	const char *name = data;
	g_autofree char *file = g_strconcat(name, ".yaml", NULL);
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "config", file, NULL);
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = NULL;
	g_autofree char *got = NULL;
	g_autofree char *expected = NULL;
	g_autofree char *text = NULL;
	gsize length;

	text = read_data(name, ".yaml", &length);
	expected = read_data(name, ".expected", NULL);
	config = config_parse(path, text, length, problems);
	got = messages(file, problems);
	g_assert_cmpstr(got, ==, expected);
	g_assert_true((config == NULL) == has_error(problems));
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_golden_tests(GPtrArray *names)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "config", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;

	g_assert_nonnull(dir);
	while ((file = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(file, ".expected"))
			g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".expected")));
	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *test = g_strconcat("/config/golden/", names->pdata[i], NULL);

		g_test_add_data_func(test, names->pdata[i], test_golden);
	}
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	g_test_init(&argc, &argv, NULL);
	add_golden_tests(names);
	return g_test_run();
}
