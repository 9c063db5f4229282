/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event node of the kernel's (/dev/input/event*).
 */
#pragma once

#include "input/node.h"

typedef enum {
	NODE_USABLE,   /* keys, or a mouse's motion */
	NODE_NOTHING,  /* neither: a switch, the jack of a sound card */
	NODE_TOUCHPAD, /* needs libinput */
	NODE_ABSOLUTE, /* a tablet, touchscreen or gamepad: cannot go to a guest this way */
} NodeFitness;

/* Fills in what node can do, and its ops. node->fd is an open event node, and node->observer
 * another descriptor of it. */
NodeFitness node_kernel(Node *node);
