/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brings items to where they belong, without a request.
 */
#include "seat/private.h"

gboolean guest_is_gone(const Guest *guest)
{
	return guest->state != GUEST_UNKNOWN && guest->state != GUEST_STOPPING &&
	       guest->state != GUEST_RUNNING;
}

/* May items move to a target without a request? */
static gboolean may_go(Seat *seat, const char *to)
{
	const Guest *guest = seat_guest(seat, to);

	return guest == NULL || guest->state == GUEST_RUNNING;
}

void seat_reconcile(Seat *seat, Item *item)
{
	const char *to;

	if (item->busy || item->left || item->resource->kind == RESOURCE_COMMAND)
		return;
	to = item_destination(item, seat->wanted);
	if (g_strcmp0(item->known.at, to) == 0)
		item->failed = item->owed = FALSE;
	else if (switch_decides(seat, item->resource) || !may_go(seat, to))
		item->owed = TRUE;
	else
		item_go(item, to, NULL);
}

void seat_reconcile_pending(Seat *seat)
{
	for (guint i = 0; i < seat->items->len && seat->current == NULL; i++) {
		Item *item = g_ptr_array_index(seat->items, i);

		if (!item->owed)
			continue;
		item_retry_reset(item);
		seat_reconcile(seat, item);
	}
}

/* A device that a request left at a guest cannot stay there when the guest has stopped: no host
 * driver is bound to it then. */
static void bring_what_was_left(Seat *seat, Item *item)
{
	const char *at = item->known.at;
	const Guest *guest = item->left && at != NULL ? seat_guest(seat, at) : NULL;

	if (guest == NULL || !guest_is_gone(guest))
		return;
	item->left = FALSE;
	item->owed = TRUE;
}

void seat_reconcile_failed(Seat *seat)
{
	for (guint i = 0; i < seat->items->len; i++) {
		Item *item = g_ptr_array_index(seat->items, i);

		bring_what_was_left(seat, item);
		if (item->failed || item->owed) {
			item_retry_reset(item);
			seat_reconcile(seat, item);
		}
	}
}

void seat_schedule_retries(Seat *seat)
{
	for (guint i = 0; i < seat->items->len; i++) {
		Item *item = g_ptr_array_index(seat->items, i);
		const char *to = item_destination(item, seat->wanted);

		if (to == NULL || item->left || g_strcmp0(item->known.at, to) == 0)
			continue;
		/* even if it was retried often while the rest of the switch continued */
		item_retry_reset(item);
		item_retry_later(item);
	}
}

void seat_rescue(Seat *seat)
{
	/* a switch that is being rolled back changes to the wanted target again */
	const char *going = seat->current != NULL && seat->phase != PHASE_UNDOING
				    ? seat->current->to
				    : seat->wanted;
	const Guest *guest = seat_guest(seat, seat->wanted);
	g_autofree char *reason = NULL;

	if (guest == NULL || !guest_is_gone(guest) || !g_str_equal(going, guest->name) ||
		(seat->current != NULL && seat->phase == PHASE_ASKING))
		return;
	reason = g_strdup_printf("%s is %s", guest_title(guest->name, guest->domain),
		guest_state_name(guest->state));
	switch_begin(seat, SEAT_RANK_HOST, SEAT_EXTENT_ALL, TARGET_HOST, reason);
}

void seat_rescue_found(Seat *seat)
{
	seat_rescue(seat);
	for (guint i = 0; i < seat->items->len && seat->current == NULL; i++) {
		Item *item = g_ptr_array_index(seat->items, i);
		const Guest *guest =
			item->known.at != NULL ? seat_guest(seat, item->known.at) : NULL;

		if (guest != NULL && guest_is_gone(guest))
			seat_reconcile(seat, item);
	}
}
