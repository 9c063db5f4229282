/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-run.h"

#include <glib-unix.h>
#include <unistd.h>

static gboolean tick(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

void pump(HttpDesk *desk)
{
	gboolean ticked = FALSE;
	guint id = g_timeout_add(1, tick, &ticked);

	g_main_context_iteration(NULL, TRUE);
	if (!ticked)
		g_source_remove(id);
	if (desk != NULL)
		fake_run(&desk->time, 1);
}

static void on_over(GObject *source, GAsyncResult *result, gpointer data)
{
	Run *run = data;
	g_autoptr(GError) error = NULL;

	g_subprocess_communicate_utf8_finish(run->process, result, &run->out, &run->err, &error);
	g_assert_no_error(error);
	run->over = TRUE;
}

GSubprocessLauncher *launcher(const char *path, GSubprocessFlags flags)
{
	GSubprocessLauncher *l = g_subprocess_launcher_new(flags);

	g_subprocess_launcher_setenv(l, "HOTSEAT_SOCKET", path, TRUE);
	g_subprocess_launcher_setenv(l, "LC_ALL", "C.UTF-8", TRUE);
	g_subprocess_launcher_setenv(l, "TERM", "xterm", TRUE);
	g_subprocess_launcher_unsetenv(l, "NO_COLOR");
	return l;
}

void run_clear(Run *run)
{
	g_clear_object(&run->process);
	g_clear_pointer(&run->out, g_free);
	g_clear_pointer(&run->err, g_free);
}

int run_words(Run *run, HttpDesk *desk, const char *path, const char *words)
{
	return run_program(run, desk, path, g_getenv("HOTSEAT"), words);
}

int run_program(Run *run, HttpDesk *desk, const char *path, const char *program, const char *words)
{
	g_autoptr(GSubprocessLauncher) l =
		launcher(path, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_autofree char *line = g_strdup_printf("%s %s", program, words);
	g_auto(GStrv) argv = g_strsplit(line, " ", -1);
	g_autoptr(GError) error = NULL;

	memset(run, 0, sizeof *run);
	run->process = g_subprocess_launcher_spawnv(l, (const char *const *)argv, &error);
	g_assert_no_error(error);
	g_subprocess_communicate_utf8_async(run->process, NULL, NULL, on_over, run);
	while (!run->over)
		pump(desk);
	g_assert_true(g_subprocess_get_if_exited(run->process));
	return g_subprocess_get_exit_status(run->process);
}

void assert_object(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(JsonNode) root = json_from_string(text, &error);

	g_assert_no_error(error);
	g_assert_true(JSON_NODE_HOLDS_OBJECT(root));
}

gboolean terminal_read(int fd, GIOCondition condition, gpointer data)
{
	Terminal *terminal = data;
	char bytes[4096];
	gssize length = read(fd, bytes, sizeof bytes);

	/* EIO: no process has the other side open any more */
	if (length <= 0) {
		terminal->over = TRUE;
		return G_SOURCE_REMOVE;
	}
	g_string_append_len(terminal->text, bytes, length);
	return G_SOURCE_CONTINUE;
}

void wait_for(HttpDesk *desk, Terminal *terminal, const char *text)
{
	while (strstr(terminal->text->str, text) == NULL) {
		g_assert_false(terminal->over);
		pump(desk);
	}
}
