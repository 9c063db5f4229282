/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hook/hook.h"

#include "common/error.h"
#include "hook/run.h"

typedef struct Hook Hook;

struct HookQueue {
	GQueue waiting; /* Hook * */
	Hook *running;	/* NULL: none, or it is no longer in the queue */
	HookRun *run;	/* NULL: none */
	guint pump_id;
};

struct Hook {
	Resource base;
	HookQueue *queue;
	ConfigCommand *command;
	/* those of the apply that is waiting or running */
	ResourceDone done;
	gpointer data;
	GCancellable *cancel;
};

static void queue_pump_later(HookQueue *queue);

static void hook_finish(Hook *hook, const GError *error)
{
	ResourceResult result = { .changed = TRUE, .error = error };

	g_clear_object(&hook->cancel);
	hook->done(&hook->base, &result, hook->data);
}

static void on_run_over(HookRun *run, const GError *error, gpointer data)
{
	HookQueue *queue = data;
	Hook *hook = g_steal_pointer(&queue->running);

	queue->run = NULL;
	queue_pump_later(queue);
	if (hook != NULL)
		hook_finish(hook, error);
}

static void hook_start(HookQueue *queue, Hook *hook)
{
	g_autofree char *target = g_strconcat("HOTSEAT_TARGET=", hook->command->target, NULL);
	const char *const environment[] = { target, NULL };

	queue->running = hook;
	queue->run = hook_run_new(hook->command, environment, on_run_over, queue);
}

static void hook_skip(HookQueue *queue, Hook *hook)
{
	g_autoptr(GError) error = g_error_new(
		HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED, "was not run: replaced by a newer request");

	queue_pump_later(queue);
	hook_finish(hook, error);
}

static gboolean queue_pump(gpointer data)
{
	HookQueue *queue = data;
	Hook *hook = queue->run == NULL ? g_queue_pop_head(&queue->waiting) : NULL;

	queue->pump_id = 0;
	if (hook != NULL && g_cancellable_is_cancelled(hook->cancel))
		hook_skip(queue, hook);
	else if (hook != NULL)
		hook_start(queue, hook);
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
	if (queue->run != NULL)
		hook_run_forget(queue->run);
	g_queue_clear(&queue->waiting);
	g_clear_handle_id(&queue->pump_id, g_source_remove);
	g_free(queue);
}

static gboolean hook_serves(Resource *resource, const char *target)
{
	return g_str_equal(((Hook *)resource)->command->target, target);
}

static void hook_apply(Resource *resource, const char *target, GCancellable *cancel,
	ResourceDone done, gpointer data)
{
	Hook *hook = (Hook *)resource;

	hook->cancel = g_object_ref(cancel);
	hook->done = done;
	hook->data = data;
	g_queue_push_tail(&hook->queue->waiting, hook);
	queue_pump_later(hook->queue);
}

static void hook_free(Resource *resource)
{
	Hook *hook = (Hook *)resource;

	g_queue_remove(&hook->queue->waiting, hook);
	if (hook->queue->running == hook)
		hook->queue->running = NULL;
	g_clear_object(&hook->cancel);
	config_command_free(hook->command);
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
	hook->base.before_devices = config->before_devices;
	hook->queue = queue;
	hook->command = config_command_copy(config);
	return &hook->base;
}
