/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/node.h"

#include "common/error.h"
#include "input/node-write.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* How many events are read at a time, as many as the kernel keeps for a keyboard; more follow in
 * the next read. */
#define EVENTS_MAX 64
/* How often a grab is retried. It is very unlikely that a key is pressed within a few system calls,
 * several times in a row. */
#define GRAB_ATTEMPTS 5
/* How long a key that is down when its node is grabbed may take to be released, in milliseconds.
 * The shortest press of a keyboard, as keyboards make them that play macros, is one polling
 * interval of USB (at most 10 ms for low speed); a person's is longer. */
#define RELEASE_MS 10

/* ---- keys */

static gint64 time_of(const Node *node, const struct input_event *event)
{
	gint64 us = (gint64)event->input_event_sec * G_USEC_PER_SEC + event->input_event_usec;

	return us != 0 ? us : loop_now(node->loop);
}

static gboolean host_sees(const Node *node, const struct input_event *event)
{
	for (guint i = 0; node->seen != NULL && i < node->seen->n; i++)
		if (memcmp(&node->seen->events[i], event, sizeof *event) == 0)
			return TRUE;
	return FALSE;
}

/* While the node changes sides, a press belongs to the host if the host's programs get it, and
 * otherwise to the guest. A press that the guest gets while the node moves back is released there
 * immediately. */
static gboolean press_between(Node *node, const struct input_event *event)
{
	if (node->seen == NULL)
		return FALSE;
	if (host_sees(node, event)) {
		key_set_add(&node->ignored, event->code);
		return TRUE;
	}
	if (node->leaving == NULL)
		return FALSE;
	input_guest_key(node->leaving, event->code, TRUE);
	input_guest_key(node->leaving, event->code, FALSE);
	return TRUE;
}

static void press(Node *node, const struct input_event *event)
{
	guint code = event->code;
	int chord = chord_press(&node->routes->matcher, code, time_of(node, event));

	key_set_add(&node->down, code);
	if (chord >= 0) {
		key_set_add(&node->ignored, code);
		node->routes->hotkey(node->routes->data, (guint)chord);
	}
	if (key_set_has(&node->ignored, code) || press_between(node, event) || node->at == NULL)
		return;
	if (key_set_has(&node->routes->keep, code)) {
		key_set_add(&node->kept, code);
		node->routes->kept(node->routes->data, code, TRUE);
		return;
	}
	key_set_add(&node->sent, code);
	input_guest_key(node->at, code, TRUE);
}

static void release_sides(Node *node, guint code)
{
	if (key_set_has(&node->sent, code))
		input_guest_key(node->at, code, FALSE);
	if (key_set_has(&node->kept, code))
		node->routes->kept(node->routes->data, code, FALSE);
	key_set_remove(&node->sent, code);
	key_set_remove(&node->kept, code);
}

static void release(Node *node, guint code)
{
	chord_release(&node->routes->matcher, code);
	release_sides(node, code);
	key_set_remove(&node->down, code);
	key_set_remove(&node->ignored, code);
}

static void on_key(Node *node, const struct input_event *event)
{
	gboolean is_down = key_set_has(&node->down, event->code);

	/* 2 is the kernel's key repeat; both sides repeat keys themselves */
	if (event->value == 1 && !is_down)
		press(node, event);
	else if (event->value == 0 && is_down)
		release(node, event->code);
}

/* Reads from the kernel which keys are down. This makes the kernel drop key events that were not
 * read yet, so they are generated from the changes. */
static void catch_up(Node *node, KeySet *held)
{
	struct input_event event = { .type = EV_KEY };

	*held = node->down;
	if (!node->ops->held(node, held))
		return;
	for (guint code = 0; code < KEY_CNT; code++) {
		event.code = (guint16)code;
		event.value = key_set_has(held, code);
		if (key_set_has(&node->down, code) != (event.value == 1))
			on_key(node, &event);
	}
}

/* ---- motion */

/* A wheel with fine steps also reports whole notches in the same frame; only one of both must be
 * used. */
static void on_relative(Node *node, const struct input_event *event)
{
	switch (event->code) {
	case REL_X:
		input_guest_move(node->at, HID_X, event->value);
		break;
	case REL_Y:
		input_guest_move(node->at, HID_Y, event->value);
		break;
	case REL_WHEEL:
	case REL_HWHEEL:
		node->notches[event->code == REL_HWHEEL] += event->value;
		break;
	case REL_WHEEL_HI_RES:
	case REL_HWHEEL_HI_RES:
		node->parts[event->code == REL_HWHEEL_HI_RES] += event->value;
		node->has_parts[event->code == REL_HWHEEL_HI_RES] = TRUE;
		break;
	default:
		break;
	}
}

