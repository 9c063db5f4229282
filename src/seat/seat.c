/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seat/private.h"

/* A request that a listener made. It begins when the listeners have returned. */
typedef struct {
	SeatRank rank;
	SeatExtent extent;
	char *target, *reason;
	SeatSwitchDone done;
	gpointer data;
} Request;

static void request_free(gpointer data)
{
	Request *request = data;

	g_free(request->target);
	g_free(request->reason);
	g_free(request);
}

/* -- the main loop's clock -------------------------------------------------------------------- */

static gint64 loop_now_us(gpointer unused)
{
	return g_get_monotonic_time();
}

static guint loop_after(guint ms, GSourceFunc func, gpointer func_data, gpointer unused)
{
	return g_timeout_add(ms, func, func_data);
}

static void loop_cancel(guint id, gpointer unused)
{
	g_source_remove(id);
}

gint64 seat_now(Seat *seat)
{
	return seat->clock.now_us(seat->clock.data);
}

guint seat_after(Seat *seat, guint ms, GSourceFunc func, gpointer data)
{
	return seat->clock.after(ms, func, data, seat->clock.data);
}

void seat_after_cancel(Seat *seat, guint *id)
{
	if (*id != 0)
		seat->clock.cancel(*id, seat->clock.data);
	*id = 0;
}

/* -- making and starting ---------------------------------------------------------------------- */

Seat *seat_new(const SeatClock *clock, gboolean check_guest)
{
	static const SeatClock loop = { loop_now_us, loop_after, loop_cancel, NULL };
	Seat *seat = g_new0(Seat, 1);

	seat->clock = clock != NULL ? *clock : loop;
	seat->check_guest = check_guest;
	seat->items = g_ptr_array_new_with_free_func(item_free);
	seat->resources = g_ptr_array_new();
	seat->guests = g_ptr_array_new_with_free_func((GDestroyNotify)guest_free);
	seat->waiters = g_ptr_array_new_with_free_func(g_free);
	seat->listeners = listeners_new();
	seat->requests = g_ptr_array_new_with_free_func(request_free);
	return seat;
}

void seat_free(Seat *seat)
{
	if (seat == NULL)
		return;
	seat_after_cancel(seat, &seat->settle_id);
	seat_after_cancel(seat, &seat->requests_id);
	seat_after_cancel(seat, &seat->find_id);
	seat_await_forget(seat);
	g_ptr_array_unref(seat->resources);
	g_ptr_array_unref(seat->items);
	g_ptr_array_unref(seat->guests);
	g_ptr_array_unref(seat->waiters);
	g_ptr_array_unref(seat->requests);
	listeners_free(seat->listeners);
	switch_unref(seat->current);
	switch_unref(seat->last);
	g_free(seat->wanted);
	g_free(seat->last_guest);
	g_free(seat);
}

static void on_resource_changed(
	Resource *resource, ResourceChange change, const ResourceResult *result, gpointer data)
{
	Item *item = data;
	Seat *seat = item->data;

	/* a device that was plugged in at the host, or that a guest already has, follows the seat
	 */
	seat->appearing = change == RESOURCE_APPEARED;
	item_learn(item, result);
	seat->appearing = FALSE;
	if (change != RESOURCE_APPEARED || !seat->started)
		return;
	seat_settle(seat);
	item_retry_reset(item);
	seat_reconcile(seat, item);
}

static void on_item_changed(Item *item, SwitchStep *step, gpointer data)
{
	Seat *seat = data;

	if (step != NULL) {
		seat_emit(
			seat, &(SeatEvent){ .kind = SEAT_STEP, .sw = seat->current, .step = step });
		return;
	}
	seat_emit(seat, &(SeatEvent){ .kind = SEAT_RESOURCE_CHANGED, .resource = item->resource });
	seat_learned(seat);
}

static void on_item_over(Item *item, SwitchStep *step, gpointer data)
{
	switch_step_over(data, step);
}

static void on_item_due(Item *item, gpointer data)
{
	seat_reconcile(data, item);
}

static void on_guest_changed(Guest *guest, gpointer data)
{
	Seat *seat = data;

	seat_emit(seat, &(SeatEvent){ .kind = SEAT_GUEST_CHANGED, .guest = guest });
	if (!seat->started)
		return;
	seat_await_state(seat, guest);
	if (seat->settled || seat->requested)
		seat_rescue(seat);
	else
		seat_settle(seat);
	if (guest->state != GUEST_UNKNOWN)
		seat_reconcile_failed(seat);
}

static void on_guest_started(Guest *guest, gpointer data)
{
	Seat *seat = data;

	if (seat->started)
		seat_await_started(seat, guest);
}

void seat_add_resource(Seat *seat, Resource *resource)
{
	static const ItemOps ops = { on_item_changed, on_item_over, on_item_due };
	Item *item = item_new(resource, &seat->clock, &ops, seat);

	resource->changed = on_resource_changed;
	resource->changed_data = item;
	g_ptr_array_add(seat->items, item);
	g_ptr_array_add(seat->resources, resource);
}

