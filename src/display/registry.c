/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/registry.h"

#include "common/error.h"
#include "display/identity.h"

#define SETTLE_MS 5000

typedef struct {
	gboolean by_edid;
	RegistryScanned scanned;
	gpointer data;
} Member;

struct MonitorRegistry {
	I2cSystem *system;
	DisplayAgents *agents; /* NULL: none */
	MonitorMemory *memory; /* NULL: none */
	guint settle_ms;
	BusTable *buses;
	GPtrArray *members; /* Member * */
	ScanResult *found;  /* NULL: never scanned */
	GStrv guest_cards;  /* NULL: not known */
	Scan *scan;	    /* under way; NULL: none is */
	gboolean fresh;	    /* the scan under way was started by a rescan */
	gboolean again;	    /* there was another rescan since */
	gboolean repeats;   /* the scan under way repeats one that was out of date at its end */
	guint watch;
};

void monitor_registry_set_memory(MonitorRegistry *registry, MonitorMemory *memory)
{
	registry->memory = memory;
}

MonitorMemory *monitor_registry_memory(MonitorRegistry *registry)
{
	return registry->memory;
}

guint monitor_registry_settle_ms(MonitorRegistry *registry)
{
	return registry->settle_ms;
}

void monitor_registry_set_settle_ms(MonitorRegistry *registry, guint ms)
{
	registry->settle_ms = ms;
}

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

static void prefer_host(MonitorRegistry *registry)
{
	if (registry->found != NULL && registry->guest_cards != NULL)
		found_monitors_prefer(
			registry->found->monitors, (const char *const *)registry->guest_cards);
}

void monitor_registry_set_guest_cards(MonitorRegistry *registry, const char *const *guest_cards)
{
	g_strfreev(registry->guest_cards);
	registry->guest_cards = g_strdupv((char **)guest_cards);
	prefer_host(registry);
}

static void on_scanned(ScanResult *result, gpointer data)
{
	MonitorRegistry *registry = data;
	gboolean fresh = registry->fresh, again = registry->again;
	/* What was plugged in meanwhile may be what a display waits for. Only one result is kept
	 * back, so that a card that reports changes without end does not keep the displays waiting.
	 */
	gboolean outdated = again && !registry->repeats;

	scan_result_free(registry->found);
	registry->found = result;
	prefer_host(registry);
	registry->scan = NULL;
	registry->fresh = registry->again = FALSE;
	registry->repeats = outdated;
	if (!outdated)
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

/* The monitor, and its cable, on this bus; NULL: none. */
static const FoundMonitor *monitor_on(
	MonitorRegistry *registry, int bus, const FoundMonitor **cable)
{
	for (guint i = 0; registry->found != NULL && i < registry->found->monitors->len; i++) {
		const FoundMonitor *monitor = registry->found->monitors->pdata[i];

		for (guint j = 0; (*cable = found_monitor_cable(monitor, j)) != NULL; j++)
			if ((*cable)->bus == bus)
				return monitor;
	}
	return NULL;
}

const Edid *monitor_registry_edid(MonitorRegistry *registry, int bus)
{
	const FoundMonitor *cable;

	return monitor_on(registry, bus, &cable) != NULL ? &cable->edid : NULL;
}

static gboolean contains(const GArray *numbers, int number)
{
	for (guint i = 0; i < numbers->len; i++)
		if (g_array_index(numbers, int, i) == number)
			return TRUE;
	return FALSE;
}

int monitor_registry_other_cable(MonitorRegistry *registry, const GArray *tried)
{
	const FoundMonitor *cable = NULL;
	const FoundMonitor *monitor =
		tried->len > 0 ? monitor_on(registry, g_array_index(tried, int, 0), &cable) : NULL;

	for (guint i = 0; monitor != NULL && (cable = found_monitor_cable(monitor, i)) != NULL; i++)
		if (cable->bus >= 0 && !contains(tried, cable->bus))
			return cable->bus;
	return -1;
}

char *monitor_registry_describe_cables(MonitorRegistry *registry, int bus)
{
	const FoundMonitor *cable;
	const FoundMonitor *monitor = monitor_on(registry, bus, &cable);

	return monitor != NULL ? found_monitor_cables(monitor) : NULL;
}

/* -- the last cable --------------------------------------------------------------------------- */

void last_cable_clear(LastCable *last)
{
	g_free(last->connector);
	g_free(last->address);
	*last = LAST_CABLE_NONE;
}

static char *cable_name(const FoundMonitor *cable)
{
	return g_strdup_printf("%s %s", cable->address, cable->connector);
}

void last_cable_set(LastCable *last, MonitorRegistry *registry, int bus)
{
	const FoundMonitor *cable;

	last_cable_clear(last);
	last->bus = bus;
	if (monitor_on(registry, bus, &cable) == NULL)
		return;
	last->connector = g_strdup(cable->connector);
	last->address = g_strdup(cable->address);
	last->edid = cable->edid;
	last->has_edid = TRUE;
	if (cable->connector != NULL && cable->address != NULL) {
		g_autofree char *name = cable_name(cable);

		monitor_memory_set(registry->memory, &cable->edid, MEMORY_CABLE, name);
	}
}

/* Did an earlier daemon reach the monitor over this cable last? */
static gboolean is_remembered(MonitorRegistry *registry, const FoundMonitor *cable)
{
	g_autofree char *kept = monitor_memory_get(registry->memory, &cable->edid, MEMORY_CABLE);
	g_autofree char *name =
		cable->connector != NULL && cable->address != NULL ? cable_name(cable) : NULL;

	return kept != NULL && g_strcmp0(kept, name) == 0;
}

/* Is it the last cable, with the same monitor? */
static gboolean is_last(const FoundMonitor *cable, const LastCable *last)
{
	if (!last->has_edid || !identity_is_same(&cable->edid, &last->edid))
		return FALSE;
	if (last->connector == NULL || last->address == NULL || cable->connector == NULL ||
		cable->address == NULL)
		return cable->bus == last->bus;
	return g_str_equal(cable->connector, last->connector) &&
	       g_str_equal(cable->address, last->address);
}

/* -- which one is meant ----------------------------------------------------------------------- */

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
	gboolean cards = g_strcmp0(one->connector, other->connector) == 0;
	g_autofree char *add =
		one->connector != NULL && cards && one->address != NULL
			? g_strdup_printf("connector: %s-%s", one->address, one->connector)
		: one->connector != NULL
			? g_strdup_printf("connector: %s", one->connector)
			: g_strdup_printf("bus: %d\" instead of \"monitor", one->bus);

	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_AMBIGUOUS,
		"several monitors match: \"%s\" on %s and on %s; tell them apart "
		"with \"serial\" if it differs, otherwise with \"%s\"",
		who, first, second, add);
}

