/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seat: wanted state, and reconcile.
 *
 * The seat knows which target should have it, and brings every resource there. A request, a guest
 * that crashes, a device that is plugged in again and a libvirtd that restarts all take the same
 * path. The engine touches no hardware, has no threads, and gets its time from a SeatClock, so that
 * tests can run thousands of switches with random faults quickly.
 */
#pragma once

#include "common/error.h"
#include "common/guest.h"
#include "common/resource.h"

typedef struct Seat Seat;
/* A request that waits for a guest to start. */
typedef struct SeatAwait SeatAwait;

typedef enum {
	STEP_WAITING, /* the resource finishes what an older switch began; or the step is held */
	STEP_RUNNING,
	STEP_DONE,    /* moved */
	STEP_ALREADY, /* was already there; nothing was written */
	STEP_FAILED,
	STEP_SKIPPED, /* not tried: the switch was abandoned before its turn */
} StepOutcome;

/* One thing done in a switch. */
typedef struct {
	Resource *resource; /* borrowed */
	char *to;	    /* where this resource goes; may be "host" in a switch to a guest */
	gboolean undo;	    /* part of a rollback */
	gboolean held;	    /* not begun: it waits for the devices */
	StepOutcome outcome;
	gint64 started_us; /* SeatClock's time */
	double ms;	   /* from the step's start; 0 until it is over */
	char *detail;	   /* ResourceResult.detail, may be NULL */
	GError *error;	   /* STEP_FAILED: why */
} SwitchStep;

typedef enum {
	SWITCH_RUNNING,
	SWITCH_DONE,	    /* everything required is at the target */
	SWITCH_REFUSED,	    /* nothing was moved */
	SWITCH_ROLLED_BACK, /* something required could not be moved; everything was brought back */
	SWITCH_INCOMPLETE,  /* the seat has moved, but some resources have not (they are retried) */
	SWITCH_SUPERSEDED,  /* replaced by a newer request */
} SwitchOutcome;

/* The rank of a request. A request replaces a switch of its own rank or of a lower one. */
typedef enum {
	SEAT_RANK_GUEST,
	SEAT_RANK_HOST, /* the host, the administrator, and the seat's own decisions */
} SeatRank;

/* What a request moves. */
typedef enum {
	SEAT_EXTENT_ALL,
	SEAT_EXTENT_REQUIRED, /* optional devices stay where they are until the next request, or
			       * until the guest that has them is gone */
} SeatExtent;

typedef struct {
	guint id;     /* counts the switches, from 1 */
	char *from;   /* where the seat was; NULL: mixed or unknown */
	char *to;     /* a target, never "toggle" */
	char *reason; /* "request", "guest win10 is off"…: why it was begun, for people */
	SeatExtent extent;
	gboolean rescue; /* back from a guest that has stopped: devices wait for no command */
	SwitchOutcome outcome;
	gint64 started_us;
	double ms;
	GPtrArray *steps; /* SwitchStep *, in the order of the config; those of a rollback after
			     them */
	GError *error;	  /* unless SWITCH_DONE: what happened, in one sentence */
} Switch;

typedef enum {
	SEAT_SWITCH_STARTED,
	SEAT_STEP, /* a step's outcome has changed */
	SEAT_SWITCH_FINISHED,
	SEAT_RESOURCE_CHANGED, /* place or error of a resource, during a switch or not */
	SEAT_GUEST_CHANGED,
} SeatEventKind;

/* Everything is borrowed for the length of the call. Members that do not concern the event are
 * NULL. */
typedef struct {
	SeatEventKind kind;
	const Switch *sw;
	const SwitchStep *step;
	Resource *resource;
	Guest *guest;
} SeatEvent;

typedef void (*SeatListener)(Seat *seat, const SeatEvent *event, gpointer data);
typedef void (*SeatSwitchDone)(Seat *seat, const Switch *sw, gpointer data);

/* The engine's source of time. */
typedef struct {
	gint64 (*now_us)(gpointer data);
	/* Calls func(func_data) once, ms from now; returns an id (never 0) for cancel. */
	guint (*after)(guint ms, GSourceFunc func, gpointer func_data, gpointer data);
	void (*cancel)(guint id, gpointer data);
	gpointer data;
} SeatClock;

/* clock: NULL for the main loop's. check_guest: refuse a guest that does not run. */
Seat *seat_new(const SeatClock *clock, gboolean check_guest);
/* Makes no further calls, and frees resources and guests. */
void seat_free(Seat *seat);

/* The seat takes ownership. Only before seat_start(). Names are unique within their kind. */
void seat_add_resource(Seat *seat, Resource *resource);
void seat_add_guest(Seat *seat, Guest *guest);

