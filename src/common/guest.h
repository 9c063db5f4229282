/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest, as the seat sees it: a name and a state that is kept current by its backend.
 * All functions are called, and all callbacks called back, on the main loop.
 */
#pragma once

#include <glib.h>

typedef enum {
	GUEST_UNKNOWN, /* libvirt cannot be asked now */
	GUEST_ABSENT,  /* no such domain is defined */
	GUEST_OFF,
	GUEST_CRASHED,
	GUEST_PAUSED,
	GUEST_SUSPENDED, /* asleep (ACPI S3) */
	GUEST_STOPPING,	 /* runs, is being shut down */
	GUEST_RUNNING,
} GuestState;

/* Does what is typed on devices that move via input arrive in the guest? */
typedef enum {
	GUEST_INPUT_NONE, /* no such device goes there */
	GUEST_INPUT_WAITING,
	GUEST_INPUT_READY,
} GuestInput;

typedef struct Guest Guest;

typedef void (*GuestDone)(Guest *guest, gpointer data);
typedef void (*GuestChanged)(Guest *guest, gpointer data);

typedef struct {
	/* Asks for the state now (connecting to libvirt if need be), updates guest->state and
	 * guest->error, and calls done exactly once, never before it returns, within 10 s. */
	void (*refresh)(Guest *guest, GuestDone done, gpointer data);
	void (*free)(Guest *guest);
} GuestOps;

struct Guest {
	const GuestOps *ops;
	char *name;   /* as the config and the person call it; owned */
	char *domain; /* as libvirt calls it; NULL: it runs without libvirt; owned */
	char *virsh; /* "virsh -c qemu:///system": asks the libvirt that has it; NULL: as domain, or
		      * simulated; owned */
	GuestState state;
	char *error; /* why state is GUEST_UNKNOWN, for people; NULL if it is not; owned */
	GuestInput input;
	char *input_error; /* GUEST_INPUT_WAITING: what is missing, for people; owned */
	gboolean follow;   /* the seat moves to it when it starts */
	/* set by the seat; called through guest_set_state() and guest_started() */
	GuestChanged changed, started;
	gpointer changed_data;
};

/* What messages call a guest: its name; for one that is just called "guest", its domain, or "the
 * guest" where domain is NULL. One of the arguments, or static. */
const char *guest_title(const char *name, const char *domain);

/* "running", "off", …: as the API and people read it. */
const char *guest_state_name(GuestState state);

/* For backends: sets state and error (copied; NULL unless unknown), tells the seat when they
 * differ. */
void guest_set_state(Guest *guest, GuestState state, const char *error);

/* For backends: it has just started, and devices can be attached to it. It is running. */
void guest_started(Guest *guest);

/* The same for whether it takes input. error: copied; NULL unless it waits. */
void guest_set_input(Guest *guest, GuestInput input, const char *error);

/* "ready", "waiting"; NULL: none. */
const char *guest_input_name(GuestInput input);

void guest_free(Guest *guest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Guest, guest_free)
