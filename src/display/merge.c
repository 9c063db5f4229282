/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/merge.h"

#include "display/identity.h"

#include <string.h>

typedef struct {
	I2cSystem *system;
	const GPtrArray *connectors;
	GPtrArray *nameless;
	ScanResult *result;
} Merge;

static void take_connector(FoundMonitor *monitor, const Connector *connector)
{
	monitor->connector = g_strdup(connector->name);
	monitor->card = g_strdup(connector->card);
	monitor->panel = connector->panel;
	g_free(monitor->address);
	monitor->address = g_strdup(connector->address);
}

static gboolean is_named(const FoundMonitor *monitor, const Connector *connector)
{
	return g_strcmp0(monitor->connector, connector->name) == 0 &&
	       g_strcmp0(monitor->card, connector->card) == 0;
}

/* Its bus has no connector, and may belong to this one. */
static gboolean fits(const FoundMonitor *monitor, const Connector *connector)
{
	gboolean same_card = monitor->address == NULL || connector->address == NULL ||
			     g_str_equal(monitor->address, connector->address);

	return monitor->connector == NULL && same_card &&
	       edid_equal(&monitor->edid, &connector->edid);
}

/* The monitor on the connector, or NULL. */
static FoundMonitor *monitor_at(const ScanResult *result, const Connector *connector)
{
	FoundMonitor *fitting = NULL;

	for (guint i = 0; i < result->monitors->len; i++) {
		FoundMonitor *monitor = result->monitors->pdata[i];

		if (is_named(monitor, connector))
			return monitor;
		if (fitting == NULL && fits(monitor, connector))
			fitting = monitor;
	}
	return fitting;
}

const char *scan_first_refusal(const ScanResult *result)
{
	return ((const RefusedBus *)result->refused->pdata[0])->error->message;
}

static const char *why_not_asked(const ScanResult *result, const Connector *connector)
{
	if (connector->panel)
		return "a laptop's built-in panel";
	if (result->refused->len > 0)
		return scan_first_refusal(result);
	if (result->buses == 0)
		return "there is no I2C bus for it; load the driver: sudo modprobe "
		       "i2c-dev";
	return "none of the I2C buses leads to it";
}

static void add_unasked(ScanResult *result, const Connector *connector)
{
	FoundMonitor *monitor = g_new0(FoundMonitor, 1);

	monitor->bus = monitor->input = -1;
	monitor->edid = connector->edid;
	monitor->trouble = g_strdup(why_not_asked(result, connector));
	take_connector(monitor, connector);
	g_ptr_array_add(result->monitors, monitor);
}

/* The connector of this card whose monitor is on no known bus, if there is exactly one. */
static const Connector *only_unclaimed(const Merge *merge, const char *address)
{
	const Connector *found = NULL;

	for (guint i = 0; i < merge->connectors->len; i++) {
		const Connector *connector = merge->connectors->pdata[i];

		if (!connector->has_edid || connector->panel ||
			g_strcmp0(connector->address, address) != 0 ||
			monitor_at(merge->result, connector) != NULL)
			continue;
		if (found != NULL)
			return NULL;
		found = connector;
	}
	return found;
}

/* With several monitors, or several connectors, the assignment is not known. */
static void name_nameless(const Merge *merge)
{
	FoundMonitor *monitor;
	const Connector *connector;

	if (merge->nameless->len != 1)
		return;
	monitor = merge->nameless->pdata[0];
	monitor->address = merge->system->ops->card(merge->system, monitor->bus);
	connector = only_unclaimed(merge, monitor->address);
	if (connector == NULL)
		return;
	monitor->edid = connector->edid;
	take_connector(monitor, connector);
	g_ptr_array_add(merge->result->monitors, g_ptr_array_steal_index(merge->nameless, 0));
}

