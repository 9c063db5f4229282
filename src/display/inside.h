/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The internals of a display, shared by display.c (the resource and its uses), where.c (what is
 * known about its place) and settle.c (the check some time after a switch).
 */
#pragma once

#include "display/job.h"
#include "display/monitor-models.h"
#include "display/private.h"

typedef struct Display Display;

typedef enum {
	PRESENCE_UNKNOWN,
	PRESENT,
	MISSING,
} Presence;

/* An observe or apply under way. Runs on a bus as a DisplayJob, and on another bus if the monitor
 * has moved meanwhile. */
typedef struct {
	gboolean active;
	char *target;	      /* NULL: observe */
	gboolean once;	      /* observe: ask once, on the bus that is known */
	GCancellable *cancel; /* fires with the caller's, and when the display is freed */
	GCancellable *outer;
	gulong handler;
	ResourceDone done;
	gpointer data;
	gboolean waiting; /* for a scan */
	gboolean scanned; /* a scan was made for this use */
	guint idle;	  /* source: there is no bus to ask once on */
	int bus;	  /* the bus that was tried last; -1: none yet */
	GArray *tried; /* int: the buses of its cables that have been tried since the last scan */
	int good_bus;  /* the bus on which it answered; -1: none */
	gboolean written; /* a value was written */
	gboolean also;	  /* further features were written */
	GError *error;	  /* the error of the first attempt */
} Use;

struct Display {
	Resource resource;
	MonitorRegistry *registry;
	const ConfigDisplay *config;
	gboolean reads_alike; /* several inputs read as the same code, so that reading cannot
				 confirm one */
	gboolean reads_zero;  /* one of them reads as 0x00 */
	Shown shown;
	gboolean recalled;	   /* the monitor's entry in the memory was read */
	gboolean says_reads;	   /* the config says what an input reads as */
	const MonitorModel *model; /* what the monitor database says; NULL: nothing (yet) */
	guint reply_ms;		   /* see DisplayJob */
	LastCable last_cable;	   /* the one over which it answered last */
	gboolean has_edid;
	Edid edid;  /* the monitor of the last use */
	char *last; /* the target last applied */
	Presence presence;
	gboolean failed; /* the last use failed; try again after a new scan */
	/* the target whose further features (also) were written last; NULL: none yet */
	char *also_target;
	Use use;
	GCancellable *settle_cancel; /* never fires */
	guint settle;		     /* source: the check some time after a switch */
	DisplayJob *settling;	     /* that check, or NULL */
	DisplayJob *job;	     /* on its lane, or NULL */
};

/* The target whose input the monitor shows; if several targets have the same input, the one that
 * was applied last. NULL: unknown, or none. Borrowed until the next use. */
const char *display_target_shown(const Display *display);
/* What it shows and how that is known, for people. at: display_target_shown(), or NULL. Returns
 * NULL if there is no bus. Free with g_free(). */
char *display_describe_shown(const Display *display, int bus, const char *at, gboolean written);
/* Fills in reads_alike, reads_zero and says_reads. */
void display_look_at_inputs(Display *display);

/* display_recall() reads what was learned about the monitor, once it has been identified, and takes
 * the rest from the monitor database. display_learn() stores what was learned. */
void display_recall(Display *display);
void display_learn(Display *display);

/* A job on the bus, filled in with what is known about the display. */
DisplayJob *display_new_job(const Display *display, MonitorBus *bus, GCancellable *cancel);

/* Schedules a check some time after a switch. bus: the one on which the input was written; -1: no
 * check is needed. */
void display_settle_later(Display *display, int bus);
void display_settle_forget(Display *display);
