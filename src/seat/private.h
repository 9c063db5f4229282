/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the engine share: an Item brings one resource where it should be, a Switch is
 * one decision about all of them, the Seat decides.
 */
#pragma once

#include "seat/seat.h"

/* A resource, what is known of it, and the one operation that may be under way. */
typedef struct {
	Seat *seat;
	Resource *resource;
	ResourceResult known; /* its strings and error are owned */
	gboolean observed;    /* known means something */

	/* under way; to is NULL for a mere look */
	gboolean busy;
	char *to;
	GCancellable *cancel;
	Step *step; /* whose outcome it is; NULL: nobody's any more, or a retry's */

	/* to begin as soon as it is no longer busy */
	char *next_to;
	Step *next_step;

	gboolean failed; /* the last apply did, or is to be made up for one that did */
	guint retries;	 /* made since the last success or request */
	guint retry_id;	 /* SeatClock's, 0: none waits */
} Item;

typedef enum {
	PHASE_ASKING,  /* the guest for its state */
	PHASE_SETTLED, /* decided, not said yet */
	PHASE_MOVING,
	PHASE_UNDOING,
} SwitchPhase;

struct Seat {
	SeatClock clock;
	gboolean check_guest;
	gboolean started;
	gboolean requested; /* wanted is somebody's wish, not what was found */
	char *wanted;
	char *last_guest; /* where "toggle" goes; NULL: the first */
	GPtrArray *items; /* Item * */
	GPtrArray *resources, *guests;

	Switch *current;
	SwitchPhase phase;
	GPtrArray *waiters;  /* of current */
	guint settle_id;     /* SeatClock's: current is looked at again from the main loop */
	gboolean unfinished; /* a switch was interrupted that nothing has taken the place of yet */
	guint next_id;
	Switch *last;

	GArray *listeners; /* Listener */
	guint next_listener;
	guint emitting; /* depth of seat_emit() */
};

/* item.c */
Item *item_new(Seat *seat, Resource *resource);
void item_free(gpointer item);
/* Takes in what was found out about it. */
void item_learn(Item *item, const ResourceResult *result);
/* Looks where it is, unless it is busy. */
void item_observe(Item *item);
/* Brings it to a target as soon as what is under way lets it; step (may be NULL) gets the outcome.
 */
void item_go(Item *item, const char *to, Step *step);
/* It is to go to a target, but not yet: what takes it elsewhere is to end. */
void item_hold(Item *item, const char *to);
/* Nobody waits for this step any more; what it began goes on to its end. */
void item_disown(Item *item, const Step *step);
/* Tells what is under way that it has become pointless. */
void item_cancel(Item *item);
/* Where it belongs when target has the seat; NULL: a command that is not target's. */
const char *item_destination(const Item *item, const char *target);
/* Brings it where the wanted target wants it, unless it is there; during a switch, later. */
void item_reconcile(Item *item);
/* The same, some time later; gives up after some times. */
void item_retry_later(Item *item);
void item_retry_forget(Item *item);

/* switch.c */
/* Makes a switch to a target the one under way. */
void switch_begin(Seat *seat, const char *to, const char *reason);
/* A step of the switch under way has got an outcome. */
void switch_step_over(Seat *seat, Step *step);
/* done will be called when the switch under way is over. */
void switch_wait(Seat *seat, SeatSwitchDone done, gpointer data);
void switch_free(Switch *sw);

/* seat.c */
gint64 seat_now(Seat *seat);
void seat_emit(Seat *seat, const SeatEvent *event);
Guest *seat_guest(Seat *seat, const char *name);
/* Sets what is wanted; if that is a guest, "toggle" goes there from now on. */
void seat_want(Seat *seat, const char *target);
/* Something was learned about where things are. */
void seat_learned(Seat *seat);
/* Brings the seat home if the guest that has it is not up any more and no switch leaves it. */
void seat_rescue(Seat *seat);
guint seat_after(Seat *seat, guint ms, GSourceFunc func, gpointer data);
void seat_after_cancel(Seat *seat, guint *id);
