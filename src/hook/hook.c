/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hook/hook.h"

#include "common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

/* What is kept of a command's output, for its error and for the log. */
#define OUTPUT_KEPT 4096
/* From SIGTERM at its deadline to SIGKILL. */
#define GRACE_MS 1000

typedef struct Hook Hook;
typedef struct Run Run;

struct HookQueue {
	GQueue waiting; /* Run * */
	Run *running;
	guint pump_id;
};

struct Hook {
	Resource base;
	HookQueue *queue;
	char *target, *label;
	GStrv argv;
	guint timeout_ms;
	Run *run; /* waiting or running; NULL: neither */
};

/* One go of a command. It outlives its Hook and its queue if they are freed before it ends, and its
 * output is read for as long as something it left behind writes. */
struct Run {
	gatomicrefcount refs;
	Hook *hook;	  /* NULL: nobody waits any more */
	HookQueue *queue; /* NULL: gone */
	char *label;
	GCancellable *cancel;
	ResourceDone done;
	gpointer data;
	GSubprocess *process;
	GString *output;
	int output_fd;
	guint output_id; /* the source that reads output_fd; 0: at its end */
	guint timer;
	gboolean timed_out;
};

static void run_unref(Run *run)
{
	if (!g_atomic_ref_count_dec(&run->refs))
		return;
	g_clear_object(&run->process);
	g_object_unref(run->cancel);
	g_string_free(run->output, TRUE);
	g_free(run->label);
	g_free(run);
}

static Run *run_ref(Run *run)
{
	g_atomic_ref_count_inc(&run->refs);
	return run;
}

static void queue_pump_later(HookQueue *queue);

static void run_kill(Run *run, int signal)
{
	const char *pid = g_subprocess_get_identifier(run->process);

	/* the whole group: a shell's children are what takes long */
	if (pid != NULL)
		kill(-(pid_t)g_ascii_strtoll(pid, NULL, 10), signal);
}

static gboolean on_grace_over(gpointer data)
{
	Run *run = data;

	run->timer = 0;
	run_kill(run, SIGKILL);
	return G_SOURCE_REMOVE;
}

static gboolean on_timeout(gpointer data)
{
	Run *run = data;

	run->timed_out = TRUE;
	run_kill(run, SIGTERM);
	run->timer = g_timeout_add(GRACE_MS, on_grace_over, run);
	return G_SOURCE_REMOVE;
}

/* The command is over, well or not; takes error. */
static void run_finish(Run *run, GError *error)
{
	Hook *hook = run->hook;
	ResourceResult result = { .changed = TRUE, .error = error };

	if (run->timer != 0)
		g_source_remove(run->timer);
	run->timer = 0;
	if (run->queue != NULL && run->queue->running == run) {
		run->queue->running = NULL;
		queue_pump_later(run->queue);
	}
	if (hook != NULL) {
		hook->run = NULL;
		run->hook = NULL;
		run->done(&hook->base, &result, run->data);
	}
	g_clear_error(&error);
	run_unref(run);
}

/* The last line the command wrote, if any: mostly that is what went wrong. */
static char *last_words(const Run *run)
{
	g_auto(GStrv) lines = NULL;
	g_autofree char *text = g_utf8_make_valid(run->output->str, (gssize)run->output->len);

	g_strchomp(text);
	lines = g_strsplit(text, "\n", -1);
	for (guint i = g_strv_length(lines); i-- > 0;)
		if (lines[i][0] != '\0')
			return g_strconcat(": ", lines[i], NULL);
	return g_strdup("");
}

static GError *run_verdict(const Run *run)
{
	g_autofree char *words = last_words(run);
	GSubprocess *process = run->process;

	if (run->timed_out)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
			"was stopped at its time limit%s; give it more with \"timeout\"", words);
	if (g_subprocess_get_if_signaled(process))
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "was killed by signal %d%s",
			g_subprocess_get_term_sig(process), words);
	if (g_subprocess_get_exit_status(process) != 0)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "exit status %d%s",
			g_subprocess_get_exit_status(process), words);
	return NULL;
}

/* Takes what is in the pipe now; FALSE at its end. */
static gboolean run_drain(Run *run, int fd)
{
	char buffer[OUTPUT_KEPT];
	gssize n;

	while ((n = read(fd, buffer, sizeof buffer)) > 0) {
		g_string_append_len(run->output, buffer, n);
		if (run->output->len > OUTPUT_KEPT)
			g_string_erase(run->output, 0, (gssize)(run->output->len - OUTPUT_KEPT));
	}
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Goes on after the command's end: closing the pipe would kill what it left in the background. */
static gboolean on_output(int fd, GIOCondition condition, gpointer data)
{
	Run *run = data;

	if (run_drain(run, fd))
		return G_SOURCE_CONTINUE;
	run->output_id = 0;
	close(fd);
	return G_SOURCE_REMOVE;
}

static void run_log(const Run *run)
{
	g_autofree char *text = g_utf8_make_valid(run->output->str, (gssize)run->output->len);

	g_strchomp(text);
	if (text[0] != '\0')
		g_info("command %s wrote: %s", run->label, text);
}

static void on_process_over(GObject *process, GAsyncResult *result, gpointer data)
{
	Run *run = data;

	g_subprocess_wait_finish(G_SUBPROCESS(process), result, NULL);
	if (run->output_id != 0)
		run_drain(run, run->output_fd);
	run_log(run);
	run_finish(run, run_verdict(run));
}

static void own_group(gpointer unused)
{
	setpgid(0, 0);
}

static void run_fail(Run *run, const GError *error)
{
	run_finish(run, g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "could not be started: %s",
				error->message));
}

