/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulated I2C buses with simulated monitors, which exchange bytes as real ones do, for tests and
 * for the simulated desk. Functions may be called on any thread unless stated otherwise.
 */
#pragma once

#include "display/i2c.h"

typedef struct SimI2c SimI2c;
typedef struct SimMonitor SimMonitor;

/* Called without locks, on the thread that changed the input. */
typedef void (*SimMonitorChanged)(SimMonitor *monitor, guint8 input, gpointer data);

/* Called without locks, on the bus's lane, before a message is on the wire. */
typedef void (*SimI2cTraffic)(int bus, guint8 address, gboolean read, gpointer data);

typedef struct {
	const char *manufacturer; /* three capitals */
	const char *model;	  /* at most 13 characters, like the serial */
	const char *serial;	  /* NULL: none */
	guint32 number;		  /* binary serial; 0: none */
	guint8 input;		  /* shown at first */
	guint8 feature;		  /* the feature that selects the input; 0: 0x60 */
	guint8 source;		  /* the source address that it requires; 0: 0x51 */
	const char *capabilities; /* NULL: a default with VGA, DVI, DisplayPort and two HDMI */
} SimMonitorSpec;

/* The faults of a monitor. */
typedef struct {
	gboolean dead;	       /* nothing answers, neither EDID nor DDC/CI */
	gboolean no_edid;      /* DDC/CI answers, the EDID cannot be read over I2C */
	gboolean deaf;	       /* the EDID answers, DDC/CI does not */
	gboolean active_only;  /* DDC/CI answers only on the cable of the input it shows */
	gboolean ignore_sets;  /* accepts values but ignores them */
	gboolean needs_save;   /* a value takes effect with "save settings" */
	gboolean refuse_reads; /* reports that it does not have the feature */
	guint naks;	       /* how many of the next messages are not acknowledged */
	guint garbled;	       /* how many of the next replies have a wrong checksum */
	guint nulls;	       /* how many of the next replies are null messages */
	guint lost_sets;       /* how many of the next values are accepted but ignored */
	guint silent_ms;       /* how long it does not answer after its input has changed */
	guint ready_ms;	       /* how long it needs to prepare a reply; until then it sends the null
				  message */
	guint gap_ms;	       /* a message that comes sooner than this after a reply is lost */
	guint slow_ms;	       /* how long every message takes */
	gboolean tells_cable;  /* reports the input of the cable over which it is asked, whatever it
				  shows */
	gboolean tells_zero;   /* always reports 0x00 */
	guint8 misread;	       /* the input that it reports as misread_as; 0: none */
	guint8 misread_as;
	guint8 reads_xor; /* its report differs in these bits from the value that was set */
} SimFaults;

/* The faults of a bus. */
typedef enum {
	SIM_BUS_FINE,
	SIM_BUS_ABSENT,
	SIM_BUS_FORBIDDEN, /* no permission */
	SIM_BUS_LOCKED,	   /* by another program */
} SimBusFault;

/* virtual_clock: for tests. Sleeping then takes no time and only advances the clock, and everything
 * is logged. */
SimI2c *sim_i2c_new(gboolean virtual_clock);
/* Drops the caller's reference. Jobs that are under way have their own. */
void sim_i2c_unref(SimI2c *sim);
/* Does a registry, or a job of a freed one, still have a reference? */
gboolean sim_i2c_in_use(SimI2c *sim);
I2cSystem *sim_i2c_system(SimI2c *sim);

/* A new monitor without a cable; sim owns it. spec is copied. */
SimMonitor *sim_monitor_new(SimI2c *sim, const SimMonitorSpec *spec);
/* changed is called after each change of the input; NULL: none. */
void sim_monitor_listen(SimMonitor *monitor, SimMonitorChanged changed, gpointer data);
guint8 sim_monitor_input(SimMonitor *monitor);
/* Sets the input as with the monitor's own buttons. */
void sim_monitor_press(SimMonitor *monitor, guint8 input);
SimFaults sim_monitor_faults(SimMonitor *monitor);
void sim_monitor_set_faults(SimMonitor *monitor, SimFaults faults);

/* Adds a bus whose cable is plugged into input of monitor (NULL: into no monitor). Replaces a bus
 * of the same number. connector: "DP-1" of the first card, "card1-DP-1" of the second; NULL: the
 * driver does not report it. A negative bus: a connector without a bus. Notifies the watchers of
 * the system, so call it on the main loop. */
void sim_i2c_plug(SimI2c *sim, int bus, const char *connector, SimMonitor *monitor, guint8 input);
/* Sets whether the kernel knows the EDID of the monitor at the bus's connector, which must be set.
 * Notifies the watchers, so call it on the main loop. */
void sim_i2c_know_edid(SimI2c *sim, int bus);
/* Gives the input of this bus's cable another product code: product is added to the monitor's. */
void sim_i2c_set_product(SimI2c *sim, int bus, guint8 product);
/* Assigns other, a bus without a monitor, to the connector of bus too. */
void sim_i2c_share_connector(SimI2c *sim, int bus, int other);
/* Notifies the watchers, so call it on the main loop. */
void sim_i2c_set_bus_fault(SimI2c *sim, int bus, SimBusFault fault);

/* quiet: watchers are not notified of changes, as with drivers that send no events. Call it on the
 * main loop. */
void sim_i2c_set_quiet(SimI2c *sim, gboolean quiet);

/* The log of everything so far, with a virtual clock, one line each: "i2c-4 w 37 51 84 ...", "i2c-4
 * r 37 6e 88 ...", "nak" at the end of those that were not acknowledged, "sleep 50" (ms). Transfers
 * of EDIDs are not in it. Free with g_free(). */
char *sim_i2c_log(SimI2c *sim);
void sim_i2c_clear_log(SimI2c *sim);

/* The most messages that were on the wire at the same time on the buses of a card ("card0").
 */
guint sim_i2c_peak(SimI2c *sim, const char *card);

/* Call it before the buses are used. */
void sim_i2c_intercept(SimI2c *sim, SimI2cTraffic traffic, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimI2c, sim_i2c_unref)
