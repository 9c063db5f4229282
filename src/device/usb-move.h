/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bringing one USB device to a guest or to the host: looks where it is, does the next thing on its
 * way, and looks again.
 */
#pragma once

#include <gio/gio.h>

#include "device/usb-finder.h"

/* Everything is borrowed, and outlives the move. */
typedef struct {
	UsbFinder *finder;
	GPtrArray *guests;  /* ConfigGuest *: devices of other domains are left alone */
	const char *domain; /* where to; NULL: to the host */
	GCancellable *cancel;
} UsbMoveRequest;

typedef struct {
	gboolean changed; /* something was moved or bound */
	/* The host has looked for a driver, and has none that wants the device. */
	gboolean declined;
	/* libvirt gave no answer in time, and may still do what it was asked for. */
	gboolean overdue;
	/* Why it is not there: NO_DEVICE, AMBIGUOUS, LIBVIRT, TIMED_OUT, NO_PERMISSION, FAILED;
	 * SUPERSEDED when cancel fired. NULL: it is there. Borrowed. */
	const GError *error;
} UsbMoveResult;

typedef struct UsbMove UsbMove;

typedef void (*UsbMoveDone)(const UsbMoveResult *result, gpointer data);

/* done is called once, never before this returns; the move is gone when it is called. */
UsbMove *usb_move_start(const UsbMoveRequest *request, UsbMoveDone done, gpointer data);

/* done is not called any more. NULL is fine. */
void usb_move_drop(UsbMove *move);
