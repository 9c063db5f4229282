/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One switch, from the request to its outcome:
 *
 *   asking   is the guest up? (only when it is not known to be)
 *   moving   every step at once, but for displays that might not come back: they go last
 *   undoing  something required would not go to the guest: everything comes back
 */
#include "seat/private.h"

typedef struct {
	SeatSwitchDone done;
	gpointer data;
} Waiter;

static void step_free(gpointer data)
{
	SwitchStep *step = data;

	g_free(step->to);
	g_free(step->detail);
	g_clear_error(&step->error);
	g_free(step);
}

static void switch_clear(gpointer data)
{
	Switch *sw = data;

	g_free(sw->from);
	g_free(sw->to);
	g_free(sw->reason);
	g_ptr_array_unref(sw->steps);
	g_clear_error(&sw->error);
}

Switch *switch_ref(Switch *sw)
{
	return g_rc_box_acquire(sw);
}

void switch_unref(Switch *sw)
{
	if (sw != NULL)
		g_rc_box_release_full(sw, switch_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Switch, switch_unref)

static Item *step_item(Seat *seat, const SwitchStep *step)
{
	for (guint i = 0; i < seat->items->len; i++) {
		Item *item = g_ptr_array_index(seat->items, i);

		if (item->resource == step->resource)
			return item;
	}
	g_assert_not_reached();
}

void switch_wait(Seat *seat, SeatSwitchDone done, gpointer data)
{
	Waiter *waiter = g_new0(Waiter, 1);

	waiter->done = done;
	waiter->data = data;
	g_ptr_array_add(seat->waiters, waiter);
}

/* The switch in progress has ended: calls all listeners. */
static void switch_finish(Seat *seat)
{
	g_autoptr(Switch) sw = g_steal_pointer(&seat->current);
	g_autoptr(GPtrArray) waiters = seat->waiters;

	seat->waiters = g_ptr_array_new_with_free_func(g_free);
	seat_after_cancel(seat, &seat->settle_id);
	sw->ms = (double)(seat_now(seat) - sw->started_us) / 1000;
	switch_unref(seat->last);
	seat->last = switch_ref(sw);
	if (sw->outcome != SWITCH_REFUSED && sw->outcome != SWITCH_SUPERSEDED)
		seat_schedule_retries(seat);
	seat_emit(seat, &(SeatEvent){ .kind = SEAT_SWITCH_FINISHED, .sw = sw });
	seat->calling++;
	for (guint i = 0; i < waiters->len; i++) {
		Waiter *waiter = g_ptr_array_index(waiters, i);

		waiter->done(seat, sw, waiter->data);
	}
	seat->calling--;
}

/* After a refused request, continues the switch that it interrupted; if that cannot continue
 * either, switches to the host. */
static void switch_resume(Seat *seat)
{
	g_autofree char *reason = NULL;

	if (seat->current != NULL || !seat->unfinished)
		return;
	reason = g_strdup_printf("continuing, because %s was refused", seat->last->to);
	switch_begin(seat, SEAT_RANK_HOST, SEAT_EXTENT_ALL,
		g_str_equal(seat->last->to, seat->wanted) ? TARGET_HOST : seat->wanted, reason);
}

static gboolean switch_settle(gpointer data)
{
	Seat *seat = data;

	seat->settle_id = 0;
	switch_finish(seat);
	seat_rescue(seat);
	switch_resume(seat);
	seat_reconcile_pending(seat);
	return G_SOURCE_REMOVE;
}

/* The decision came before anything asynchronous began: no callback must be called before this
 * returns. */
static void switch_settle_later(Seat *seat, SwitchOutcome outcome)
{
	seat->phase = PHASE_SETTLED;
	seat->current->outcome = outcome;
	seat->settle_id = seat_after(seat, 0, switch_settle, seat);
}

static void switch_refuse(Seat *seat, GError *error)
{
	seat->current->error = error;
	switch_settle_later(seat, SWITCH_REFUSED);
}

/* Another request replaces the switch in progress. */
static void switch_abandon(Seat *seat, const char *to, const char *reason)
{
	Switch *sw = seat->current;

	for (guint i = 0; i < sw->steps->len; i++) {
		SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (step_is_over(step))
			continue;
		item_detach_step(step_item(seat, step), step);
		if (step->outcome == STEP_WAITING)
			step->outcome = STEP_SKIPPED;
	}
	seat->unfinished |= seat->phase == PHASE_MOVING || seat->phase == PHASE_UNDOING;
	if (seat->phase != PHASE_SETTLED) {
		g_autoptr(GError) began = g_steal_pointer(&sw->error);

		sw->error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_SUPERSEDED,
			"superseded by a switch to %s (%s)%s%s", to, reason,
			began != NULL ? " during a rollback caused by " : "",
			began != NULL ? began->message : "");
		sw->outcome = SWITCH_SUPERSEDED;
	}
	switch_finish(seat);
}

