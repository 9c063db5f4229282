/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest, as the seat sees it: a name and a state that its backend keeps current. All functions
 * and callbacks run on the main loop.
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
	GUEST_STOPPING,	 /* still running, but shutting down */
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
	/* Queries the state (connects to libvirt if necessary) and updates guest->state and
	 * guest->error. Calls done exactly once, within 10 s, and never before refresh() returns.
	 */
	void (*refresh)(Guest *guest, GuestDone done, gpointer data);
	void (*free)(Guest *guest);
} GuestOps;

struct Guest {
	const GuestOps *ops;
	char *name;   /* as in the config and in commands; owned */
	char *domain; /* as libvirt calls it; NULL: it runs without libvirt; owned */
	char *virsh;  /* "virsh -c qemu:///system": the command for the libvirt that runs it; NULL:
			 domain is NULL, or the guest is simulated; owned */
	GuestState state;
	char *error; /* why state is GUEST_UNKNOWN, for people; NULL in other states; owned */
	GuestInput input;
	char *input_error; /* GUEST_INPUT_WAITING: what is missing, for people; owned */
	gboolean follow;   /* the seat moves to it when it starts */
	/* set by the seat; called through guest_set_state() and guest_started() */
	GuestChanged changed, started;
	gpointer changed_data;
};

/* The guest's name in messages: name, unless that is just "guest"; then domain, or "the guest" if
 * domain is NULL. Returns one of the arguments or a static string. */
const char *guest_title(const char *name, const char *domain);

/* "running", "off", …: as the API and people read it. */
const char *guest_state_name(GuestState state);

/* For backends: sets state and error (copied; NULL unless the state is GUEST_UNKNOWN), and notifies
 * the seat if they changed. */
void guest_set_state(Guest *guest, GuestState state, const char *error);

/* For backends: the guest has just started, and devices can be attached to it. Its state must
 * already be GUEST_RUNNING. */
void guest_started(Guest *guest);

/* Like guest_set_state(), for whether the guest takes input. error: copied; NULL unless input is
 * GUEST_INPUT_WAITING. */
void guest_set_input(Guest *guest, GuestInput input, const char *error);

/* "ready", "waiting"; NULL: none. */
const char *guest_input_name(GuestInput input);

void guest_free(Guest *guest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Guest, guest_free)
