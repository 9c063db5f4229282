/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request to a daemon on another machine, and its answer. Blocks: the command has nothing else
 * to do.
 */
#pragma once

#include "agent/endpoint.h"
#include "cli/client.h"

/* How long a host that may just be waking up is asked again, and the pauses between. As the agent
 * for Windows does it. */
#define ASK_PATIENCE_MS 10000
#define ASK_PAUSE_MS	250
/* On one machine, where guests are, a connection takes a millisecond. */
#define ASK_CONNECT_MS 3000

/*
 * As client_ask(). timeout_ms counts from when the request is sent. A daemon that nothing is heard
 * of is tried again for patience_ms, one that may have got the request never: it may be on its way.
 */
ClientAnswer *ask(Endpoint *endpoint, const char *path, const char *body, guint timeout_ms,
	guint patience_ms, GError **error);
