/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "sim/bus.h"

static void log_message(SimI2c *sim, int number, gboolean read, guint8 address, const guint8 *data,
	gsize length, gboolean acknowledged)
{
	if (!sim->virtual_clock || address != DDCCI_ADDRESS)
		return;
	g_string_append_printf(sim->log, "i2c-%d %c %02x", number, read ? 'r' : 'w', address);
	for (gsize i = 0; i < length && (acknowledged || !read); i++)
		g_string_append_printf(sim->log, " %02x", data[i]);
	g_string_append(sim->log, acknowledged ? "\n" : " nak\n");
}

static gboolean nak(int number, guint8 address, GError **error)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER,
		"address 0x%02x on /dev/i2c-%d: not acknowledged", address, number);
	return FALSE;
}

/* Takes the time of a transfer, and calls the test's function. */
static void before_message(SimBus *bus, guint8 address, gboolean read)
{
	SimI2c *sim = (SimI2c *)bus->base.system;
	SimCable *cable;
	guint slow_ms;

	g_mutex_lock(&sim->lock);
	cable = cable_of(sim, bus->number);
	bus->traffic->now++;
	bus->traffic->peak = MAX(bus->traffic->peak, bus->traffic->now);
	slow_ms = cable->monitor != NULL ? cable->monitor->faults.slow_ms : 0;
	g_mutex_unlock(&sim->lock);
	if (slow_ms > 0 && !sim->virtual_clock)
		g_usleep(slow_ms * G_TIME_SPAN_MILLISECOND);
	if (sim->traffic != NULL)
		sim->traffic(bus->number, address, read, sim->traffic_data);
}

gboolean sim_write(I2cBus *base, guint8 address, const guint8 *data, gsize length, GError **error)
{
	SimBus *bus = (SimBus *)base;
	SimI2c *sim = (SimI2c *)base->system;
	SimMonitorChanged changed = NULL;
	SimMonitor *monitor;
	SimCable *cable;
	gpointer changed_data;
	gboolean acknowledged;

	before_message(bus, address, FALSE);
	g_mutex_lock(&sim->lock);
	cable = cable_of(sim, bus->number);
	bus->traffic->now--;
	monitor = cable->monitor;
	acknowledged = cable_acknowledges(cable, address, sim_clock_us(sim));
	log_message(sim, bus->number, FALSE, address, data, length, acknowledged);
	if (acknowledged && cable_write(cable, address, data, length, sim_clock_us(sim))) {
		changed = monitor->changed;
		changed_data = monitor->changed_data;
	}
	g_mutex_unlock(&sim->lock);
	if (changed != NULL)
		changed(monitor, data[5], changed_data);
	return acknowledged || nak(bus->number, address, error);
}

gboolean sim_read(I2cBus *base, guint8 address, guint8 *data, gsize length, GError **error)
{
	SimBus *bus = (SimBus *)base;
	SimI2c *sim = (SimI2c *)base->system;
	SimCable *cable;
	gboolean acknowledged;

	before_message(bus, address, TRUE);
	g_mutex_lock(&sim->lock);
	cable = cable_of(sim, bus->number);
	bus->traffic->now--;
	acknowledged = cable_acknowledges(cable, address, sim_clock_us(sim));
	if (acknowledged)
		cable_read(cable, address, data, length, sim_clock_us(sim));
	log_message(sim, bus->number, TRUE, address, data, length, acknowledged);
	g_mutex_unlock(&sim->lock);
	return acknowledged || nak(bus->number, address, error);
}

gboolean sim_lock_card(I2cBus *base, guint deadline_ms, GError **error)
{
	return card_lock_take(((SimBus *)base)->card, deadline_ms, error);
}

void sim_unlock_card(I2cBus *base)
{
	card_lock_release(((SimBus *)base)->card);
}
