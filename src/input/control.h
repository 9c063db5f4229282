/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat-inputd's end of the socket to hotseatd: one client at a time, packets as in protocol.h.
 */
#pragma once

#include "input/loop.h"
#include "input/protocol.h"

typedef struct Control Control;

typedef struct {
	/* hotseatd has connected; and is gone. hung_up: it was disconnected, and may live on. */
	void (*connected)(gpointer data);
	void (*gone)(gpointer data, gboolean hung_up);
	/* fd: came with the message, and is the callee's to close; -1: none. What message owns may
	 * be taken out of it. */
	void (*message)(gpointer data, ProtocolMessage *message, int fd);
} ControlEvents;

/* listener: a listening SOCK_SEQPACKET socket, which stays the caller's. Clients must be root, the
 * user that hotseat-inputd runs as, or the owner of the socket's file. */
Control *control_new(Loop *loop, int listener, const ControlEvents *events, gpointer data);
void control_free(Control *control);

gboolean control_is_connected(const Control *control);
/* The user that hotseatd runs as, while it is connected. */
int control_client_uid(const Control *control);

/* Without a client nothing is sent. A client that does not read is disconnected. */
void control_send(Control *control, const ProtocolMessage *message);
