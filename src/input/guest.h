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
	/* guest_state() or guest_detail() has changed. */
	void (*changed)(gpointer data, InputGuest *guest);
	/* guest_leds() has changed. */
	void (*leds)(gpointer data, InputGuest *guest);
	/* Of a simulated guest: an event has arrived. */
	void (*arrived)(gpointer data, InputGuest *guest, guint type, guint code, int value);
} InputGuestEvents;

/* listener: a listening socket on spec's port, which stays the caller's; -1 for a simulated guest.
 */
InputGuest *guest_new(Loop *loop, const ProtocolGuest *spec, int listener,
	const InputGuestEvents *events, gpointer data);
/* Disconnects it. */
void guest_free(InputGuest *guest);

const char *guest_name(const InputGuest *guest);
ProtocolState guest_state(const InputGuest *guest);
/* Why it is in that state, for people; NULL: nothing to say. */
const char *guest_detail(const InputGuest *guest);
guint8 guest_leds(const InputGuest *guest);

/* Is it what spec says? Else a new one must take its place. */
gboolean guest_is(const InputGuest *guest, const ProtocolGuest *spec);

/* From now on a QEMU of that uid may connect, one at a time; -1: none may, and the one that is
 * connected is disconnected. */
void guest_expect(InputGuest *guest, int uid);

/* A device presses or releases a key or button. Sent with guest_flush(). */
void guest_key(InputGuest *guest, guint code, gboolean down);
/* As queue_move(). */
void guest_move(InputGuest *guest, HidAxis axis, gint64 amount);
/* Sends what the guest asks for. */
void guest_flush(InputGuest *guest);
