/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brings a monitor to a target: tries one way after another, until the monitor shows the right
 * input. Whatever a way reports, the monitor is read to confirm it. Use on the main loop only.
 */
#pragma once

#include "display/private.h"

typedef struct {
	/* How long a monitor that was set may take to answer on the input that it shows: some are
	 * silent for 10 s while they switch (ddcutil #385, #398). */
	guint look_ms;
	/* The same for a monitor that accepted the value from the host and is silent: it will
	 * either answer soon, or has not received the command. */
	guint doubt_ms;
	/* pause_ms: from the first read to the second. Each pause is twice as long as the one
	 * before, up to slowest_ms: frequent reads reset some graphics cards (ddcutil #523). */
	guint pause_ms, slowest_ms;
} ClimbTimes;

/* ladder_new() with other times, for tests that must not wait. */
Resource *ladder_new_timed(
	MonitorRegistry *registry, const ConfigDisplay *config, const ClimbTimes *times);

/* What to do. Everything that it points to, except target, from and cancel, is borrowed until the
 * climb ends. */
typedef struct {
	Resource *display;     /* the way from the host: a resource of display_new() */
	DisplayAgents *agents; /* NULL: none */
	const char *target;
	const char *from;	     /* the target that it showed; NULL: unknown */
	ReturnWay ways[RETURN_WAYS]; /* in the order to try them */
	guint n_ways;		     /* at least 1 */
	GCancellable *cancel;	     /* fires when a newer request replaces this one */
	ClimbTimes times;
} ClimbPlan;

/* The result; borrowed for the length of the call. */
typedef struct {
	int way;	  /* the ReturnWay that worked; -1: none did, or none was needed */
	gboolean unheard; /* the monitor did not answer the host while it showed plan.from */
	ResourceResult result;
} ClimbEnd;

/* The climb is freed when this returns. */
typedef void (*ClimbDone)(const ClimbEnd *end, gpointer data);

typedef struct Climb Climb;

/*
 * Tries the ways of plan. Calls done exactly once, and never before this returns, unless the climb
 * is freed first. When plan.cancel fires, a running command is stopped, and no other way is tried.
 */
Climb *climb_start(const ClimbPlan *plan, ClimbDone done, gpointer data);

/* Frees the climb without calling done. NULL is allowed. An apply of plan.display that is under way
 * continues. */
void climb_free(Climb *climb);
