/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "sim/bus.h"

#include <stdlib.h>
#include <string.h>

static gboolean bus_fault(SimI2c *sim, int number, gboolean opening, GError **error)
{
	SimCable *cable;
	SimBusFault fault;
	gboolean panel;

	g_mutex_lock(&sim->lock);
	cable = cable_of(sim, number);
	fault = cable != NULL ? cable->fault : SIM_BUS_ABSENT;
	panel = cable != NULL && connector_is_panel(cable->connector);
	g_mutex_unlock(&sim->lock);
	if (panel)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
			"/dev/i2c-%d belongs to a laptop's built-in panel", number);
	else if (fault == SIM_BUS_ABSENT)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_BUS, "no I2C bus /dev/i2c-%d",
			number);
	else if (fault == SIM_BUS_FORBIDDEN)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION,
			"no permission to open /dev/i2c-%d; add the user to the group i2c", number);
	else if (fault == SIM_BUS_LOCKED && opening)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
			"another program holds the lock of /dev/i2c-%d", number);
	else
		return FALSE;
	return TRUE;
}

static gboolean sim_check(I2cSystem *system, int number, GError **error)
{
	return !bus_fault((SimI2c *)system, number, FALSE, error);
}

static SimTraffic *traffic_of(SimI2c *sim, const char *card)
{
	SimTraffic *traffic = g_hash_table_lookup(sim->on_wire, card);

	if (traffic == NULL) {
		traffic = g_new0(SimTraffic, 1);
		g_hash_table_insert(sim->on_wire, g_strdup(card), traffic);
	}
	return traffic;
}

static void join_card(SimI2c *sim, SimBus *bus)
{
	const char *card;

	g_mutex_lock(&sim->lock);
	card = cable_of(sim, bus->number)->card;
	bus->card = card_locks_get(sim->cards, card, NULL);
	bus->traffic = traffic_of(sim, card);
	g_mutex_unlock(&sim->lock);
}

static I2cBus *sim_open(I2cSystem *system, int number, guint deadline_ms, GError **error)
{
	SimBus *bus;

	if (bus_fault((SimI2c *)system, number, TRUE, error))
		return NULL;
	bus = g_new0(SimBus, 1);
	bus->base.system = system;
	bus->number = number;
	join_card((SimI2c *)system, bus);
	return &bus->base;
}

static void sim_close(I2cBus *bus)
{
	g_free(bus);
}

static gint ascending(gconstpointer a, gconstpointer b)
{
	return *(const int *)a - *(const int *)b;
}

static GArray *sim_list(I2cSystem *system)
{
	SimI2c *sim = (SimI2c *)system;
	GArray *buses = g_array_new(FALSE, FALSE, sizeof(int));
	GHashTableIter iter;
	gpointer number, value;

	g_mutex_lock(&sim->lock);
	g_hash_table_iter_init(&iter, sim->cables);
	while (g_hash_table_iter_next(&iter, &number, &value)) {
		const SimCable *cable = value;
		int n = GPOINTER_TO_INT(number);

		if (n >= 0 && cable->fault != SIM_BUS_ABSENT &&
			!connector_is_panel(cable->connector))
			g_array_append_val(buses, n);
	}
	g_mutex_unlock(&sim->lock);
	g_array_sort(buses, ascending);
	return buses;
}

/* PCI addresses: card0 at 0000:01:00.0, card1 at 0000:02:00.0. */
static char *card_address(const char *card)
{
	return g_strdup_printf("0000:%02d:00.0", atoi(card + strlen("card")) + 1);
}

static Connector *make_connector(const SimCable *cable, int number)
{
	Connector *connector = g_new0(Connector, 1);
	guint8 edid[EDID_LENGTH];
	gboolean there = cable->monitor != NULL && !cable->monitor->faults.dead;

	connector->name = g_strdup(cable->connector);
	connector->card = g_strdup(cable->card);
	connector->address = g_strdup(cable->address);
	connector->panel = connector_is_panel(cable->connector);
	connector->status = there ? CONNECTOR_CONNECTED : CONNECTOR_DISCONNECTED;
	connector->buses = g_array_new(FALSE, FALSE, sizeof(int));
	if (number >= 0)
		g_array_append_val(connector->buses, number);
	if (cable->other_bus > 0)
		g_array_append_val(connector->buses, cable->other_bus);
	if (there && cable->edid_known)
		connector->has_edid =
			edid_parse(cable_edid(cable, edid), EDID_LENGTH, &connector->edid, NULL);
	return connector;
}

