/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The desk of the engine's tests: two monitors, keyboard, mouse, a command for each way, two
 * guests.
 */
#pragma once

#include "fake-desk.h"

typedef struct {
	FakeTime time;
	Seat *seat;
	FakeResource *left, *right, *keyboard, *mouse, *leave, *come;
	FakeGuest *guest, *other;
	GString *answers; /* "3:done " for each switch that was waited for */
	guint events[SEAT_GUEST_CHANGED + 1];
} SeatDesk;

/* Everything at the host, and nothing observed yet. */
void desk_make(SeatDesk *desk);
/* The same for g_test_add(): the seat is started and has looked. */
void desk_set_up(SeatDesk *desk, gconstpointer unused);
void desk_tear_down(SeatDesk *desk, gconstpointer unused);

/* For seat_switch(), with a Desk: adds to answers. */
void desk_on_done(Seat *seat, const Switch *sw, gpointer data);
/* Asks for a switch, whose answer goes to answers. */
void desk_ask(SeatDesk *desk, const char *to);
/* How often anything was asked to go anywhere. */
guint desk_applies(SeatDesk *desk);
/* All of it is there, and wanted there. */
void desk_is(SeatDesk *desk, const char *target);

#define ADD(path, func) g_test_add(path, SeatDesk, NULL, desk_set_up, func, desk_tear_down)