static void end_frame(Node *node)
{
	for (int i = 0; i < 2; i++) {
		gint64 amount = node->has_parts[i] ? node->parts[i] : node->notches[i] * HID_NOTCH;

		if (node->at != NULL && amount != 0)
			input_guest_move(node->at, i == 0 ? HID_WHEEL : HID_PAN, amount);
		node->notches[i] = node->parts[i] = 0;
		node->has_parts[i] = FALSE;
	}
	if (node->at != NULL)
		input_guest_flush(node->at);
}

/* ---- reading */

/* Did hotseat-inputd itself write this event? The kernel drops events that change nothing. A held
 * key is released and pressed again, so a press before the release was read is from the user. */
static gboolean is_echo(Node *node, const struct input_event *event)
{
	for (guint at = node->echo_at; at < node->n_echoes; at++) {
		if (node->echoes[at].type != event->type || node->echoes[at].code != event->code)
			continue;
		if (node->echoes[at].value == event->value) {
			node->echo_at = at + 1;
			return TRUE;
		}
		if (event->type == EV_KEY)
			return FALSE;
	}
	return FALSE;
}

static void on_led(Node *node, const struct input_event *event)
{
	guint8 bit = (guint8)(event->code < NODE_LEDS ? 1u << event->code : 0);

	/* the host's LEDs, restored when it gets the node back */
	node->host_leds =
		(guint8)(event->value != 0 ? node->host_leds | bit : node->host_leds & ~bit);
	if (node->at != NULL)
		node_show_leds(node);
}

static void on_event(Node *node, const struct input_event *event)
{
	if (event->type == EV_SYN && event->code == SYN_DROPPED)
		node->lost = TRUE;
	if (node->lost)
		return;
	if (event->type == EV_SYN && event->code == SYN_REPORT) {
		end_frame(node);
	} else if (is_echo(node, event)) {
		return;
	} else if (event->type == EV_KEY) {
		on_key(node, event);
	} else if (event->type == EV_REL && node->at != NULL) {
		on_relative(node, event);
	} else if (event->type == EV_LED && node->at != NULL) {
		on_led(node, event);
	}
}

gboolean node_read(Node *node)
{
	struct input_event events[EVENTS_MAX];
	ssize_t n;

	while ((n = read(node->fd, events, sizeof events)) > 0)
		for (gsize i = 0; i < (gsize)n / sizeof *events; i++)
			on_event(node, &events[i]);
	if (node->lost) {
		KeySet held;

		node->lost = FALSE;
		catch_up(node, &held);
		end_frame(node);
	}
	/* no events are left: the echoes have been read, or there are none */
	node->n_echoes = node->echo_at = 0;
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

/* ---- moving */

void node_refuse(const char *name, int reason, GError **error)
{
	if (reason == EBUSY)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"another program has grabbed %s; stop it (keyd, evsieve, QEMU's "
			"input-linux), or remove the device from the config",
			name);
	else
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s cannot be grabbed: %s",
			name, g_strerror(reason));
}

/* The keys whose events the host's programs have got since the last call. */
static void look_at_host(const Node *node, NodeSeen *seen)
{
	struct input_event events[EVENTS_MAX];
	ssize_t n;

	seen->n = 0;
	while (node->observer >= 0 && (n = read(node->observer, events, sizeof events)) > 0)
		for (gsize i = 0; i < (gsize)n / sizeof *events; i++)
			if (events[i].type == EV_KEY && seen->n < NODE_SEEN_MAX)
				seen->events[seen->n++] = events[i];
}

/* Was a key pressed at the host after the held keys were released? */
static gboolean has_late_press(const NodeSeen *seen, const KeySet *held)
{
	for (guint i = 0; i < seen->n; i++)
		if (seen->events[i].value == 1 && !key_set_has(held, seen->events[i].code))
			return TRUE;
	return FALSE;
}

static void await_release(Node *node)
{
	gint64 now = g_get_monotonic_time(), end = now + RELEASE_MS * 1000;

	while (!key_set_is_empty(&node->down) && now < end &&
		node->ops->wait(node, (int)((end - now + 999) / 1000)) && node_read(node))
		now = g_get_monotonic_time();
}

