/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/lane.h"

/* The lane, its running job and each pending completion hold a reference. */
struct Lane {
	gatomicrefcount refs;
	gint closed; /* atomic: lane_free() was called */
	char *name;
	GMainContext *context;
	GThreadPool *pool;
};

typedef struct {
	Lane *lane;
	LaneWork work;
	LaneDone done;
	gpointer job;
	GDestroyNotify free_job;
} Task;

static void lane_unref(Lane *lane)
{
	if (!g_atomic_ref_count_dec(&lane->refs))
		return;
	g_main_context_unref(lane->context);
	g_free(lane->name);
	g_free(lane);
}

static void task_free(gpointer data)
{
	Task *task = data;

	task->free_job(task->job);
	lane_unref(task->lane);
	g_free(task);
}

static gboolean task_complete(gpointer data)
{
	Task *task = data;

	if (!g_atomic_int_get(&task->lane->closed))
		task->done(task->job);
	return G_SOURCE_REMOVE;
}

static void task_run(gpointer data, gpointer unused)
{
	Task *task = data;
	/* once the source is attached, the task, its lane and the context may be freed, but
	 * g_source_unref() still uses the context */
	g_autoptr(GMainContext) context = g_main_context_ref(task->lane->context);
	GSource *source = g_idle_source_new();

	if (!g_atomic_int_get(&task->lane->closed))
		task->work(task->job);
	g_source_set_priority(source, G_PRIORITY_DEFAULT);
	g_source_set_callback(source, task_complete, task, task_free);
	g_source_attach(source, context);
	g_source_unref(source);
}

Lane *lane_new(const char *name)
{
	Lane *lane = g_new0(Lane, 1);

	g_atomic_ref_count_init(&lane->refs);
	lane->name = g_strdup(name);
	lane->context = g_main_context_ref_thread_default();
	/* exclusive: the thread exists before the first job, and is kept */
	lane->pool = g_thread_pool_new_full(task_run, NULL, task_free, 1, TRUE, NULL);
	return lane;
}

void lane_free(Lane *lane)
{
	if (lane == NULL)
		return;
	g_atomic_int_set(&lane->closed, 1);
	/* "immediate" would leak the jobs in the queue: run them without an effect instead */
	g_thread_pool_free(lane->pool, FALSE, FALSE);
	lane_unref(lane);
}

void lane_push(Lane *lane, LaneWork work, LaneDone done, gpointer job, GDestroyNotify free_job)
{
	Task *task = g_new0(Task, 1);

	task->lane = lane;
	task->work = work;
	task->done = done;
	task->job = job;
	task->free_job = free_job;
	g_atomic_ref_count_inc(&lane->refs);
	g_thread_pool_push(lane->pool, task, NULL);
}
