/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A desk for tests of the engine: time that stands still until told to go on, resources and guests
 * that take as long and fail as the test says.
 */
#pragma once

#include "seat/seat.h"

typedef struct {
	gint64 now_us;
	guint next_id;
	GPtrArray *timers;
} FakeTime;

SeatClock fake_clock(FakeTime *fake);
/* Of a time that has begun, for a second seat. */
SeatClock fake_same_clock(FakeTime *fake);
/* Lets time pass until nothing is due for ms. */
void fake_run(FakeTime *fake, guint ms);
/* How long until something is due, in ms; -1: nothing is. */
int fake_until_next(const FakeTime *fake);
void fake_clear(FakeTime *fake);

typedef struct {
	Resource base;
	FakeTime *time;
	const char *at;	     /* where it really is */
	const char *serves;  /* "": all guests; else only this one */
	guint ms;	     /* an apply takes; it can be stopped in its first half */
	gboolean stuck;	     /* does not move */
	gboolean stuck_away; /* does not move to a guest; comes back */
	gboolean missing;    /* check fails */
	gboolean one_way;    /* it is unknown whether it would come back */
	gboolean forwarded;  /* a device that moves via input */
	const char *kept;    /* forwarded and unplugged: where it was */
	gboolean stopped;    /* forwarded: hotseat-inputd does not run */
	guint applies;	     /* so far */
	guint writes;	     /* that moved it */
	guint stops;	     /* that were cancelled in time */
	gboolean busy;
	const char *to;
	ResourceDone done;
	gpointer data;
	GCancellable *cancel; /* of the last apply */
	guint timer;
} FakeResource;

FakeResource *fake_resource(FakeTime *fake, ResourceKind kind, const char *name);
/* Plugged out, or in again at the host; a forwarded device where it was. */
void fake_plug(FakeResource *r, gboolean in);
/* hotseat-inputd ends or starts again: a forwarded device is at the host. */
void fake_stop(FakeResource *r, gboolean stopped);
/* hotseat-inputd brings a forwarded device home by itself. */
void fake_bring_home(FakeResource *r);

typedef struct {
	Guest base;
	FakeTime *time;
	GuestState real; /* what a refresh finds */
	guint refreshes;
	GuestDone done;
	gpointer data;
	guint timer;
} FakeGuest;

FakeGuest *fake_guest(FakeTime *fake, const char *name, GuestState state);
/* The guest changes, and libvirt says so. */
void fake_guest_becomes(FakeGuest *g, GuestState state);