/* Grabs the node, with no key down at the host. held: the keys that are down, which are pressed
 * again for the kernel. If the user releases one of them within these three system calls, it stays
 * down for the kernel, which then drops its next press. This cannot be detected, so the calls
 * follow each other closely, and not in the moment when a short press ends. FALSE and errno: it
 * cannot be grabbed. */
static gboolean grab_released(Node *node, KeySet *held, NodeSeen *seen)
{
	for (guint attempt = 0; attempt < GRAB_ATTEMPTS; attempt++) {
		look_at_host(node, seen);
		node_read(node);
		catch_up(node, held);
		node_write_held(node, held, 0);
		if (!node->ops->grab(node, TRUE))
			return FALSE;
		node_write_held(node, held, 1);
		look_at_host(node, seen);
		if (!has_late_press(seen, held) || attempt + 1 == GRAB_ATTEMPTS)
			break;
		node->ops->grab(node, FALSE);
	}
	return TRUE;
}

/* A held key is released for the host before the grab. After the grab, hotseat-inputd writes a
 * press of the key to the node, which only hotseat-inputd gets, so that the kernel reports when the
 * user releases it. */
static gboolean take(Node *node, InputGuest *guest, GError **error)
{
	KeySet held = { 0 };
	NodeSeen seen;

	await_release(node);
	node->host_leds = node->ops->leds(node);
	if (!grab_released(node, &held, &seen)) {
		node_refuse(node->name, errno, error);
		/* the keys are now up for the host, so they are up here too */
		node->n_echoes = 0;
		node_read(node);
		return FALSE;
	}
	node->ops->listen(node, TRUE);
	node->ignored = node->down;
	node->at = guest;
	node_show_leds(node);
	node->seen = &seen;
	node_read(node);
	node->seen = NULL;
	return TRUE;
}

static void release_in_guest(Node *node)
{
	for (guint code = key_set_next(&node->down, 0); code < KEY_CNT;
		code = key_set_next(&node->down, code + 1))
		release_sides(node, code);
	node->ignored = node->down;
	input_guest_flush(node->at);
}

/* Handles keys that were pressed around the end of the grab: first reads the events, then those of
 * them that the host's programs have got. */
static void read_leaving(Node *node, InputGuest *leaving)
{
	struct input_event events[EVENTS_MAX];
	ssize_t n = read(node->fd, events, sizeof events);
	NodeSeen seen;

	look_at_host(node, &seen);
	node->seen = &seen;
	node->leaving = leaving;
	for (gsize i = 0; n > 0 && i < (gsize)n / sizeof *events; i++)
		on_event(node, &events[i]);
	node->seen = NULL;
	node->leaving = NULL;
	input_guest_flush(leaving);
}

static void give_back(Node *node)
{
	InputGuest *leaving = node->at;
	NodeSeen before;

	node_read(node);
	node_stop_repeat(node);
	node_read(node);
	release_in_guest(node);
	look_at_host(node, &before);
	node->at = NULL;
	node->ops->grab(node, FALSE);
	if (node->observer >= 0)
		read_leaving(node, leaving);
	node->ops->listen(node, FALSE);
	/* after the grab ends, because the kernel then sets the LEDs for its text consoles, not
	 * those of the desktop */
	if (node->led_bits != 0)
		node_write_leds(node, node->host_leds);
	node_wake(node);
	node_read(node);
}

gboolean node_move(Node *node, InputGuest *guest, GError **error)
{
	if (guest == node->at)
		return TRUE;
	if (node->at == NULL)
		return take(node, guest, error);
	if (guest == NULL) {
		give_back(node);
		return TRUE;
	}
	node_read(node);
	release_in_guest(node);
	node->at = guest;
	node_show_leds(node);
	node_read(node);
	return TRUE;
}

void node_begin(Node *node)
{
	KeySet held = { 0 };

	node->ops->listen(node, FALSE);
	node->ops->held(node, &held);
	for (guint code = key_set_next(&held, 0); code < KEY_CNT;
		code = key_set_next(&held, code + 1)) {
		key_set_add(&node->down, code);
		chord_hold(&node->routes->matcher, code);
	}
}

void node_end(Node *node)
{
	for (guint code = key_set_next(&node->down, 0); code < KEY_CNT;
		code = key_set_next(&node->down, code + 1))
		release(node, code);
	if (node->at != NULL)
		input_guest_flush(node->at);
}
