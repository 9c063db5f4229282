/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-desk.h"

typedef struct {
	gint64 due_us;
	guint id;
	GSourceFunc func;
	gpointer data;
} Timer;

static gint64 fake_now(gpointer data)
{
	return ((FakeTime *)data)->now_us;
}

static guint fake_after(guint ms, GSourceFunc func, gpointer func_data, gpointer data)
{
	FakeTime *fake = data;
	Timer *timer = g_new0(Timer, 1);

	timer->due_us = fake->now_us + 1000 * (gint64)ms;
	timer->id = ++fake->next_id;
	timer->func = func;
	timer->data = func_data;
	g_ptr_array_add(fake->timers, timer);
	return timer->id;
}

static void fake_cancel(guint id, gpointer data)
{
	FakeTime *fake = data;

	for (guint i = 0; i < fake->timers->len; i++)
		if (((Timer *)g_ptr_array_index(fake->timers, i))->id == id) {
			g_ptr_array_remove_index(fake->timers, i);
			return;
		}
	g_assert_not_reached(); /* only what is pending may be cancelled */
}

SeatClock fake_same_clock(FakeTime *fake)
{
	return (SeatClock){ fake_now, fake_after, fake_cancel, fake };
}

SeatClock fake_clock(FakeTime *fake)
{
	fake->timers = g_ptr_array_new_with_free_func(g_free);
	return fake_same_clock(fake);
}

void fake_clear(FakeTime *fake)
{
	g_ptr_array_unref(fake->timers);
}

static Timer *fake_first(const FakeTime *fake)
{
	Timer *first = NULL;

	for (guint i = 0; i < fake->timers->len; i++) {
		Timer *timer = g_ptr_array_index(fake->timers, i);

		if (first == NULL || timer->due_us < first->due_us)
			first = timer;
	}
	return first;
}

int fake_until_next(const FakeTime *fake)
{
	const Timer *first = fake_first(fake);

	return first == NULL ? -1 : (int)((first->due_us - fake->now_us) / 1000);
}

void fake_run(FakeTime *fake, guint ms)
{
	gint64 end = fake->now_us + 1000 * (gint64)ms;

	for (Timer *t = fake_first(fake); t != NULL && t->due_us <= end; t = fake_first(fake)) {
		GSourceFunc func = t->func;
		gpointer data = t->data;

		fake->now_us = t->due_us;
		g_ptr_array_remove(fake->timers, t);
		func(data);
	}
	fake->now_us = end;
}

/* -- resources -------------------------------------------------------------------------------- */

static gboolean res_serves(Resource *resource, const char *target)
{
	FakeResource *r = (FakeResource *)resource;

	return r->serves == NULL || g_str_equal(target, r->serves) ||
	       (r->base.kind != RESOURCE_COMMAND && g_str_equal(target, TARGET_HOST));
}

static gboolean res_check(Resource *resource, const char *target, GError **error)
{
	FakeResource *r = (FakeResource *)resource;

	if (r->missing)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE, "is not there");
	else if (r->stopped)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "hotseat-inputd is off");
	return !r->missing && !r->stopped;
}

static gboolean res_can_return(Resource *resource, const char *target)
{
	return !((FakeResource *)resource)->one_way;
}

static gboolean res_finish(gpointer data)
{
	FakeResource *r = data;
	gboolean look = r->to == NULL;
	gboolean stuck = r->missing || r->stopped || r->stuck ||
			 (r->stuck_away && !look && !g_str_equal(r->to, TARGET_HOST));
	ResourceResult result = { 0 };
	g_autoptr(GError) error = NULL;

	r->timer = 0;
	r->busy = FALSE;
	if (!look && stuck && g_strcmp0(r->at, r->to) != 0) {
		error = g_error_new(HOTSEAT_ERROR,
			r->missing ? HOTSEAT_ERROR_NO_DEVICE : HOTSEAT_ERROR_NO_ANSWER,
			"will not move");
	} else if (!look && g_strcmp0(r->at, r->to) != 0) {
		r->at = r->base.kind == RESOURCE_COMMAND ? NULL : r->to;
		r->writes++;
		result.changed = TRUE;
	}
	result.at = r->at;
	result.error = error;
	r->done(&r->base, &result, r->data);
	return G_SOURCE_REMOVE;
}

/* Until here it can be stopped; from here on it would be left half done. */
static gboolean res_half_way(gpointer data)
{
	FakeResource *r = data;
	ResourceResult result = { .at = r->at };
	g_autoptr(GError) error = NULL;

	r->timer = 0;
	if (g_strcmp0(r->at, r->to) == 0 || !g_cancellable_is_cancelled(r->cancel)) {
		r->timer = fake_after(r->ms - r->ms / 2, res_finish, r, r->time);
		return G_SOURCE_REMOVE;
	}
	error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED, "stopped");
	result.error = error;
	r->busy = FALSE;
	r->stops++;
	r->done(&r->base, &result, r->data);
	return G_SOURCE_REMOVE;
}

