/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/node-kernel.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>

#define WORD_BITS    (8 * sizeof(gulong))
#define WORDS(count) (((count) + WORD_BITS - 1) / WORD_BITS)

static gboolean has_bit(const gulong *words, guint bit)
{
	return (words[bit / WORD_BITS] >> bit % WORD_BITS & 1) != 0;
}

static gboolean grab(Node *node, gboolean on)
{
	return ioctl(node->fd, EVIOCGRAB, (gulong)on) == 0;
}

/* Kernels before 4.4 do not support masks: then hotseat-inputd wakes up for motion, and drops it.
 */
static void set_mask(int fd, gboolean all)
{
	static const guint types[] = { EV_REL, EV_ABS, EV_MSC };
	guint8 codes[ABS_CNT / 8] = { 0 };

	for (gsize i = 0; i < sizeof codes; i++)
		codes[i] = all ? 0xff : 0;
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
		struct input_mask mask = { .type = types[i],
			.codes_size = sizeof codes,
			.codes_ptr = (guint64)(gsize)codes };

		(void)ioctl(fd, EVIOCSMASK, &mask);
	}
}

static void listen_to(Node *node, gboolean all)
{
	set_mask(node->fd, all);
}

static gboolean held(Node *node, KeySet *keys)
{
	return ioctl(node->fd, EVIOCGKEY(sizeof keys->words), keys->words) >= 0;
}

static guint8 leds(Node *node)
{
	guint8 bits[LED_CNT / 8] = { 0 };

	return ioctl(node->fd, EVIOCGLED(sizeof bits), bits) >= 0 ? bits[0] : 0;
}

static gboolean await(Node *node, int ms)
{
	struct pollfd events = { .fd = node->fd, .events = POLLIN };

	return poll(&events, 1, ms) > 0;
}

/* The same decision as in udev's input_id: it reports fingers but no pen, and is not on a screen.
 */
static gboolean is_touchpad(const Node *node, const gulong *properties)
{
	return key_set_has(&node->keys, BTN_TOOL_FINGER) &&
	       !key_set_has(&node->keys, BTN_TOOL_PEN) && !has_bit(properties, INPUT_PROP_DIRECT);
}

static NodeFitness fitness(
	const Node *node, const gulong *types, const gulong *absolute, const gulong *properties)
{
	gboolean points =
		has_bit(types, EV_ABS) && ((has_bit(absolute, ABS_X) && has_bit(absolute, ABS_Y)) ||
						  has_bit(absolute, ABS_MT_POSITION_X));

	if (points)
		return is_touchpad(node, properties) ? NODE_TOUCHPAD : NODE_ABSOLUTE;
	return key_set_is_empty(&node->keys) && !node->has_motion ? NODE_NOTHING : NODE_USABLE;
}

NodeFitness node_kernel(Node *node)
{
	static const NodeOps ops = { grab, listen_to, held, leds, await };
	gulong types[WORDS(EV_CNT)] = { 0 }, absolute[WORDS(ABS_CNT)] = { 0 };
	gulong relative[WORDS(REL_CNT)] = { 0 }, properties[WORDS(INPUT_PROP_CNT)] = { 0 };
	guint8 led_bits[LED_CNT / 8] = { 0 };
	int clock = CLOCK_MONOTONIC;

	node->ops = &ops;
	/* codes that the kernel does not know stay zero */
	(void)ioctl(node->fd, EVIOCGBIT(0, sizeof types), types);
	(void)ioctl(node->fd, EVIOCGBIT(EV_KEY, sizeof node->keys.words), node->keys.words);
	(void)ioctl(node->fd, EVIOCGBIT(EV_REL, sizeof relative), relative);
	(void)ioctl(node->fd, EVIOCGBIT(EV_ABS, sizeof absolute), absolute);
	(void)ioctl(node->fd, EVIOCGBIT(EV_LED, sizeof led_bits), led_bits);
	(void)ioctl(node->fd, EVIOCGPROP(sizeof properties), properties);
	/* double taps need the times of events */
	(void)ioctl(node->fd, EVIOCSCLOCKID, &clock);
	(void)ioctl(node->observer, EVIOCSCLOCKID, &clock);
	set_mask(node->observer, FALSE);
	node->led_bits = led_bits[0] & 0x1f;
	node->has_motion = has_bit(relative, REL_X) && has_bit(relative, REL_Y);
	node->repeats = has_bit(types, EV_REP);
	return fitness(node, types, absolute, properties);
}
