/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The internals of a display, between display.c (the resource, and its uses), where.c (what is
 * known of where it is) and settle.c (the look some time after a switch).
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

/* An observe or apply under way. Runs on a bus as a Job; on another one when the monitor has moved
 * meanwhile. */
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
	gboolean scanned; /* there was one for this use */
	guint idle;	  /* source: there is no bus to ask once on */
	int bus;	  /* that was tried last; -1: none yet */
	GArray *tried;	  /* int: the buses of its cables that were tried since the last scan */
	int good_bus;	  /* that it was reached over; -1: none */
	gboolean written; /* a value was */
	gboolean also;	  /* further features were written */
	GError *error;	  /* of the first of those tries */
} Use;

struct Display {
	Resource resource;
	MonitorRegistry *registry;
	const ConfigDisplay *config;
	gboolean reads_alike; /* several inputs read as the same: reading tells nothing */
	gboolean reads_zero;  /* one of them reads as 0x00 */
	Shown shown;
	gboolean recalled;	   /* what was learned about the monitor before */
	gboolean says_reads;	   /* the config says what an input reads as */
	const MonitorModel *model; /* what the monitor database says; NULL: nothing (yet) */
	guint reply_ms;		   /* see DisplayJob */
	LastCable last_cable;	   /* over which it was reached */
	gboolean has_edid;
	Edid edid;  /* of the monitor that the last use met */
	char *last; /* the target last applied */
	Presence presence;
	gboolean failed; /* the last use; a new look at the buses is worth another */
	/* the target whose further features (also) were written last; NULL: none yet */
	char *also_target;
	Use use;
	GCancellable *settle_cancel; /* never fires */
	guint settle;		     /* source: the look some time after a switch */
	DisplayJob *settling;	     /* that look, or NULL */
	DisplayJob *job;	     /* on its lane, or NULL */
};

/* The target whose input shows; of several with the same input the one last applied. NULL: unknown,
 * or none. Borrowed until the next use. */
const char *display_target_shown(const Display *display);
/* What it shows and how that is known, for people. at: display_target_shown(), or NULL. NULL: no
 * bus. Free with g_free(). */
char *display_describe_shown(const Display *display, int bus, const char *at, gboolean written);
/* Fills in reads_alike, reads_zero and says_reads. */
void display_look_at_inputs(Display *display);

/* Takes what was learned about the monitor, and for the rest what the monitor database says, once
 * it is known which it is; keeps what was learned. */
void display_recall(Display *display);
void display_learn(Display *display);

/* A job on the bus, with what is known of the display. */
DisplayJob *display_new_job(const Display *display, MonitorBus *bus, GCancellable *cancel);

/* Looks once more some time after a switch. bus: that it was written on; -1: there is nothing to
 * look for. */
void display_settle_later(Display *display, int bus);
void display_settle_forget(Display *display);
