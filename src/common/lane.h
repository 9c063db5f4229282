/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lane: the one worker that may touch one slow thing (an I2C bus, the libvirt connection).
 *
 * Jobs of one lane run one after another, in the order they were pushed, on a thread of the lane's
 * own, so that a hung call of one thing never holds up another. Only a job's completion, on the
 * main loop, touches shared state.
 */
#pragma once

#include <glib.h>

typedef struct Lane Lane;

/* On the lane's thread; touches nothing but the job itself and what only this lane touches. */
typedef void (*LaneWork)(gpointer job);
/* On the thread-default main context of the thread that made the lane. */
typedef void (*LaneDone)(gpointer job);

/* Returns a new lane; name (for debuggers, at most 15 bytes count) is copied. */
Lane *lane_new(const char *name);

/*
 * Gives up the lane. Never waits: jobs that have not started are dropped, one that runs goes on to
 * its end by itself; done is called for neither, free_job is called for both.
 */
void lane_free(Lane *lane);

/* Runs work(job) on the lane, then done(job), then free_job(job). The lane owns job from here. */
void lane_push(Lane *lane, LaneWork work, LaneDone done, gpointer job, GDestroyNotify free_job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lane, lane_free)
