/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request to a daemon on another machine, and its answer. Blocks: the command has nothing else
 * to do.
 */
#pragma once

#include "agent/endpoint.h"
#include "cli/client.h"

/* All in milliseconds. */
typedef struct {
	guint connect;	/* until the request can be sent */
	guint answer;	/* from there to the whole answer */
	guint patience; /* so long a daemon that nothing is heard of is tried again */
} AskTimes;

/* Between guest and host a connection takes a millisecond; what is lost while the host wakes up is
 * sent again after 1 s and 3 s (RFC 6298). */
#define ASK_CONNECT_MS 5000
/* As the agent for Windows does it. */
#define ASK_PATIENCE_MS 10000
#define ASK_PAUSE_MS	250

/* As client_ask(). What may have reached the daemon is not asked again: it may be on its way. */
ClientAnswer *ask(Endpoint *endpoint, const char *path, const char *body, const AskTimes *times,
	GError **error);
