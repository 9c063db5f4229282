/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/bind.h"

#include <stdio.h>
#include <string.h>

/* TCP_LISTEN of the kernel's net/tcp_states.h, as /proc/net/tcp prints it */
#define STATE_LISTEN 0x0a

/* The inode of the socket that listens on port, by /proc/net/tcp or tcp6 (proc(5)); 0: none. */
static gulong listening_inode(const char *table, guint16 port)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(table, &text, NULL, NULL))
		return 0;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		guint local, state;
		gulong inode;

		if (sscanf(*line, " %*u: %*[0-9A-F]:%x %*s %x %*s %*s %*s %*s %*s %lu", &local,
			    &state, &inode) == 3 &&
			local == port && state == STATE_LISTEN)
			return inode;
	}
	return 0;
}

static gboolean has_fd(const char *pid, const char *wanted)
{
	g_autofree char *path = g_build_filename("/proc", pid, "fd", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *link = g_build_filename(path, name, NULL);
		g_autofree char *target = g_file_read_link(link, NULL);

		if (g_strcmp0(target, wanted) == 0)
			return TRUE;
	}
	return FALSE;
}

static char *describe(const char *pid)
{
	g_autofree char *path = g_build_filename("/proc", pid, "comm", NULL);
	g_autofree char *name = NULL;

	if (!g_file_get_contents(path, &name, NULL, NULL))
		return NULL;
	return g_strdup_printf("%s (pid %s)", g_strchomp(name), pid);
}

char *port_owner(guint16 port)
{
	gulong inode = listening_inode("/proc/net/tcp", port);
	g_autofree char *wanted = NULL;
	g_autoptr(GDir) dir = NULL;
	const char *pid;

	if (inode == 0)
		inode = listening_inode("/proc/net/tcp6", port);
	if (inode == 0)
		return NULL;
	wanted = g_strdup_printf("socket:[%lu]", inode);
	dir = g_dir_open("/proc", 0, NULL);
	while (dir != NULL && (pid = g_dir_read_name(dir)) != NULL) {
		if (g_ascii_isdigit(*pid) && has_fd(pid, wanted))
			return describe(pid);
	}
	return NULL;
}
