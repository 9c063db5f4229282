/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What waits until a guest fetches it. Pure, of a fixed size, and nothing is allocated.
 *
 * Rules:
 * 1. Keys and clicks are never merged and never overtake each other or motion.
 * 2. Motion that nothing came after is merged, and the sums stay exact.
 * 3. When QUEUE_LENGTH reports wait, what else is pressed is only kept as a state: a key that was
 *    pressed and released meanwhile is lost, a release never.
 */
#pragma once

#include "input/hid.h"

/* Reports that wait at most: 256 are more than a minute of typing. A power of two. */
#define QUEUE_LENGTH 256

/* A report that waits: the state at its time, or the motion before it. */
typedef struct {
	HidKind kind;
	HidState state;		 /* kind other than HID_MOUSE: only what kind says is used */
	gint64 motion[HID_AXES]; /* of HID_MOUSE */
} QueueEntry;

typedef struct {
	HidState state; /* now, as pressed by the devices */
	QueueEntry entries[QUEUE_LENGTH];
	guint head, tail;	 /* entries from tail up to head wait */
	gint64 motion[HID_AXES]; /* behind the last entry */
	guint stale;		 /* bits of HidKind: a report of these was left out, see rule 3 */
	gboolean repeats;	 /* all that waits has been fetched before */
	gboolean boot;		 /* keys go to the boot keyboard, and nothing else goes anywhere */
	guint8 multipliers;	 /* see hid_take() */
} Queue;

void queue_init(Queue *queue);

/* A key or button goes down or up. */
void queue_key(Queue *queue, guint code, gboolean down);

/* The mouse moves; amount as hid.h counts. */
void queue_move(Queue *queue, HidAxis axis, gint64 amount);

/* Would queue_fetch() give something at this endpoint? */
gboolean queue_has(const Queue *queue, guint8 endpoint);

/* The next report for endpoint (HID_ENDPOINT_BOOT or HID_ENDPOINT_MAIN); its length; 0: none waits.
 * bytes has room for HID_PACKET_MAIN. */
gsize queue_fetch(Queue *queue, guint8 endpoint, guint8 *bytes);

/* Is no key, button or media key down? */
gboolean queue_is_released(const Queue *queue);

/* Forgets motion, and everything that was pressed and released again: what a guest must not get
 * long after it was typed. What is pressed or released for good is still reported. */
void queue_drop(Queue *queue);

/* The guest's firmware or system has begun again: nothing waits; what is down is reported again. */
void queue_reset(Queue *queue);

/* What was fetched last may not have arrived: what is down is reported again. */
void queue_repeat(Queue *queue);

/* Which protocol interface 0 uses. Nothing is lost but what the boot protocol cannot say. */
void queue_set_boot(Queue *queue, gboolean boot);
