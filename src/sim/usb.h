/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulated USB devices and the domains that can have them, behind the same vtable as the real
 * ones, so that the real code moves them. Operations take as long as real ones, and fail in the
 * same ways.
 */
#pragma once

#include "device/usb-system.h"

/* In milliseconds. */
typedef struct {
	guint attach, detach, bind, refresh;
	guint deadline; /* after which an unanswered call is TIMED_OUT */
} SimUsbTimes;

/* The faults of a device. */
typedef struct {
	gboolean refuses_attach; /* libvirt answers an attach with an error */
	gboolean stuck;		 /* its guest does not release it */
	gboolean no_driver;	 /* the host has no driver that matches it */
	gboolean no_permission;	 /* no permission to bind the host's driver */
	const char *harm;	 /* why the host needs it itself (static); NULL: it does not */
} SimUsbFaults;

typedef struct SimUsb SimUsb;

/* times of NULL: those of an ordinary machine. */
SimUsb *sim_usb_new(const SimUsbTimes *times);
/* Drops operations that are under way without calling back. NULL is allowed. */
void sim_usb_free(SimUsb *sim);

/* Valid as long as sim. */
UsbSystem *sim_usb_system(SimUsb *sim);

/* Adds a device with a host driver in info's port (info is copied; its address is generated). Ports
 * are unique. */
void sim_usb_add(SimUsb *sim, const UsbInfo *info);
/* Gives the device in port an event node of this name. */
void sim_usb_set_input(SimUsb *sim, const char *port, const char *input);
/* Unplugs the device in port, or plugs it in again with another address. Domains keep their
 * hostdevs. */
void sim_usb_plug(SimUsb *sim, const char *port, gboolean in);
gboolean sim_usb_plugged(const SimUsb *sim, const char *port);
void sim_usb_set_faults(SimUsb *sim, const char *port, SimUsbFaults faults);

/* Adds a running domain, or starts one that has stopped. */
void sim_usb_start_domain(SimUsb *sim, const char *domain);
/* Stops a domain. killed: QEMU was killed, and left its devices without a driver. */
void sim_usb_stop_domain(SimUsb *sim, const char *domain, gboolean killed);

/* Makes libvirt hang. It carries out pending requests when it stops hanging. */
void sim_usb_hang(SimUsb *sim, gboolean hangs);
/* Makes libvirt unreachable. */
void sim_usb_disconnect(SimUsb *sim, gboolean disconnected);

/* Attaches or detaches immediately, as another program would. */
void sim_usb_attach(SimUsb *sim, const char *domain, const char *port, const char *alias);
void sim_usb_detach(SimUsb *sim, const char *domain, const char *port);

/* The place of the device in port: a domain, "host", "unbound" (no driver) or "unplugged". Free
 * with g_free(). */
char *sim_usb_owner(const SimUsb *sim, const char *port);

/* How many hostdevs domain has, including those of unplugged devices. */
guint sim_usb_listed(const SimUsb *sim, const char *domain);

/* The requests so far: "attach win11 ua-hotseat-1-1", "detach win11 …", "bind 1-1", with a space
 * after each. */
const char *sim_usb_log(const SimUsb *sim);
