/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * I2C buses, as far as monitors need them: one vtable for the kernel's (/dev/i2c-N) and the
 * simulated ones. All functions block and are called on the bus's lane.
 */
#pragma once

#include <glib.h>

typedef struct I2cSystem I2cSystem;
typedef struct I2cBus I2cBus;

typedef struct {
	/* Numbers of the buses a monitor may be on, ascending (GArray of int); SMBus controllers,
	 * at whose address 0x50 sits memory, are left out. Called on the main loop. Free with
	 * g_array_unref(). */
	GArray *(*list)(I2cSystem *system);

	/* DRM connector ("DP-1") the bus belongs to, or NULL when nobody knows. Free with g_free().
	 */
	char *(*connector)(I2cSystem *system, int bus);

	/* Opens and locks a bus; waits for another program's lock until deadline_ms is over.
	 * Errors: NO_BUS, NO_PERMISSION, TIMED_OUT (locked: says by which means), FAILED. */
	I2cBus *(*open)(I2cSystem *system, int bus, guint deadline_ms, GError **error);
	void (*close)(I2cBus *bus);

	/* One I2C message. Errors: NO_ANSWER (NAK), FAILED. */
	gboolean (*write)(
		I2cBus *bus, guint8 address, const guint8 *data, gsize length, GError **error);
	gboolean (*read)(I2cBus *bus, guint8 address, guint8 *data, gsize length, GError **error);

	void (*sleep_ms)(I2cSystem *system, guint ms);
} I2cOps;

struct I2cSystem {
	const I2cOps *ops;
};

struct I2cBus {
	I2cSystem *system;
};
