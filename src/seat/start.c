/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The start: observes everything, and then decides where the seat is.
 */
#include "seat/private.h"

/* Longer than a monitor without an answer is asked. Items that have no result by then are treated
 * as missing. */
enum { FIND_MS = 10000 };

gboolean seat_is_looking(Seat *seat)
{
	for (guint i = 0; i < seat->items->len; i++) {
		const Item *item = g_ptr_array_index(seat->items, i);

		if (item->resource->ops->observe != NULL && !item->observed)
			return TRUE;
	}
	return FALSE;
}

static gboolean knows_guests(Seat *seat)
{
	for (guint i = 0; i < seat->guests->len; i++)
		if (((Guest *)g_ptr_array_index(seat->guests, i))->state == GUEST_UNKNOWN)
			return FALSE;
	return TRUE;
}

/* Decides only when everything is known: a part of it may look as if a guest that is off had the
 * seat.
 */
void seat_settle(Seat *seat)
{
	if (seat->settled || seat->requested || !knows_guests(seat) ||
		(seat->find_id != 0 && seat_is_looking(seat)))
		return;
	seat->settled = TRUE;
	seat_after_cancel(seat, &seat->find_id);
	seat_rescue_found(seat);
}

static gboolean on_find_late(gpointer data)
{
	Seat *seat = data;

	seat->find_id = 0;
	seat_settle(seat);
	return G_SOURCE_REMOVE;
}

static void guest_looked_at(Guest *guest, gpointer data)
{
	seat_settle(data);
}

void seat_start(Seat *seat, const char *wanted)
{
	if (wanted != NULL && !g_str_equal(wanted, TARGET_HOST) && seat_guest(seat, wanted) == NULL)
		wanted = NULL;
	seat->requested = wanted != NULL;
	seat_want(seat, wanted != NULL ? wanted : TARGET_HOST);
	seat->started = TRUE;
	if (!seat->requested)
		seat->find_id = seat_after(seat, FIND_MS, on_find_late, seat);
	for (guint i = 0; i < seat->guests->len; i++) {
		Guest *guest = g_ptr_array_index(seat->guests, i);

		guest->ops->refresh(guest, guest_looked_at, seat);
	}
	for (guint i = 0; i < seat->items->len; i++)
		item_observe(g_ptr_array_index(seat->items, i));
}
