/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The findings of hotseat doctor, each with its fix. Pure.
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
	char *thing; /* the file, display or device that it is about; NULL: the whole area */
	FindingLevel level;
	char *message;
	char *command; /* for a shell; NULL: no command fixes it */
	char *advice;  /* what the user must do without a command; NULL: nothing */
	gboolean sudo; /* commands for root get a "sudo " */
} Finding;

typedef struct {
	GPtrArray *list;  /* Finding *, in the order of the checks */
	const char *area; /* of the findings that are added now; static */
	gboolean sudo;	  /* of the findings that are added now: the user is not root */
} Findings;

Findings *findings_new(gboolean sudo);
void findings_free(Findings *findings);

/* The number of findings of that level. */
guint findings_count(const Findings *findings, FindingLevel level);

/* Of what is wrong with a thing: what is optional is missed less. */
FindingLevel finding_level_of(gboolean optional);

/* "ok", "warning", "problem" */
const char *finding_level_name(FindingLevel level);

/* Adds a finding. thing: copied; NULL: the whole area. Returns it, borrowed, so that its fix can be
 * added. */
Finding *finding_ok(Findings *findings, const char *thing, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
Finding *finding_warning(Findings *findings, const char *thing, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
Finding *finding_problem(Findings *findings, const char *thing, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
Finding *finding_at(Findings *findings, FindingLevel level, const char *thing, const char *format,
	...) G_GNUC_PRINTF(4, 5);

/* Appends a command to the finding's command, after " && ". command: as a user types it, without
 * pipes and redirections (finding_script_as_root() is for these). Further words follow, end with
 * NULL, and are quoted for the shell. */
void finding_run(Finding *finding, const char *command, ...) G_GNUC_NULL_TERMINATED;
/* The same for a command that needs root. */
void finding_run_as_root(Finding *finding, const char *command, ...) G_GNUC_NULL_TERMINATED;
/* The same for a line of shell. */
void finding_script_as_root(Finding *finding, const char *format, ...) G_GNUC_PRINTF(2, 3);
void finding_advise(Finding *finding, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Findings, findings_free)
