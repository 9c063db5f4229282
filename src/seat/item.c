/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seat/item.h"

/* Pauses before each background retry: long enough for a monitor that is silent while it switches
 * (2 to 10 s have been seen). Their number is limited, so that an idle daemon sleeps. */
static const guint retry_ms[] = { 1000, 2000, 4000, 8000, 16000, 30000 };

Item *item_new(Resource *resource, const SeatClock *clock, const ItemOps *ops, gpointer data)
{
	Item *item = g_new0(Item, 1);

	item->ops = ops;
	item->data = data;
	item->clock = clock;
	item->resource = resource;
	return item;
}

static void retry_forget(Item *item)
{
	if (item->retry_id != 0)
		item->clock->cancel(item->retry_id, item->clock->data);
	item->retry_id = 0;
}

static void known_clear(ResourceResult *known)
{
	g_free((char *)known->at);
	g_free((char *)known->detail);
	g_clear_error((GError **)&known->error);
	*known = (ResourceResult){ 0 };
}

void item_free(gpointer data)
{
	Item *item = data;

	retry_forget(item);
	resource_free(item->resource);
	known_clear(&item->known);
	g_free(item->to);
	g_clear_object(&item->cancel);
	g_free(item->next_to);
	g_free(item);
}

static gboolean error_equal(const GError *a, const GError *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return g_error_matches(a, b->domain, b->code) && g_str_equal(a->message, b->message);
}

void item_learn(Item *item, const ResourceResult *result)
{
	gboolean same = item->observed && g_strcmp0(item->known.at, result->at) == 0 &&
			g_strcmp0(item->known.detail, result->detail) == 0 &&
			error_equal(item->known.error, result->error);
	ResourceResult known = {
		.at = g_strdup(result->at),
		.detail = g_strdup(result->detail),
		.changed = result->changed,
		.error = result->error != NULL ? g_error_copy(result->error) : NULL,
	};

	known_clear(&item->known);
	item->known = known;
	item->observed = TRUE;
	if (!same)
		item->ops->changed(item, NULL, item->data);
}

static void item_start(Item *item, const char *to, SwitchStep *step);

static void item_next(Item *item)
{
	g_autofree char *to = g_steal_pointer(&item->next_to);
	SwitchStep *step = g_steal_pointer(&item->next_step);

	if (to != NULL)
		item_start(item, to, step);
}

/* The apply of a step or a retry has ended. */
static void item_applied(Resource *resource, const ResourceResult *result, gpointer data)
{
	Item *item = data;
	SwitchStep *step = g_steal_pointer(&item->step);
	gboolean newer = item->next_to != NULL;

	item->busy = FALSE;
	g_clear_pointer(&item->to, g_free);
	g_clear_object(&item->cancel);
	item_learn(item, result);
	item->failed = result->error != NULL;
	if (!item->failed)
		item->retries = 0;
	if (step != NULL) {
		step->outcome = result->error != NULL ? STEP_FAILED
				: result->changed     ? STEP_DONE
						      : STEP_ALREADY;
		step->error = result->error != NULL ? g_error_copy(result->error) : NULL;
		step->detail = g_strdup(result->detail);
		item->ops->over(item, step, item->data);
	} else if (item->failed && !newer) {
		item_retry_later(item);
	}
	if (!item->busy)
		item_next(item);
}

static void item_observed(Resource *resource, const ResourceResult *result, gpointer data)
{
	Item *item = data;

	item->busy = FALSE;
	item_learn(item, result);
	if (!item->busy)
		item_next(item);
	if (item->failed && !item->busy)
		item->ops->due(item, item->data);
}

static void step_begin(Item *item, SwitchStep *step)
{
	step->outcome = STEP_RUNNING;
	step->started_us = item->clock->now_us(item->clock->data);
	item->ops->changed(item, step, item->data);
}

static void item_start(Item *item, const char *to, SwitchStep *step)
{
	item->busy = TRUE;
	item->to = g_strdup(to);
	item->step = step;
	item->cancel = g_cancellable_new();
	if (step != NULL)
		step_begin(item, step);
	item->resource->ops->apply(item->resource, item->to, item->cancel, item_applied, item);
}

void item_observe(Item *item)
{
	if (item->busy || item->resource->ops->observe == NULL)
		return;
	item->busy = TRUE;
	item->resource->ops->observe(item->resource, item_observed, item);
}

void item_go(Item *item, const char *to, SwitchStep *step)
{
	retry_forget(item);
	item->owed = FALSE;
	if (step != NULL)
		item->retries = 0;
	if (!item->busy) {
		item_start(item, to, step);
		return;
	}
	if (g_strcmp0(item->to, to) == 0 && !g_cancellable_is_cancelled(item->cancel)) {
		/* it is already moving there, and no other move follows, because that would have
		 * cancelled it: only the step is new */
		item->step = step;
		if (step != NULL)
			step_begin(item, step);
		return;
	}
	item_cancel(item);
	g_free(item->next_to);
	item->next_to = g_strdup(to);
	item->next_step = step;
}

void item_hold(Item *item, const char *to)
{
	retry_forget(item);
	if (item->busy && g_strcmp0(item->to, to) != 0)
		item_cancel(item);
}

void item_detach_step(Item *item, const SwitchStep *step)
{
	if (item->step == step)
		item->step = NULL;
	if (item->next_step == step) {
		item->next_step = NULL;
		g_clear_pointer(&item->next_to, g_free);
	}
}

void item_cancel(Item *item)
{
	if (item->cancel != NULL)
		g_cancellable_cancel(item->cancel);
}

const char *item_destination(const Item *item, const char *target)
{
	if (resource_serves(item->resource, target))
		return target;
	return item->resource->kind == RESOURCE_COMMAND ? NULL : TARGET_HOST;
}

static gboolean item_retry(gpointer data)
{
	Item *item = data;

	item->retry_id = 0;
	item->ops->due(item, item->data);
	return G_SOURCE_REMOVE;
}

void item_retry_later(Item *item)
{
	/* an unplugged device reports itself when it is back */
	if (item->retry_id != 0 || item->retries >= G_N_ELEMENTS(retry_ms) ||
		item->resource->kind == RESOURCE_COMMAND ||
		g_error_matches(item->known.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE))
		return;
	item->retry_id =
		item->clock->after(retry_ms[item->retries], item_retry, item, item->clock->data);
	item->retries++;
}

void item_retry_reset(Item *item)
{
	item->retries = 0;
	retry_forget(item);
}
