/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The internals of the simulated buses: i2c.c has the buses, wire.c the messages.
 */
#pragma once

#include "display/card-lock.h"
#include "sim/cable.h"

/* Messages of one card. */
typedef struct {
	guint now, peak; /* messages on the wire now, and the most at the same time so far */
} SimTraffic;

typedef struct {
	I2cBus base;
	int number;
	CardLock *card;
	SimTraffic *traffic;
} SimBus;

typedef struct {
	guint id;
	I2cChanged changed;
	gpointer data;
} SimWatch;

struct SimI2c {
	I2cSystem base;
	gatomicrefcount refs;
	gboolean virtual_clock;
	GMutex lock; /* for everything below, and for monitors */
	gint64 now_us;
	GHashTable *cables; /* number to SimCable * */
	GPtrArray *monitors;
	CardLocks *cards;
	GHashTable *on_wire; /* card's name to SimTraffic * */
	GString *log;
	SimI2cTraffic traffic;
	gpointer traffic_data;
	GArray *watches; /* SimWatch; the main loop's */
	guint last_watch;
	gboolean quiet;
};

static inline gint64 sim_clock_us(const SimI2c *sim)
{
	return sim->virtual_clock ? sim->now_us : g_get_monotonic_time();
}

static inline SimCable *cable_of(SimI2c *sim, int number)
{
	return g_hash_table_lookup(sim->cables, GINT_TO_POINTER(number));
}

/* For I2cOps; see there. */
gboolean sim_write(I2cBus *bus, guint8 address, const guint8 *data, gsize length, GError **error);
gboolean sim_read(I2cBus *bus, guint8 address, guint8 *data, gsize length, GError **error);
gboolean sim_lock_card(I2cBus *bus, guint deadline_ms, GError **error);
void sim_unlock_card(I2cBus *bus);
