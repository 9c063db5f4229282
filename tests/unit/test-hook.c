/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "hook/hook.h"
#include "hook/output.h"
#include "open-fds.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct {
	HookQueue *queue;
	GCancellable *cancel;
	char *dir, *log; /* a file the commands write to */
	guint over;
	GError *error; /* of the one that ended last */
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
	f->queue = hook_queue_new();
	f->cancel = g_cancellable_new();
	f->dir = g_dir_make_tmp("hook-XXXXXX", NULL);
	f->log = g_build_filename(f->dir, "log", NULL);
	g_setenv("LOG", f->log, TRUE);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	g_clear_error(&f->error);
	hook_queue_free(f->queue);
	g_object_unref(f->cancel);
	g_remove(f->log);
	g_rmdir(f->dir);
	g_free(f->log);
	g_free(f->dir);
}

static void on_done(Resource *resource, const ResourceResult *result, gpointer data)
{
	Fixture *f = data;

	f->over++;
	g_clear_error(&f->error);
	if (result->error != NULL)
		f->error = g_error_copy(result->error);
}

static Resource *make(Fixture *f, const char *shell, guint timeout_ms)
{
	const char *argv[] = { "/bin/sh", "-c", shell, NULL };

	return hook_new(f->queue,
		&(ConfigCommand){ (char *)"guest", (char *)shell, (GStrv)argv, timeout_ms, FALSE });
}

static void run(Fixture *f, Resource *resource)
{
	guint over = f->over;

	resource->ops->apply(resource, "guest", f->cancel, on_done, f);
	g_assert_cmpuint(f->over, ==, over);
	while (f->over == over)
		g_main_context_iteration(NULL, TRUE);
}

static char *log_text(Fixture *f)
{
	char *text = NULL;

	g_file_get_contents(f->log, &text, NULL, NULL);
	return text;
}

/* Lets the command that reads fifo go on, now or when it comes to it. Close the result after it. */
static int say_go(const char *fifo)
{
	int fd = open(fifo, O_RDWR | O_CLOEXEC);

	g_assert_cmpint(write(fd, "go\n", 3), ==, 3);
	return fd;
}

static void test_target(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook = make(f, "printf %s \"$HOTSEAT_TARGET\" > \"$LOG\"", 10000);
	g_autofree char *text = NULL;

	g_assert_cmpstr(hook->name, ==, "printf %s \"$HOTSEAT_TARGET\" > \"$LOG\"");
	g_assert_cmpint(hook->kind, ==, RESOURCE_COMMAND);
	g_assert_true(resource_serves(hook, "guest"));
	g_assert_false(resource_serves(hook, "host"));
	run(f, hook);
	g_assert_no_error(f->error);
	text = log_text(f);
	g_assert_cmpstr(text, ==, "guest");
}

static void test_one_after_another(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) slow = make(f, "read x < \"$LOG.fifo\"; echo a >> \"$LOG\"", 10000);
	g_autoptr(Resource) quick = make(f, "echo b >> \"$LOG\"", 10000);
	g_autofree char *fifo = g_strconcat(f->log, ".fifo", NULL);
	g_autofree char *make_fifo = g_strdup_printf("mkfifo %s", fifo);
	g_autofree char *text = NULL;
	int fd;

	g_assert_true(g_spawn_command_line_sync(make_fifo, NULL, NULL, NULL, NULL));
	slow->ops->apply(slow, "guest", f->cancel, on_done, f);
	quick->ops->apply(quick, "guest", f->cancel, on_done, f);
	fd = say_go(fifo);
	while (f->over < 2)
		g_main_context_iteration(NULL, TRUE);
	text = log_text(f);
	g_assert_cmpstr(text, ==, "a\nb\n");
	g_remove(fifo);
	close(fd);
}

static void test_failure(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook = make(f, "echo fine; echo no display >&2; exit 3", 10000);
	g_autoptr(Resource) killed = make(f, "kill -9 $$", 10000);

	run(f, hook);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	g_assert_cmpstr(f->error->message, ==, "exit status 3: no display");
	run(f, killed);
	g_assert_cmpstr(f->error->message, ==, "was killed by signal 9");
}

static GString *logged;

static GLogWriterOutput keep_lines(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer unused)
{
	for (gsize i = 0; logged != NULL && i < n; i++)
		if (g_str_equal(fields[i].key, "MESSAGE") &&
			g_str_has_prefix(fields[i].value, "command "))
			g_string_append_printf(logged, "%s|", (const char *)fields[i].value);
	return level & G_LOG_LEVEL_INFO ? G_LOG_WRITER_HANDLED
					: g_log_writer_default(level, fields, n, NULL);
}

