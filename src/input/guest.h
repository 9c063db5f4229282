/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest: its emulated keyboard and mouse, its port, and the QEMU that is connected to the port.
 *
 * Several devices can press the same key. It is released when the last of them releases it.
 */
#pragma once

#include "input/loop.h"
#include "input/protocol.h"
#include "input/queue.h"

typedef struct InputGuest InputGuest;

/* None of these may free the guest. */
typedef struct {
	/* input_guest_state() or input_guest_detail() has changed. */
	void (*changed)(gpointer data, InputGuest *guest);
	/* input_guest_leds() has changed. */
	void (*leds)(gpointer data, InputGuest *guest);
	/* Only for a simulated guest: an event has arrived. */
	void (*arrived)(gpointer data, InputGuest *guest, guint type, guint code, int value);
} InputGuestEvents;

/* listener: a listening socket on spec's port, which remains the caller's; -1 for a simulated
 * guest.
 */
InputGuest *input_guest_new(Loop *loop, const ProtocolGuest *spec, int listener,
	const InputGuestEvents *events, gpointer data);
/* Disconnects QEMU and frees the guest. */
void input_guest_free(InputGuest *guest);

const char *input_guest_name(const InputGuest *guest);
ProtocolState input_guest_state(const InputGuest *guest);
/* Why it is in that state, for people; NULL: no details. */
const char *input_guest_detail(const InputGuest *guest);
guint8 input_guest_leds(const InputGuest *guest);

/* Does the guest match spec? If not, it must be replaced by a new one. */
gboolean input_guest_is(const InputGuest *guest, const ProtocolGuest *spec);

/* From now on a QEMU of that uid may connect, one at a time. -1: none may, and a connected one is
 * disconnected. */
void input_guest_expect(InputGuest *guest, int uid);

/* A device presses or releases a key or button. Sent with input_guest_flush(). */
void input_guest_key(InputGuest *guest, guint code, gboolean down);
/* See queue_move(). */
void input_guest_move(InputGuest *guest, HidAxis axis, gint64 amount);
/* Sends the reports that the guest has requested. */
void input_guest_flush(InputGuest *guest);
