/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/file.h"

#include "common/accounts.h"
#include "common/error.h"
#include "common/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How many random names are tried; even two equal ones are very unlikely. */
#define NAMES_MAX 100

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
		*reason = g_strdup("is larger than 1 MiB; check that it is the right file");
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
		advice = "; read it as its owner, or with sudo; the config of the system's "
			 "hotseatd must belong to the user " HOTSEAT_USER;
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
		permission ? "; run it as root, or as the owner of the config" : "");
}

/* Must the file be given to its owner? Not if root has taken a user's rights, because then it
 * belongs to that user already. */
static gboolean must_give(const struct stat *owner)
{
	return owner->st_uid != geteuid() && (geteuid() == 0 || getuid() != 0);
}

/* Writes everything to the disk. FALSE, with errno set, on failure. */
static gboolean fill(int fd, const char *text, gsize length, guint mode, const struct stat *owner)
{
	if (fchmod(fd, mode) != 0 ||
		(must_give(owner) && fchown(fd, owner->st_uid, owner->st_gid) != 0))
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

/* Creates a hidden file, which programs ignore, under a new name. Returns a file descriptor and the
 * name (free with g_free()), or -1 with errno set. */
static int make_temporary(int folder, char **name)
{
	for (int i = 0; i < NAMES_MAX; i++) {
		int fd;

		*name = g_strdup_printf(".hotseat-%08x", g_random_int());
		fd = openat(
			folder, *name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0)
			return fd;
		g_clear_pointer(name, g_free);
		if (errno != EEXIST)
			break;
	}
	return -1;
}

/* link(2), unlike rename(2), does not replace an existing file; neither follows a symbolic link. */
static int put(int folder, const char *temporary, const char *name, gboolean replace)
{
	return replace ? renameat(folder, temporary, folder, name)
		       : linkat(folder, temporary, folder, name, 0);
}

/* 0, or errno. */
static int write_in(int folder, const char *name, const char *text, gsize length, guint mode,
	const struct stat *owner, gboolean replace)
{
	g_autofree char *temporary = NULL;
	int fd = make_temporary(folder, &temporary);
	int code = 0;

	if (fd < 0)
		return errno;
	if (!fill(fd, text, length, mode, owner) || put(folder, temporary, name, replace) != 0)
		code = errno;
	close(fd);
	if (!replace || code != 0)
		unlinkat(folder, temporary, 0);
	return code;
}

/* Opens the folder of path, with the rights to write in it until close_folder(). */
static int open_folder(AsUser *as, const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);

	return as_owner_open(as, folder);
}

static void close_folder(AsUser *as, int folder)
{
	close(folder);
	as_user_end(as);
}

gboolean file_write(const char *path, const char *text, guint mode, const struct stat *owner,
	gboolean replace, GError **error)
{
	return file_write_bytes(path, text, strlen(text), mode, owner, replace, error);
}

gboolean file_write_bytes(const char *path, const char *bytes, gsize length, guint mode,
	const struct stat *owner, gboolean replace, GError **error)
{
	g_autofree char *name = g_path_get_basename(path);
	AsUser as;
	int folder = open_folder(&as, path);
	int code = errno;

	if (folder >= 0) {
		code = write_in(folder, name, bytes, length, mode, owner, replace);
		close_folder(&as, folder);
	}
	if (code != 0)
		file_set_error(error, path, code);
	return code == 0;
}

/* Creates it under a hidden name, changes its owner, and then renames it, so that a program that
 * waits for the name finds a folder that it can read. Returns 0 or an errno. */
static int make_in(int folder, const char *name, guint mode, const struct stat *owner)
{
	g_autofree char *temporary = g_strdup_printf(".hotseat-%08x", g_random_int());
	int code = 0;

	if (mkdirat(folder, temporary, mode) != 0)
		return errno;
	if ((must_give(owner) && fchownat(folder, temporary, owner->st_uid, owner->st_gid,
					 AT_SYMLINK_NOFOLLOW) != 0) ||
		renameat2(folder, temporary, folder, name, RENAME_NOREPLACE) != 0)
		code = errno;
	/* from a file system that does not support RENAME_NOREPLACE */
	if (code == EINVAL)
		code = renameat(folder, temporary, folder, name) != 0 ? errno : 0;
	if (code != 0)
		unlinkat(folder, temporary, AT_REMOVEDIR);
	return code;
}

int file_make_folder(const char *path, guint mode, const struct stat *owner)
{
	gsize length = strlen(path);
	g_autofree char *plain = NULL, *name = NULL;
	AsUser as;
	int folder, code;

	while (length > 1 && path[length - 1] == '/')
		length--;
	plain = g_strndup(path, length);
	name = g_path_get_basename(plain);
	folder = open_folder(&as, plain);
	if (folder < 0)
		return errno;
	code = make_in(folder, name, mode, owner);
	close_folder(&as, folder);
	return code;
}

int file_remove(const char *path)
{
	g_autofree char *name = g_path_get_basename(path);
	AsUser as;
	int folder = open_folder(&as, path);
	int code;

	if (folder < 0)
		return errno;
	code = unlinkat(folder, name, 0) != 0 ? errno : 0;
	close_folder(&as, folder);
	return code;
}
