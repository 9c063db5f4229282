/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tree.h"

#include <glib/gstdio.h>

static void make_file(const char *folder, const TreeFile *file)
{
	g_autofree char *path = g_build_filename(folder, file->path, NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_autofree char *text = g_strconcat(file->text, "\n", NULL);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

char *tree_new(const char *folder, const TreeFile *files)
{
	char *root = g_dir_make_tmp("hotseat-tree-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(root, folder, NULL);

	g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
	for (; files->path != NULL; files++)
		make_file(path, files);
	return root;
}

void tree_remove(const char *path)
{
	g_autoptr(GDir) dir = NULL;
	const char *name;

	if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
		dir = g_dir_open(path, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		tree_remove(child);
	}
	g_assert_cmpint(g_remove(path), ==, 0);
}
