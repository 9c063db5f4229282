/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/socket.h"

#define SOCKET_NAME "hotseat.sock"

char *socket_path_daemon(const char *option)
{
	const char *dir;

	if (option != NULL)
		return g_strdup(option);
	dir = g_getenv("RUNTIME_DIRECTORY");
	if (dir == NULL)
		dir = g_getenv("XDG_RUNTIME_DIR");
	return dir != NULL ? g_build_filename(dir, SOCKET_NAME, NULL) : g_strdup(SOCKET_SYSTEM);
}

char *socket_path_client(const char *option)
{
	const char *dir = g_getenv("XDG_RUNTIME_DIR");

	if (option == NULL)
		option = g_getenv("HOTSEAT_SOCKET");
	if (option != NULL && *option != '\0')
		return g_strdup(option);
	if (dir != NULL) {
		g_autofree char *path = g_build_filename(dir, SOCKET_NAME, NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&path);
	}
	return g_strdup(SOCKET_SYSTEM);
}
