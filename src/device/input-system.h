/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices whose events are forwarded, and the guests that take them: one vtable for hotseat-inputd
 * (input-daemon.h) and for what is simulated (sim/input.h). Everything is called, and calls back,
 * on the main loop; nothing blocks.
 */
#pragma once

#include "common/listeners.h"

typedef struct InputSystem InputSystem;

/* Something under way. Its handle is good until its done is called. */
typedef struct InputOp InputOp;

/* at: where the device is now, "host" or a guest; NULL: not known. changed: it was moved. error:
 * FAILED, NO_DEVICE, TIMED_OUT; NULL: it worked. All borrowed. */
typedef void (*InputMoved)(const char *at, gboolean changed, const GError *error, gpointer data);

typedef enum {
	INPUT_ABSENT,  /* unplugged */
	INPUT_PRESENT, /* plugged in, and can be moved */
	INPUT_UNFIT,   /* plugged in, and cannot be moved */
} InputPresence;

/* What is known of a device; borrowed until the main loop runs. */
typedef struct {
	InputPresence presence;
	const char *at;	    /* "host" or a guest's name, also while it is unplugged */
	const char *detail; /* for people, what to do about INPUT_UNFIT; may be NULL */
} InputState;

typedef enum {
	INPUT_READY, /* what is typed arrives */
	INPUT_SOON,  /* not yet; it may become ready by itself */
	INPUT_NEVER, /* not before the user does something */
} InputReadiness;

typedef enum {
	INPUT_NEWS_DEVICES, /* state() says something else now: of name, or NULL of all */
	INPUT_NEWS_GUEST,   /* readiness() of the guest name says something else now */
	INPUT_NEWS_HUNG,    /* the guest name was ready, and takes no input any more */
	INPUT_NEWS_TOGGLE,  /* a hotkey was pressed */
	INPUT_NEWS_GO,	    /* the same, for the target name */
	INPUT_NEWS_NEXT,
	INPUT_NEWS_HOME, /* everything was brought back; name is the reason, for people */
} InputNews;

/* name: as said above, else NULL; borrowed. */
typedef void (*InputHeard)(InputNews news, const char *name, gpointer data);

/* For what implements a system: tells all listeners (InputHeard). */
void input_system_announce(Listeners *listeners, InputNews news, const char *name);

typedef struct {
	/* The state of the config's device of that name. FALSE and error (FAILED): it cannot be
	 * moved now, why, and what to do; state->at is "host" then if it is certain to be there, as
	 * the kernel returns what a process that ends has grabbed, else NULL. */
	gboolean (*state)(
		InputSystem *system, const char *device, InputState *state, GError **error);

	/* Is the state of devices about to be known? FALSE: it is known, or will not be before
	 * the user does something. */
	gboolean (*is_starting)(InputSystem *system);

	/* Does what is typed arrive in guest? Unless INPUT_READY: error (FAILED, GUEST_STATE,
	 * LIBVIRT) says what is missing and what to do. error may be NULL. */
	InputReadiness (*readiness)(InputSystem *system, const char *guest, GError **error);

	/* Tries again what guest needs to become ready, if that has failed. */
	void (*prepare)(InputSystem *system, const char *guest);

	/* The QEMU of a guest without a domain runs as uid from now on, and may connect; -1: it
	 * does not run. (Those of guests with a domain libvirt knows.) */
	void (*expect)(InputSystem *system, const char *guest, int uid);

	/* Forwards the device's events to target from now on: "host" or a guest's name. */
	InputOp *(*move)(InputSystem *system, const char *device, const char *target,
		InputMoved moved, gpointer data);

	/* moved is not called any more; what has begun goes on. */
	void (*drop)(InputOp *op);

	/* Calls heard until unwatch() with the same id, which is never 0. */
	guint (*watch)(InputSystem *system, InputHeard heard, gpointer data);
	void (*unwatch)(InputSystem *system, guint id);
} InputOps;

struct InputSystem {
	const InputOps *ops;
};

struct InputOp {
	InputSystem *system;
};

/* Drops *op unless it is NULL, and sets it to NULL. */
void input_op_clear(InputOp **op);
