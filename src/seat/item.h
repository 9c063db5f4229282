/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An item: one resource, what is known of it, and the one operation that may be under way. It does
 * not know the seat: where it goes is decided by who owns it.
 */
#pragma once

#include "seat/seat.h"

typedef struct Item Item;

/* What its owner hears. */
typedef struct {
	/* What is known of it has changed; or step, if that is not NULL, has begun. */
	void (*changed)(Item *item, SwitchStep *step, gpointer data);
	/* step has its outcome. */
	void (*over)(Item *item, SwitchStep *step, gpointer data);
	/* It failed, is at rest again, and should be tried again now: item_go(). */
	void (*due)(Item *item, gpointer data);
} ItemOps;

struct Item {
	const ItemOps *ops;
	gpointer data;
	const SeatClock *clock;
	Resource *resource;
	ResourceResult known; /* its strings and error are owned */
	gboolean observed;    /* known means something */

	/* under way; to is NULL for a mere look */
	gboolean busy;
	char *to;
	GCancellable *cancel;
	SwitchStep *step; /* whose outcome it is; NULL: no one's any more, or a retry's */

	/* to begin as soon as it is no longer busy */
	char *next_to;
	SwitchStep *next_step;

	gboolean failed; /* the last apply did, or must compensate for one that did */
	gboolean left;	 /* the last request leaves it where it is */
	gboolean owed;	 /* it should have gone somewhere, and could not yet */
	guint retries;	 /* made since the last success or request */
	guint retry_id;	 /* SeatClock's, 0: none waits */
};

/* ops and clock are borrowed; owns resource. Free with item_free(). */
Item *item_new(Resource *resource, const SeatClock *clock, const ItemOps *ops, gpointer data);
void item_free(gpointer item);

/* Takes in what was found out about it. */
void item_learn(Item *item, const ResourceResult *result);
/* Looks where it is, unless it is busy. */
void item_observe(Item *item);
/* Brings it to a target as soon as what is under way lets it; step (may be NULL) gets the outcome.
 */
void item_go(Item *item, const char *to, SwitchStep *step);
/* It will go to a target, but not yet: a move elsewhere must end first. */
void item_hold(Item *item, const char *to);
/* No one waits for this step any more; what it began goes on to its end. */
void item_detach_step(Item *item, const SwitchStep *step);
/* Tells what is under way that it has become pointless. */
void item_cancel(Item *item);
/* Where it belongs when target has the seat; NULL: a command that is not target's. */
const char *item_destination(const Item *item, const char *target);
/* Says that it is due some time later; gives up after some times. */
void item_retry_later(Item *item);
/* As if it had never been tried again. */
void item_retry_reset(Item *item);
