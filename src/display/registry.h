/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitors of one desk, shared by its displays: a lane for each bus, and which monitor is on
 * which, from the last scan on. On the main loop.
 */
#pragma once

#include "display/agents.h"
#include "display/scan.h"

typedef struct MonitorRegistry MonitorRegistry;

/* system: whose buses. The registry watches it, and scans when buses come, go or change. */
MonitorRegistry *monitor_registry_new(I2cSystem *system);
void monitor_registry_free(MonitorRegistry *registry);

/* What sets monitors from inside the guests; borrowed, NULL: nothing. */
void monitor_registry_set_agents(MonitorRegistry *registry, DisplayAgents *agents);
DisplayAgents *monitor_registry_agents(MonitorRegistry *registry);

I2cSystem *monitor_registry_system(MonitorRegistry *registry);
/* The bus with this number; borrowed. */
MonitorBus *monitor_registry_bus(MonitorRegistry *registry, int number);

/*
 * The bus that the monitor is on: the one that match names, else as the last scan found it.
 * Errors, with -1: NO_MONITOR, AMBIGUOUS. Never scanned: -1 and NO_MONITOR too;
 * monitor_registry_scanned() says whether it was.
 */
int monitor_registry_find(MonitorRegistry *registry, const MonitorMatch *match, GError **error);
gboolean monitor_registry_scanned(MonitorRegistry *registry);

/* The monitor that the last scan found on this bus; NULL: none. Borrowed until the next scan. */
const Edid *monitor_registry_edid(MonitorRegistry *registry, int bus);

/* Starts a scan, or joins the one under way. The members are told when it is over, never before
 * this returns. */
void monitor_registry_scan(MonitorRegistry *registry);

/* Scans if there are members that need it, as when the system reports that buses have changed. */
void monitor_registry_rescan(MonitorRegistry *registry);

/* Called after each scan, and after each rescan for which nothing had to be scanned. fresh: buses
 * or monitors have changed, as the system reports; FALSE: a member only wanted to know. */
typedef void (*RegistryScanned)(gboolean fresh, gpointer data);
/* by_edid: the member needs a scan at each change. */
void monitor_registry_join(
	MonitorRegistry *registry, gboolean by_edid, RegistryScanned scanned, gpointer data);
void monitor_registry_leave(MonitorRegistry *registry, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MonitorRegistry, monitor_registry_free)