void seat_add_guest(Seat *seat, Guest *guest)
{
	guest->changed = on_guest_changed;
	guest->started = on_guest_started;
	guest->changed_data = seat;
	g_ptr_array_add(seat->guests, guest);
}

void seat_want(Seat *seat, const char *target)
{
	char *wanted = g_strdup(target);

	if (seat_guest(seat, wanted) != NULL) {
		g_free(seat->last_guest);
		seat->last_guest = g_strdup(wanted);
	}
	g_free(seat->wanted);
	seat->wanted = wanted;
}

void seat_set_last_guest(Seat *seat, const char *name)
{
	if (name != NULL && seat_guest(seat, name) != NULL)
		seat_want(seat, name);
}

gboolean seat_is_behind(Seat *seat)
{
	for (guint i = 0; i < seat->items->len; i++) {
		const Item *item = g_ptr_array_index(seat->items, i);

		if (item->resource->kind != RESOURCE_COMMAND &&
			((item->busy && item->to != NULL) ||
				(item->failed && !g_error_matches(item->known.error, HOTSEAT_ERROR,
							 HOTSEAT_ERROR_NO_DEVICE))))
			return TRUE;
	}
	return FALSE;
}

void seat_catch_up(Seat *seat)
{
	for (guint i = 0; i < seat->items->len; i++)
		((Item *)g_ptr_array_index(seat->items, i))->failed = TRUE;
}

/* -- requests --------------------------------------------------------------------------------- */

Guest *seat_guest(Seat *seat, const char *name)
{
	for (guint i = 0; i < seat->guests->len; i++) {
		Guest *guest = g_ptr_array_index(seat->guests, i);

		if (g_str_equal(guest->name, name))
			return guest;
	}
	return NULL;
}

const char *seat_last_guest(Seat *seat)
{
	if (seat->last_guest != NULL)
		return seat->last_guest;
	return seat->guests->len > 0 ? ((Guest *)g_ptr_array_index(seat->guests, 0))->name : NULL;
}

/* If the host has the seat, or gets it, the guest; otherwise the host. */
static const char *toggle_target(Seat *seat)
{
	/* after a reload the wanted target is known before anything has been observed */
	gboolean unknown = seat->requested && seat_is_looking(seat);
	const char *at = seat->current != NULL ? seat->current->to
			 : unknown	       ? seat->wanted
					       : seat_at(seat);

	if (at == NULL || !g_str_equal(at, TARGET_HOST) || seat->guests->len == 0)
		return TARGET_HOST;
	return seat_last_guest(seat);
}

const char *seat_target(Seat *seat, const char *to)
{
	Guest *guest;

	if (g_str_equal(to, "toggle"))
		return toggle_target(seat);
	if (g_str_equal(to, TARGET_HOST))
		return TARGET_HOST;
	guest = seat_guest(seat, to);
	if (guest != NULL)
		return guest->name;
	return g_str_equal(to, TARGET_GUEST) && seat->guests->len > 0 ? seat_last_guest(seat)
								      : NULL;
}

static GError *no_such_target(Seat *seat, const char *to)
{
	g_autoptr(GString) names = g_string_new(TARGET_HOST);

	for (guint i = 0; i < seat->guests->len; i++)
		g_string_append_printf(
			names, ", %s", ((Guest *)g_ptr_array_index(seat->guests, i))->name);
	return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_GUEST,
		"unknown target \"%s\"; the targets are: %s, toggle", to, names->str);
}

/* Does the switch under way do what a request for target wants? */
static gboolean joins(const Seat *seat, SeatExtent extent, const char *target)
{
	return seat->current != NULL && seat->phase != PHASE_UNDOING &&
	       seat->current->extent == extent && g_str_equal(seat->current->to, target);
}

static void request_begin(Seat *seat, SeatRank rank, SeatExtent extent, const char *target,
	const char *reason, SeatSwitchDone done, gpointer data)
{
	if (joins(seat, extent, target))
		seat->rank = MAX(seat->rank, rank);
	else
		switch_begin(seat, rank, extent, target, reason);
	if (done != NULL)
		switch_wait(seat, done, data);
}

static gboolean on_requests(gpointer data)
{
	Seat *seat = data;
	g_autoptr(GPtrArray) requests = seat->requests;

	seat->requests_id = 0;
	seat->requests = g_ptr_array_new_with_free_func(request_free);
	for (guint i = 0; i < requests->len; i++) {
		const Request *request = g_ptr_array_index(requests, i);

		request_begin(seat, request->rank, request->extent, request->target,
			request->reason, request->done, request->data);
	}
	return G_SOURCE_REMOVE;
}