static void run_start(Run *run)
{
	Hook *hook = run->hook;
	g_autoptr(GError) error = NULL;
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_MERGE);
	int fds[2];

	if (!g_unix_open_pipe(fds, FD_CLOEXEC, &error) ||
		!g_unix_set_fd_nonblocking(fds[0], TRUE, &error)) {
		run_fail(run, error);
		return;
	}
	g_subprocess_launcher_take_stdout_fd(launcher, fds[1]);
	g_subprocess_launcher_setenv(launcher, "HOTSEAT_TARGET", hook->target, TRUE);
	g_subprocess_launcher_set_child_setup(launcher, own_group, NULL, NULL);
	run->process =
		g_subprocess_launcher_spawnv(launcher, (const char *const *)hook->argv, &error);
	if (run->process == NULL) {
		close(fds[0]);
		run_fail(run, error);
		return;
	}
	run->timer = g_timeout_add(hook->timeout_ms, on_timeout, run);
	run->output_fd = fds[0];
	run->output_id = g_unix_fd_add_full(G_PRIORITY_DEFAULT, fds[0], G_IO_IN, on_output,
		run_ref(run), (GDestroyNotify)run_unref);
	g_subprocess_wait_async(run->process, NULL, on_process_over, run);
}

static gboolean queue_pump(gpointer data)
{
	HookQueue *queue = data;
	Run *run = queue->running == NULL ? g_queue_pop_head(&queue->waiting) : NULL;

	queue->pump_id = 0;
	if (run == NULL)
		return G_SOURCE_REMOVE;
	queue->running = run;
	if (g_cancellable_is_cancelled(run->cancel))
		run_finish(run, g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED,
					"was not run: a newer request came"));
	else
		run_start(run);
	return G_SOURCE_REMOVE;
}

static void queue_pump_later(HookQueue *queue)
{
	if (queue->pump_id == 0)
		queue->pump_id = g_idle_add_full(G_PRIORITY_DEFAULT, queue_pump, queue, NULL);
}

HookQueue *hook_queue_new(void)
{
	HookQueue *queue = g_new0(HookQueue, 1);

	g_queue_init(&queue->waiting);
	return queue;
}

void hook_queue_free(HookQueue *queue)
{
	if (queue == NULL)
		return;
	if (queue->running != NULL)
		queue->running->queue = NULL;
	g_queue_clear_full(&queue->waiting, (GDestroyNotify)run_unref);
	if (queue->pump_id != 0)
		g_source_remove(queue->pump_id);
	g_free(queue);
}

static gboolean hook_serves(Resource *resource, const char *target)
{
	return g_str_equal(((Hook *)resource)->target, target);
}

static void hook_apply(Resource *resource, const char *target, GCancellable *cancel,
	ResourceDone done, gpointer data)
{
	Hook *hook = (Hook *)resource;
	Run *run = g_new0(Run, 1);

	g_atomic_ref_count_init(&run->refs);
	run->hook = hook;
	run->queue = hook->queue;
	run->label = g_strdup(hook->label);
	run->cancel = g_object_ref(cancel);
	run->done = done;
	run->data = data;
	run->output = g_string_new(NULL);
	hook->run = run;
	g_queue_push_tail(&hook->queue->waiting, run);
	queue_pump_later(hook->queue);
}

static void hook_free(Resource *resource)
{
	Hook *hook = (Hook *)resource;

	if (hook->run != NULL) {
		hook->run->hook = NULL;
		if (g_queue_remove(&hook->queue->waiting, hook->run))
			run_unref(hook->run);
	}
	g_free(hook->target);
	g_free(hook->label);
	g_strfreev(hook->argv);
	g_free(hook);
}

Resource *hook_new(HookQueue *queue, const ConfigCommand *config)
{
	static const ResourceOps ops = {
		.serves = hook_serves,
		.apply = hook_apply,
		.free = hook_free,
	};
	Hook *hook = g_new0(Hook, 1);

	hook->base.ops = &ops;
	hook->base.kind = RESOURCE_COMMAND;
	hook->base.name = g_strdup(config->label);
	hook->queue = queue;
	hook->target = g_strdup(config->target);
	hook->label = g_strdup(config->label);
	hook->argv = g_strdupv(config->argv);
	hook->timeout_ms = config->timeout_ms;
	return &hook->base;
}
