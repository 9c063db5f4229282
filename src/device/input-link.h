/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection to hotseat-inputd that is made again whenever it is lost. Use on the main loop only.
 */
#pragma once

#include "input/protocol.h"

typedef struct InputLink InputLink;

typedef struct {
	/* Connected; the first message follows. */
	void (*up)(gpointer data);
	/* A message has arrived. It is borrowed. */
	void (*message)(const ProtocolMessage *message, gpointer data);
	/* Not connected; error is the reason, for people. dead: it is certain that no process has
	 * the devices. Called after each up, and when the reason changes. */
	void (*down)(const GError *error, gboolean dead, gpointer data);
} InputLinkOps;

/* Pauses between attempts to connect, and how long hotseat-inputd may take for its first message.
 */
typedef struct {
	guint first_ms, longest_ms, welcome_ms;
} InputLinkTimes;

extern const InputLinkTimes input_link_times;

/* Begins to connect to the socket at path, and keeps trying. times: &input_link_times except in
 * tests. Never calls ops before it returns. */
InputLink *input_link_new(
	const char *path, const InputLinkTimes *times, const InputLinkOps *ops, gpointer data);
void input_link_free(InputLink *link);

/* Sends message, or keeps it until the socket has room. Returns FALSE if there is no connection.
 */
gboolean input_link_send(InputLink *link, const ProtocolMessage *message);

/* Reports that hotseat-inputd works: after the next loss the pauses start with the shortest again.
 */
void input_link_is_good(InputLink *link);

/* Closes the connection, calls ops->down with error, and connects again later. */
void input_link_fail(InputLink *link, const GError *error);

/* The socket of hotseat-inputd: $HOTSEAT_INPUT_SOCKET, else hotseat-input/control in
 * $XDG_RUNTIME_DIR if that exists, else the system's. Free with g_free(). */
char *input_link_path(void);
