/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection to hotseatd's events, for as long as the process lives: when it ends, it is opened
 * again. All on the main loop.
 */
#pragma once

#include "agent/remote.h"

typedef struct {
	guint silence_s; /* hotseatd says something every 15 s; three of these missed are its end */
	guint first_ms;	 /* pause before the first try to connect again; each is twice as long, */
	guint max_ms;	 /* up to this; so long at once when hotseatd refuses the secret */
} LinkTimes;

#define LINK_TIMES ((LinkTimes){ 45, 1000, 30000 })

typedef struct {
	void (*up)(gpointer data);
	/* There is no connection, or no longer; once for each try. */
	void (*down)(const char *why, gpointer data);
	void (*event)(const char *name, const char *text, gpointer data);
} LinkOps;

typedef struct Link Link;

/* Connects, at once. remote and ops are borrowed; remote's timeout must be silence_s. */
Link *link_new(Remote *remote, const LinkTimes *times, const LinkOps *ops, gpointer data);
/* Nothing is called any more. */
void link_free(Link *link);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Link, link_free)
