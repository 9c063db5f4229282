/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulated USB devices and the domains that may have them, behind the same vtable as the real
 * ones: the code that moves devices is the real one. What is done takes as long as the real thing,
 * and fails as that does.
 */
#pragma once

#include "device/usb-system.h"

/* In milliseconds. */
typedef struct {
	guint attach, detach, bind, refresh;
	guint deadline; /* after which an unanswered call is TIMED_OUT */
} SimUsbTimes;

/* What can be wrong with one device. */
typedef struct {
	gboolean refuses_attach; /* libvirt answers an attach with an error */
	gboolean stuck;		 /* its guest does not release it */
	gboolean no_driver;	 /* the host has no driver that wants it */
	gboolean no_permission;	 /* to bind the host's driver */
	const char *harm;	 /* why the host needs it itself (static); NULL: it does not */
} SimUsbFaults;

typedef struct SimUsb SimUsb;

/* times of NULL: as on an ordinary machine. */
SimUsb *sim_usb_new(const SimUsbTimes *times);
/* Ends what is under way without calling anyone. NULL is fine. */
void sim_usb_free(SimUsb *sim);

/* Lives as long as sim. */
UsbSystem *sim_usb_system(SimUsb *sim);

/* A device that the host drives, plugged into info's port (info is copied; its address is
 * generated). Ports are unique. */
void sim_usb_add(SimUsb *sim, const UsbInfo *info);
/* The device in port has an event node of this name. */
void sim_usb_set_input(SimUsb *sim, const char *port, const char *input);
/* Pulls the device in port out, or plugs it in again, at another address. What a domain has stays
 * in its description. */
void sim_usb_plug(SimUsb *sim, const char *port, gboolean in);
gboolean sim_usb_plugged(const SimUsb *sim, const char *port);
void sim_usb_set_faults(SimUsb *sim, const char *port, SimUsbFaults faults);

/* A running domain; one that has stopped runs again. */
void sim_usb_start_domain(SimUsb *sim, const char *domain);
/* killed: QEMU died, and left its devices without a driver. */
void sim_usb_stop_domain(SimUsb *sim, const char *domain, gboolean killed);

/* libvirt does not answer; it does what it was asked for when it hangs no more. */
void sim_usb_hang(SimUsb *sim, gboolean hangs);
/* libvirt cannot be reached. */
void sim_usb_disconnect(SimUsb *sim, gboolean disconnected);

/* Attaches or detaches as another program does it, and at once. */
void sim_usb_attach(SimUsb *sim, const char *domain, const char *port, const char *alias);
void sim_usb_detach(SimUsb *sim, const char *domain, const char *port);

/* Who has the device in port: a domain, "host", "unbound" (no driver) or "unplugged". Free with
 * g_free(). */
char *sim_usb_owner(const SimUsb *sim, const char *port);

/* How many devices domain's description lists, those that were unplugged too. */
guint sim_usb_listed(const SimUsb *sim, const char *domain);

/* What was asked for so far: "attach win11 ua-hotseat-1-1", "detach win11 …", "bind 1-1", with a
 * space after each. */
const char *sim_usb_log(const SimUsb *sim);