static SwitchStep *switch_add_step(Seat *seat, Item *item, const char *to, gboolean undo)
{
	SwitchStep *step = g_new0(SwitchStep, 1);

	step->resource = item->resource;
	step->to = g_strdup(to);
	step->undo = undo;
	g_ptr_array_add(seat->current->steps, step);
	return step;
}

/* Begins the steps that no longer wait for others. */
static void switch_release(Seat *seat)
{
	Switch *sw = seat->current;

	for (guint i = 0; i < sw->steps->len; i++) {
		SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (!step->held || step_must_wait(sw, step))
			continue;
		step->held = FALSE;
		item_go(step_item(seat, step), step->to, step);
	}
}

/* Commands that devices wait for are first in the queue. */
static void begin_steps(Seat *seat, gboolean first)
{
	Switch *sw = seat->current;

	for (guint i = 0; i < sw->steps->len; i++) {
		SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (step->resource->before_devices != first)
			continue;
		step->held = step_must_wait(sw, step);
		if (step->held)
			item_hold(step_item(seat, step), step->to);
		else
			item_go(step_item(seat, step), step->to, step);
	}
}

static gboolean is_optional_device(const Item *item)
{
	return item->resource->kind == RESOURCE_DEVICE && item->resource->optional;
}

/* Adds a step for each resource that target concerns. All are listed before the first begins. */
static void switch_go(Seat *seat, const char *target)
{
	Switch *sw = seat->current;

	for (guint i = 0; i < seat->items->len; i++) {
		Item *item = g_ptr_array_index(seat->items, i);
		const char *to = item_destination(item, target);

		item->left = sw->extent == SEAT_EXTENT_REQUIRED && is_optional_device(item);
		if (to != NULL && !item->left)
			switch_add_step(seat, item, to, FALSE);
	}
	if (sw->steps->len == 0) {
		switch_settle_later(seat, SWITCH_DONE);
		return;
	}
	begin_steps(seat, TRUE);
	begin_steps(seat, FALSE);
}

/* The guest's state is now known, or cannot be found out: begin or refuse. */
static void switch_decide(Seat *seat)
{
	Switch *sw = seat->current;
	Guest *guest = seat_guest(seat, sw->to);
	GError *error = NULL;

	if (guest != NULL && seat->check_guest && guest->state != GUEST_RUNNING)
		error = refusal_of_guest(guest);
	else if (guest != NULL)
		error = refusal_of_resources(seat, sw->to);
	if (error != NULL) {
		switch_refuse(seat, error);
		return;
	}
	seat->phase = PHASE_MOVING;
	seat->unfinished = FALSE;
	seat->requested = TRUE;
	seat_want(seat, sw->to);
	switch_go(seat, sw->to);
}

static void guest_asked(Guest *guest, gpointer data)
{
	Seat *seat = data;

	/* otherwise a newer request has replaced the one that asked */
	if (seat->current != NULL && seat->phase == PHASE_ASKING &&
		g_str_equal(seat->current->to, guest->name))
		switch_decide(seat);
}

static gboolean is_rescue(Seat *seat, const char *to)
{
	const Guest *left = seat_guest(seat, seat->wanted);

	return g_str_equal(to, TARGET_HOST) && left != NULL && guest_is_gone(left);
}

void switch_begin(Seat *seat, SeatRank rank, SeatExtent extent, const char *to, const char *reason)
{
	Guest *guest = seat_guest(seat, to);
	g_autoptr(Switch) sw = g_rc_box_new0(Switch);

	if (seat->current != NULL)
		switch_abandon(seat, to, reason);
	sw->id = ++seat->next_id;
	sw->from = g_strdup(seat_at(seat));
	sw->to = g_strdup(to);
	sw->reason = g_strdup(reason);
	sw->extent = extent;
	sw->rescue = is_rescue(seat, to);
	sw->outcome = SWITCH_RUNNING;
	sw->started_us = seat_now(seat);
	sw->steps = g_ptr_array_new_with_free_func(step_free);
	seat->current = switch_ref(sw);
	seat->rank = rank;
	seat->phase = PHASE_ASKING;
	seat_emit(seat, &(SeatEvent){ .kind = SEAT_SWITCH_STARTED, .sw = sw });
	if (seat->current != sw)
		return;
	/* if the guest is known to run, the switch begins immediately; before a refusal its state
	 * is queried */
	if (guest != NULL && seat->check_guest && guest->state != GUEST_RUNNING)
		guest->ops->refresh(guest, guest_asked, seat);
	else
		switch_decide(seat);
}

