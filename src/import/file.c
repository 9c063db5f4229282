/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads another program's file, and the files that it names.
 */
#include "import/import.h"

#include <sys/stat.h>

/* The same limit as for a config; a script or a device's XML is a hundred times smaller. */
#define FILE_MAX (1024 * 1024)

static char *read_file(const char *path, gsize *length)
{
	struct stat st;
	char *text;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX &&
			       g_file_get_contents(path, &text, length, NULL)
		       ? text
		       : NULL;
}

/* A relative path is beside the script. */
static void read_named(Import *import, const char *script, const ImportFile *file)
{
	g_autofree char *folder = g_path_get_dirname(script);
	g_autofree char *path = g_canonicalize_filename(file->path, folder);
	g_autofree char *text = NULL;
	gsize length;

	text = read_file(path, &length);
	if (text != NULL)
		import_xml(import, file->line, file->path, text);
	else
		import_leave(import, file->line, "%s cannot be read", file->path);
}

Import *import_file(const char *path)
{
	gsize length;
	g_autofree char *text = read_file(path, &length);
	Import *import = text != NULL ? import_read(path, text, length) : NULL;

	for (guint i = 0; import != NULL && i < import->files->len; i++)
		read_named(import, path, import->files->pdata[i]);
	if (import != NULL)
		import_sort(import);
	return import;
}
