/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/bus.h"

struct BusTable {
	I2cSystem *system;
	GHashTable *buses; /* number to MonitorBus * */
};

static void system_ref(I2cSystem *system)
{
	if (system->ops->ref != NULL)
		system->ops->ref(system);
}

static void system_unref(I2cSystem *system)
{
	if (system->ops->unref != NULL)
		system->ops->unref(system);
}

MonitorBus *monitor_bus_ref(MonitorBus *bus)
{
	g_atomic_ref_count_inc(&bus->refs);
	return bus;
}

void monitor_bus_unref(MonitorBus *bus)
{
	I2cSystem *system = bus->port.system;

	if (!g_atomic_ref_count_dec(&bus->refs))
		return;
	g_free(bus);
	system_unref(system);
}

/* the table's own reference, and its lane */
static void bus_retire(gpointer data)
{
	MonitorBus *bus = data;

	lane_free(g_steal_pointer(&bus->lane));
	monitor_bus_unref(bus);
}

MonitorBus *bus_table_get(BusTable *table, int number)
{
	MonitorBus *bus = g_hash_table_lookup(table->buses, GINT_TO_POINTER(number));
	g_autofree char *name = NULL;

	if (bus != NULL)
		return bus;
	name = g_strdup_printf("i2c-%d", number);
	bus = g_new0(MonitorBus, 1);
	g_atomic_ref_count_init(&bus->refs);
	bus->port = (DdcPort){ .system = table->system, .bus = number };
	system_ref(table->system);
	bus->lane = lane_new(name);
	g_hash_table_insert(table->buses, GINT_TO_POINTER(number), bus);
	return bus;
}

I2cSystem *bus_table_system(BusTable *table)
{
	return table->system;
}

BusTable *bus_table_new(I2cSystem *system)
{
	BusTable *table = g_new0(BusTable, 1);

	table->system = system;
	system_ref(system);
	table->buses = g_hash_table_new_full(NULL, NULL, NULL, bus_retire);
	return table;
}

void bus_table_free(BusTable *table)
{
	if (table == NULL)
		return;
	g_hash_table_unref(table->buses);
	system_unref(table->system);
	g_free(table);
}
