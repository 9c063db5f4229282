/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A keyboard in port 3-1 and two guests, win10 and arch, on a simulated USB: what the seat would be
 * told is kept.
 */
#pragma once

#include "common/error.h"
#include "device/usb.h"
#include "sim/usb.h"

#include <string.h>

#define PORT  "3-1"
#define ALIAS "ua-hotseat-3-1"

typedef struct {
	SimUsb *sim;
	ConfigDevice config;
	GPtrArray *guests;
	GPtrArray *devices; /* for tests: ConfigDevice * of the whole config */
	Resource *device;
	GCancellable *cancel;

	/* of the apply or observe that ended last */
	guint ended;
	char *at, *detail;
	gboolean changed;
	GError *error;

	GString *told; /* "appeared host, " for each change that was reported to the seat */
} UsbDesk;

void usb_desk_set_up(UsbDesk *desk, gconstpointer unused);
void usb_desk_tear_down(UsbDesk *desk, gconstpointer unused);

/* A resource as config says; the old one is freed. */
void usb_desk_remake(UsbDesk *desk, const ConfigDevice *config);

/* Tests this resource, instead of one that was freed. */
void usb_desk_adopt(UsbDesk *desk, Resource *device);

/* Begins, and does not wait. */
void usb_desk_begin(UsbDesk *desk, const char *target);
void usb_desk_begin_observe(UsbDesk *desk);
/* Waits until what was begun has ended. */
void usb_desk_wait(UsbDesk *desk);
/* Begins and waits. */
void usb_desk_apply(UsbDesk *desk, const char *target);
void usb_desk_observe(UsbDesk *desk);

/* Everything that was going to happen has happened. */
void usb_desk_settle(UsbDesk *desk);

/* Who really has the keyboard. */
void usb_desk_owner_is(UsbDesk *desk, const char *owner);
/* What the seat was told since the last call, as in told. */
void usb_desk_told_is(UsbDesk *desk, const char *expected);
/* at: NULL for no target. */
void usb_desk_ended_at(UsbDesk *desk, const char *at, gboolean changed);
void usb_desk_failed(UsbDesk *desk, HotseatError code);
