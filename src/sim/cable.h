/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The internals of a simulated monitor, for the simulated buses. Call functions with the lock held.
 */
#pragma once

#include "display/connectors.h"
#include "display/ddcci.h"
#include "sim/monitor.h"

struct SimMonitor {
	I2cSystem *system;
	GMutex *lock; /* the system's */
	guint8 feature, source;
	char *capabilities;
	guint8 edid[EDID_LENGTH];
	guint8 input;
	guint8 unsaved; /* a value that waits for "save settings"; 0: none */
	SimFaults faults;
	gint64 silent_until_us;
	gint64 replied_us; /* when it last replied; 0: never */
	SimMonitorChanged changed;
	gpointer changed_data;
};

/* One cable. */
typedef struct {
	char *card, *connector; /* "card0", "DP-1"; connector NULL: not known */
	char *address;		/* PCI address of the card */
	SimMonitor *monitor;	/* NULL: not connected to a monitor */
	guint8 input;
	SimBusFault fault;
	guint8 product;	     /* added to the product code in the EDID of this input */
	gboolean edid_known; /* known to the kernel */
	int other_bus;	     /* another bus of its connector; 0: none */
	guint8 eeprom;	     /* position in the EDID */
	guint8 reply[DDCCI_FRAGMENT_LENGTH];
	gsize reply_length; /* 0: the null message */
	gint64 ready_us;    /* until then the monitor sends the null message */
} SimCable;

/* A monitor that shares the lock of system. */
SimMonitor *monitor_new(I2cSystem *system, GMutex *lock, const SimMonitorSpec *spec);
void monitor_free(gpointer monitor);

/* Copies the EDID of this cable's input to edid, and returns edid. */
const guint8 *cable_edid(const SimCable *cable, guint8 edid[EDID_LENGTH]);

gboolean cable_acknowledges(const SimCable *cable, guint8 address, gint64 now_us);
/* Returns TRUE if the monitor's input has changed. */
gboolean cable_write(
	SimCable *cable, guint8 address, const guint8 *data, gsize length, gint64 now_us);
void cable_read(SimCable *cable, guint8 address, guint8 *data, gsize length, gint64 now_us);
