/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands to run one after another, each with its reason.
 */
#pragma once

#include <glib.h>

typedef struct {
	char *why;	/* for people: the problem until it has been run */
	GStrv argv;	/* without sudo */
	gboolean root;	/* only root can run it */
	gboolean later; /* it has an effect only after the user's next login, so it is only shown */
} ReadyStep;

/* ReadyStep *, freed with the array. */
GPtrArray *steps_new(void);

/* Adds a step that root must run, and returns it; the array owns it. argv: ends with NULL. All
 * arguments are copied. */
ReadyStep *steps_add(GPtrArray *steps, const char *why, const char *const *argv);

/* The command as a user would type it, with sudo if it needs root and this process is not root.
 * Free with g_free(). */
char *step_command(const ReadyStep *step);

/* Runs it; if quiet is set, sudo asks for no password. On failure returns FALSE, and *said is its
 * output, to be freed with g_free(). */
gboolean step_run(const ReadyStep *step, gboolean quiet, char **said);
