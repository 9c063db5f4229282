/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Those inside the guests who can tell a monitor what to show, where the host cannot: many monitors
 * listen only on the input that they show. Everything here is called on the main loop.
 */
#pragma once

#include "display/edid.h"

/* What to set on a monitor. Borrowed during the call. */
typedef struct {
	const char *display; /* as the person knows it */
	const Edid *edid;    /* who it is; NULL: not known */
	VcpFeature feature;
	guint16 value;
} DisplayOrder;

/* error: no agent did it, and why, for people; NULL: an agent reports that it is done. */
typedef void (*DisplayOrderDone)(const GError *error, gpointer data);

typedef struct DisplayAgents DisplayAgents;

/* Embedded by the owner of the agents. */
struct DisplayAgents {
	/* Is an agent connected, in guest (NULL: in any)? */
	gboolean (*any)(DisplayAgents *agents, const char *guest);
	/* Asks them all. Calls done exactly once, never before it returns and within 10 s, unless
	 * the order is cancelled by the id (never 0) that it returns. */
	guint (*order)(DisplayAgents *agents, const char *guest, const DisplayOrder *order,
		DisplayOrderDone done, gpointer data);
	void (*cancel)(DisplayAgents *agents, guint id);
};
