/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the engine share: an Item brings one resource where it should be, a Switch is
 * one decision about all of them, the Seat decides.
 */
#pragma once

#include "common/listeners.h"
#include "seat/item.h"

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
	gboolean requested; /* wanted was requested, not just found */
	gboolean appearing; /* what is being learned is no one's wish */
	gboolean settled;   /* what was found at the start has been judged */
	guint find_id;	    /* SeatClock's, until then */
	char *wanted;
	char *last_guest; /* where "toggle" goes; NULL: the first */
	GPtrArray *items; /* Item * */
	GPtrArray *resources, *guests;

	Switch *current;
	SwitchPhase phase;
	SeatRank rank;	     /* of current: the highest of those who asked for it */
	GPtrArray *waiters;  /* of current */
	guint settle_id;     /* SeatClock's: current is looked at again from the main loop */
	gboolean unfinished; /* a switch was interrupted that nothing has taken the place of yet */
	guint next_id;
	Switch *last;

	Listeners *listeners;
	/* calls of listeners and waiters on the stack: what they request waits until they return */
	guint calling;
	GPtrArray *requests; /* Request *, theirs */
	guint requests_id;   /* SeatClock's: these are begun from the main loop */
	guint awaits;	     /* how many there were */
	SeatAwait *await;    /* a switch that begins when its guest has started; NULL: none */
};

/* reconcile.c */
/* Does the guest not run any more, as far as is known? */
gboolean guest_is_gone(const Guest *guest);
/* Brings item where the wanted target wants it, unless it is there. It is owed that as long as a
 * switch that still has to decide about it is under way, or the guest does not run. */
void seat_reconcile(Seat *seat, Item *item);
/* A switch is over: gives the items what they are owed. */
void seat_reconcile_pending(Seat *seat);
/* What failed, or could not go, may work now: tries it at once. */
void seat_reconcile_failed(Seat *seat);
/* What is not where it belongs will be tried again some time later. */
void seat_retry_what_stayed(Seat *seat);
/* Brings the seat home if the guest that has it is not up any more and no switch leaves it. */
void seat_rescue(Seat *seat);
/* After the start: the same, and brings back what is at a guest that is not running. */
void seat_rescue_found(Seat *seat);

/* start.c */
/* Has something not been found yet that was looked for at the start? */
gboolean seat_is_looking(Seat *seat);
/* Judges what was found at the start if that is everything, and has not been judged before: what is
 * at a guest that is not running comes back. */
void seat_settle(Seat *seat);

/* await.c */
void seat_await_forget(Seat *seat);
/* The same when something of rank is requested, unless what is awaited has a higher one. */
void seat_await_yield(Seat *seat, SeatRank rank);
/* The state of guest has changed; it has started. */
void seat_await_state(Seat *seat, const Guest *guest);
void seat_await_started(Seat *seat, const Guest *guest);

/* refusal.c: why a switch to target may not begin, or NULL. guest: NULL for the host. */
GError *refusal_of_guest(const Guest *guest);
GError *refusal_of_resources(Seat *seat, const char *target);

/* switch.c */
/* Makes a switch to a target the one under way, whatever the rank of the one before. */
void switch_begin(Seat *seat, SeatRank rank, SeatExtent extent, const char *to, const char *reason);
/* A step of the switch under way has got an outcome. */
void switch_step_over(Seat *seat, SwitchStep *step);
/* done will be called when the switch under way is over. */
void switch_wait(Seat *seat, SeatSwitchDone done, gpointer data);
/* A switch lives as long as someone holds it: its outcome is reported after it has left the seat.
 * NULL is fine for switch_unref(). */
Switch *switch_ref(Switch *sw);
void switch_unref(Switch *sw);
/* Has the switch under way still to decide about resource? */
gboolean switch_decides(Seat *seat, const Resource *resource);

/* steps.c */
gboolean step_is_over(const SwitchStep *step);
/* Devices wait for commands, and displays that might not come back for devices. */
gboolean step_must_wait(const Switch *sw, const SwitchStep *step);
/* The step of resource that is no part of a rollback, or NULL. */
SwitchStep *switch_forward_step(const Switch *sw, const Resource *resource);
/* Have commands of the switch's target been begun? Then those of the way back run as well. */
gboolean switch_commands_begun(const Switch *sw);
/* "keyboard: why; what to do | mouse: …" of the required steps that failed. Free with g_free(). */
char *switch_failures(const Switch *sw, gboolean undo);
/* Would a person at the guest have no keyboard or no picture, or did a command fail that devices
 * wait for? Looks only at what is over. */
gboolean switch_strands_user(const Switch *sw, gboolean all_over);

/* events.c */
void seat_emit(Seat *seat, const SeatEvent *event);

/* seat.c */
/* seat_request() for what was awaited, which it does not forget. FALSE: it is outranked. */
gboolean seat_request_awaited(Seat *seat, SeatRank rank, SeatExtent extent, const char *target,
	const char *reason, SeatSwitchDone done, gpointer data);
/* HOTSEAT_ERROR_OUTRANKED */
void seat_set_outranked(GError **error);
gint64 seat_now(Seat *seat);
Guest *seat_guest(Seat *seat, const char *name);
/* Sets what is wanted; if that is a guest, "toggle" goes there from now on. */
void seat_want(Seat *seat, const char *target);
/* Something was learned about where things are. */
void seat_learned(Seat *seat);
guint seat_after(Seat *seat, guint ms, GSourceFunc func, gpointer data);
void seat_after_cancel(Seat *seat, guint *id);
