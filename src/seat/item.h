/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An item: one resource, what is known about it, and the one operation that may be under way. It
 * knows nothing about the seat; its owner decides where it goes.
 */
#pragma once

#include "seat/seat.h"

typedef struct Item Item;

/* What it reports to its owner. */
typedef struct {
	/* What is known about the item has changed; or, if step is not NULL, step has begun. */
	void (*changed)(Item *item, SwitchStep *step, gpointer data);
	/* step has its outcome. */
	void (*over)(Item *item, SwitchStep *step, gpointer data);
	/* Its last apply failed, and it is time for a retry with item_go(). */
	void (*due)(Item *item, gpointer data);
} ItemOps;

struct Item {
	const ItemOps *ops;
	gpointer data;
	const SeatClock *clock;
	Resource *resource;
	ResourceResult known; /* its strings and error are owned */
	gboolean observed;    /* known means something */

	/* the operation under way; to is NULL if it only observes */
	gboolean busy;
	char *to;
	GCancellable *cancel;
	SwitchStep *step; /* the step that gets the outcome; NULL: the step was detached, or this is
			     a retry */

	/* what to begin as soon as the item is no longer busy */
	char *next_to;
	SwitchStep *next_step;

	gboolean failed; /* the last apply failed, or compensates for one that failed */
	gboolean left;	 /* the last request leaves it where it is */
	gboolean owed;	 /* a move is pending that could not begin yet */
	guint retries;	 /* made since the last success or request */
	guint retry_id;	 /* id of the SeatClock's timer; 0: no retry is pending */
};

/* ops and clock are borrowed; owns resource. Free with item_free(). */
Item *item_new(Resource *resource, const SeatClock *clock, const ItemOps *ops, gpointer data);
void item_free(gpointer item);

/* Stores a result that was observed. */
void item_learn(Item *item, const ResourceResult *result);
/* Observes it, unless it is busy. */
void item_observe(Item *item);
/* Brings it to a target as soon as the current operation has ended; step (may be NULL) gets the
 * outcome.
 */
void item_go(Item *item, const char *to, SwitchStep *step);
/* Prepares for a move to a target that must not begin yet: cancels a pending retry, and the
 * operation under way if it leads elsewhere. */
void item_hold(Item *item, const char *to);
/* This step gets no outcome any more; the operation that it began continues to its end. */
void item_detach_step(Item *item, const SwitchStep *step);
/* Cancels the operation that is under way, because a newer request replaces it. */
void item_cancel(Item *item);
/* Where the item belongs if target has the seat; NULL: it is a command for another target. */
const char *item_destination(const Item *item, const char *target);
/* Calls ops->due after a pause, unless the maximum number of retries is reached. */
void item_retry_later(Item *item);
/* Resets the count of retries, and cancels a pending one. */
void item_retry_reset(Item *item);
