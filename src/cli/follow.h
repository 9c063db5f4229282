/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon's events for the lifetime of the process, on the main loop. If the daemon exits, this
 * keeps trying to connect again.
 */
#pragma once

#include "cli/cli.h"
#include "cli/events.h"

/* The first and the longest pause between attempts to connect, in milliseconds. An attempt costs
 * only a connect() that fails immediately. */
#define FOLLOW_RETRY_MIN_MS 250
#define FOLLOW_RETRY_MAX_MS 5000

typedef struct Follow Follow;

/* Each may be NULL. */
typedef struct {
	void (*event)(const Event *event, gpointer data);
	void (*settled)(gpointer data); /* all events that had arrived were reported */
	/* there is no daemon, or no longer; called for each failed attempt */
	void (*gone)(const char *why, gpointer data);
} FollowOps;

/* Connects immediately, and reports the result on the main loop. cli and ops are borrowed. */
Follow *follow_new(const Cli *cli, const FollowOps *ops, gpointer data);
void follow_free(Follow *follow);

/* The socket of the last attempt. */
const char *follow_path(const Follow *follow);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Follow, follow_free)
