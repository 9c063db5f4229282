/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a USB device, between usb.c (the resource, and what happens to it by other hands)
 * and move.c (an apply or observe).
 */
#pragma once

#include "device/sysfs.h"
#include "device/usb.h"
#include "device/watch.h"
#include "guest/hostdevs.h"

/* An apply or observe under way. */
typedef struct {
	ResourceDone done; /* NULL: nothing is under way */
	gpointer data;
	char *target; /* NULL: to observe */
	GCancellable *cancel;
	guint start_id;
	HostdevOp *op;
	Lane *lane; /* while the host's driver is being bound */
	gboolean changed;
	guint attaches;
} Move;

typedef struct {
	Resource resource;
	Libvirt *libvirt;
	const ConfigDevice *config;
	GPtrArray *guests; /* ConfigGuest *, all there are */
	UsbWatch *watch;
	guint listener;
	guint look_id;
	UsbInfo *info;	  /* as found last; NULL: never yet */
	gboolean present; /* info is plugged in */
	gboolean sure;	  /* nothing was plugged in since info was found: it is the only one */
	gboolean told_present;
	guint plugs, told_plugs; /* times it was plugged in */
	gboolean unwanted;	 /* no driver of the host wants it: asked */
	gboolean overdue;	 /* a move was given up that libvirt may still carry out */
	char *at;		 /* where the seat knows it to be */
	gboolean placed;	 /* the seat has been told where */
	HostdevOp *tidy;	 /* what it left behind in a guest when it was unplugged */
	Move move;
} UsbDevice;

typedef struct {
	const char *at;
	char *detail;
	GError *error;
} Place;

void place_clear(Place *place);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

/* Finds it, whatever has changed. */
gboolean usb_look_up(UsbDevice *device, GError **error);

/* The same, without reading all of sysfs when nothing has changed. */
gboolean usb_make_sure(UsbDevice *device, GError **error);

/* Finds it only if it is not where it was: a twin that was plugged in meanwhile does not matter. */
gboolean usb_keep_up(UsbDevice *device, GError **error);

/* Where it is, as far as is known without asking libvirt. */
void usb_find_place(UsbDevice *device, Place *place);

/* Remembers where the seat knows it to be. */
void usb_set_at(UsbDevice *device, const char *at);

/* libvirt's name for the guest target, or NULL: none has that name. */
const char *usb_domain_of(UsbDevice *device, const char *target);

/* Tells the seat, when nothing is under way, what has happened by other hands. */
void usb_look_later(UsbDevice *device);

/* target: NULL to observe, and then cancel is, too. */
void usb_move_begin(UsbDevice *device, const char *target, GCancellable *cancel, ResourceDone done,
	gpointer data);
void usb_move_clear(UsbDevice *device);
