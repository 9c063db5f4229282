/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * I2C buses of monitors: one vtable for the kernel's (/dev/i2c-N) and the simulated ones. Functions
 * block and run on the bus's lane unless stated otherwise.
 */
#pragma once

#include <gio/gio.h>

typedef struct I2cSystem I2cSystem;
typedef struct I2cBus I2cBus;

typedef void (*I2cChanged)(gpointer data);

typedef struct {
	/* Numbers of the buses on which a monitor can be, ascending (GArray of int). The list does
	 * not contain the buses of a laptop's built-in panel, which can freeze when its bus is used
	 * (ddcutil #559), nor those of other hardware: a stray write to memory modules or sensors
	 * does damage. Called on the main loop. Free with g_array_unref(). */
	GArray *(*list)(I2cSystem *system);

	/* What is known about the graphics cards' connectors without communication with a monitor:
	 * Connector * (display/connectors.h), freed with the array. Called on the main loop. */
	GPtrArray *(*connectors)(I2cSystem *system);

	/* PCI address ("0000:03:00.0") of the graphics card that the bus belongs to; NULL: it is
	 * not known. Called on the main loop. Free with g_free(). */
	char *(*card)(I2cSystem *system, int bus);

	/* Does the bus exist, is it in list(), and does this user have permission to open it?
	 * Called on the main loop: must not block. Errors: NO_BUS, NO_PERMISSION, NO_MONITOR
	 * (list() leaves it out). */
	gboolean (*check)(I2cSystem *system, int bus, GError **error);

	/* Opens and locks a bus. Waits for another program's lock for at most deadline_ms. Errors:
	 * those of check(), TIMED_OUT (locked), FAILED. */
	I2cBus *(*open)(I2cSystem *system, int bus, guint deadline_ms, GError **error);
	void (*close)(I2cBus *bus);

	/* Takes the lock of the bus's graphics card, for one message: no other bus of the card, in
	 * this process or another hotseat process, has a message on the wire until unlock_card().
	 * Errors: TIMED_OUT after deadline_ms. */
	gboolean (*lock_card)(I2cBus *bus, guint deadline_ms, GError **error);
	void (*unlock_card)(I2cBus *bus);

	/* Transfers one I2C message, while the card's lock is held. Errors: NO_ANSWER (NAK), NO_BUS
	 * (it vanished), FAILED. */
	gboolean (*write)(
		I2cBus *bus, guint8 address, const guint8 *data, gsize length, GError **error);
	gboolean (*read)(I2cBus *bus, guint8 address, guint8 *data, gsize length, GError **error);

	/* A monotonic clock, in microseconds, and a sleep on it. The sleep ends early when cancel
	 * (may be NULL) fires. */
	gint64 (*now_us)(I2cSystem *system);
	void (*sleep_us)(I2cSystem *system, gint64 us, GCancellable *cancel);

	/* Calls changed, on the main loop, when buses are added or removed or monitors may have
	 * been plugged in elsewhere, until unwatch() with the same id. Called on the main loop. */
	guint (*watch)(I2cSystem *system, I2cChanged changed, gpointer data);
	void (*unwatch)(I2cSystem *system, guint id);

	/* References, because a job that hangs may outlive all users of its system. Called on any
	 * thread. NULL: the system is never freed. */
	void (*ref)(I2cSystem *system);
	void (*unref)(I2cSystem *system);
} I2cOps;

struct I2cSystem {
	const I2cOps *ops;
};

struct I2cBus {
	I2cSystem *system;
};
