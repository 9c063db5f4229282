/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands to run one after another, each with its reason.
 */
#pragma once

#include <glib.h>

typedef struct {
	char *why;	/* for people: what is so as long as it was not run */
	GStrv argv;	/* without sudo */
	gboolean root;	/* only root may */
	gboolean later; /* has no effect before the user has logged in again: only shown */
} ReadyStep;

/* ReadyStep *, freed with the array. */
GPtrArray *steps_new(void);

/* Adds one, for root; it belongs to the array. argv: NULL at the end. All is copied. */
ReadyStep *steps_add(GPtrArray *steps, const char *why, const char *const *argv);

/* As one would type it: with sudo if root is needed and we are not. Free with g_free(). */
char *step_command(const ReadyStep *step);

/* Runs it, without a question of sudo's if quiet. FALSE: *said is what it said, to be freed with
 * g_free(). */
gboolean step_run(const ReadyStep *step, gboolean quiet, char **said);
