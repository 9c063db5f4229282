/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bringing a monitor to a target: one way after another, until it shows what it should. Whatever a
 * way reports, the monitor is looked at before it is believed. On the main loop.
 */
#pragma once

#include "display/private.h"

typedef struct {
	/* After so long a monitor that was told answers, on the input that it shows: some are
	 * silent for 10 s while they switch (ddcutil #385, #398). */
	guint look_ms;
	/* One that took the value from the host, and is silent: it is either about to answer, or
	 * has heard nothing. */
	guint doubt_ms;
	/* From the first look to the second. Each pause is twice the one before, up to the
	 * slowest: asking again and again resets some graphics cards (ddcutil #523). */
	guint pause_ms, slowest_ms;
} ClimbTimes;

/* ladder_new() with other times, for tests that do not want to wait. */
Resource *ladder_new_timed(
	MonitorRegistry *registry, const ConfigDisplay *config, const ClimbTimes *times);

/* What to do. All that it points to is borrowed until the end, but target, from and cancel. */
typedef struct {
	Resource *display;     /* the host's way: of display_new() */
	DisplayAgents *agents; /* NULL: none */
	const char *target;
	const char *from;	     /* the target that it showed; NULL: unknown */
	ReturnWay ways[RETURN_WAYS]; /* in the order to try them */
	guint n_ways;		     /* at least 1 */
	GCancellable *cancel;	     /* fires when a newer request has made this one pointless */
	ClimbTimes times;
} ClimbPlan;

/* What came of it; borrowed for the length of the call. */
typedef struct {
	int way;	  /* ReturnWay that did it; -1: none did, or none was needed */
	gboolean unheard; /* the monitor did not hear the host while it showed plan.from */
	ResourceResult result;
} ClimbEnd;

/* The climb is freed when this returns. */
typedef void (*ClimbDone)(const ClimbEnd *end, gpointer data);

typedef struct Climb Climb;

/*
 * Tries the ways of plan. Calls done exactly once, never before this returns, unless it is freed
 * before. When plan.cancel fires, a command that runs is stopped, and no further way is tried.
 */
Climb *climb_start(const ClimbPlan *plan, ClimbDone done, gpointer data);

/* Ends it without a call of done. NULL is fine. The display's own apply goes on. */
void climb_free(Climb *climb);