static void res_begin(FakeResource *r, const char *to, ResourceDone done, gpointer data)
{
	g_assert_false(r->busy); /* at most one at a time */
	r->busy = TRUE;
	r->to = to != NULL ? g_intern_string(to) : NULL;
	r->done = done;
	r->data = data;
	r->timer = to == NULL ? fake_after(r->ms, res_finish, r, r->time)
			      : fake_after(r->ms / 2, res_half_way, r, r->time);
}

static void res_observe(Resource *resource, ResourceDone done, gpointer data)
{
	res_begin((FakeResource *)resource, NULL, done, data);
}

static void res_apply(Resource *resource, const char *target, GCancellable *cancel,
	ResourceDone done, gpointer data)
{
	FakeResource *r = (FakeResource *)resource;

	r->applies++;
	g_assert_nonnull(cancel);
	g_set_object(&r->cancel, cancel);
	res_begin(r, target, done, data);
}

static void res_free(Resource *resource)
{
	FakeResource *r = (FakeResource *)resource;

	if (r->timer != 0)
		fake_cancel(r->timer, r->time);
	g_clear_object(&r->cancel);
	g_free(r);
}

FakeResource *fake_resource(FakeTime *fake, ResourceKind kind, const char *name)
{
	static const ResourceOps ops = {
		.serves = res_serves,
		.check = res_check,
		.can_return = res_can_return,
		.observe = res_observe,
		.apply = res_apply,
		.free = res_free,
	};
	static const ResourceOps command = {
		.serves = res_serves,
		.apply = res_apply,
		.free = res_free,
	};
	FakeResource *r = g_new0(FakeResource, 1);

	r->base.ops = kind == RESOURCE_COMMAND ? &command : &ops;
	r->base.kind = kind;
	r->base.name = g_strdup(name);
	r->time = fake;
	r->at = kind == RESOURCE_COMMAND ? NULL : TARGET_HOST;
	r->ms = 10;
	return r;
}

void fake_plug(FakeResource *r, gboolean in)
{
	g_autoptr(GError) error = NULL;
	ResourceResult result = { 0 };

	if (!in) {
		error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE, "unplugged");
		r->kept = r->at;
	}
	r->missing = !in;
	r->at = !in ? NULL : r->forwarded && r->kept != NULL ? r->kept : TARGET_HOST;
	/* without hotseat-inputd it is not reported */
	if (r->stopped)
		return;
	result.at = r->at;
	result.error = error;
	resource_changed(&r->base, in ? RESOURCE_APPEARED : RESOURCE_GONE, &result);
}

void fake_stop(FakeResource *r, gboolean stopped)
{
	g_autoptr(GError) error = NULL;
	ResourceResult result = { 0 };

	r->stopped = stopped;
	r->kept = TARGET_HOST;
	if (!r->missing)
		r->at = TARGET_HOST;
	else if (!stopped)
		error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE, "unplugged");
	result.at = stopped ? TARGET_HOST : r->at;
	result.error = error;
	resource_changed(
		&r->base, stopped || r->missing ? RESOURCE_GONE : RESOURCE_APPEARED, &result);
}

void fake_bring_home(FakeResource *r)
{
	ResourceResult result = { .at = TARGET_HOST };

	r->kept = TARGET_HOST;
	if (r->missing || r->stopped || g_strcmp0(r->at, TARGET_HOST) == 0)
		return;
	r->at = TARGET_HOST;
	resource_changed(&r->base, RESOURCE_MOVED, &result);
}

/* -- guests ----------------------------------------------------------------------------------- */

static gboolean guest_finish(gpointer data)
{
	FakeGuest *g = data;

	g->timer = 0;
	guest_set_state(&g->base, g->real, NULL);
	g->done(&g->base, g->data);
	return G_SOURCE_REMOVE;
}

static void guest_refresh(Guest *guest, GuestDone done, gpointer data)
{
	FakeGuest *g = (FakeGuest *)guest;

	g->refreshes++;
	g->done = done;
	g->data = data;
	if (g->timer == 0)
		g->timer = fake_after(5, guest_finish, g, g->time);
}

static void guest_destroy(Guest *guest)
{
	FakeGuest *g = (FakeGuest *)guest;

	if (g->timer != 0)
		fake_cancel(g->timer, g->time);
	g_free(g);
}

FakeGuest *fake_guest(FakeTime *fake, const char *name, GuestState state)
{
	static const GuestOps ops = { guest_refresh, guest_destroy };
	FakeGuest *g = g_new0(FakeGuest, 1);

	g->base.ops = &ops;
	g->base.name = g_strdup(name);
	g->base.domain = g_strconcat("dom-", name, NULL);
	g->time = fake;
	g->real = state;
	return g;
}

void fake_guest_becomes(FakeGuest *g, GuestState state)
{
	g->real = state;
	guest_set_state(&g->base, state, NULL);
}
