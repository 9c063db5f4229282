/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection to hotseat-inputd that is made again whenever it is lost. On the main loop.
 */
#pragma once

#include "input/protocol.h"

typedef struct InputLink InputLink;

typedef struct {
	/* Connected; the first message follows. */
	void (*up)(gpointer data);
	/* A message came. Borrowed. */
	void (*message)(const ProtocolMessage *message, gpointer data);
	/* Not connected, and why, for people. dead: no process has the devices now; FALSE: that is
	 * not known. Called again after each up, and when the reason changes. */
	void (*down)(const GError *error, gboolean dead, gpointer data);
} InputLinkOps;

/* Pauses between attempts to connect, and how long hotseat-inputd may take for its first message.
 */
typedef struct {
	guint first_ms, longest_ms, welcome_ms;
} InputLinkTimes;

extern const InputLinkTimes input_link_times;

/* Begins to connect to the socket at path, and goes on trying while it cannot. times:
 * &input_link_times but for tests. Calls ops never before it returns. */
InputLink *input_link_new(
	const char *path, const InputLinkTimes *times, const InputLinkOps *ops, gpointer data);
void input_link_free(InputLink *link);

/* Sends it, or keeps it until there is room in the socket. FALSE: there is no connection (any
 * more).
 */
gboolean input_link_send(InputLink *link, const ProtocolMessage *message);

/* hotseat-inputd works for us: after the next loss the pauses begin with the shortest again. */
void input_link_is_good(InputLink *link);

/* Hangs up and connects again later; ops->down is called with error. */
void input_link_fail(InputLink *link, const GError *error);

/* The socket of hotseat-inputd: $HOTSEAT_INPUT_SOCKET, else hotseat-input/control in
 * $XDG_RUNTIME_DIR if that is there, else the system's. Free with g_free(). */
char *input_link_path(void);
