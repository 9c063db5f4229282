/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Trees of files, such as sysfs is one.
 */
#pragma once

#include <glib.h>

typedef struct {
	const char *path; /* below the tree's folder */
	const char *text; /* a line */
} TreeFile;

/* Makes files (the last has no path) in folder of a new temporary folder, and returns that. Free
 * with g_free() after tree_remove(). */
char *tree_new(const char *folder, const TreeFile *files);

/* Removes everything, including what others created. */
void tree_remove(const char *path);
