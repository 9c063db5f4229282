/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sysfs/sysfs.h"

char *sysfs_text(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;

	if (g_file_get_contents(path, &text, NULL, NULL) && *g_strstrip(text) == '\0')
		g_clear_pointer(&text, g_free);
	return text;
}

guint sysfs_number(const char *folder, const char *name, guint base)
{
	g_autofree char *text = sysfs_text(folder, name);

	return text == NULL ? 0 : (guint)g_ascii_strtoull(text, NULL, base);
}
