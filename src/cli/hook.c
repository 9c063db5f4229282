/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/hook.h"

#include <stdio.h>
#include <string.h>

#define HOOKS "/libvirt/hooks/"

/* More than a shell in a script in a script has. */
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
	/* the name, in brackets, may have brackets and spaces in it (proc_pid_stat(5)) */
	const char *behind = stat != NULL ? strrchr(stat, ')') : NULL;
	int parent = 0;

	return behind != NULL && sscanf(behind, ") %*c %d", &parent) == 1 ? parent : 0;
}

/* A word of its command line that is in libvirt's folder of hooks, or NULL. */
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

/* Is it a libvirt daemon that runs hooks? Its name has up to 15 characters. */
static char *daemon_of(const char *proc, int pid)
{
	static const char *const daemons[] = { "libvirtd", "virtqemud", NULL };
	gsize length;
	char *name = read_file(proc, pid, "comm", &length);

	if (name != NULL && g_strv_contains(daemons, g_strchomp(name)))
		return name;
	g_free(name);
	return NULL;
}

char *hook_of_process(const char *proc, int pid)
{
	for (int i = 0; i < ANCESTORS_MAX && (pid = parent_of(proc, pid)) > 1; i++) {
		char *hook = script_of(proc, pid);

		if (hook == NULL)
			hook = daemon_of(proc, pid);
		if (hook != NULL)
			return hook;
	}
	return NULL;
}
