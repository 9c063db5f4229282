/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moves one USB device to a guest or to the host: checks where it is, takes the next step, and
 * checks again.
 */
#pragma once

#include <gio/gio.h>

#include "device/usb-finder.h"

/* Everything is borrowed and must outlive the move. */
typedef struct {
	UsbFinder *finder;
	GPtrArray *guests;  /* ConfigGuest *: devices of other domains are left alone */
	const char *domain; /* the destination; NULL: the host */
	GCancellable *cancel;
} UsbMoveRequest;

typedef struct {
	gboolean changed; /* something was moved or bound */
	/* The host has looked for a driver, and no driver matches the device. */
	gboolean declined;
	/* libvirt did not answer in time, and may still carry out the request. */
	gboolean overdue;
	/* Why it did not reach its destination: NO_DEVICE, AMBIGUOUS, LIBVIRT, TIMED_OUT,
	 * NO_PERMISSION, FAILED; SUPERSEDED if cancel fired. NULL: it did. Borrowed. */
	const GError *error;
} UsbMoveResult;

typedef struct UsbMove UsbMove;

typedef void (*UsbMoveDone)(const UsbMoveResult *result, gpointer data);

/* Calls done once, and never before this returns. The move is freed before done is called. */
UsbMove *usb_move_start(const UsbMoveRequest *request, UsbMoveDone done, gpointer data);

/* Frees the move without calling done. NULL is allowed. */
void usb_move_drop(UsbMove *move);
