/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event node that is a socket: see PROTOCOL_PLUG in protocol.h.
 */
#pragma once

#include "input/node.h"

/* Fills in node's capabilities and ops. node->fd is the socket, and non-blocking. */
void node_simulate(Node *node);
