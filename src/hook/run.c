/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hook/run.h"

#include "common/error.h"
#include "hook/output.h"

#include <gio/gio.h>
#include <signal.h>
#include <unistd.h>

/* Time from SIGTERM to SIGKILL. */
#define GRACE_MS 1000

struct HookRun {
	HookRunDone done; /* NULL: forgotten */
	gpointer data;
	char *label;
	GSubprocess *process;
	GError *refusal; /* why no process could be started */
	HookOutput *output;
	guint timer;
	gboolean timed_out, stopped;
};

static void run_free(HookRun *run)
{
	hook_output_release(run->output);
	g_clear_object(&run->process);
	g_clear_error(&run->refusal);
	g_free(run->label);
	g_free(run);
}

static void run_kill(HookRun *run, int signal)
{
	const char *pid = g_subprocess_get_identifier(run->process);

	/* the whole group, because usually a shell's child takes long */
	if (pid != NULL)
		kill(-(pid_t)g_ascii_strtoll(pid, NULL, 10), signal);
}

static gboolean on_grace_over(gpointer data)
{
	HookRun *run = data;

	run->timer = 0;
	run_kill(run, SIGKILL);
	return G_SOURCE_REMOVE;
}

static void run_end(HookRun *run)
{
	run_kill(run, SIGTERM);
	run->timer = g_timeout_add(GRACE_MS, on_grace_over, run);
}

static gboolean on_timeout(gpointer data)
{
	HookRun *run = data;

	run->timed_out = TRUE;
	run_end(run);
	return G_SOURCE_REMOVE;
}

/* The command has ended, with or without success. Takes ownership of error. */
static void run_finish(HookRun *run, GError *error)
{
	g_clear_handle_id(&run->timer, g_source_remove);
	if (run->done != NULL)
		run->done(run, error, run->data);
	g_clear_error(&error);
	run_free(run);
}

/* The command's output, without a trailing newline. Free with g_free(). */
static char *output_text(const HookRun *run)
{
	const GString *text = hook_output_text(run->output);

	return g_strchomp(g_utf8_make_valid(text->str, (gssize)text->len));
}

/* The last line of the output, if any, which usually explains the failure. */
static char *last_words(const HookRun *run)
{
	g_auto(GStrv) lines = NULL;
	g_autofree char *text = output_text(run);

	lines = g_strsplit(text, "\n", -1);
	for (guint i = g_strv_length(lines); i-- > 0;)
		if (lines[i][0] != '\0')
			return g_strconcat(": ", lines[i], NULL);
	return g_strdup("");
}

static GError *run_verdict(const HookRun *run)
{
	g_autofree char *words = last_words(run);
	GSubprocess *process = run->process;

	if (run->stopped)
		return g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED,
			"was stopped: replaced by a newer request");
	if (run->timed_out)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
			"was stopped at its time limit%s; allow more with \"timeout\"", words);
	if (g_subprocess_get_if_signaled(process))
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "was killed by signal %d%s",
			g_subprocess_get_term_sig(process), words);
	if (g_subprocess_get_exit_status(process) != 0)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "exit status %d%s",
			g_subprocess_get_exit_status(process), words);
	return NULL;
}

static void run_log(const HookRun *run)
{
	g_autofree char *text = output_text(run);

	if (text[0] != '\0')
		g_info("command %s wrote: %s", run->label, text);
}

static void on_process_over(GObject *process, GAsyncResult *result, gpointer data)
{
	HookRun *run = data;

	g_subprocess_wait_finish(G_SUBPROCESS(process), result, NULL);
	run_log(run);
	run_finish(run, run_verdict(run));
}

static void own_group(gpointer unused)
{
	setpgid(0, 0);
}

static gboolean run_start(
	HookRun *run, const ConfigCommand *command, const char *const *environment, GError **error)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_MERGE);
	int fd;

	run->output = hook_output_take(&fd, error);
	if (run->output == NULL)
		return FALSE;
	g_subprocess_launcher_take_stdout_fd(launcher, fd);
	for (; *environment != NULL; environment++) {
		g_auto(GStrv) pair = g_strsplit(*environment, "=", 2);

		g_subprocess_launcher_setenv(launcher, pair[0], pair[1], TRUE);
	}
	g_subprocess_launcher_set_child_setup(launcher, own_group, NULL, NULL);
	run->process =
		g_subprocess_launcher_spawnv(launcher, (const char *const *)command->argv, error);
	if (run->process == NULL)
		return FALSE;
	run->timer = g_timeout_add(command->timeout_ms, on_timeout, run);
	g_subprocess_wait_async(run->process, NULL, on_process_over, run);
	return TRUE;
}

static gboolean on_refused(gpointer data)
{
	HookRun *run = data;

	run_finish(run, g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "could not be started: %s",
				run->refusal->message));
	return G_SOURCE_REMOVE;
}

HookRun *hook_run_new(const ConfigCommand *command, const char *const *environment,
	HookRunDone done, gpointer data)
{
	HookRun *run = g_new0(HookRun, 1);

	run->done = done;
	run->data = data;
	run->label = g_strdup(command->label);
	if (!run_start(run, command, environment, &run->refusal))
		g_idle_add(on_refused, run);
	return run;
}

void hook_run_stop(HookRun *run)
{
	/* it could not be started, or is being stopped already */
	if (run->process == NULL || run->timed_out || run->stopped)
		return;
	run->stopped = TRUE;
	g_clear_handle_id(&run->timer, g_source_remove);
	run_end(run);
}

void hook_run_forget(HookRun *run)
{
	run->done = NULL;
}
