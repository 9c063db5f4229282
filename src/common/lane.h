/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lane: the one worker that may touch one slow thing (an I2C bus, the libvirt connection).
 *
 * Jobs of one lane run one after another, in the order in which they were pushed, on the lane's own
 * thread. A call that hangs on one lane never delays another lane. Only a job's completion, on the
 * main loop, touches shared state.
 */
#pragma once

#include <glib.h>

typedef struct Lane Lane;

/* Runs on the lane's thread. It may touch only the job itself and what belongs to this lane. */
typedef void (*LaneWork)(gpointer job);
/* Runs in the thread-default main context of the thread that created the lane. */
typedef void (*LaneDone)(gpointer job);

/* Returns a new lane; name (for debuggers, at most 15 bytes count) is copied. */
Lane *lane_new(const char *name);

/*
 * Frees the lane without waiting. Jobs that have not started are dropped; a job that is running
 * continues to its end. done is called for neither, free_job for both.
 */
void lane_free(Lane *lane);

/* Runs work(job) on the lane, then done(job), then free_job(job). The lane takes ownership of job.
 */
void lane_push(Lane *lane, LaneWork work, LaneDone done, gpointer job, GDestroyNotify free_job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lane, lane_free)
