/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Larger files are no configs. */
#define FILE_MAX (1024 * 1024) /* bytes */

/*
 * Reads a whole file of at most FILE_MAX bytes; flags are more of open(2)'s. The text ends in a NUL
 * that length does not count; mode (may be NULL) is st_mode. Free with g_free(). NULL: *reason says
 * why, in words (free with g_free()), and the rest is untouched.
 */
char *file_read(const char *path, int flags, gsize *length, guint *mode, char **reason);
