/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guests that take forwarded events, and whether each is ready: its port, the uid of its QEMU,
 * what libvirt has attached, and the state that hotseat-inputd reports. Use on the main loop only.
 */
#pragma once

#include "config/config.h"
#include "device/input-system.h"
#include "guest/connection.h"
#include "input/protocol.h"

typedef struct InputGuests InputGuests;

typedef struct {
	/* Allows the QEMU of guest to connect if it runs as uid; -1: it does not run. Returns the
	 * id of the message that was sent, for input_guests_answered(); 0: none was sent. */
	guint (*expect)(const char *guest, int uid, gpointer data);
	/* The result of input_guests_readiness() has changed. */
	void (*changed)(const char *guest, gpointer data);
} InputGuestsOps;

/* For the guests of config to which a device moves via input. connection: for those that have a
 * domain; NULL: none has one. ports: a guest's name to GUINT_TO_POINTER(port). All arguments must
 * outlive it. What is attached stays attached, except at guests to which no device moves any more.
 */
InputGuests *input_guests_new(const Config *config, LibvirtConnection *connection,
	GHashTable *ports, const InputGuestsOps *ops, gpointer data);
void input_guests_free(InputGuests *guests);

/* The readiness of the guest itself; see InputOps. */
InputReadiness input_guests_readiness(InputGuests *guests, const char *guest, GError **error);
void input_guests_retry(InputGuests *guests, const char *guest);

/* See InputOps. */
void input_guests_expect(InputGuests *guests, const char *guest, int uid);

/* Takes the answer to the message with this id. error: why hotseat-inputd refuses that QEMU; NULL:
 * it accepts it. Returns FALSE if the id is not from ops->expect(). */
gboolean input_guests_answered(InputGuests *guests, guint id, const char *error);

/* Sets the state that hotseat-inputd reports. Returns TRUE if the guest took input until now and
 * has stopped doing so. */
gboolean input_guests_set_state(InputGuests *guests, const char *guest, ProtocolState state);
/* Resets all states, because hotseat-inputd has exited and no QEMU is connected to it. */
void input_guests_forget_states(InputGuests *guests);

/* Calls ops->changed for each guest. */
void input_guests_announce(InputGuests *guests);
/* Calls ops->expect for each guest that is known to run or not to run. */
void input_guests_expect_all(InputGuests *guests);

/* Sets the ports (guint) on which hotseat-inputd listens; NULL: it is simulated and needs none. */
void input_guests_set_held(InputGuests *guests, const GArray *ports);
/* Does hotseat-inputd listen on the guest's port? */
gboolean input_guests_is_held(InputGuests *guests, const char *guest);

/* Sets error (may be NULL) and returns readiness. */
InputReadiness input_not_ready(GError **error, InputReadiness readiness, int code,
	const char *format, ...) G_GNUC_PRINTF(4, 5);
