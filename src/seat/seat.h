/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seat: wanted state, and reconcile.
 *
 * The seat knows which target should have it and brings every resource there; a request, a guest
 * that dies, a device that comes back and a libvirtd that restarts all take the one path. The
 * engine touches no hardware, has no threads, and takes its time from a SeatClock, so that tests
 * run thousands of switches with random faults in no time.
 */
#pragma once

#include "common/error.h"
#include "common/guest.h"
#include "common/resource.h"

typedef struct Seat Seat;
/* A request that waits for a guest to start. */
typedef struct SeatAwait SeatAwait;

typedef enum {
	STEP_WAITING, /* for the resource to finish what an older switch began; or held */
	STEP_RUNNING,
	STEP_DONE,    /* moved */
	STEP_ALREADY, /* was there; nothing written */
	STEP_FAILED,
	STEP_SKIPPED, /* not tried: the switch was given up before its turn */
} StepOutcome;

/* One thing done in a switch. */
typedef struct {
	Resource *resource; /* borrowed */
	char *to;	    /* where this resource goes; may be "host" in a switch to a guest */
	gboolean undo;	    /* part of a rollback */
	gboolean held;	    /* not begun: it goes when the devices are there */
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
	SWITCH_ROLLED_BACK, /* something required would not go; everything was brought back */
	SWITCH_INCOMPLETE,  /* the seat has moved, some of it has not followed (and is retried) */
	SWITCH_SUPERSEDED,  /* a newer request took its place */
} SwitchOutcome;

/* Who asks for a switch. A request supersedes a switch of its own rank or of a lower one. */
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
	guint id;     /* from 1, up by one for each switch */
	char *from;   /* where the seat was; NULL: mixed or unknown */
	char *to;     /* a target, never "toggle" */
	char *reason; /* "request", "guest win10 is off"…: why it was begun, for people */
	SeatExtent extent;
	gboolean rescue; /* home from a guest that is gone: devices wait for no command */
	SwitchOutcome outcome;
	gint64 started_us;
	double ms;
	GPtrArray *steps; /* SwitchStep *, in the order of the config; those of a rollback after
			     them */
	GError *error;	  /* unless SWITCH_DONE: the whole story in a sentence */
} Switch;

typedef enum {
	SEAT_SWITCH_STARTED,
	SEAT_STEP, /* a step's outcome has changed */
	SEAT_SWITCH_FINISHED,
	SEAT_RESOURCE_CHANGED, /* place or error of a resource, during a switch or not */
	SEAT_GUEST_CHANGED,
} SeatEventKind;

/* Everything is borrowed for the length of the call; what an event is not about is NULL. */
typedef struct {
	SeatEventKind kind;
	const Switch *sw;
	const SwitchStep *step;
	Resource *resource;
	Guest *guest;
} SeatEvent;

typedef void (*SeatListener)(Seat *seat, const SeatEvent *event, gpointer data);
typedef void (*SeatSwitchDone)(Seat *seat, const Switch *sw, gpointer data);

/* Where the engine gets its time from. */
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
 * Looks where everything is, and changes nothing. Until the first request the wanted target is
 * what was found: the guest that has the devices, else the host; wanted if not NULL (a target, kept
 * from before a reload) decides instead.
 */
void seat_start(Seat *seat, const char *wanted);

/* The guest that toggle goes to: the one that last had the seat, else the first. NULL: no guests.
 */
const char *seat_last_guest(Seat *seat);
/* Before seat_start(), as kept from before a reload; one that is gone, or NULL, is nothing. */
void seat_set_last_guest(Seat *seat, const char *name);

/* Is there something that has not followed yet and is still being tried? What is unplugged is not.
 */
gboolean seat_is_behind(Seat *seat);
/* After seat_start(), for a seat that replaces another one with pending retries: what is not where
 * it is wanted is brought there. */
void seat_catch_up(Seat *seat);

/*
 * Brings the seat to a target: "host", a guest's name, or "toggle" (from the host, or on the way to
 * it, to the guest that last had it; else to the host), or "guest", where no guest is called so:
 * the guest that last had it, else the first. A request equal to the switch under way joins it;
 * another one takes its place. reason is for people. done (may be NULL) is called exactly once,
 * never before this returns, with the switch's outcome. A request that a listener or another
 * request's done makes begins when these have returned. Returns FALSE and an error
 * (HOTSEAT_ERROR_NO_GUEST), and does not call done, when there is no such target.
 */
gboolean seat_switch(Seat *seat, const char *to, const char *reason, SeatSwitchDone done,
	gpointer data, GError **error);

/*
 * The same for a request of a rank and an extent; seat_switch() asks with the host's, for all. A
 * request of another extent than the switch under way takes its place. When a switch of a higher
 * rank to another target is under way, nothing changes: returns FALSE and HOTSEAT_ERROR_OUTRANKED.
 * A request that joins a switch of a lower rank raises that switch to its own rank.
 */
gboolean seat_request(Seat *seat, SeatRank rank, SeatExtent extent, const char *to,
	const char *reason, SeatSwitchDone done, gpointer data, GError **error);

/*
 * The same for a request that waits for nothing: it begins when the guest has started, or at once
 * if that runs and starting is not set, or is the host. starting: libvirt is starting the guest,
 * and attaches nothing to it before the hook that asks has ended. A request that follows takes its
 * place, unless its rank is lower. A guest that has not started after two minutes is refused as
 * ever. While the host has the seat and nothing is awaited, a guest with follow is awaited when it
 * starts.
 */
gboolean seat_await(Seat *seat, SeatRank rank, SeatExtent extent, gboolean starting, const char *to,
	const char *reason, GError **error);

/* Takes out of seat what is awaited, for the seat that replaces it; NULL: nothing. */
SeatAwait *seat_await_take(Seat *seat);
/* After seat_start(): await (may be NULL), which seat takes, goes on, unless its guest is gone. */
void seat_await_put(Seat *seat, SeatAwait *await);

/* The guest that is awaited: its switch has not begun. NULL: none. */
const char *seat_awaited(Seat *seat);

/* The target that a request for to would bring the seat to now, "toggle" included; NULL: there is
 * none of that name. */
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

/* What is known of a resource now; borrowed until the main loop runs again. */
const ResourceResult *seat_known(Seat *seat, Resource *resource);

/* Calls listener for every event until seat_unlisten() with the same id. Ids are never 0. */
guint seat_listen(Seat *seat, SeatListener listener, gpointer data);
void seat_unlisten(Seat *seat, guint id);

/* "done", "already", "failed", …: as the API and people read them. */
const char *step_outcome_name(StepOutcome outcome);
const char *switch_outcome_name(SwitchOutcome outcome);
const char *resource_kind_name(ResourceKind kind); /* "display", "device", "command" */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seat, seat_free)
