/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ready/module.h"

#include <string.h>
#include <sys/utsname.h>

/* Does a line of the file name the module? For the kernel '-' and '_' are the same. */
static gboolean names_module(const char *path)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return FALSE;
	g_strdelimit(text, "_", '-');
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		if (g_str_equal(g_strstrip(*line), I2C_MODULE))
			return TRUE;
	return FALSE;
}

static gboolean directory_names_module(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		if (g_str_has_suffix(name, ".conf") && names_module(file))
			return TRUE;
	}
	return FALSE;
}

/* modules.builtin of the running kernel lists the modules that are built in (kmod(8)) */
static gboolean is_built_in(const char *root)
{
	g_autofree char *path = NULL, *full = NULL, *text = NULL;
	struct utsname kernel;

	uname(&kernel);
	path = g_strdup_printf("/lib/modules/%s/modules.builtin", kernel.release);
	full = g_strconcat(root, path, NULL);
	return g_file_get_contents(full, &text, NULL, NULL) &&
	       strstr(text, "/" I2C_MODULE ".ko") != NULL;
}

gboolean module_at_boot(const char *root)
{
	static const char *const directories[] = { "/etc/modules-load.d", "/run/modules-load.d",
		"/usr/local/lib/modules-load.d", "/usr/lib/modules-load.d", "/lib/modules-load.d" };
	g_autofree char *debian = g_strconcat(root, "/etc/modules", NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(directories); i++) {
		g_autofree char *path = g_strconcat(root, directories[i], NULL);

		if (directory_names_module(path))
			return TRUE;
	}
	return names_module(debian) || is_built_in(root);
}
