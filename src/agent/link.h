/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection to hotseatd's events, for the lifetime of the process: when it ends, it is opened
 * again. Use on the main loop only.
 */
#pragma once

#include "agent/remote.h"

typedef struct {
	guint silence_s; /* the connection has failed after this silence: hotseatd sends something
			    every 15 s */
	guint first_ms;	 /* pause before the first attempt to reconnect; each pause is twice as long
			    as the one before, */
	guint max_ms; /* up to this one, which is used immediately if hotseatd rejects the secret */
} LinkTimes;

#define LINK_TIMES ((LinkTimes){ 45, 1000, 30000 })

typedef struct {
	void (*up)(gpointer data);
	/* There is no connection, or no longer; called for each failed attempt. */
	void (*down)(const char *why, gpointer data);
	void (*event)(const char *name, const char *text, gpointer data);
} LinkOps;

typedef struct Link Link;

/* Connects immediately. remote and ops are borrowed; remote's timeout must be silence_s. */
Link *link_new(Remote *remote, const LinkTimes *times, const LinkOps *ops, gpointer data);
/* Frees link without any further call of ops. */
void link_free(Link *link);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Link, link_free)
