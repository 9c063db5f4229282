/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/lane.h"

typedef struct {
	GString *log;
	GThread *main_thread;
	GMainLoop *loop;
	int letter;
	int *freed;
	GAsyncQueue *gate; /* the job waits for a token, when set */
} Job;

static void job_work(gpointer data)
{
	Job *job = data;

	g_assert_true(g_thread_self() != job->main_thread);
	if (job->gate != NULL)
		g_async_queue_pop(job->gate);
	g_string_append_c(job->log, (char)job->letter);
}

static void job_done(gpointer data)
{
	Job *job = data;

	g_assert_true(g_thread_self() == job->main_thread);
	if (job->letter == 'z')
		g_main_loop_quit(job->loop);
}

static void job_free(gpointer data)
{
	Job *job = data;

	(*job->freed)++;
	g_free(job);
}

static Job *job_new(const Job *template, int letter)
{
	Job *job = g_memdup2(template, sizeof *template);

	job->letter = letter;
	return job;
}

static void test_order(void)
{
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	g_autoptr(GString) log = g_string_new(NULL);
	g_autoptr(Lane) lane = lane_new("test");
	int freed = 0;
	Job job = { .log = log, .main_thread = g_thread_self(), .loop = loop, .freed = &freed };

	for (int c = 'a'; c <= 'z'; c++)
		lane_push(lane, job_work, job_done, job_new(&job, c), job_free);
	g_main_loop_run(loop);
	g_assert_cmpstr(log->str, ==, "abcdefghijklmnopqrstuvwxyz");
	while (freed < 26)
		g_main_context_iteration(NULL, TRUE);
}

static void must_not_run(gpointer data)
{
	g_assert_not_reached();
}

/* a job that hangs does not hold up the end of its lane, and nothing of the rest is run */
static void test_free_while_hung(void)
{
	g_autoptr(GString) log = g_string_new(NULL);
	g_autoptr(GAsyncQueue) gate = g_async_queue_new();
	Lane *lane = lane_new("test");
	int freed = 0;
	Job job = { .log = log, .main_thread = g_thread_self(), .freed = &freed, .gate = gate };

	lane_push(lane, job_work, must_not_run, job_new(&job, 'a'), job_free);
	lane_push(lane, job_work, must_not_run, job_new(&job, 'b'), job_free);
	lane_free(lane);
	g_async_queue_push(gate, gate);
	g_async_queue_push(gate, gate);
	while (freed < 2)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpint((int)log->len, <=, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lane/order", test_order);
	g_test_add_func("/lane/free-while-hung", test_free_while_hung);
	return g_test_run();
}
