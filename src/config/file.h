/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/stat.h>

/* Larger files are no configs. */
#define FILE_MAX (1024 * 1024) /* bytes */

/*
 * Reads a whole file of at most FILE_MAX bytes; flags are more of open(2)'s. The text ends in a NUL
 * that length does not count; mode (may be NULL) is st_mode. Free with g_free(). NULL: *reason says
 * why, in words (free with g_free()), and the rest is untouched.
 */
char *file_read(const char *path, int flags, gsize *length, guint *mode, char **reason);

/*
 * Writes text to path, whole or not at all, with these permissions and for this owner. Without
 * replace a file that is there is left alone, which is an error. Root does it with the rights of
 * the user who owns the way there, if that is not root, and the file is that user's then: see
 * common/owner.h.
 */
gboolean file_write(const char *path, const char *text, guint mode, const struct stat *owner,
	gboolean replace, GError **error);
/* The same of any bytes. */
gboolean file_write_bytes(const char *path, const char *bytes, gsize length, guint mode,
	const struct stat *owner, gboolean replace, GError **error);

/* Makes a folder for this owner, in the same way. 0, or errno: EEXIST if there is something. */
int file_make_folder(const char *path, guint mode, const struct stat *owner);

/* Removes a file, in the same way. 0, or errno. */
int file_remove(const char *path);

/* "cannot write PATH: …" for an errno, and what to do about it. */
void file_set_error(GError **error, const char *path, int code);