/*
 * Observes everything, and changes nothing. Until the first request the wanted target is the one
 * that was found: the guest that has the devices, otherwise the host. If wanted is not NULL (the
 * target from before a reload), that is the wanted target.
 */
void seat_start(Seat *seat, const char *wanted);

/* The guest that "toggle" chooses: the one that had the seat last, otherwise the first. NULL: there
 * are no guests.
 */
const char *seat_last_guest(Seat *seat);
/* Sets the guest that had the seat last before a reload. Call it before seat_start(). NULL, or a
 * guest that no longer exists, has no effect. */
void seat_set_last_guest(Seat *seat, const char *name);

/* Is a resource not yet where it belongs, and still being retried? Unplugged devices do not count.
 */
gboolean seat_is_behind(Seat *seat);
/* For a seat that replaces another one with pending retries, after seat_start(): brings every
 * resource to where it belongs. */
void seat_catch_up(Seat *seat);

/*
 * Brings the seat to a target: "host", a guest's name, or "toggle" (from the host, or on the way to
 * it, to the guest that last had it; else to the host), or "guest" if no guest has that name: the
 * guest that last had it, else the first. A request that equals the switch under way joins it; any
 * other request replaces it. reason is for people. done (may be NULL) is called exactly once, with
 * the switch's outcome, and never before this returns. A request that is made in a listener or in
 * another request's done begins after these have returned. Returns FALSE and an error
 * (HOTSEAT_ERROR_NO_GUEST), and does not call done, when there is no such target.
 */
gboolean seat_switch(Seat *seat, const char *to, const char *reason, SeatSwitchDone done,
	gpointer data, GError **error);

/*
 * The same with a rank and an extent; seat_switch() uses SEAT_RANK_HOST and SEAT_EXTENT_ALL. A
 * request with another extent than the switch under way replaces it. If a switch of a higher rank
 * to another target is under way, nothing changes, and this returns FALSE and
 * HOTSEAT_ERROR_OUTRANKED. A request that joins a switch of a lower rank raises that switch to its
 * own rank.
 */
gboolean seat_request(Seat *seat, SeatRank rank, SeatExtent extent, const char *to,
	const char *reason, SeatSwitchDone done, gpointer data, GError **error);

/*
 * The same, but returns without a result: the switch begins when the guest has started, or
 * immediately if to is the host, or if the guest runs and starting is not set. starting: libvirt is
 * starting the guest, and attaches nothing to it before the hook that makes this request has ended.
 * A later request replaces this one, unless its rank is lower. If the guest has not started after
 * two minutes, the switch is refused like any other. While the host has the seat and no guest is
 * awaited, a guest with follow set is awaited when it starts.
 */
gboolean seat_await(Seat *seat, SeatRank rank, SeatExtent extent, gboolean starting, const char *to,
	const char *reason, GError **error);

/* Removes the awaited request from seat and returns it, for the seat that replaces it; NULL: there
 * is none. */
SeatAwait *seat_await_take(Seat *seat);
/* Continues await in seat, after seat_start(), unless its guest no longer exists. seat takes
 * ownership; await may be NULL. */
void seat_await_put(Seat *seat, SeatAwait *await);

/* The guest that is awaited, whose switch has not begun. NULL: none. */
const char *seat_awaited(Seat *seat);

/* The target to which a request for to (which may be "toggle") would bring the seat now; NULL:
 * there is no such target. */
const char *seat_target(Seat *seat, const char *to);

/* The target that has the seat: every required resource that has a place is there. NULL: mixed,
 * unknown. */
const char *seat_at(Seat *seat);
const char *seat_wanted(Seat *seat);	/* never NULL after seat_start() */
const Switch *seat_current(Seat *seat); /* the switch under way, or NULL */
const Switch *seat_last(Seat *seat);	/* the one that finished last, or NULL */

/* In the order of the config; arrays are the seat's. */
GPtrArray *seat_resources(Seat *seat); /* Resource * */
GPtrArray *seat_guests(Seat *seat);    /* Guest * */

/* What is known about a resource now; borrowed until the main loop runs again. */
const ResourceResult *seat_known(Seat *seat, Resource *resource);

/* Calls listener for every event until seat_unlisten() with the same id. Ids are never 0. */
guint seat_listen(Seat *seat, SeatListener listener, gpointer data);
void seat_unlisten(Seat *seat, guint id);

/* "done", "already", "failed", …: as the API and people read them. */
const char *step_outcome_name(StepOutcome outcome);
const char *switch_outcome_name(SwitchOutcome outcome);
const char *resource_kind_name(ResourceKind kind); /* "display", "device", "command" */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seat, seat_free)
