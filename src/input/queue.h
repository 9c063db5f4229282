/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reports that wait until a guest fetches them. Pure, of a fixed size, and without allocations.
 *
 * Rules:
 * 1. Keys and clicks are never merged and never overtake each other or motion.
 * 2. Motion is merged with motion directly before it, and the sums stay exact.
 * 3. While QUEUE_LENGTH reports wait, only the state of the keys is kept: a key that is pressed and
 *    released meanwhile is lost, but a release is never lost.
 */
#pragma once

#include "input/hid.h"

/* Most reports that can wait: 256 are more than a minute of typing. Must be a power of two. */
#define QUEUE_LENGTH 256

/* A report that waits: the state at its time, or the motion before it. */
typedef struct {
	HidKind kind;
	HidState state;		 /* for kinds other than HID_MOUSE; only the part of kind is used */
	gint64 motion[HID_AXES]; /* for HID_MOUSE */
} QueueEntry;

typedef struct {
	HidState state; /* what the devices press now */
	QueueEntry entries[QUEUE_LENGTH];
	guint head, tail;	 /* entries from tail up to head wait */
	gint64 motion[HID_AXES]; /* behind the last entry */
	guint stale;		 /* bits of HidKind: a report of these was left out, see rule 3 */
	gboolean repeats;	 /* everything that waits has been fetched before */
	gboolean boot;		 /* keys go to the boot keyboard, and everything else is dropped */
	guint8 multipliers;	 /* see hid_take() */
} Queue;

void queue_init(Queue *queue);

/* Adds a key or button that is pressed or released. */
void queue_key(Queue *queue, guint code, gboolean down);

/* Adds motion of the mouse; amount in the units of hid.h. */
void queue_move(Queue *queue, HidAxis axis, gint64 amount);

/* Would queue_fetch() return a report for this endpoint? */
gboolean queue_has(const Queue *queue, guint8 endpoint);

/* Writes the next report for endpoint (HID_ENDPOINT_BOOT or HID_ENDPOINT_MAIN) and returns its
 * length; 0: none waits. bytes has room for HID_PACKET_MAIN. */
gsize queue_fetch(Queue *queue, guint8 endpoint, guint8 *bytes);

/* Is no key, button or media key down? */
gboolean queue_is_released(const Queue *queue);

/* Drops motion, and keys that were pressed and released again, because a guest must not get them
 * long after they were typed. Lasting changes of keys are still reported. */
void queue_drop(Queue *queue);

/* Call it when the guest's firmware or system has restarted: drops everything that waits, and
 * reports again what is down. */
void queue_reset(Queue *queue);

/* Call it when the last reports may not have arrived: reports again what is down. */
void queue_repeat(Queue *queue);

/* Sets the protocol of interface 0. Only what the boot protocol cannot express is lost. */
void queue_set_boot(Queue *queue, gboolean boot);
