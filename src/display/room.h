/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The desk's buses: a lane for each, and which monitor is on which. Everything here is called on
 * the main loop.
 */
#pragma once

#include "common/lane.h"
#include "display/agents.h"
#include "display/ddc.h"
#include "display/display.h"

/* A bus and its lane. A job on the lane holds a reference: it may outlive the room. */
typedef struct {
	gatomicrefcount refs;
	DdcPort port; /* the lane's */
	Edid edid;    /* the lane's: of the last scan that could read one */
	gboolean has_edid;
	Lane *lane; /* the room's */
} RoomBus;

RoomBus *room_bus_ref(RoomBus *bus);
void room_bus_unref(RoomBus *bus); /* on any thread */

/* The bus with this number, made when it is new; borrowed. */
RoomBus *room_bus(DisplayRoom *room, int number);

I2cSystem *room_system(DisplayRoom *room);
DisplayAgents *room_agents(DisplayRoom *room); /* NULL: none */

/*
 * The bus that the monitor is on: the one that match names, else as the last scan found it.
 * Errors, with -1: NO_MONITOR, AMBIGUOUS. Never scanned: -1 and NO_MONITOR too; room_scanned()
 * tells.
 */
int room_find(DisplayRoom *room, const MonitorMatch *match, GError **error);
gboolean room_scanned(DisplayRoom *room);

/* Who is on this bus, says the last scan; NULL: nobody. Borrowed until the next. */
const Edid *room_edid(DisplayRoom *room, int bus);

/* Reads the EDIDs of all buses at once, or joins the scan under way; those who joined the room are
 * told when it is over, never before this returns. */
void room_scan(DisplayRoom *room);

/* Called after each scan, and after each rescan for which nothing had to be scanned. fresh: buses
 * or monitors have changed, says the system; FALSE: somebody only wanted to know. */
typedef void (*RoomScanned)(gboolean fresh, gpointer data);
void room_join(DisplayRoom *room, gboolean by_edid, RoomScanned scanned, gpointer data);
void room_leave(DisplayRoom *room, gpointer data);
