/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitors of one desk, shared by its displays: a lane for each bus, and which monitor is on
 * which, from the last scan on. On the main loop.
 */
#pragma once

#include "display/agents.h"
#include "display/memory.h"
#include "display/scan.h"

typedef struct MonitorRegistry MonitorRegistry;

/* system: whose buses. The registry watches it, and scans when buses come, go or change. */
MonitorRegistry *monitor_registry_new(I2cSystem *system);
void monitor_registry_free(MonitorRegistry *registry);

/* What sets monitors from inside the guests; borrowed, NULL: nothing. */
void monitor_registry_set_agents(MonitorRegistry *registry, DisplayAgents *agents);
DisplayAgents *monitor_registry_agents(MonitorRegistry *registry);

/* What was learned about monitors; borrowed, NULL: nothing is kept. */
void monitor_registry_set_memory(MonitorRegistry *registry, MonitorMemory *memory);
MonitorMemory *monitor_registry_memory(MonitorRegistry *registry);

/* How long after a switch a monitor is looked at once more: one that finds no signal goes back by
 * itself within some seconds (ddcutil #77, #236). 5000 ms but for tests. */
guint monitor_registry_settle_ms(MonitorRegistry *registry);
void monitor_registry_set_settle_ms(MonitorRegistry *registry, guint ms);

I2cSystem *monitor_registry_system(MonitorRegistry *registry);
/* The bus with this number; borrowed. */
MonitorBus *monitor_registry_bus(MonitorRegistry *registry, int number);

/* The cable over which a monitor was reached. Its bus may get another number; if the connector and
 * the card are known, they tell. */
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
 * The bus that the monitor is on: the one that match names, else as the last scan found it. Of a
 * monitor with several cables, the one that it was reached over last, else one of a card that no
 * guest is given. Errors, with -1: NO_MONITOR, AMBIGUOUS. Never scanned: -1 and NO_MONITOR too;
 * monitor_registry_scanned() says whether it was.
 */
int monitor_registry_find(MonitorRegistry *registry, const MonitorMatch *match,
	const LastCable *last, GError **error);
/* A bus of the same monitor as the first of tried (GArray of int) that is not among them; -1: it
 * has no other cable, or it is not known which monitor is there. */
int monitor_registry_other_cable(MonitorRegistry *registry, const GArray *tried);
/* "two cables: DP-1 of card1 (…), HDMI-A-2 of card2 (…)"; NULL: it has one. Free with g_free(). */
char *monitor_registry_describe_cables(MonitorRegistry *registry, int bus);

/* PCI addresses of the graphics cards that guests are given; copied. */
void monitor_registry_set_guest_cards(MonitorRegistry *registry, const char *const *guest_cards);
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
