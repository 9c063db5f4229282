/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request to a daemon on another machine, and its answer. Blocks.
 */
#pragma once

#include "agent/endpoint.h"
#include "cli/client.h"

/* All in milliseconds. */
typedef struct {
	guint connect;	/* until the request can be sent */
	guint answer;	/* from there until the answer is complete */
	guint patience; /* how long a daemon that does not answer is tried again */
} AskTimes;

/* A connection between guest and host takes a millisecond; packets that are lost while the host
 * wakes up are sent again after 1 s and 3 s (RFC 6298). */
#define ASK_CONNECT_MS 5000
/* The same as in the agent for Windows. */
#define ASK_PATIENCE_MS 10000
#define ASK_PAUSE_MS	250

/* Like client_ask(). A request that may have reached the daemon is not repeated, because the daemon
 * may be carrying it out. */
ClientAnswer *ask(Endpoint *endpoint, const char *path, const char *body, const AskTimes *times,
	GError **error);