/* The target of a rollback: where the seat came from, if the user can work there. */
static const char *undo_target(Seat *seat)
{
	const char *from = seat->current->from;
	Guest *guest = from != NULL ? seat_guest(seat, from) : NULL;

	return guest != NULL && guest->state == GUEST_RUNNING &&
			       !g_str_equal(from, seat->current->to)
		       ? from
		       : TARGET_HOST;
}

static void undo_item(Seat *seat, Item *item, const char *back)
{
	const char *to = item_destination(item, back);
	SwitchStep *forward = switch_forward_step(seat->current, item->resource);

	/* an item that is already moving there continues */
	if (forward != NULL && g_strcmp0(forward->to, to) == 0)
		return;
	if (forward != NULL && forward->outcome == STEP_WAITING) {
		item_detach_step(item, forward);
		forward->held = FALSE;
		forward->outcome = STEP_SKIPPED;
	}
	if (forward != NULL && !step_is_over(forward))
		item_cancel(item);
	if (to == NULL || item->left ||
		(item->resource->kind == RESOURCE_COMMAND && !switch_commands_begun(seat->current)))
		return;
	item_go(item, to, switch_add_step(seat, item, to, TRUE));
}

static void switch_undo(Seat *seat, GError *why)
{
	const char *back = undo_target(seat);

	seat->phase = PHASE_UNDOING;
	seat->current->error = why;
	seat_want(seat, back);
	for (guint i = 0; i < seat->items->len; i++)
		undo_item(seat, g_ptr_array_index(seat->items, i), back);
}

static void finish_undo(Switch *sw)
{
	g_autofree char *more = switch_failures(sw, TRUE);

	sw->outcome = SWITCH_ROLLED_BACK;
	if (more[0] != '\0')
		g_prefix_error(&sw->error, "rollback incomplete (%s); caused by: ", more);
	else
		g_prefix_error(&sw->error, "rolled back; caused by: ");
}

static void finish_move(Switch *sw)
{
	g_autofree char *text = switch_failures(sw, FALSE);

	sw->outcome = text[0] == '\0' ? SWITCH_DONE : SWITCH_INCOMPLETE;
	if (sw->outcome == SWITCH_INCOMPLETE)
		sw->error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s", text);
}

static gboolean all_are_over(const Switch *sw)
{
	for (guint i = 0; i < sw->steps->len; i++)
		if (!step_is_over(g_ptr_array_index(sw->steps, i)))
			return FALSE;
	return TRUE;
}

/* A step has ended: decides whether the switch ends or is rolled back. */
static void switch_proceed(Seat *seat)
{
	Switch *sw = seat->current;

	if (seat->phase == PHASE_MOVING && switch_strands_user(sw, all_are_over(sw))) {
		g_autofree char *text = switch_failures(sw, FALSE);

		switch_undo(
			seat, g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
				      text[0] != '\0' ? text : "no display would show the guest"));
	}
	/* a rollback without steps ends immediately */
	if (!all_are_over(sw)) {
		switch_release(seat);
	} else {
		if (seat->phase == PHASE_UNDOING)
			finish_undo(sw);
		else
			finish_move(sw);
		switch_finish(seat);
		seat_reconcile_pending(seat);
	}
}

gboolean switch_decides(Seat *seat, const Resource *resource)
{
	const Switch *sw = seat->current;

	if (sw == NULL || (seat->phase != PHASE_MOVING && seat->phase != PHASE_UNDOING))
		return sw != NULL;
	for (guint i = 0; i < sw->steps->len; i++) {
		const SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (step->resource == resource && !step_is_over(step))
			return TRUE;
	}
	return FALSE;
}

void switch_step_over(Seat *seat, SwitchStep *step)
{
	g_autoptr(Switch) sw = switch_ref(seat->current);

	step->ms = (double)(seat_now(seat) - step->started_us) / 1000;
	seat_emit(seat, &(SeatEvent){ .kind = SEAT_STEP, .sw = sw, .step = step });
	/* a guest that stopped meanwhile has ended it */
	if (seat->current == sw)
		switch_proceed(seat);
}
