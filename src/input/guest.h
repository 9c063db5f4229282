/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest: the keyboard and mouse that it sees, its port, and the QEMU that is connected there.
 *
 * Several devices may press the same key: it is released when the last of them releases it.
 */
#pragma once

#include "input/loop.h"
#include "input/protocol.h"
#include "input/queue.h"

typedef struct InputGuest InputGuest;

/* None may free the guest. */
typedef struct {
	/* input_guest_state() or input_guest_detail() has changed. */
	void (*changed)(gpointer data, InputGuest *guest);
	/* input_guest_leds() has changed. */
	void (*leds)(gpointer data, InputGuest *guest);
	/* Of a simulated guest: an event has arrived. */
	void (*arrived)(gpointer data, InputGuest *guest, guint type, guint code, int value);
} InputGuestEvents;

/* listener: a listening socket on spec's port, which stays the caller's; -1 for a simulated guest.
 */
InputGuest *input_guest_new(Loop *loop, const ProtocolGuest *spec, int listener,
	const InputGuestEvents *events, gpointer data);
/* Disconnects it. */
void input_guest_free(InputGuest *guest);

const char *input_guest_name(const InputGuest *guest);
ProtocolState input_guest_state(const InputGuest *guest);
/* Why it is in that state, for people; NULL: nothing to say. */
const char *input_guest_detail(const InputGuest *guest);
guint8 input_guest_leds(const InputGuest *guest);

/* Is it what spec says? Else a new one must take its place. */
gboolean input_guest_is(const InputGuest *guest, const ProtocolGuest *spec);

/* From now on a QEMU of that uid may connect, one at a time; -1: none may, and the one that is
 * connected is disconnected. */
void input_guest_expect(InputGuest *guest, int uid);

/* A device presses or releases a key or button. Sent with input_guest_flush(). */
void input_guest_key(InputGuest *guest, guint code, gboolean down);
/* As queue_move(). */
void input_guest_move(InputGuest *guest, HidAxis axis, gint64 amount);
/* Sends what the guest asks for. */
void input_guest_flush(InputGuest *guest);
