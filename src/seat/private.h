/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the engine share: an Item moves one resource, a Switch is one decision about
 * all resources, and the Seat makes the decisions.
 */
#pragma once

#include "common/listeners.h"
#include "seat/item.h"

typedef enum {
	PHASE_ASKING,  /* waits for the guest's state */
	PHASE_SETTLED, /* decided, but not reported yet */
	PHASE_MOVING,
	PHASE_UNDOING,
} SwitchPhase;

struct Seat {
	SeatClock clock;
	gboolean check_guest;
	gboolean started;
	gboolean requested; /* wanted was requested, not just found */
	gboolean appearing; /* results come from a resource that appeared, not from the user's wish
			     */
	gboolean settled;   /* what was found at the start has been judged */
	guint find_id;	    /* id of the SeatClock's timer, until settled */
	char *wanted;
	char *last_guest; /* the guest that "toggle" chooses; NULL: the first */
	GPtrArray *items; /* Item * */
	GPtrArray *resources, *guests;

	Switch *current;
	SwitchPhase phase;
	SeatRank rank;	    /* of current: the highest rank among its requests */
	GPtrArray *waiters; /* of current */
	guint settle_id; /* id of the SeatClock's timer after which current is checked from the main
			    loop */
	gboolean unfinished; /* a switch was interrupted, and no other one has replaced it yet */
	guint next_id;
	Switch *last;

	Listeners *listeners;
	/* calls of listeners and waiters on the stack; requests that they make wait until they
	 * return */
	guint calling;
	GPtrArray *requests; /* Request *, theirs */
	guint requests_id;   /* id of the SeatClock's timer that begins these requests from the main
				loop */
	guint awaits;	     /* how many there were */
	SeatAwait *await;    /* a switch that begins when its guest has started; NULL: none */
};

/* reconcile.c */
/* Is the guest known to have stopped running? */
gboolean guest_is_gone(const Guest *guest);
/* Brings item to where it belongs for the wanted target, unless it is already there. While a switch
 * that still has to decide about it is under way, or while the guest does not run, it only marks
 * the item as owed. */
void seat_reconcile(Seat *seat, Item *item);
/* A switch is over: moves the items that are owed a move. */
void seat_reconcile_pending(Seat *seat);
/* Immediately retries items that failed or could not move, because they may succeed now. */
void seat_reconcile_failed(Seat *seat);
/* Schedules a retry for each item that is not where it belongs. */
void seat_schedule_retries(Seat *seat);
/* Brings the seat to the host if the guest that has it has stopped, and no switch away from it is
 * under way. */
void seat_rescue(Seat *seat);
/* The same after the start; also brings back items that are at a guest that is not running. */
void seat_rescue_found(Seat *seat);

/* start.c */
/* Is an item that is being observed at the start still without a result? */
gboolean seat_is_looking(Seat *seat);
/* Once everything has been observed after the start, or the time for that has passed, brings back
 * items that are at a guest that is not running. Does this only once. */
void seat_settle(Seat *seat);

/* await.c */
void seat_await_forget(Seat *seat);
/* The same for a request of this rank, unless the awaited request has a higher rank. */
void seat_await_yield(Seat *seat, SeatRank rank);
/* seat_await_state(): the state of guest has changed. seat_await_started(): guest has started. */
void seat_await_state(Seat *seat, const Guest *guest);
void seat_await_started(Seat *seat, const Guest *guest);

/* refusal.c: why a switch to target may not begin, or NULL. guest: NULL for the host. */
GError *refusal_of_guest(const Guest *guest);
GError *refusal_of_resources(Seat *seat, const char *target);

/* switch.c */
/* Begins a switch to a target. It replaces the one under way, whatever its rank. */
void switch_begin(Seat *seat, SeatRank rank, SeatExtent extent, const char *to, const char *reason);
/* A step of the switch under way has got an outcome. */
void switch_step_over(Seat *seat, SwitchStep *step);
/* Calls done when the switch under way is over. */
void switch_wait(Seat *seat, SeatSwitchDone done, gpointer data);
/* A switch lives as long as someone holds it: its outcome is reported after it has left the seat.
 * NULL is allowed for switch_unref(). */
Switch *switch_ref(Switch *sw);
void switch_unref(Switch *sw);
/* Does the switch under way still have to decide about resource? */
gboolean switch_decides(Seat *seat, const Resource *resource);

/* steps.c */
gboolean step_is_over(const SwitchStep *step);
/* Must the step wait for others? Devices wait for commands, and displays that might not come back
 * wait for devices. */
gboolean step_must_wait(const Switch *sw, const SwitchStep *step);
/* The step of resource that is not part of a rollback, or NULL. */
SwitchStep *switch_forward_step(const Switch *sw, const Resource *resource);
/* Have commands of the switch's target been begun? Then those of the way back run as well. */
gboolean switch_commands_begun(const Switch *sw);
/* "keyboard: why; what to do | mouse: …" of the required steps that failed. Free with g_free(). */
char *switch_failures(const Switch *sw, gboolean undo);
/* Would the user at the guest have no keyboard or no picture, or did a command fail that devices
 * wait for? all_over: whether every step has ended; otherwise only the steps that have ended are
 * considered. */
gboolean switch_strands_user(const Switch *sw, gboolean all_over);

/* events.c */
void seat_emit(Seat *seat, const SeatEvent *event);

/* seat.c */
/* Like seat_request(), but for an awaited request, which it keeps. FALSE: it is outranked. */
gboolean seat_request_awaited(Seat *seat, SeatRank rank, SeatExtent extent, const char *target,
	const char *reason, SeatSwitchDone done, gpointer data);
/* HOTSEAT_ERROR_OUTRANKED */
void seat_set_outranked(GError **error);
gint64 seat_now(Seat *seat);
Guest *seat_guest(Seat *seat, const char *name);
/* Sets the wanted target. If that is a guest, "toggle" chooses it from now on. */
void seat_want(Seat *seat, const char *target);
/* The place of a resource has become known or has changed. */
void seat_learned(Seat *seat);
guint seat_after(Seat *seat, guint ms, GSourceFunc func, gpointer data);
void seat_after_cancel(Seat *seat, guint *id);