static GPtrArray *sim_connectors(I2cSystem *system)
{
	SimI2c *sim = (SimI2c *)system;
	GPtrArray *connectors = g_ptr_array_new_with_free_func(connector_free);
	GHashTableIter iter;
	gpointer number, cable;

	g_mutex_lock(&sim->lock);
	g_hash_table_iter_init(&iter, sim->cables);
	while (g_hash_table_iter_next(&iter, &number, &cable))
		if (((SimCable *)cable)->connector != NULL)
			g_ptr_array_add(connectors, make_connector(cable, GPOINTER_TO_INT(number)));
	g_mutex_unlock(&sim->lock);
	return connectors;
}

static char *sim_card(I2cSystem *system, int number)
{
	SimI2c *sim = (SimI2c *)system;
	SimCable *cable;
	char *address;

	g_mutex_lock(&sim->lock);
	cable = cable_of(sim, number);
	address = cable != NULL ? g_strdup(cable->address) : NULL;
	g_mutex_unlock(&sim->lock);
	return address;
}

static gint64 sim_now_us(I2cSystem *system)
{
	SimI2c *sim = (SimI2c *)system;
	gint64 now;

	g_mutex_lock(&sim->lock);
	now = sim_clock_us(sim);
	g_mutex_unlock(&sim->lock);
	return now;
}

static void sim_sleep_us(I2cSystem *system, gint64 us, GCancellable *cancel)
{
	SimI2c *sim = (SimI2c *)system;
	gint ms = (gint)((us + G_TIME_SPAN_MILLISECOND - 1) / G_TIME_SPAN_MILLISECOND);
	GPollFD fd;

	if (sim->virtual_clock) {
		g_mutex_lock(&sim->lock);
		g_string_append_printf(sim->log, "sleep %d\n", ms);
		sim->now_us += us;
		g_mutex_unlock(&sim->lock);
		return;
	}
	if (cancel == NULL || !g_cancellable_make_pollfd(cancel, &fd)) {
		g_usleep((gulong)us);
		return;
	}
	g_poll(&fd, 1, ms);
	g_cancellable_release_fd(cancel);
}

static guint sim_watch(I2cSystem *system, I2cChanged changed, gpointer data)
{
	SimI2c *sim = (SimI2c *)system;
	SimWatch watch = { ++sim->last_watch, changed, data };

	g_array_append_val(sim->watches, watch);
	return watch.id;
}

static void sim_unwatch(I2cSystem *system, guint id)
{
	SimI2c *sim = (SimI2c *)system;

	for (guint i = 0; i < sim->watches->len; i++)
		if (g_array_index(sim->watches, SimWatch, i).id == id)
			g_array_remove_index(sim->watches, i--);
}

static void tell_watches(SimI2c *sim)
{
	for (guint i = 0; i < sim->watches->len && !sim->quiet; i++) {
		const SimWatch *watch = &g_array_index(sim->watches, SimWatch, i);

		watch->changed(watch->data);
	}
}

static void cable_free(gpointer data)
{
	SimCable *cable = data;

	g_free(cable->card);
	g_free(cable->address);
	g_free(cable->connector);
	g_free(cable);
}

static void sim_ref(I2cSystem *system)
{
	g_atomic_ref_count_inc(&((SimI2c *)system)->refs);
}

static void sim_unref(I2cSystem *system)
{
	sim_i2c_unref((SimI2c *)system);
}

SimI2c *sim_i2c_new(gboolean virtual_clock)
{
	static const I2cOps ops = {
		.list = sim_list,
		.connectors = sim_connectors,
		.card = sim_card,
		.check = sim_check,
		.open = sim_open,
		.close = sim_close,
		.lock_card = sim_lock_card,
		.unlock_card = sim_unlock_card,
		.write = sim_write,
		.read = sim_read,
		.now_us = sim_now_us,
		.sleep_us = sim_sleep_us,
		.watch = sim_watch,
		.unwatch = sim_unwatch,
		.ref = sim_ref,
		.unref = sim_unref,
	};
	SimI2c *sim = g_new0(SimI2c, 1);

	sim->base.ops = &ops;
	g_atomic_ref_count_init(&sim->refs);
	sim->virtual_clock = virtual_clock;
	g_mutex_init(&sim->lock);
	sim->cables = g_hash_table_new_full(NULL, NULL, NULL, cable_free);
	sim->monitors = g_ptr_array_new_with_free_func(monitor_free);
	sim->cards = card_locks_new();
	sim->on_wire = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	sim->log = g_string_new(NULL);
	sim->watches = g_array_new(FALSE, FALSE, sizeof(SimWatch));
	return sim;
}