/* No switch replaces another one while that one's outcome is being reported. */
static void request_later(Seat *seat, SeatRank rank, SeatExtent extent, const char *target,
	const char *reason, SeatSwitchDone done, gpointer data)
{
	Request *request = g_new0(Request, 1);

	request->rank = rank;
	request->extent = extent;
	request->target = g_strdup(target);
	request->reason = g_strdup(reason);
	request->done = done;
	request->data = data;
	g_ptr_array_add(seat->requests, request);
	if (seat->requests_id == 0)
		seat->requests_id = seat_after(seat, 0, on_requests, seat);
}

/* Would a request replace one of a higher rank that is in progress or about to begin? */
static gboolean is_outranked(const Seat *seat, SeatRank rank, SeatExtent extent, const char *target)
{
	const Request *last = seat->requests->len > 0
				      ? g_ptr_array_index(seat->requests, seat->requests->len - 1)
				      : NULL;

	if (last != NULL)
		return rank < last->rank &&
		       (last->extent != extent || !g_str_equal(last->target, target));
	return seat->current != NULL && rank < seat->rank && !joins(seat, extent, target);
}

static void request_take(Seat *seat, SeatRank rank, SeatExtent extent, const char *target,
	const char *reason, SeatSwitchDone done, gpointer data)
{
	/* in their order, so that the newest wins */
	if (seat->calling > 0 || seat->requests->len > 0)
		request_later(seat, rank, extent, target, reason, done, data);
	else
		request_begin(seat, rank, extent, target, reason, done, data);
}

gboolean seat_request_awaited(Seat *seat, SeatRank rank, SeatExtent extent, const char *target,
	const char *reason, SeatSwitchDone done, gpointer data)
{
	if (is_outranked(seat, rank, extent, target))
		return FALSE;
	request_take(seat, rank, extent, target, reason, done, data);
	return TRUE;
}

void seat_set_outranked(GError **error)
{
	g_set_error_literal(error, HOTSEAT_ERROR, HOTSEAT_ERROR_OUTRANKED,
		"the host or the administrator is switching; try again in a moment");
}

gboolean seat_request(Seat *seat, SeatRank rank, SeatExtent extent, const char *to,
	const char *reason, SeatSwitchDone done, gpointer data, GError **error)
{
	const char *target = seat_target(seat, to);

	if (target == NULL) {
		g_propagate_error(error, no_such_target(seat, to));
		return FALSE;
	}
	if (is_outranked(seat, rank, extent, target)) {
		seat_set_outranked(error);
		return FALSE;
	}
	seat_await_yield(seat, rank);
	request_take(seat, rank, extent, target, reason, done, data);
	return TRUE;
}

gboolean seat_switch(Seat *seat, const char *to, const char *reason, SeatSwitchDone done,
	gpointer data, GError **error)
{
	return seat_request(seat, SEAT_RANK_HOST, SEAT_EXTENT_ALL, to, reason, done, data, error);
}

/* -- what is known ---------------------------------------------------------------------------- */

/* The target at which every required item is; NULL: there is none. */
static const char *consensus(Seat *seat, gboolean devices_only)
{
	const char *targets[2] = { NULL, NULL };

	for (guint g = 0; g <= seat->guests->len; g++) {
		const char *target = g < seat->guests->len
					     ? ((Guest *)g_ptr_array_index(seat->guests, g))->name
					     : TARGET_HOST;
		gboolean fits = TRUE;
		guint seen = 0;

		for (guint i = 0; i < seat->items->len; i++) {
			const Item *item = g_ptr_array_index(seat->items, i);

			if (item->known.at == NULL || item->resource->optional ||
				item->resource->kind == RESOURCE_COMMAND ||
				(devices_only && item->resource->kind != RESOURCE_DEVICE))
				continue;
			fits = fits &&
			       g_strcmp0(item->known.at, item_destination(item, target)) == 0;
			seen++;
		}
		if (fits && seen > 0 && targets[0] != NULL)
			targets[1] = target;
		else if (fits && seen > 0)
			targets[0] = target;
	}
	return targets[1] == NULL ? targets[0] : TARGET_HOST;
}

const char *seat_at(Seat *seat)
{
	return consensus(seat, FALSE);
}

/* Until the first request, the wanted target is the one at which the devices were found. */
void seat_learned(Seat *seat)
{
	const char *found;

	if (!seat->started || seat->requested || seat->appearing)
		return;
	found = consensus(seat, TRUE);
	if (found == NULL)
		found = seat_at(seat);
	if (found != NULL && !g_str_equal(found, seat->wanted)) {
		seat_want(seat, found);
		if (seat->settled)
			seat_rescue(seat);
	}
	seat_settle(seat);
}

const char *seat_wanted(Seat *seat)
{
	return seat->wanted;
}

const Switch *seat_current(Seat *seat)
{
	return seat->current;
}

const Switch *seat_last(Seat *seat)
{
	return seat->last;
}

GPtrArray *seat_resources(Seat *seat)
{
	return seat->resources;
}

GPtrArray *seat_guests(Seat *seat)
{
	return seat->guests;
}

const ResourceResult *seat_known(Seat *seat, Resource *resource)
{
	const Item *item = resource->changed_data;

	return &item->known;
}
