/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the simulated USB share: usb.c is what the code that moves devices sees,
 * usb-faults.c what goes on at the desk.
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
	guint timer; /* until it is over, or if it hangs its deadline; 0: none */
	char *domain, *alias;
	UsbInfo *info;
};

/* The device in port, or NULL. */
SimDevice *sim_usb_find(const SimUsb *sim, const char *port);
/* The device that is plugged in at that address, or NULL. */
SimDevice *sim_usb_find_address(const SimUsb *sim, guint bus, guint address);
/* The first hostdev that is device's, or NULL. */
const Hostdev *sim_usb_find_hostdev(const SimUsb *sim, const SimDevice *device);
gboolean sim_usb_runs(const SimUsb *sim, const char *domain);
/* No domain has device any more. */
void sim_usb_give_to_host(SimDevice *device, gboolean with_driver);
/* The device in port is pulled out and plugged in again, and that is not announced yet. */
void sim_usb_replug_silently(SimUsb *sim, const char *port);
void sim_usb_announce(SimUsb *sim, UsbNews news, const char *port);
void sim_usb_hostdev_add(SimUsb *sim, const char *domain, SimDevice *device, const char *alias);
/* The hostdev leaves its domain; the host has the device then, if it is plugged in still. */
void sim_usb_hostdev_remove(SimUsb *sim, const Hostdev *hostdev, gboolean with_driver);
/* Does what op was asked for, and ends it. */
void sim_usb_run(SimUsb *sim, SimOp *op);
