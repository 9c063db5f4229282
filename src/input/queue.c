/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/queue.h"

#include <string.h>

#define KIND(kind) (1u << (kind))
#define ALL_KINDS  (KIND(HID_KINDS) - 1)

void queue_init(Queue *queue)
{
	memset(queue, 0, sizeof *queue);
}

static guint waiting(const Queue *queue)
{
	return queue->head - queue->tail;
}

static gboolean is_full(const Queue *queue, guint more)
{
	return waiting(queue) + more > QUEUE_LENGTH;
}

static QueueEntry *append(Queue *queue, HidKind kind)
{
	QueueEntry *entry = &queue->entries[queue->head++ % QUEUE_LENGTH];

	entry->kind = kind;
	entry->state = queue->state;
	memset(entry->motion, 0, sizeof entry->motion);
	return entry;
}

/* Motion before a key or click arrives before it, with the buttons of that time. */
static void close_motion(Queue *queue, guint16 buttons)
{
	QueueEntry *entry;

	if (!hid_can_take(queue->motion, queue->multipliers))
		return;
	entry = append(queue, HID_MOUSE);
	entry->state.buttons = buttons;
	memcpy(entry->motion, queue->motion, sizeof entry->motion);
	memset(queue->motion, 0, sizeof queue->motion);
}

void queue_key(Queue *queue, guint code, gboolean down)
{
	guint16 buttons = queue->state.buttons;
	HidKind kind;

	if (!hid_state_set(&queue->state, code, down, &kind))
		return;
	if (queue->boot && kind != HID_KEYBOARD)
		return;
	queue->repeats = FALSE;
	/* a stale kind waits for the report that will contain its whole state */
	if (queue->stale != 0 || is_full(queue, 2)) {
		queue->stale |= KIND(kind);
		return;
	}
	close_motion(queue, buttons);
	append(queue, kind);
}

void queue_move(Queue *queue, HidAxis axis, gint64 amount)
{
	if (queue->boot)
		return;
	queue->motion[axis] += amount;
	queue->repeats = FALSE;
}

/* Adds the reports that were left out after the last entry, now that there is room. */
static void refresh_stale(Queue *queue)
{
	if (queue->stale == 0 || waiting(queue) > 0)
		return;
	for (HidKind kind = 0; kind < HID_KINDS; kind++)
		if ((queue->stale & KIND(kind)) != 0)
			append(queue, kind);
	queue->stale = 0;
}

static gboolean has_in_boot(const Queue *queue)
{
	for (guint i = queue->tail; i != queue->head; i++)
		if (queue->entries[i % QUEUE_LENGTH].kind == HID_KEYBOARD)
			return TRUE;
	return (queue->stale & KIND(HID_KEYBOARD)) != 0;
}

gboolean queue_has(const Queue *queue, guint8 endpoint)
{
	if (queue->boot)
		return endpoint == HID_ENDPOINT_BOOT && has_in_boot(queue);
	return endpoint == HID_ENDPOINT_MAIN &&
	       (waiting(queue) > 0 || queue->stale != 0 ||
		       hid_can_take(queue->motion, queue->multipliers));
}

static gsize fetch_boot(Queue *queue, guint8 *bytes)
{
	while (waiting(queue) > 0) {
		const QueueEntry *entry = &queue->entries[queue->tail++ % QUEUE_LENGTH];

		if (entry->kind == HID_KEYBOARD)
			return hid_boot_report(&entry->state, bytes);
	}
	return 0;
}

static gsize mouse_report(
	Queue *queue, const HidState *state, gint64 motion[HID_AXES], guint8 *bytes)
{
	gint16 counts[HID_AXES];

	for (HidAxis axis = HID_X; axis < HID_AXES; axis++)
		counts[axis] = hid_take(&motion[axis], axis, queue->multipliers);
	return hid_report(state, HID_MOUSE, counts, bytes);
}

/* The rest of a wheel's notch is kept after the entry. */
static void keep_rest(Queue *queue, const QueueEntry *entry)
{
	for (int i = 0; i < HID_AXES; i++)
		queue->motion[i] += entry->motion[i];
}

static gsize fetch_entry(Queue *queue, guint8 *bytes)
{
	QueueEntry *entry = &queue->entries[queue->tail % QUEUE_LENGTH];
	gsize length;

	if (entry->kind != HID_MOUSE) {
		queue->tail++;
		return hid_report(&entry->state, entry->kind, NULL, bytes);
	}
	length = mouse_report(queue, &entry->state, entry->motion, bytes);
	/* more than fits into one report: the entry is used again */
	if (!hid_can_take(entry->motion, queue->multipliers)) {
		keep_rest(queue, entry);
		queue->tail++;
	}
	return length;
}

gsize queue_fetch(Queue *queue, guint8 endpoint, guint8 *bytes)
{
	refresh_stale(queue);
	if (!queue_has(queue, endpoint))
		return 0;
	if (queue->boot)
		return fetch_boot(queue, bytes);
	if (waiting(queue) > 0)
		return fetch_entry(queue, bytes);
	return mouse_report(queue, &queue->state, queue->motion, bytes);
}

void queue_drop(Queue *queue)
{
	guint kinds = queue->stale;

	for (; waiting(queue) > 0; queue->tail++)
		kinds |= KIND(queue->entries[queue->tail % QUEUE_LENGTH].kind);
	memset(queue->motion, 0, sizeof queue->motion);
	queue->stale = kinds;
}

gboolean queue_is_released(const Queue *queue)
{
	const HidState *state = &queue->state;
	guint any = state->modifiers | state->system | state->buttons;

	for (int i = 0; i < HID_KEYS_BYTES; i++)
		any |= state->keys[i];
	for (int i = 0; i < HID_CONSUMER_KEYS; i++)
		any |= state->consumer[i];
	return any == 0;
}

void queue_reset(Queue *queue)
{
	queue->tail = queue->head;
	memset(queue->motion, 0, sizeof queue->motion);
	queue->multipliers = 0;
	queue->boot = FALSE;
	queue->stale = queue_is_released(queue) ? 0 : ALL_KINDS;
}

void queue_repeat(Queue *queue)
{
	queue->repeats = queue->repeats ||
			 !queue_has(queue, queue->boot ? HID_ENDPOINT_BOOT : HID_ENDPOINT_MAIN);
	queue->stale = ALL_KINDS;
}

void queue_set_boot(Queue *queue, gboolean boot)
{
	if (queue->boot == boot)
		return;
	queue->boot = boot;
	queue_drop(queue);
	if (!queue_is_released(queue))
		queue->stale = ALL_KINDS;
}