void sim_i2c_unref(SimI2c *sim)
{
	if (!g_atomic_ref_count_dec(&sim->refs))
		return;
	g_hash_table_unref(sim->cables);
	g_ptr_array_unref(sim->monitors);
	card_locks_free(sim->cards);
	g_hash_table_unref(sim->on_wire);
	g_string_free(sim->log, TRUE);
	g_array_unref(sim->watches);
	g_mutex_clear(&sim->lock);
	g_free(sim);
}

gboolean sim_i2c_in_use(SimI2c *sim)
{
	return !g_atomic_ref_count_compare(&sim->refs, 1);
}

I2cSystem *sim_i2c_system(SimI2c *sim)
{
	return &sim->base;
}

void sim_i2c_set_quiet(SimI2c *sim, gboolean quiet)
{
	sim->quiet = quiet;
}

/* "DP-1", "card1-DP-1", "0000:03:00.0-DP-1", or a card alone */
static void name_place(SimCable *cable, const char *connector)
{
	const char *dash = connector != NULL ? strchr(connector, '-') : NULL;
	gboolean address = connector != NULL && strchr(connector, ':') != NULL;
	gboolean card = connector != NULL && g_str_has_prefix(connector, "card");
	g_autofree char *before =
		dash != NULL ? g_strndup(connector, (gsize)(dash - connector)) : NULL;

	if (before == NULL)
		before = g_strdup(connector);
	cable->card = g_strdup(card ? before : "card0");
	cable->address = address ? g_strdup(before) : card_address(cable->card);
	if (address || card)
		cable->connector = g_strdup(dash != NULL ? dash + 1 : "DP-1");
	else
		cable->connector = g_strdup(connector);
}

void sim_i2c_plug(SimI2c *sim, int bus, const char *connector, SimMonitor *monitor, guint8 input)
{
	SimCable *cable = g_new0(SimCable, 1);

	name_place(cable, connector);
	cable->monitor = monitor;
	cable->input = input;
	g_mutex_lock(&sim->lock);
	g_hash_table_insert(sim->cables, GINT_TO_POINTER(bus), cable);
	g_mutex_unlock(&sim->lock);
	tell_watches(sim);
}

void sim_i2c_set_bus_fault(SimI2c *sim, int bus, SimBusFault fault)
{
	g_mutex_lock(&sim->lock);
	cable_of(sim, bus)->fault = fault;
	g_mutex_unlock(&sim->lock);
	tell_watches(sim);
}

void sim_i2c_know_edid(SimI2c *sim, int bus)
{
	g_mutex_lock(&sim->lock);
	cable_of(sim, bus)->edid_known = TRUE;
	g_mutex_unlock(&sim->lock);
	tell_watches(sim);
}

SimMonitor *sim_monitor_new(SimI2c *sim, const SimMonitorSpec *spec)
{
	SimMonitor *monitor = monitor_new(&sim->base, &sim->lock, spec);

	g_mutex_lock(&sim->lock);
	g_ptr_array_add(sim->monitors, monitor);
	g_mutex_unlock(&sim->lock);
	return monitor;
}

char *sim_i2c_log(SimI2c *sim)
{
	char *log;

	g_mutex_lock(&sim->lock);
	log = g_strdup(sim->log->str);
	g_mutex_unlock(&sim->lock);
	return log;
}

void sim_i2c_clear_log(SimI2c *sim)
{
	g_mutex_lock(&sim->lock);
	g_string_truncate(sim->log, 0);
	g_mutex_unlock(&sim->lock);
}

void sim_i2c_set_product(SimI2c *sim, int bus, guint8 product)
{
	g_mutex_lock(&sim->lock);
	cable_of(sim, bus)->product = product;
	g_mutex_unlock(&sim->lock);
}

void sim_i2c_share_connector(SimI2c *sim, int bus, int other)
{
	sim_i2c_plug(sim, other, NULL, NULL, 0);
	g_mutex_lock(&sim->lock);
	cable_of(sim, bus)->other_bus = other;
	g_mutex_unlock(&sim->lock);
	tell_watches(sim);
}

guint sim_i2c_peak(SimI2c *sim, const char *card)
{
	guint peak;

	g_mutex_lock(&sim->lock);
	peak = traffic_of(sim, card)->peak;
	g_mutex_unlock(&sim->lock);
	return peak;
}

void sim_i2c_intercept(SimI2c *sim, SimI2cTraffic traffic, gpointer data)
{
	sim->traffic = traffic;
	sim->traffic_data = data;
}
