/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/port-owner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* TCP_LISTEN of the kernel's net/tcp_states.h, as /proc/net/tcp prints it */
#define STATE_LISTEN 0x0a

/* The inode and the owner of the socket that listens on port, from /proc/net/tcp or tcp6 (proc(5));
 * 0: none. */
static gulong listening_inode(const char *table, guint16 port, guint *uid)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(table, &text, NULL, NULL))
		return 0;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		guint local, state, owner;
		gulong inode;

		if (sscanf(*line, " %*u: %*[0-9A-F]:%x %*s %x %*s %*s %*s %u %*s %lu", &local,
			    &state, &owner, &inode) == 4 &&
			local == port && state == STATE_LISTEN) {
			*uid = owner;
			return inode;
		}
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

gboolean port_owner_find(guint16 port, PortOwner *owner)
{
	gulong inode = listening_inode("/proc/net/tcp", port, &owner->uid);
	g_autofree char *wanted = NULL;
	g_autoptr(GDir) dir = NULL;
	const char *pid;

	if (inode == 0)
		inode = listening_inode("/proc/net/tcp6", port, &owner->uid);
	if (inode == 0)
		return FALSE;
	owner->pid = 0;
	wanted = g_strdup_printf("socket:[%lu]", inode);
	dir = g_dir_open("/proc", 0, NULL);
	while (owner->pid == 0 && dir != NULL && (pid = g_dir_read_name(dir)) != NULL)
		if (g_ascii_isdigit(*pid) && has_fd(pid, wanted))
			owner->pid = atoi(pid);
	return TRUE;
}

char *port_owner(guint16 port)
{
	g_autofree char *path = NULL;
	g_autofree char *name = NULL;
	PortOwner owner;

	if (!port_owner_find(port, &owner) || owner.pid == 0)
		return NULL;
	path = g_strdup_printf("/proc/%d/comm", owner.pid);
	if (!g_file_get_contents(path, &name, NULL, NULL))
		return NULL;
	return g_strdup_printf("%s (pid %d)", g_strchomp(name), owner.pid);
}
