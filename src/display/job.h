/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One observe or apply on one bus: the part of a display that runs on the bus's lane.
 */
#pragma once

#include "display/bus.h"
#include "display/show.h"

typedef struct {
	VcpFeature feature;
	guint16 value;
} FeatureValue;

typedef struct DisplayJob DisplayJob;

/* On the main loop; job is freed when it returns. */
typedef void (*DisplayJobDone)(const DisplayJob *job, gpointer data);

/* All that the lane may touch. */
struct DisplayJob {
	DisplayJobDone done; /* NULL: forgotten; the main loop's */
	gpointer data;
	MonitorBus *bus;
	VcpFeature feature;
	gboolean apply, once;
	ConfigInput input; /* for apply */
	GArray *also;	   /* FeatureValue, to be written first; NULL: none */
	gboolean also_written;
	gboolean expects; /* edid on the bus */
	gboolean has_edid;
	Edid edid;
	GCancellable *cancel;
	guint reply_ms; /* time that the monitor needs for a reply, before and after the job; 0: not
			   known */
	Shown shown;	/* what is known before and after the job */
	gboolean written;
	GError *error;
};

DisplayJob *display_job_new(MonitorBus *bus, GCancellable *cancel);
/* Runs job on the bus's lane, which takes ownership, and calls done unless the job is forgotten. */
void display_job_start(DisplayJob *job, DisplayJobDone done, gpointer data);
void display_job_forget(DisplayJob *job);
