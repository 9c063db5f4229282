/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitors of one desk, shared by its displays: a lane for each bus, and which monitor is on
 * which bus according to the last scan. Use on the main loop only.
 */
#pragma once

#include "display/agents.h"
#include "display/memory.h"
#include "display/scan.h"

typedef struct MonitorRegistry MonitorRegistry;

/* The registry watches the buses of system, and scans when they change. */
MonitorRegistry *monitor_registry_new(I2cSystem *system);
void monitor_registry_free(MonitorRegistry *registry);

/* The agents that set monitors from inside the guests; borrowed. NULL: none. */
void monitor_registry_set_agents(MonitorRegistry *registry, DisplayAgents *agents);
DisplayAgents *monitor_registry_agents(MonitorRegistry *registry);

/* What was learned about monitors; borrowed. NULL: nothing is kept. */
void monitor_registry_set_memory(MonitorRegistry *registry, MonitorMemory *memory);
MonitorMemory *monitor_registry_memory(MonitorRegistry *registry);

/* How long after a switch a monitor is checked again, because one without a signal goes back by
 * itself within some seconds (ddcutil #77, #236). 5000 ms except in tests. */
guint monitor_registry_settle_ms(MonitorRegistry *registry);
void monitor_registry_set_settle_ms(MonitorRegistry *registry, guint ms);

I2cSystem *monitor_registry_system(MonitorRegistry *registry);
/* The bus with this number; borrowed. */
MonitorBus *monitor_registry_bus(MonitorRegistry *registry, int number);

/* The cable over which a monitor answered. The number of its bus may change; then connector and
 * card identify it, if they are known. */
typedef struct {
	int bus; /* -1: none yet */
	char *connector, *address;
	Edid edid; /* of the monitor; has_edid FALSE: not known */
	gboolean has_edid;
} LastCable;

#define LAST_CABLE_NONE ((LastCable){ .bus = -1 })

void last_cable_set(LastCable *last, MonitorRegistry *registry, int bus);
void last_cable_clear(LastCable *last);

/*
 * The bus of the monitor: the one that match names, otherwise the one that the last scan found. If
 * a monitor has several cables: the one over which it answered last, otherwise one of a card that
 * is not passed through to a guest. Returns -1 on failure: NO_MONITOR (also before the first scan;
 * see monitor_registry_scanned()), AMBIGUOUS.
 */
int monitor_registry_find(MonitorRegistry *registry, const MonitorMatch *match,
	const LastCable *last, GError **error);
/* A bus of the monitor on the first bus in tried (GArray of int) that is not in tried; -1: it has
 * no other cable, or the monitor is not known. */
int monitor_registry_other_cable(MonitorRegistry *registry, const GArray *tried);
/* "two cables: DP-1 of card1 (…), HDMI-A-2 of card2 (…)"; NULL: it has one. Free with g_free(). */
char *monitor_registry_describe_cables(MonitorRegistry *registry, int bus);

/* PCI addresses of the graphics cards that are passed through to guests; copied. */
void monitor_registry_set_guest_cards(MonitorRegistry *registry, const char *const *guest_cards);
gboolean monitor_registry_scanned(MonitorRegistry *registry);

/* The monitor that the last scan found on this bus; NULL: none. Borrowed until the next scan. */
const Edid *monitor_registry_edid(MonitorRegistry *registry, int bus);

/* Starts a scan, or joins the one under way. The members are called when it is over, never before
 * this returns. */
void monitor_registry_scan(MonitorRegistry *registry);

/* Scans if there are members that need it, as when the system reports that buses have changed. */
void monitor_registry_rescan(MonitorRegistry *registry);

/* Called after each scan whose result is not out of date already, and after each rescan that did
 * not need a scan. fresh: the system reported that buses or monitors have changed; FALSE: a member
 * requested the scan. */
typedef void (*RegistryScanned)(gboolean fresh, gpointer data);
/* Adds a member. by_edid: it needs a scan at each change. */
void monitor_registry_join(
	MonitorRegistry *registry, gboolean by_edid, RegistryScanned scanned, gpointer data);
void monitor_registry_leave(MonitorRegistry *registry, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MonitorRegistry, monitor_registry_free)
