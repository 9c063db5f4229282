/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything after the interview: writes the file, runs the commands that need root, and offers a
 * trial.
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
	const char *root;	/* before /etc, /dev and the like; "" except in tests */
	Ask ask;		/* for systemd; NULL: it is not asked */
	const Person *person;	/* who is to use it; NULL: root, who may anyway */
	gboolean has_trial;	/* offer one at the end: the daemon reads the config at path */
	guint trial_ms;		/* how long the seat stays with the guest */
} Finish;

/* Offers the commands without which no monitor is accessible. FALSE: the user has left. */
gboolean finish_before_looking(const Finish *finish);

/* Shows the configuration, writes it, runs the commands, and offers a trial. */
CliExit finish(const Finish *finish);

/* The text of the configuration, checked. NULL: it is invalid, which has been reported. Sets the
 * draft's secret if it needs one: that of the start, that in the file beside path, or a new one.
 * *write_secret: the secret must be written. Free with g_free(). */
char *finish_text(const Finish *finish, gboolean *write_secret);

/* The names of the guests that can be tried now: those that run. Offers to move the seat to the
 * first of them, and back after trial_ms, and observes what the monitors report. If only displays
 * fail, it tries once more: hotseatd does not rely any longer on reports that did not follow.
 * *learned: the draft has changed by that. FALSE: the user has left. */
gboolean trial_offer(const Finish *finish, gboolean *learned);

#define TRIAL_MS 8000