static void merge_connectors(const Merge *merge)
{
	ScanResult *result = merge->result;

	for (guint i = 0; i < result->monitors->len; i++) {
		FoundMonitor *monitor = result->monitors->pdata[i];
		const Connector *connector = connectors_of_bus(merge->connectors, monitor->bus);

		monitor->address = merge->system->ops->card(merge->system, monitor->bus);
		if (connector != NULL)
			take_connector(monitor, connector);
	}
	name_nameless(merge);
	for (guint i = 0; i < merge->connectors->len; i++) {
		const Connector *connector = merge->connectors->pdata[i];
		FoundMonitor *monitor = connector->has_edid ? monitor_at(result, connector) : NULL;

		if (monitor == NULL && connector->has_edid)
			add_unasked(result, connector);
		else if (monitor != NULL && monitor->connector == NULL)
			take_connector(monitor, connector);
	}
}

static GPtrArray *all_edids(const GPtrArray *monitors)
{
	GPtrArray *edids = g_ptr_array_new();

	for (guint i = 0; i < monitors->len; i++)
		g_ptr_array_add(edids, &((FoundMonitor *)monitors->pdata[i])->edid);
	return edids;
}

/* The cable to use first: one that can be asked, and answers. */
static gboolean is_better(const FoundMonitor *cable, const FoundMonitor *than)
{
	if ((cable->bus >= 0) != (than->bus >= 0))
		return cable->bus >= 0;
	return cable->answers && !than->answers;
}

/* Adds the cable to the monitor, which takes ownership. */
static void add_cable(GPtrArray *monitors, guint at, FoundMonitor *cable)
{
	FoundMonitor *monitor = monitors->pdata[at];

	g_clear_pointer(&cable->others, g_ptr_array_unref);
	if (!is_better(cable, monitor)) {
		g_ptr_array_add(monitor->others, cable);
		return;
	}
	cable->others = g_steal_pointer(&monitor->others);
	g_ptr_array_add(cable->others, monitor);
	monitors->pdata[at] = cable;
}

/* Merges the entries of a monitor with several cables. They are sorted by bus. */
static void join_cables(const GPtrArray *edids, GPtrArray *monitors)
{
	for (guint i = 0; i < monitors->len; i++)
		((FoundMonitor *)monitors->pdata[i])->others =
			g_ptr_array_new_with_free_func(found_monitor_free);
	for (guint i = 0; i < monitors->len; i++)
		for (guint j = i + 1; j < monitors->len;) {
			const FoundMonitor *monitor = monitors->pdata[i];
			const FoundMonitor *other = monitors->pdata[j];

			if (identity_compare(&monitor->edid, &other->edid, edids) == IDENTITY_SAME)
				add_cable(monitors, i, g_ptr_array_steal_index(monitors, j));
			else
				j++;
		}
}

static void mark_twins(const GPtrArray *edids, const GPtrArray *monitors)
{
	for (guint i = 0; i < monitors->len; i++)
		for (guint j = 0; j < monitors->len; j++) {
			FoundMonitor *monitor = monitors->pdata[i];
			const FoundMonitor *other = monitors->pdata[j];

			monitor->twin |= i != j && identity_compare(&monitor->edid, &other->edid,
							   edids) == IDENTITY_UNKNOWN;
		}
}

/* Those without a bus come last. */
static gint by_bus(gconstpointer a, gconstpointer b)
{
	const FoundMonitor *const *x = a, *const *y = b;

	if (((*x)->bus < 0) != ((*y)->bus < 0))
		return (*x)->bus < 0 ? 1 : -1;
	if ((*x)->bus >= 0)
		return (*x)->bus - (*y)->bus;
	return strcmp((*x)->connector, (*y)->connector);
}

void scan_merge(
	I2cSystem *system, const GPtrArray *connectors, GPtrArray *nameless, ScanResult *result)
{
	const Merge merge = { system, connectors, nameless, result };
	g_autoptr(GPtrArray) edids = NULL;

	merge_connectors(&merge);
	g_ptr_array_sort(result->monitors, by_bus);
	edids = all_edids(result->monitors);
	join_cables(edids, result->monitors);
	mark_twins(edids, result->monitors);
}
