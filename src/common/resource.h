/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a seat is made of: a display, a device, a user's command.
 *
 * A resource can be observed (where is it now?) and applied (make it so). The seat's engine knows
 * nothing else of it; each backend puts a Resource first in a struct of its own and fills in a
 * const vtable. All functions are called, and all callbacks called back, on the main loop.
 */
#pragma once

#include <gio/gio.h>

#define TARGET_HOST "host"
/* Where no guest has this name, it stands for one in seat_switch(). */
#define TARGET_GUEST "guest"
/* In a guest's may_switch_to: that guest. */
#define TARGET_SELF "self"

typedef enum {
	RESOURCE_DISPLAY,
	RESOURCE_DEVICE,
	RESOURCE_COMMAND, /* has no place; runs when its target is switched to */
} ResourceKind;

/* Where a resource is. Strings are borrowed for the length of the call they are passed in. */
typedef struct {
	const char *at; /* a target; NULL: unknown, nowhere, or somewhere that is no target */
	const char
		*detail;  /* for people: "input 0x0f (DisplayPort-1) on /dev/i2c-4"; may be NULL */
	gboolean changed; /* apply: something was written or moved; FALSE: it was so already */
	const GError *error; /* why it could not be observed or applied; NULL: all is well */
} ResourceResult;

typedef enum {
	RESOURCE_MOVED,	   /* it is somewhere else now, by somebody else's hand */
	RESOURCE_APPEARED, /* it was gone and is back: plugged in, answers again */
	RESOURCE_GONE,	   /* it cannot be used any more: unplugged, bus vanished */
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
	 * the guest? One of which that is not known goes there last, when the devices are there.
	 * NULL: it can. */
	gboolean (*can_return)(Resource *resource, const char *target);

	/* Finds out where it is, changing nothing. Calls done exactly once, never before it
	 * returns. NULL: cannot be observed. */
	void (*observe)(Resource *resource, ResourceDone done, gpointer data);

	/* Makes it so: idempotent, never writes what is already so. Calls done exactly once, never
	 * before it returns. At most one apply or observe is under way for a resource. cancel
	 * (never NULL) fires when a newer request has made this one pointless: finish what cannot
	 * be left half done, stop retrying, and call done with where it is. */
	void (*apply)(Resource *resource, const char *target, GCancellable *cancel,
		ResourceDone done, gpointer data);

	/* Frees it; done of what is under way is not called any more. */
	void (*free)(Resource *resource);
} ResourceOps;

struct Resource {
	const ResourceOps *ops;
	ResourceKind kind;
	char *name; /* as the person knows it; owned, freed by resource_free() */
	/* a command: devices wait until it is over, and stay where they are if it fails */
	gboolean before_devices;
	gboolean optional; /* its failure does not fail the switch */
	/* set by the seat; called through resource_changed() */
	ResourceChanged changed;
	gpointer changed_data;
};

/* Frees resource by its own ops; NULL is fine. */
void resource_free(Resource *resource);

/* For backends: tells the seat, if any, what happened outside of observe and apply. */
void resource_changed(Resource *resource, ResourceChange change, const ResourceResult *result);

gboolean resource_serves(Resource *resource, const char *target);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Resource, resource_free)
