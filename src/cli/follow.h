/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon's events for as long as the process lives, on the main loop: when the daemon goes, it
 * is looked for again and again.
 */
#pragma once

#include "cli/cli.h"
#include "cli/events.h"

/* Pauses between looks for a daemon that is not there: the first, and the longest. A look costs a
 * connect() that fails at once. */
#define FOLLOW_RETRY_MIN_MS 250
#define FOLLOW_RETRY_MAX_MS 5000

typedef struct Follow Follow;

/* Each may be NULL. */
typedef struct {
	void (*event)(const Event *event, gpointer data);
	void (*settled)(gpointer data); /* all events that had arrived were told */
	/* there is no daemon, or no longer; once for each look for it */
	void (*gone)(const char *why, gpointer data);
} FollowOps;

/* Looks for the daemon at once and reports it from the main loop. cli and ops are borrowed. */
Follow *follow_new(const Cli *cli, const FollowOps *ops, gpointer data);
void follow_free(Follow *follow);

/* The socket where the daemon was found, or looked for last. */
const char *follow_path(const Follow *follow);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Follow, follow_free)
