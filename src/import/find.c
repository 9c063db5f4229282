/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import/find.h"

#include "ready/process.h"

#include <stdlib.h>
#include <string.h>

/* virtkvm finds its file only by --config, so users put the file anywhere. %s: the home
 * directory. */
static const char *const usual[] = {
	"/etc/virtkvm.yaml",
	"/etc/virtkvm.yml",
	"/etc/virtkvm/config.yaml",
	"/etc/virtkvm/config.yml",
	"/opt/virtkvm/config.yaml",
	"/opt/virtkvm/config.yml",
};
static const char *const usual_at_home[] = {
	".config/virtkvm.yaml",
	".config/virtkvm/config.yaml",
	".config/virtkvm/config.yml",
	"virtkvm/config.yaml",
	"virtkvm/config.yml",
};

static const char *const unit_folders[] = {
	"/etc/systemd/system",
	"/etc/systemd/user",
	"/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system",
	"/lib/systemd/system",
};

typedef struct {
	const ImportPlaces *places;
	GPtrArray *found;
} Search;

static void take(Search *search, const char *path)
{
	if (g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
		!g_ptr_array_find_with_equal_func(search->found, path, g_str_equal, NULL))
		g_ptr_array_add(search->found, g_strdup(path));
}

/* -- named by a command line ------------------------------------------------------------------ */

/* The value of --config in virtkvm's command line; NULL: none. Borrowed. */
static const char *config_of(GStrv argv)
{
	gboolean virtkvm = FALSE;

	for (char **word = argv; *word != NULL; word++)
		virtkvm |= strstr(*word, "virtkvm") != NULL;
	return virtkvm ? argv_option(argv, "--config", NULL) : NULL;
}

static void take_named(Search *search, const char *config, const char *folder)
{
	g_autofree char *path = NULL;

	if (g_str_has_prefix(config, "%h"))
		path = g_strconcat(search->places->home, config + 2, NULL);
	else
		path = g_path_is_absolute(config) ? g_strconcat(search->places->root, config, NULL)
						  : g_build_filename(folder, config, NULL);
	take(search, path);
}

/* "Key=value" of a unit's line, or NULL. */
static const char *value_of(const char *line, const char *key)
{
	return g_str_has_prefix(line, key) ? line + strlen(key) : NULL;
}

static void search_unit(Search *search, const char *path)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	const char *folder = "/";

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		if (value_of(*line, "WorkingDirectory=") != NULL)
			folder = value_of(*line, "WorkingDirectory=");
	for (char **line = lines; *line != NULL; line++) {
		const char *command = value_of(*line, "ExecStart=");
		g_auto(GStrv) argv = NULL;

		if (command != NULL && g_shell_parse_argv(command, NULL, &argv, NULL) &&
			config_of(argv) != NULL)
			take_named(search, config_of(argv), folder);
	}
}

static void search_units(Search *search, const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(name, ".service")) {
			g_autofree char *path = g_build_filename(folder, name, NULL);

			search_unit(search, path);
		}
}

static void search_process(Search *search, const char *proc, const char *pid)
{
	g_auto(GStrv) argv = process_argv(proc, atoi(pid));
	g_autofree char *link = g_build_filename(proc, pid, "cwd", NULL);
	g_autofree char *folder = g_file_read_link(link, NULL);

	if (config_of(argv) != NULL)
		take_named(search, config_of(argv), folder != NULL ? folder : "/");
}

static void search_processes(Search *search)
{
	g_autofree char *proc = g_build_filename(search->places->root, "/proc", NULL);
	g_autoptr(GDir) dir = g_dir_open(proc, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (g_ascii_isdigit(*name))
			search_process(search, proc, name);
}

GPtrArray *import_find(const ImportPlaces *places)
{
	Search search = { places, g_ptr_array_new_with_free_func(g_free) };
	g_autofree char *own = g_build_filename(places->home, ".config/systemd/user", NULL);

	search_processes(&search);
	for (gsize i = 0; i < G_N_ELEMENTS(unit_folders); i++) {
		g_autofree char *folder = g_strconcat(places->root, unit_folders[i], NULL);

		search_units(&search, folder);
	}
	search_units(&search, own);
	for (gsize i = 0; i < G_N_ELEMENTS(usual); i++) {
		g_autofree char *path = g_strconcat(places->root, usual[i], NULL);

		take(&search, path);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(usual_at_home); i++) {
		g_autofree char *path = g_build_filename(places->home, usual_at_home[i], NULL);

		take(&search, path);
	}
	return search.found;
}
