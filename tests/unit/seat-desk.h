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
} Desk;

/* Everything at the host, and nothing observed yet. */
void desk_make(Desk *desk);
/* The same for g_test_add(): the seat is started and has looked. */
void desk_set_up(Desk *desk, gconstpointer unused);
void desk_tear_down(Desk *desk, gconstpointer unused);

/* For seat_switch(), with a Desk: adds to answers. */
void desk_on_done(Seat *seat, const Switch *sw, gpointer data);
/* Asks for a switch, whose answer goes to answers. */
void desk_ask(Desk *desk, const char *to);
/* How often anything was asked to go anywhere. */
guint desk_applies(Desk *desk);
/* All of it is there, and wanted there. */
void desk_is(Desk *desk, const char *target);

#define ADD(path, func) g_test_add(path, Desk, NULL, desk_set_up, func, desk_tear_down)
