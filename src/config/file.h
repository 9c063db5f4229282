/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/stat.h>

/* Larger files cannot be configs. */
#define FILE_MAX (1024 * 1024) /* bytes */

/*
 * Reads a whole file of at most FILE_MAX bytes. flags: additional flags of open(2). The text ends
 * with a NUL, which length does not include; *mode (mode may be NULL) is st_mode. Free with
 * g_free(). On failure returns NULL, sets *reason to a text for people (free with g_free()), and
 * leaves the other outputs untouched.
 */
char *file_read(const char *path, int flags, gsize *length, guint *mode, char **reason);

/*
 * Writes text to path atomically, with these permissions and this owner. Unless replace is set, an
 * existing file is an error and is not changed. If the path belongs to another user, root writes
 * with the rights of that user, who then owns the file; see common/owner.h.
 */
gboolean file_write(const char *path, const char *text, guint mode, const struct stat *owner,
	gboolean replace, GError **error);
/* The same for any bytes. */
gboolean file_write_bytes(const char *path, const char *bytes, gsize length, guint mode,
	const struct stat *owner, gboolean replace, GError **error);

/* Creates a folder for this owner, in the same way. Returns 0 or an errno; EEXIST if the path
 * exists. */
int file_make_folder(const char *path, guint mode, const struct stat *owner);

/* Removes a file, in the same way. Returns 0 or an errno. */
int file_remove(const char *path);

/* "cannot write PATH: …" for an errno, and what to do about it. Free with g_free(). */
void file_set_error(GError **error, const char *path, int code);
