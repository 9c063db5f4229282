/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the simulated USB share: usb.c is for the code that moves devices, usb-faults.c
 * for events and faults at the desk.
 */
#pragma once

#include "common/listeners.h"
#include "sim/usb.h"

typedef struct {
	UsbInfo *info;
	gboolean plugged;
	UsbDriving driving; /* while it is plugged in */
	SimUsbFaults faults;
	char *input; /* the name of its event node; NULL: it has none */
} SimDevice;

struct SimUsb {
	UsbSystem base;
	SimUsbTimes times;
	guint last_address;
	GPtrArray *devices;  /* SimDevice * */
	GPtrArray *running;  /* names of domains */
	GPtrArray *hostdevs; /* Hostdev * */
	GPtrArray *ops;	     /* SimOp *, under way or hanging; owned */
	gboolean hangs, disconnected;
	Listeners *listeners;
	GString *log;
};

typedef struct SimOp SimOp;

typedef GError *(*SimWork)(SimUsb *sim, SimOp *op);

struct SimOp {
	UsbOp base;
	SimWork work;
	UsbOpDone done; /* NULL: dropped, or its deadline has passed */
	gpointer data;
	gboolean hangs;
	guint timer; /* until the operation ends, or until its deadline if it hangs; 0: none */
	char *domain, *alias;
	UsbInfo *info;
};

/* The device in port, or NULL. */
SimDevice *sim_usb_find(const SimUsb *sim, const char *port);
/* The device that is plugged in at that address, or NULL. */
SimDevice *sim_usb_find_address(const SimUsb *sim, guint bus, guint address);
/* The first hostdev of device, or NULL. */
const Hostdev *sim_usb_find_hostdev(const SimUsb *sim, const SimDevice *device);
gboolean sim_usb_runs(const SimUsb *sim, const char *domain);
/* Removes device from all domains. */
void sim_usb_give_to_host(SimDevice *device, gboolean with_driver);
/* Unplugs the device in port and plugs it in again, without announcing it yet. */
void sim_usb_replug_silently(SimUsb *sim, const char *port);
void sim_usb_announce(SimUsb *sim, UsbNews news, const char *port);
void sim_usb_hostdev_add(SimUsb *sim, const char *domain, SimDevice *device, const char *alias);
/* Removes the hostdev from its domain. The host then has the device, if it is still plugged in. */
void sim_usb_hostdev_remove(SimUsb *sim, const Hostdev *hostdev, gboolean with_driver);
/* Carries out op, and ends it. */
void sim_usb_run(SimUsb *sim, SimOp *op);
