/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/node-write.h"

#include <errno.h>
#include <unistd.h>

/* How many held keys are released at the host: their events and echoes must fit. */
#define HELD_MAX 30

typedef struct {
	struct input_event events[2 * HELD_MAX + 8];
	guint n;
} Writing;

static void add(Writing *writing, guint type, guint code, int value)
{
	struct input_event *event = &writing->events[writing->n++];

	*event = (struct input_event){
		.type = (guint16)type, .code = (guint16)code, .value = value
	};
}

static void expect_echo(Node *node, const struct input_event *event)
{
	if (event->type == EV_SYN || node->n_echoes == NODE_ECHOES_MAX)
		return;
	node->echoes[node->n_echoes].type = event->type;
	node->echoes[node->n_echoes].code = event->code;
	node->echoes[node->n_echoes].value = event->value;
	node->n_echoes++;
}

/* If writing fails, the node is being removed, and nothing needs to be done. */
static void put(Node *node, Writing *writing)
{
	if (writing->n == 0)
		return;
	add(writing, EV_SYN, SYN_REPORT, 0);
	for (guint i = 0; i < writing->n; i++)
		expect_echo(node, &writing->events[i]);
	if (write(node->fd, writing->events, writing->n * sizeof writing->events[0]) < 0)
		g_debug("%s: cannot be written to: %s", node->name, g_strerror(errno));
}

void node_write_held(Node *node, const KeySet *held, int value)
{
	Writing writing = { .n = 0 };

	for (guint code = key_set_next(held, 0); code < KEY_CNT && writing.n < HELD_MAX;
		code = key_set_next(held, code + 1))
		add(&writing, EV_KEY, code, value);
	put(node, &writing);
}

void node_write_leds(Node *node, guint8 leds)
{
	Writing writing = { .n = 0 };

	for (guint led = 0; led < NODE_LEDS; led++)
		if ((node->led_bits >> led & 1) != 0)
			add(&writing, EV_LED, led, leds >> led & 1);
	put(node, &writing);
}

void node_show_leds(Node *node)
{
	if (node->at != NULL && node->led_bits != 0)
		node_write_leds(node, input_guest_leds(node->at));
}

void node_stop_repeat(Node *node)
{
	Writing writing = { .n = 0 };
	guint code = key_set_next(&node->keys, 1);

	while (code < KEY_CNT && key_set_has(&node->down, code))
		code = key_set_next(&node->keys, code + 1);
	if (!node->repeats || key_set_is_empty(&node->down) || code == KEY_CNT)
		return;
	add(&writing, EV_KEY, code, 1);
	add(&writing, EV_KEY, code, 0);
	put(node, &writing);
}

void node_wake(Node *node)
{
	if (!node->has_motion)
		return;
	for (int by = 1; by >= -1; by -= 2) {
		Writing writing = { .n = 0 };

		add(&writing, EV_REL, REL_X, by);
		put(node, &writing);
	}
}
