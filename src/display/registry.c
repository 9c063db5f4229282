/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/registry.h"

#include "common/error.h"

typedef struct {
	gboolean by_edid;
	RegistryScanned scanned;
	gpointer data;
} Member;

struct MonitorRegistry {
	I2cSystem *system;
	DisplayAgents *agents; /* NULL: none */
	BusTable *buses;
	GPtrArray *members; /* Member * */
	ScanResult *found;  /* NULL: never scanned */
	Scan *scan;	    /* under way; NULL: none is */
	gboolean fresh;	    /* the scan under way was started by a rescan */
	gboolean again;	    /* there was another rescan since */
	guint watch;
};

I2cSystem *monitor_registry_system(MonitorRegistry *registry)
{
	return registry->system;
}

MonitorBus *monitor_registry_bus(MonitorRegistry *registry, int number)
{
	return bus_table_get(registry->buses, number);
}

DisplayAgents *monitor_registry_agents(MonitorRegistry *registry)
{
	return registry->agents;
}

void monitor_registry_set_agents(MonitorRegistry *registry, DisplayAgents *agents)
{
	registry->agents = agents;
}

/* -- scanning --------------------------------------------------------------------------------- */

static void tell_members(MonitorRegistry *registry, gboolean fresh)
{
	for (guint i = 0; i < registry->members->len; i++) {
		Member *member = g_ptr_array_index(registry->members, i);

		member->scanned(fresh, member->data);
	}
}

static void on_scanned(ScanResult *result, gpointer data)
{
	MonitorRegistry *registry = data;
	gboolean fresh = registry->fresh, again = registry->again;

	scan_result_free(registry->found);
	registry->found = result;
	registry->scan = NULL;
	registry->fresh = registry->again = FALSE;
	tell_members(registry, fresh);
	if (again)
		monitor_registry_rescan(registry);
}

void monitor_registry_scan(MonitorRegistry *registry)
{
	if (registry->scan == NULL)
		registry->scan =
			scan_start(registry->buses, SCAN_IDENTITY, NULL, on_scanned, registry);
}

gboolean monitor_registry_scanned(MonitorRegistry *registry)
{
	return registry->found != NULL;
}

/* -- finding ---------------------------------------------------------------------------------- */

const Edid *monitor_registry_edid(MonitorRegistry *registry, int bus)
{
	for (guint i = 0; registry->found != NULL && i < registry->found->monitors->len; i++) {
		const FoundMonitor *monitor = registry->found->monitors->pdata[i];

		if (monitor->bus == bus)
			return &monitor->edid;
	}
	return NULL;
}

static char *where(const FoundMonitor *monitor)
{
	return monitor->connector != NULL
		       ? g_strdup_printf("/dev/i2c-%d (%s)", monitor->bus, monitor->connector)
		       : g_strdup_printf("/dev/i2c-%d", monitor->bus);
}

static void set_ambiguous(const FoundMonitor *one, const FoundMonitor *other, GError **error)
{
	g_autofree char *who = edid_describe(&one->edid);
	g_autofree char *first = where(one);
	g_autofree char *second = where(other);
	g_autofree char *add =
		one->connector != NULL
			? g_strdup_printf("connector: %s", one->connector)
			: g_strdup_printf("bus: %d\" instead of \"monitor", one->bus);

	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_AMBIGUOUS,
		"several monitors fit the description: \"%s\" on %s and on %s; tell them apart "
		"with \"serial\" if theirs differ, else with \"%s\"",
		who, first, second, add);
}

static void set_missing(MonitorRegistry *registry, GError **error)
{
	g_autoptr(GString) others = g_string_new(NULL);

	for (guint i = 0; registry->found != NULL && i < registry->found->monitors->len; i++) {
		const FoundMonitor *monitor = registry->found->monitors->pdata[i];
		g_autofree char *name = edid_describe(&monitor->edid);
		g_autofree char *place = where(monitor);

		if (monitor->bus >= 0)
			g_string_append_printf(others, "%s\"%s\" on %s",
				others->len > 0 ? ", " : "; found: ", name, place);
	}
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
		"no monitor fits the description%s; is it plugged in and switched on?",
		others->len > 0 ? others->str : ", nor was any other found");
}

int monitor_registry_find(MonitorRegistry *registry, const MonitorMatch *match, GError **error)
{
	const FoundMonitor *found = NULL;

	if (match->bus >= 0)
		return match->bus;
	for (guint i = 0; registry->found != NULL && i < registry->found->monitors->len; i++) {
		const FoundMonitor *monitor = registry->found->monitors->pdata[i];

		if (monitor->bus < 0 || !found_monitor_fits(monitor, match))
			continue;
		if (found != NULL) {
			set_ambiguous(found, monitor, error);
			return -1;
		}
		found = monitor;
	}
	if (found == NULL) {
		set_missing(registry, error);
		return -1;
	}
	return found->bus;
}

/* -- members ---------------------------------------------------------------------------------- */

void monitor_registry_join(
	MonitorRegistry *registry, gboolean by_edid, RegistryScanned scanned, gpointer data)
{
	Member *member = g_new0(Member, 1);

	member->by_edid = by_edid;
	member->scanned = scanned;
	member->data = data;
	g_ptr_array_add(registry->members, member);
}

void monitor_registry_leave(MonitorRegistry *registry, gpointer data)
{
	for (guint i = 0; i < registry->members->len; i++) {
		Member *member = g_ptr_array_index(registry->members, i);

		if (member->data == data) {
			g_ptr_array_remove_index(registry->members, i);
			return;
		}
	}
}

void monitor_registry_rescan(MonitorRegistry *registry)
{
	gboolean by_edid = FALSE;

	for (guint i = 0; i < registry->members->len; i++)
		by_edid |= ((Member *)g_ptr_array_index(registry->members, i))->by_edid;
	if (!by_edid) {
		tell_members(registry, TRUE);
	} else if (registry->scan != NULL) {
		registry->again = TRUE;
	} else {
		registry->fresh = TRUE;
		monitor_registry_scan(registry);
	}
}

static void buses_changed(gpointer data)
{
	monitor_registry_rescan(data);
}

/* -- from start to end ------------------------------------------------------------------------ */

MonitorRegistry *monitor_registry_new(I2cSystem *system)
{
	MonitorRegistry *registry = g_new0(MonitorRegistry, 1);

	registry->system = system;
	registry->buses = bus_table_new(system);
	registry->members = g_ptr_array_new_with_free_func(g_free);
	registry->watch = system->ops->watch(system, buses_changed, registry);
	return registry;
}

void monitor_registry_free(MonitorRegistry *registry)
{
	if (registry == NULL)
		return;
	registry->system->ops->unwatch(registry->system, registry->watch);
	scan_free(registry->scan);
	scan_result_free(registry->found);
	g_ptr_array_unref(registry->members);
	bus_table_free(registry->buses);
	g_free(registry);
}
