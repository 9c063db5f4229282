/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat-inputd's end of the socket to hotseatd: one client at a time, packets as in protocol.h.
 */
#pragma once

#include "input/loop.h"
#include "input/protocol.h"

typedef struct Control Control;

typedef struct {
	/* hotseatd has connected; has disconnected. hung_up: hotseat-inputd disconnected it, so it
	 * may still run. */
	void (*connected)(gpointer data);
	void (*gone)(gpointer data, gboolean hung_up);
	/* fd: came with the message, and is the callee's to close; -1: none. What message owns may
	 * be taken out of it. */
	void (*message)(gpointer data, ProtocolMessage *message, int fd);
} ControlEvents;

/* listener: a listening SOCK_SEQPACKET socket, which remains the caller's. Clients must run as
 * root, as hotseat-inputd's user, or as the owner of the socket's file. */
Control *control_new(Loop *loop, int listener, const ControlEvents *events, gpointer data);
void control_free(Control *control);

gboolean control_is_connected(const Control *control);
/* The user that runs hotseatd. Valid while it is connected. */
int control_client_uid(const Control *control);

/* Sends a message to the client, if there is one. A client that does not read is disconnected. */
void control_send(Control *control, const ProtocolMessage *message);
