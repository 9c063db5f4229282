/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/hook.h"

#include <stdio.h>
#include <string.h>

#define HOOKS "/libvirt/hooks/"

/* More ancestors than a script that is called by several other scripts. */
enum { ANCESTORS_MAX = 32 };

static char *read_file(const char *proc, int pid, const char *name, gsize *length)
{
	g_autofree char *path = g_strdup_printf("%s/%d/%s", proc, pid, name);
	char *text;

	return g_file_get_contents(path, &text, length, NULL) ? text : NULL;
}

/* 0: there is none, or it cannot be read. */
static int parent_of(const char *proc, int pid)
{
	gsize length;
	g_autofree char *stat = read_file(proc, pid, "stat", &length);
	/* the name in parentheses may contain parentheses and spaces (proc_pid_stat(5)) */
	const char *behind = stat != NULL ? strrchr(stat, ')') : NULL;
	int parent = 0;

	return behind != NULL && sscanf(behind, ") %*c %d", &parent) == 1 ? parent : 0;
}

/* The word in its command line that is a path in libvirt's folder of hooks, or NULL. */
static char *script_of(const char *proc, int pid)
{
	gsize length;
	g_autofree char *line = read_file(proc, pid, "cmdline", &length);

	if (line == NULL)
		return NULL;
	for (const char *word = line; word < line + length; word += strlen(word) + 1)
		if (*word == '/' && strstr(word, HOOKS) != NULL)
			return g_strdup(word);
	return NULL;
}

/* Is it a libvirt daemon that runs hooks? NixOS starts it as ".libvirtd-wrapped", of which the
 * kernel keeps 15 characters. */
static char *daemon_of(const char *proc, int pid)
{
	static const char *const daemons[] = { "libvirtd", "virtqemud" };
	gsize length;
	char *name = read_file(proc, pid, "comm", &length);
	const char *begin = name != NULL ? g_strchomp(name) + (*name == '.') : "";

	for (gsize i = 0; i < G_N_ELEMENTS(daemons); i++) {
		const char *behind = begin + strlen(daemons[i]);

		if (g_str_has_prefix(begin, daemons[i]) && (*behind == '\0' || *behind == '-'))
			return name;
	}
	g_free(name);
	return NULL;
}

/* A script that someone edits, or tries out in a shell, is no hook: libvirt does not wait for it.
 */
char *hook_of_process(const char *proc, int pid)
{
	g_autofree char *script = NULL;

	for (int i = 0; i < ANCESTORS_MAX && (pid = parent_of(proc, pid)) > 1; i++) {
		g_autofree char *daemon = daemon_of(proc, pid);

		if (daemon != NULL)
			return script != NULL ? g_steal_pointer(&script) : g_steal_pointer(&daemon);
		if (script == NULL)
			script = script_of(proc, pid);
	}
	return NULL;
}