/* What it writes is in the log, under the name that the config gives it; silence is not. */
static void test_log(Fixture *f, gconstpointer unused)
{
	const char *argv[] = { "/bin/sh", "-c", "echo one; echo two >&2", NULL };
	const char *silent[] = { "/bin/true", NULL };
	g_autoptr(Resource) hook = hook_new(f->queue,
		&(ConfigCommand){ (char *)"guest", (char *)"x", (GStrv)argv, 10000, FALSE });
	g_autoptr(Resource) quiet = hook_new(f->queue,
		&(ConfigCommand){ (char *)"guest", (char *)"y", (GStrv)silent, 10000, FALSE });

	logged = g_string_new(NULL);
	run(f, hook);
	run(f, quiet);
	g_assert_cmpstr(logged->str, ==, "command x wrote: one\ntwo|");
	g_string_free(g_steal_pointer(&logged), TRUE);
}

static void test_not_there(Fixture *f, gconstpointer unused)
{
	const char *argv[] = { "/nonexistent/program", NULL };
	g_autoptr(Resource) hook = hook_new(f->queue,
		&(ConfigCommand){ (char *)"guest", (char *)"x", (GStrv)argv, 1000, FALSE });

	run(f, hook);
	g_assert_true(g_str_has_prefix(f->error->message, "could not be started: "));
}

/* The time limit is for the whole process group: the shell's child would hold the lock for ever. */
static void test_timeout(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook =
		make(f, "(flock 9; echo locked; sleep 1000) 9> \"$LOG\"; true", 200);
	g_autofree char *lock = g_strdup_printf("flock -w 60 %s true", f->log);
	int status = -1;

	run(f, hook);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
	g_assert_true(g_spawn_command_line_sync(lock, NULL, NULL, &status, NULL));
	g_assert_cmpint(status, ==, 0);
}

/* At its time limit it is told first, and may tidy up. */
static void test_told_first(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook = make(
		f, "trap 'echo tidied > \"$LOG\"; exit 0' TERM; while :; do sleep 0.05; done", 100);
	g_autofree char *text = NULL;

	run(f, hook);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
	text = log_text(f);
	g_assert_cmpstr(text, ==, "tidied\n");
}

/* One that does not listen is killed. */
static void test_does_not_listen(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook =
		make(f, "trap '' TERM; echo deaf; while :; do sleep 0.05; done", 100);

	run(f, hook);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
	g_assert_nonnull(strstr(f->error->message, ": deaf; "));
}

/* The one behind it has its turn all the same. */
static void test_behind_a_cancelled_one(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) cancelled = make(f, "echo run > \"$LOG\"", 10000);
	g_autoptr(Resource) next = make(f, "exit 0", 10000);
	g_autoptr(GCancellable) cancel = g_cancellable_new();

	cancelled->ops->apply(cancelled, "guest", cancel, on_done, f);
	next->ops->apply(next, "guest", f->cancel, on_done, f);
	g_cancellable_cancel(cancel);
	while (f->over < 2)
		g_main_context_iteration(NULL, TRUE);
	g_assert_no_error(f->error);
	g_assert_false(g_file_test(f->log, G_FILE_TEST_EXISTS));
}

static void test_background_child(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook = make(
		f, "(read x < \"$LOG.fifo\"; echo alive; echo written > \"$LOG\") & exit 0", 10000);
	g_autofree char *fifo = g_strconcat(f->log, ".fifo", NULL);
	g_autofree char *make_fifo = g_strdup_printf("mkfifo %s", fifo);
	g_autofree char *text = NULL;
	int fd;

	g_assert_true(g_spawn_command_line_sync(make_fifo, NULL, NULL, NULL, NULL));
	run(f, hook); /* does not wait for what stays behind */
	g_assert_no_error(f->error);
	fd = say_go(fifo);
	while ((text = log_text(f)) == NULL || !g_str_has_suffix(text, "\n")) {
		g_clear_pointer(&text, g_free);
		g_main_context_iteration(NULL, FALSE);
	}
	g_assert_cmpstr(text, ==, "written\n");
	g_remove(fifo);
	close(fd);
}

/* -- what is left running ---------------------------------------------------------------------- */

static void until_pipes(guint n)
{
	while (hook_output_pipes() > n)
		g_main_context_iteration(NULL, TRUE);
}

