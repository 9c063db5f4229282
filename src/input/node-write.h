/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hotseat-inputd writes to a node. The kernel returns these events (see NODE_ECHOES_MAX).
 */
#pragma once

#include "input/node.h"

/* Presses (value 1) or releases (0) the first 30 keys of held. */
void node_write_held(Node *node, const KeySet *held, int value);

/* A bit for each LED_*; those that the node does not have are left out. */
void node_write_leds(Node *node, guint8 leds);

/* The kernel repeats the last pressed key until any key is released. Releasing a key that is up
 * stops that, and only hotseat-inputd gets this event. */
void node_stop_repeat(Node *node);

/* Wakes up a blank screen without moving the pointer. */
void node_wake(Node *node);
