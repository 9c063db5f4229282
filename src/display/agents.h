/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agents inside guests. They can set a monitor when the host cannot, because many monitors
 * accept commands only on the input that they show. Use on the main loop only.
 */
#pragma once

#include "display/edid.h"

/* What to set on a monitor. Borrowed during the call. */
typedef struct {
	const char *display; /* its name in the config */
	const Edid *edid;    /* identifies the monitor; NULL: not known */
	VcpFeature feature;
	guint16 value;
} DisplayOrder;

/* error: why no agent did it, for people; NULL: an agent reports success. */
typedef void (*DisplayOrderDone)(const GError *error, gpointer data);

typedef struct DisplayAgents DisplayAgents;

/* Embedded by the owner of the agents. */
struct DisplayAgents {
	/* Is an agent connected, in guest (NULL: in any)? */
	gboolean (*any)(DisplayAgents *agents, const char *guest);
	/* Sends the order to all of them. Calls done exactly once, within 10 s and never before it
	 * returns, unless the order is cancelled. Returns the id for cancel(), never 0. */
	guint (*order)(DisplayAgents *agents, const char *guest, const DisplayOrder *order,
		DisplayOrderDone done, gpointer data);
	void (*cancel)(DisplayAgents *agents, guint id);
};
