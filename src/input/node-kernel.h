/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event node of the kernel (/dev/input/event*).
 */
#pragma once

#include "input/node.h"

typedef enum {
	NODE_USABLE,   /* keys, or a mouse's motion */
	NODE_NOTHING,  /* neither: for example a switch, or a sound card's jack */
	NODE_TOUCHPAD, /* needs libinput */
	NODE_ABSOLUTE, /* a tablet, touchscreen or gamepad, whose events cannot be forwarded */
} NodeFitness;

/* Fills in node's capabilities and ops. node->fd is an open event node, and node->observer another
 * descriptor of it. */
NodeFitness node_kernel(Node *node);
