/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The I2C buses of one desk, with a lane for each. Use on the main loop only.
 */
#pragma once

#include "common/lane.h"
#include "display/ddc.h"

/* A bus and its lane. A job on the lane holds a reference: it may outlive the table. */
typedef struct {
	gatomicrefcount refs;
	DdcPort port; /* the lane's */
	Edid edid;    /* the lane's: from the last scan that found one */
	gboolean has_edid;
	Lane *lane; /* the table's */
} MonitorBus;

MonitorBus *monitor_bus_ref(MonitorBus *bus);
void monitor_bus_unref(MonitorBus *bus); /* on any thread */

typedef struct BusTable BusTable;

BusTable *bus_table_new(I2cSystem *system);
void bus_table_free(BusTable *table);
I2cSystem *bus_table_system(BusTable *table);
/* The bus with this number, which is created if it is new; borrowed. */
MonitorBus *bus_table_get(BusTable *table, int number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BusTable, bus_table_free)
