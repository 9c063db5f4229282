/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a finished interview to a desk that works: the file, what root has to do, a trial.
 */
#pragma once

#include "cli/cli.h"
#include "ready/person.h"
#include "ready/units.h"
#include "setup/interview.h"

typedef struct {
	Interview *interview;
	const char *path;	/* where the config goes */
	gboolean standard_path; /* it is where the service reads it */
	const char *socket;	/* the daemon's */
	const char *root;	/* before /etc, /dev and the like; "" but for tests */
	Ask ask;		/* for systemd; NULL: it is not asked */
	const Person *person;	/* who is to use it; NULL: root, who may anyway */
	gboolean has_trial;	/* offer one at the end: the daemon reads the config at path */
	guint trial_ms;		/* how long the seat stays with the guest */
} Finish;

/* Offers what has to be done before a monitor can be seen. FALSE: the person has left. */
gboolean finish_before_looking(const Finish *finish);

/* Shows the configuration, writes it, has the steps done, offers a trial. */
CliExit finish(const Finish *finish);

/* The configuration as it would be written, checked. NULL: it cannot be, and why has been said.
 * Sets the draft's secret, if it needs one: what the start has, what the file beside path has, or a
 * new one. *write_secret: it must be written. Free with g_free(). */
char *finish_text(const Finish *finish, gboolean *write_secret);

/* The names of the guests that can be tried now: those that run. Offers to move the seat to the
 * first of them, and back after trial_ms, and observes what the monitors report. If only displays
 * fail, it tries once more: hotseatd does not rely any longer on reports that did not follow.
 * *learned: the draft has changed by that. FALSE: the person has left. */
gboolean trial_offer(const Finish *finish, gboolean *learned);

#define TRIAL_MS 8000
