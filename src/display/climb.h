/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the two files of the ladder share: ladder.c is the resource, and knows what a monitor has
 * shown of itself so far; climb.c is one apply, from the first way to the last.
 */
#pragma once

#include "display/private.h"
#include "display/room.h"
#include "hook/run.h"

typedef struct {
	/* After so long a monitor that was told answers, on the input that it shows: some are
	 * silent for 10 s while they switch (ddcutil #385, #398). */
	guint look_ms;
	/* One that took the value from the host, and is silent: it is either about to answer, or
	 * has heard nothing. */
	guint doubt_ms;
	/* From one look to the next. */
	guint every_ms;
} ClimbTimes;

/* 10 s, 3 s, 0.1 s; only tests, which do not want to wait, change them. */
extern ClimbTimes climb_times;

/* What is under way: an apply, or a mere look. */
typedef struct {
	char *target; /* NULL: a look */
	char *from;   /* the target that it showed; NULL: unknown */
	GCancellable *cancel;
	ResourceDone done; /* NULL: nothing is under way */
	gpointer data;
	ReturnWay ways[RETURN_WAYS];
	guint n_ways, next; /* next: the one to be tried after the present one */
	gboolean looked;    /* since the last one was tried */
	gboolean told;	    /* the present way says that it has told the monitor */
	gboolean doubt;	    /* the host has told it, and it has not answered since */
	gboolean changed;
	GString *failures; /* why the ways did not bring it back, "; " between them */
	int code;	   /* HotseatError of the host's own way */
	gint64 until_us;   /* looks have an end */
	guint timer, order;
	HookRun *run;
} Climb;

typedef struct {
	Resource resource;
	Resource *display; /* the host's way */
	DisplayRoom *room;
	char *at;	   /* the target it was seen at last; NULL: unknown */
	GHashTable *heard; /* set of the guests from whose inputs the host was heard */
	int worked;	   /* the way that made it leave a guest last; -1: none did yet */
	gboolean failed;   /* the last use */
	Climb climb;
} Ladder;

/* Goes the ways of ladder->climb until one brings it to the target. */
void climb_begin(Ladder *ladder);
void climb_clear(Ladder *ladder);

/* The end: tells whoever waits. way: the one that did it; -1: none, or none was needed. */
void ladder_finish(Ladder *ladder, int way, const ResourceResult *result);
/* The host was not heard by the monitor while it showed this target. */
void ladder_unheard(Ladder *ladder, const char *target);
