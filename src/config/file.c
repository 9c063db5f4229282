/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
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
		advice = "; it has to belong to the user who runs hotseatd, which is hotseat if "
			 "that is the system's service";
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
