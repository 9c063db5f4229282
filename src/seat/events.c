/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seat/private.h"

guint seat_listen(Seat *seat, SeatListener listener, gpointer data)
{
	return listeners_add(seat->listeners, G_CALLBACK(listener), data);
}

void seat_unlisten(Seat *seat, guint id)
{
	listeners_remove(seat->listeners, id);
}

typedef struct {
	Seat *seat;
	const SeatEvent *event;
} Emission;

static void call_listener(GCallback func, gpointer data, gconstpointer argument)
{
	const Emission *emission = argument;

	((SeatListener)func)(emission->seat, emission->event, data);
}

void seat_emit(Seat *seat, const SeatEvent *event)
{
	seat->calling++;
	listeners_call(seat->listeners, call_listener, &(Emission){ seat, event });
	seat->calling--;
}