/* The monitor may be on a bus that could not be scanned. */
static gboolean set_refused(MonitorRegistry *registry, GError **error)
{
	const GPtrArray *refused = registry->found != NULL ? registry->found->refused : NULL;
	const RefusedBus *first;

	if (refused == NULL || refused->len == 0)
		return FALSE;
	first = refused->pdata[0];
	g_set_error(error, HOTSEAT_ERROR, first->error->code,
		"no monitor matches on the accessible buses, and %u buses are not accessible: %s",
		refused->len, first->error->message);
	return TRUE;
}

/* Does the graphics card report that nothing is plugged in where the monitor was last? */
static gboolean is_off(MonitorRegistry *registry, const LastCable *last)
{
	const GPtrArray *connectors = registry->found != NULL ? registry->found->connectors : NULL;

	for (guint i = 0; connectors != NULL && i < connectors->len; i++) {
		const Connector *connector = connectors->pdata[i];

		if (g_strcmp0(connector->name, last->connector) == 0 &&
			g_strcmp0(connector->address, last->address) == 0)
			return connector->status == CONNECTOR_DISCONNECTED;
	}
	return FALSE;
}

static char *list_others(MonitorRegistry *registry)
{
	GString *others = g_string_new(NULL);

	for (guint i = 0; registry->found != NULL && i < registry->found->monitors->len; i++) {
		const FoundMonitor *monitor = registry->found->monitors->pdata[i];
		g_autofree char *name = edid_describe(&monitor->edid);
		g_autofree char *place = where(monitor);

		if (monitor->bus >= 0)
			g_string_append_printf(others, "%s\"%s\" on %s",
				others->len > 0 ? ", " : "; found: ", name, place);
	}
	if (others->len == 0)
		g_string_append(others, ", and no other monitor was found");
	return g_string_free(others, FALSE);
}

static void set_missing(MonitorRegistry *registry, const LastCable *last, GError **error)
{
	g_autofree char *others = list_others(registry);

	if (set_refused(registry, error))
		return;
	if (last->connector != NULL && is_off(registry, last))
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
			"%s, where the monitor was, reports no monitor now%s; many monitors turn "
			"off an input while they show another one: bring it back with the agent in "
			"the guest (`hotseat guest-kit`) or with its buttons",
			last->connector, others);
	else
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
			"no monitor matches the description%s; check that it is plugged in and "
			"switched on",
			others);
}

/* What matches: the cables, and the first two monitors. */
typedef struct {
	const FoundMonitor *monitors[2];
	const FoundMonitor *first;
	const FoundMonitor *last;	/* the cable over which it answered last; may be NULL */
	const FoundMonitor *remembered; /* the same, under an earlier daemon; may be NULL */
} Fitting;

static void take_cables(MonitorRegistry *registry, const FoundMonitor *monitor,
	const MonitorMatch *match, const LastCable *last, Fitting *fitting)
{
	const FoundMonitor *cable;
	gboolean fits = FALSE;

	for (guint i = 0; (cable = found_monitor_cable(monitor, i)) != NULL; i++) {
		if (cable->bus < 0 || !found_cable_fits(cable, match))
			continue;
		fits = TRUE;
		if (fitting->first == NULL)
			fitting->first = cable;
		if (is_last(cable, last))
			fitting->last = cable;
		if (is_remembered(registry, cable))
			fitting->remembered = cable;
	}
	if (fits)
		fitting->monitors[fitting->monitors[0] != NULL ? 1 : 0] = monitor;
}

int monitor_registry_find(
	MonitorRegistry *registry, const MonitorMatch *match, const LastCable *last, GError **error)
{
	Fitting fitting = { 0 };

	if (match->bus >= 0)
		return match->bus;
	for (guint i = 0; registry->found != NULL && i < registry->found->monitors->len; i++)
		take_cables(registry, registry->found->monitors->pdata[i], match, last, &fitting);
	if (fitting.last != NULL)
		return fitting.last->bus;
	if (fitting.monitors[1] != NULL)
		set_ambiguous(fitting.monitors[0], fitting.monitors[1], error);
	else if (fitting.first == NULL)
		set_missing(registry, last, error);
	if (fitting.first == NULL || fitting.monitors[1] != NULL)
		return -1;
	return fitting.remembered != NULL ? fitting.remembered->bus : fitting.first->bus;
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
	registry->settle_ms = SETTLE_MS;
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
	g_strfreev(registry->guest_cards);
	g_ptr_array_unref(registry->members);
	bus_table_free(registry->buses);
	g_free(registry);
}
