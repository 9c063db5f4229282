/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hotseat doctor has found: each with its fix. Pure.
 */
#pragma once

#include <glib.h>

typedef enum {
	FINDING_OK,
	FINDING_WARNING,
	FINDING_PROBLEM,
} FindingLevel;

typedef struct {
	const char *area;
	char *thing; /* the file, display, device it is about; NULL: the area as a whole */
	FindingLevel level;
	char *message;
	char *command; /* literally, for a shell; NULL: no command fixes it */
	char *advice;  /* what the hand has to do; NULL: nothing */
	gboolean sudo; /* commands for root get a "sudo " */
} Finding;

typedef struct {
	GPtrArray *list;  /* Finding *, in the order of the checks */
	const char *area; /* of those that are added now; static */
	gboolean sudo;	  /* of those that are added now: the user who asks is not root */
} Findings;

Findings *findings_new(gboolean sudo);
void findings_free(Findings *findings);

/* How many are of that level. */
guint findings_count(const Findings *findings, FindingLevel level);

/* Of what is wrong with a thing: what is optional is missed less. */
FindingLevel finding_level_of(gboolean optional);

/* "ok", "warning", "problem" */
const char *finding_level_name(FindingLevel level);

/* Adds one. thing: copied; NULL: the area. Returns it, borrowed, to add its fix. */
Finding *finding_ok(Findings *findings, const char *thing, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
Finding *finding_warning(Findings *findings, const char *thing, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
Finding *finding_problem(Findings *findings, const char *thing, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
Finding *finding_at(Findings *findings, FindingLevel level, const char *thing, const char *format,
	...) G_GNUC_PRINTF(4, 5);

/* Adds a command to the finding's, behind " && ". command: as one types it (no pipe, no
 * redirection: finding_script_as_root() is for these); further words follow, NULL at the end, and
 * are quoted as the shell needs it. */
void finding_run(Finding *finding, const char *command, ...) G_GNUC_NULL_TERMINATED;
/* The same for one that only root may use. */
void finding_run_as_root(Finding *finding, const char *command, ...) G_GNUC_NULL_TERMINATED;
/* The same for a line of shell. */
void finding_script_as_root(Finding *finding, const char *format, ...) G_GNUC_PRINTF(2, 3);
void finding_advise(Finding *finding, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Findings, findings_free)
