/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/node-simulated.h"

#include <unistd.h>

/* Grabs have no effect here: the other end gets messages about them. */
static gboolean grab(Node *node, gboolean on)
{
	struct input_event event = { .type = PROTOCOL_SIM_GRAB, .value = on };

	return write(node->fd, &event, sizeof event) == sizeof event;
}

static void listen_to(Node *node, gboolean all)
{
}

/* Only keys that were read can be down. */
static gboolean held(Node *node, KeySet *keys)
{
	*keys = node->down;
	return TRUE;
}

static guint8 leds(Node *node)
{
	return node->host_leds;
}

/* Its grabs miss no release. */
static gboolean await(Node *node, int ms)
{
	return FALSE;
}

void node_simulate(Node *node)
{
	static const NodeOps ops = { grab, listen_to, held, leds, await };

	node->ops = &ops;
	for (guint code = 0; code < KEY_CNT; code++)
		key_set_add(&node->keys, code);
	node->led_bits = 0x1f;
	node->has_motion = TRUE;
	node->repeats = FALSE;
}