/* However often it is run, and what stays behind goes on; the last one's words are told. */
static void test_many_left_running(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook = make(f,
		"(read x < \"$LOG.fifo\"; echo alive; echo ended >> \"$LOG\") & "
		"echo started; exit 3",
		10000);
	g_autofree char *fifo = g_strconcat(f->log, ".fifo", NULL);
	g_autofree char *make_fifo = g_strdup_printf("mkfifo %s", fifo);
	g_autofree char *text = NULL;
	guint before, n = 3 * HOOK_PIPES_MAX, ended = 0;
	int fd;

	until_pipes(0);
	before = open_fds();
	g_assert_true(g_spawn_command_line_sync(make_fifo, NULL, NULL, NULL, NULL));
	for (guint i = 0; i < n; i++) {
		run(f, hook);
		g_assert_cmpstr(f->error->message, ==, "exit status 3: started");
		g_assert_cmpuint(hook_output_pipes(), <=, HOOK_PIPES_MAX);
	}
	g_assert_cmpuint(hook_output_pipes(), ==, HOOK_PIPES_MAX);
	fd = open(fifo, O_RDWR | O_CLOEXEC);
	for (guint i = 0; i < n; i++)
		g_assert_cmpint(write(fd, "go\n", 3), ==, 3);
	until_pipes(0);
	/* "ended" is written after "alive", by the same shell */
	g_assert_true(g_file_get_contents(f->log, &text, NULL, NULL));
	for (const char *c = text; (c = strstr(c, "ended")) != NULL; c++)
		ended++;
	g_assert_cmpuint(ended, ==, n);
	close(fd);
	/* GLib's thread closes what it watched a process with when it comes to it */
	while (open_fds() > before)
		g_main_context_iteration(NULL, FALSE);
	g_remove(fifo);
}

static gboolean on_tick(gpointer data)
{
	++*(guint *)data;
	return G_SOURCE_CONTINUE;
}

/* A command that writes without end is stopped at its time limit, and the main loop turns. */
static void test_flood(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook = make(f, "yes the same line", 200);
	guint ticks = 0, source = g_timeout_add(10, on_tick, &ticks);

	run(f, hook);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
	/* the last line may be cut */
	g_assert_true(g_str_has_prefix(f->error->message, "was stopped at its time limit: t"));
	g_assert_cmpuint(ticks, >, 0);
	g_source_remove(source);
	until_pipes(0);
}

/* Of a long output the end is kept, and what it says is whole. */
static void test_long_output(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook = make(f,
		"i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i + 1)); done; exit 1", 60000);

	run(f, hook);
	g_assert_cmpstr(f->error->message, ==, "exit status 1: line 19999");
	until_pipes(0);
}

/* No file descriptor is left: the command cannot run and says so, and the next one can. */
static void test_no_descriptors(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook = make(f, "exit 0", 10000);
	struct rlimit few;
	int taken[256];
	guint n = 0;

	/* valgrind does not allow changing the hard limit */
	g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &few), ==, 0);
	few.rlim_cur = 256;
	g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &few), ==, 0);
	/* GLib creates a lane, thread or socket at its first use */
	run(f, hook);
	until_pipes(0);
	while (n < G_N_ELEMENTS(taken) && (taken[n] = open("/dev/null", O_RDONLY)) >= 0)
		n++;
	g_assert_cmpuint(n, <, G_N_ELEMENTS(taken));
	run(f, hook);
	while (n > 0)
		close(taken[--n]);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	g_assert_true(g_str_has_prefix(f->error->message, "could not be started: "));
	run(f, hook);
	g_assert_no_error(f->error);
}

static void test_cancelled_before_its_turn(Fixture *f, gconstpointer unused)
{
	g_autoptr(Resource) hook = make(f, "echo run > \"$LOG\"", 10000);

	hook->ops->apply(hook, "guest", f->cancel, on_done, f);
	g_cancellable_cancel(f->cancel);
	while (f->over == 0)
		g_main_context_iteration(NULL, TRUE);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED);
	g_assert_false(g_file_test(f->log, G_FILE_TEST_EXISTS));
}

static void test_free_at_work(Fixture *f, gconstpointer unused)
{
	Resource *running = make(f, "exit 1", 10000);
	Resource *waiting = make(f, "exit 1", 10000);
	g_autoptr(Resource) last = make(f, "exit 0", 10000);

	running->ops->apply(running, "guest", f->cancel, on_done, f);
	g_main_context_iteration(NULL, FALSE);
	waiting->ops->apply(waiting, "guest", f->cancel, on_done, f);
	resource_free(waiting);
	resource_free(running);
	run(f, last); /* behind the one without a waiting caller */
	g_assert_cmpuint(f->over, ==, 1);
	g_assert_no_error(f->error);
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_log_set_writer_func(keep_lines, NULL, NULL);
	g_test_init(&argc, &argv, NULL);
	ADD("/hook/target", test_target);
	ADD("/hook/one-after-another", test_one_after_another);
	ADD("/hook/failure", test_failure);
	ADD("/hook/log", test_log);
	ADD("/hook/not-there", test_not_there);
	ADD("/hook/timeout", test_timeout);
	ADD("/hook/told-first", test_told_first);
	ADD("/hook/does-not-listen", test_does_not_listen);
	ADD("/hook/behind-a-cancelled-one", test_behind_a_cancelled_one);
	ADD("/hook/background-child", test_background_child);
	ADD("/hook/many-left-running", test_many_left_running);
	ADD("/hook/flood", test_flood);
	ADD("/hook/long-output", test_long_output);
	ADD("/hook/no-descriptors", test_no_descriptors);
	ADD("/hook/cancelled-before-its-turn", test_cancelled_before_its_turn);
	ADD("/hook/free-at-work", test_free_at_work);
	return g_test_run();
}
