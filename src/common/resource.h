/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a seat is made of: a display, a device, a user's command.
 *
 * A resource can be observed (where is it now?) and applied (make it so). The seat's engine knows
 * nothing else about it. Each backend has a struct that begins with a Resource, and a const vtable.
 * All functions and callbacks run on the main loop.
 */
#pragma once

#include <gio/gio.h>

#define TARGET_HOST "host"
/* If no guest has this name, seat_switch() chooses a guest for it. */
#define TARGET_GUEST "guest"
/* In a guest's may_switch_to: that guest. */
#define TARGET_SELF "self"

typedef enum {
	RESOURCE_DISPLAY,
	RESOURCE_DEVICE,
	RESOURCE_COMMAND, /* has no place; runs when the seat is switched to its target */
} ResourceKind;

/* Where a resource is. Strings are borrowed for the length of the call they are passed in. */
typedef struct {
	const char *at; /* a target; NULL: unknown, nowhere, or somewhere that is no target */
	const char
		*detail;  /* for people: "input 0x0f (DisplayPort-1) on /dev/i2c-4"; may be NULL */
	gboolean changed; /* apply: something was written or moved; FALSE: nothing had to change */
	const GError *error; /* why it could not be observed or applied; NULL: no error */
} ResourceResult;

typedef enum {
	RESOURCE_MOVED,	   /* another program or the user has moved it */
	RESOURCE_APPEARED, /* it is available again: plugged in, or answering */
	RESOURCE_GONE,	   /* it is no longer available: unplugged, or its bus has vanished */
} ResourceChange;

typedef struct Resource Resource;

typedef void (*ResourceDone)(Resource *resource, const ResourceResult *result, gpointer data);
typedef void (*ResourceChanged)(
	Resource *resource, ResourceChange change, const ResourceResult *result, gpointer data);

typedef struct {
	/* Does it take part in a switch to target? One that does not is brought to the host (a
	 * display or device) or left alone (a command). NULL: takes part in all. */
	gboolean (*serves)(Resource *resource, const char *target);

	/* Could it move to target now, as far as is known without asking the hardware? Must not
	 * block. FALSE and error: the reason to refuse a switch before anything moves. NULL:
	 * always. */
	gboolean (*check)(Resource *resource, const char *target, GError **error);

	/* For displays: is it known that it can be brought back from target, whatever becomes of
	 * the guest? If that is not known, the display is switched last, after the devices. NULL:
	 * it can. */
	gboolean (*can_return)(Resource *resource, const char *target);

	/* Finds out where it is, without changing anything. Calls done exactly once, and never
	 * before observe() returns. NULL: it cannot be observed. */
	void (*observe)(Resource *resource, ResourceDone done, gpointer data);

	/* Brings it to target. Idempotent: writes nothing if it is already there. Calls done
	 * exactly once, and never before apply() returns. At most one apply or observe is under way
	 * for a resource. cancel (never NULL) fires when a newer request replaces this one: the
	 * backend finishes what cannot be left half done, stops retrying, and calls done with the
	 * place that was reached. */
	void (*apply)(Resource *resource, const char *target, GCancellable *cancel,
		ResourceDone done, gpointer data);

	/* Frees it. An operation that is under way does not call done any more. */
	void (*free)(Resource *resource);
} ResourceOps;

struct Resource {
	const ResourceOps *ops;
	ResourceKind kind;
	char *name; /* as in the config; owned, freed by resource_free() */
	/* a command: devices wait until it has finished, and stay where they are if it fails */
	gboolean before_devices;
	gboolean optional; /* its failure does not fail the switch */
	/* set by the seat; called through resource_changed() */
	ResourceChanged changed;
	gpointer changed_data;
};

/* Frees resource by its own ops; NULL is allowed. */
void resource_free(Resource *resource);

/* For backends: reports to the seat, if there is one, what happened outside observe and apply. */
void resource_changed(Resource *resource, ResourceChange change, const ResourceResult *result);

gboolean resource_serves(Resource *resource, const char *target);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Resource, resource_free)
