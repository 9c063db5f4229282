/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices whose events are forwarded, and the guests that take them: one vtable for hotseat-inputd
 * (input-daemon.h) and for the simulation (sim/input.h). All functions and callbacks run on the
 * main loop; none of them blocks.
 */
#pragma once

#include "common/listeners.h"

typedef struct InputSystem InputSystem;

/* An operation under way. It is valid until its done is called. */
typedef struct InputOp InputOp;

/* at: where the device is now, "host" or a guest; NULL: not known. changed: it was moved. error:
 * FAILED, NO_DEVICE, TIMED_OUT; NULL: success. All are borrowed. */
typedef void (*InputMoved)(const char *at, gboolean changed, const GError *error, gpointer data);

typedef enum {
	INPUT_ABSENT,  /* unplugged */
	INPUT_PRESENT, /* plugged in, and can be moved */
	INPUT_UNFIT,   /* plugged in, and cannot be moved */
} InputPresence;

/* What is known about a device; borrowed until the main loop runs. */
typedef struct {
	InputPresence presence;
	const char *at;	    /* "host" or a guest's name, also while it is unplugged */
	const char *detail; /* for people: what to do if it is INPUT_UNFIT; may be NULL */
} InputState;

typedef enum {
	INPUT_READY, /* what is typed arrives */
	INPUT_SOON,  /* not yet; it may become ready by itself */
	INPUT_NEVER, /* not until the user does something */
} InputReadiness;

typedef enum {
	INPUT_NEWS_DEVICES, /* the result of state() has changed for the device name; NULL: for all
			     */
	INPUT_NEWS_GUEST,   /* the result of readiness() has changed for the guest name */
	INPUT_NEWS_HUNG,    /* the guest name was ready, but no longer takes input */
	INPUT_NEWS_TOGGLE,  /* a hotkey was pressed */
	INPUT_NEWS_GO,	    /* the same, for the hotkey of the target name */
	INPUT_NEWS_NEXT,
	INPUT_NEWS_HOME, /* everything was brought back to the host; name is the reason, for people
			  */
} InputNews;

/* name: as described above, otherwise NULL; borrowed. */
typedef void (*InputListener)(InputNews news, const char *name, gpointer data);

/* For implementations of a system: calls all listeners (InputListener). */
void input_system_announce(Listeners *listeners, InputNews news, const char *name);

typedef struct {
	/* The state of the config's device of that name. FALSE and error (FAILED, with reason and
	 * remedy): it cannot be moved now. state->at is then "host" if it is certain to be there
	 * (the kernel releases what a process that has exited had grabbed), otherwise NULL. */
	gboolean (*state)(
		InputSystem *system, const char *device, InputState *state, GError **error);

	/* Will the state of the devices be known soon? FALSE: it is known already, or will not be
	 * known until the user does something. */
	gboolean (*is_starting)(InputSystem *system);

	/* Does what is typed arrive in guest? Unless INPUT_READY: error (FAILED, GUEST_STATE,
	 * LIBVIRT) says what is missing and what to do. error may be NULL. */
	InputReadiness (*readiness)(InputSystem *system, const char *guest, GError **error);

	/* Tries again what guest needs to become ready, if that has failed. */
	void (*prepare)(InputSystem *system, const char *guest);

	/* For a guest without a domain: its QEMU runs as uid from now on, and may connect; -1: it
	 * does not run. (For guests with a domain, libvirt reports the uid.) */
	void (*expect)(InputSystem *system, const char *guest, int uid);

	/* Forwards the device's events to target from now on: "host" or a guest's name. */
	InputOp *(*move)(InputSystem *system, const char *device, const char *target,
		InputMoved moved, gpointer data);

	/* Calls moved no more; an operation that has begun continues. */
	void (*drop)(InputOp *op);

	/* Calls heard until unwatch() with the same id, which is never 0. */
	guint (*watch)(InputSystem *system, InputListener heard, gpointer data);
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
