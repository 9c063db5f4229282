/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guests that take forwarded events, and how far each is from taking them: its port, the uid of
 * its QEMU, what libvirt has attached, what hotseat-inputd says. On the main loop.
 */
#pragma once

#include "config/config.h"
#include "device/input-system.h"
#include "guest/connection.h"
#include "input/protocol.h"

typedef struct InputGuests InputGuests;

typedef struct {
	/* The QEMU of guest may connect from now on, if its uid is this; -1: it does not run.
	 * Returns the id of what was sent, for input_guests_answered(); 0: nothing was. */
	guint (*expect)(const char *guest, int uid, gpointer data);
	/* input_guests_readiness() says something else now. */
	void (*changed)(const char *guest, gpointer data);
} InputGuestsOps;

/* For the guests of config that a device travels to via input. connection: of those that have a
 * domain; NULL: none has. ports: a guest's name to GUINT_TO_POINTER(port). Everything must outlive
 * it. What is attached stays attached, but for guests to which no device travels any more. */
InputGuests *input_guests_new(const Config *config, LibvirtConnection *connection,
	GHashTable *ports, const InputGuestsOps *ops, gpointer data);
void input_guests_free(InputGuests *guests);

/* As far as the guest itself goes; see InputOps. */
InputReadiness input_guests_readiness(InputGuests *guests, const char *guest, GError **error);
void input_guests_retry(InputGuests *guests, const char *guest);

/* See InputOps. */
void input_guests_expect(InputGuests *guests, const char *guest, int uid);

/* The answer to what has this id. error: why hotseat-inputd refuses that QEMU; NULL: it does not.
 * FALSE: it is not one of ops->expect(). */
gboolean input_guests_answered(InputGuests *guests, guint id, const char *error);

/* What hotseat-inputd says. TRUE: it took input, and does not any more. */
gboolean input_guests_set_state(InputGuests *guests, const char *guest, ProtocolState state);
/* hotseat-inputd has ended: no QEMU is connected to it. */
void input_guests_forget_states(InputGuests *guests);

/* Calls ops->changed for each guest. */
void input_guests_announce(InputGuests *guests);
/* Calls ops->expect for each guest of which it is known whether it runs. */
void input_guests_expect_all(InputGuests *guests);

/* hotseat-inputd listens at these ports (guint); NULL: it is simulated, and needs none. */
void input_guests_set_held(InputGuests *guests, const GArray *ports);
/* Does it at the guest's? */
gboolean input_guests_is_held(InputGuests *guests, const char *guest);

/* Sets error (may be NULL) and returns readiness. */
InputReadiness input_not_ready(GError **error, InputReadiness readiness, int code,
	const char *format, ...) G_GNUC_PRINTF(4, 5);
