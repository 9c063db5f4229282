/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ready/process.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

/* __SO_ACCEPTCON, a flag of listening sockets (net.h of the kernel) */
#define ACCEPTS_CONNECTIONS 0x10000

/* Reads fd to its end. FALSE: not within the deadline. */
static gboolean read_all(int fd, gint64 deadline_us, GString *out)
{
	for (;;) {
		gint64 left = (deadline_us - g_get_monotonic_time()) / G_TIME_SPAN_MILLISECOND;
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		char buffer[4096];
		ssize_t n;

		if (left <= 0 || poll(&wait, 1, (int)left) == 0)
			return FALSE;
		n = read(fd, buffer, sizeof buffer);
		if (n <= 0)
			return n == 0;
		g_string_append_len(out, buffer, n);
	}
}

char *process_ask(const char *const *argv, guint deadline_ms)
{
	gint64 deadline = g_get_monotonic_time() + deadline_ms * G_TIME_SPAN_MILLISECOND;
	g_autoptr(GString) out = g_string_new(NULL);
	gboolean good;
	int fd, status;
	GPid pid;

	if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL,
		    G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
		    NULL, NULL, &pid, NULL, &fd, NULL, NULL))
		return NULL;
	good = read_all(fd, deadline, out);
	close(fd);
	if (!good)
		kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		good = FALSE;
	return good ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

/* Each word ends with a NUL. */
GStrv process_argv(const char *proc, int pid)
{
	g_autofree char *path = g_strdup_printf("%s/%d/cmdline", proc, pid);
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	g_autofree char *line = NULL;
	gsize length = 0;

	g_file_get_contents(path, &line, &length, NULL);
	for (gsize at = 0; at < length; at += strlen(line + at) + 1)
		g_strv_builder_add(words, line + at);
	return g_strv_builder_end(words);
}

const char *argv_option(GStrv argv, const char *option, const char *brief)
{
	gsize length = strlen(option);

	for (char **word = argv; *word != NULL; word++) {
		if (g_str_equal(*word, option) || g_strcmp0(*word, brief) == 0)
			return word[1];
		if (g_str_has_prefix(*word, option) && (*word)[length] == '=')
			return *word + length + 1;
	}
	return NULL;
}

char *process_name(const char *proc, int pid)
{
	g_autofree char *path = g_strdup_printf("%s/%d/comm", proc, pid);
	char *name = NULL;

	return g_file_get_contents(path, &name, NULL, NULL) ? g_strchomp(name) : NULL;
}

char *process_describe(const char *proc, int pid)
{
	g_autofree char *name = process_name(proc, pid);

	return name != NULL ? g_strdup_printf("%s (pid %d)", name, pid) : NULL;
}

/* A line is "0::/system.slice/nginx.service" (cgroups(7)). For services in a container or in a
 * user's session, the system's service manager knows only the unit around them. */
char *process_unit(const char *proc, int pid)
{
	static const char prefix[] = "0::/system.slice/";
	g_autofree char *path = g_strdup_printf("%s/%d/cgroup", proc, pid);
	g_autofree char *text = NULL;
	const char *line;
	g_auto(GStrv) parts = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL) || (line = strstr(text, prefix)) == NULL)
		return NULL;
	parts = g_strsplit_set(line + strlen(prefix), "/\n", -1);
	for (char **part = parts; *part != NULL; part++)
		if (g_str_has_suffix(*part, ".service"))
			return g_strdup(*part);
	return NULL;
}

int process_locking(const char *proc, const char *file)
{
	g_autofree char *path = g_build_filename(proc, "locks", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	struct stat st;

	if (stat(file, &st) != 0 || !g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		guint major, minor;
		gulong inode;
		int pid;

		if (sscanf(*line, "%*u: FLOCK %*s %*s %d %x:%x:%lu", &pid, &major, &minor,
			    &inode) == 4 &&
			inode == st.st_ino && makedev(major, minor) == st.st_dev)
			return pid;
	}
	return 0;
}

gboolean process_is_listening(const char *proc, const char *socket)
{
	g_autofree char *path = g_build_filename(proc, "net", "unix", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return g_file_test(socket, G_FILE_TEST_EXISTS);
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		guint flags;
		int at = 0;

		if (sscanf(*line, "%*s %*x %*x %x %*x %*x %*u %n", &flags, &at) == 1 && at > 0 &&
			(flags & ACCEPTS_CONNECTIONS) != 0 && g_str_equal(*line + at, socket))
			return TRUE;
	}
	return FALSE;
}
