/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/file.h"

#include "common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *read_all(int fd, gsize *length, char **reason)
{
	g_autofree char *text = g_malloc(FILE_MAX + 1);
	gsize filled = 0;

	while (filled <= FILE_MAX) {
		ssize_t n = read(fd, text + filled, FILE_MAX + 1 - filled);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			*reason = g_strdup_printf("cannot be read: %s", g_strerror(errno));
			return NULL;
		}
		if (n == 0)
			break;
		filled += (gsize)n;
	}
	if (filled > FILE_MAX) {
		*reason = g_strdup("is larger than 1 MiB; is it the right file?");
		return NULL;
	}
	text[filled] = '\0';
	*length = filled;
	return g_realloc(g_steal_pointer(&text), filled + 1);
}

static char *open_failed(int code)
{
	const char *advice = "";

	if (code == EACCES)
		advice = "; read it as its owner, or with sudo; what the system's hotseatd reads "
			 "has to belong to the user hotseat";
	return g_strdup_printf("cannot be opened: %s%s", g_strerror(code), advice);
}

char *file_read(const char *path, int flags, gsize *length, guint *mode, char **reason)
{
	struct stat st;
	char *text = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);

	if (fd < 0 || fstat(fd, &st) < 0) {
		*reason = open_failed(errno);
	} else if (S_ISDIR(st.st_mode)) {
		*reason = g_strdup("is a directory; name the file in it");
	} else {
		text = read_all(fd, length, reason);
		if (text != NULL && mode != NULL)
			*mode = st.st_mode;
	}
	if (fd >= 0)
		close(fd);
	return text;
}

void file_set_error(GError **error, const char *path, int code)
{
	gboolean permission = code == EACCES || code == EPERM;

	g_set_error(error, HOTSEAT_ERROR,
		permission ? HOTSEAT_ERROR_NO_PERMISSION : HOTSEAT_ERROR_FAILED,
		"cannot write %s: %s%s", path, g_strerror(code),
		permission ? "; do it as root, or as the user that the config belongs to" : "");
}

/* Writes all of it to the disk; FALSE: errno says why not. */
static gboolean fill(int fd, const char *text, guint mode, const struct stat *owner)
{
	gsize length = strlen(text);

	if (fchmod(fd, mode) != 0 ||
		(owner->st_uid != geteuid() && fchown(fd, owner->st_uid, owner->st_gid) != 0))
		return FALSE;
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		text += n;
		length -= (gsize)n;
	}
	return fsync(fd) == 0;
}

/* Hidden, as nobody reads such. */
static char *name_temporary(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);

	return g_build_filename(folder, ".hotseat-XXXXXX", NULL);
}

gboolean file_write(const char *path, const char *text, guint mode, const struct stat *owner,
	gboolean replace, GError **error)
{
	g_autofree char *temporary = name_temporary(path);
	int fd = mkostemp(temporary, O_CLOEXEC);
	int code = 0;

	if (fd < 0) {
		file_set_error(error, path, errno);
		return FALSE;
	}
	/* link(2), unlike rename(2), leaves alone what is there */
	if (!fill(fd, text, mode, owner) ||
		(replace ? rename(temporary, path) : link(temporary, path)) != 0)
		code = errno;
	close(fd);
	if (!replace || code != 0)
		unlink(temporary);
	if (code != 0)
		file_set_error(error, path, code);
	return code == 0;
}
