/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulated I2C buses with simulated monitors on them, which speak in bytes as real ones do: for
 * tests and for the simulated desk. Functions may be called on any thread unless they say
 * otherwise.
 */
#pragma once

#include "display/i2c.h"

typedef struct SimI2c SimI2c;
typedef struct SimMonitor SimMonitor;

/* Called without locks, on whatever thread changed the input. */
typedef void (*SimMonitorChanged)(SimMonitor *monitor, guint8 input, gpointer data);

/* Called without locks, on the bus's lane, before a message is on the wire. */
typedef void (*SimI2cTraffic)(int bus, guint8 address, gboolean read, gpointer data);

typedef struct {
	const char *manufacturer; /* three capitals */
	const char *model;	  /* at most 13 characters, as the next */
	const char *serial;	  /* NULL: none */
	guint32 number;		  /* binary serial; 0: none */
	guint8 input;		  /* shown at first */
	guint8 feature;		  /* that selects the input; 0: 0x60 */
	guint8 source;		  /* address the host must sign with; 0: 0x51 */
	const char *capabilities; /* NULL: some, with VGA, DVI, DisplayPort and two HDMI */
} SimMonitorSpec;

/* What is wrong with a monitor. */
typedef struct {
	gboolean dead;	       /* nothing answers, neither EDID nor DDC/CI */
	gboolean no_edid;      /* DDC/CI answers, the EDID cannot be read over I2C */
	gboolean deaf;	       /* the EDID answers, DDC/CI does not */
	gboolean active_only;  /* DDC/CI answers only on the cable of the input it shows */
	gboolean ignore_sets;  /* takes values, does nothing */
	gboolean needs_save;   /* a value takes effect with "save settings" */
	gboolean refuse_reads; /* says that it does not have the feature */
	guint naks;	       /* so many of the next messages are not acknowledged */
	guint garbled;	       /* so many of the next replies have a wrong checksum */
	guint nulls;	       /* so many of the next replies are null messages */
	guint lost_sets;       /* so many of the next values are taken and do nothing */
	guint silent_ms;       /* does not answer for so long after its input changed */
	guint ready_ms; /* a reply is ready so long after its request; before: the null message */
	guint gap_ms;	/* what comes sooner after a reply is lost */
	guint slow_ms;	/* every message takes so long */
	gboolean tells_cable; /* tells the input of the cable that asks, whatever it shows */
	gboolean tells_zero;  /* always tells 0x00 */
	guint8 misread;	      /* the input that it tells as misread_as; 0: none */
	guint8 misread_as;
	guint8 reads_xor; /* what it tells differs in these bits from what it was set to */
} SimFaults;

/* What is wrong with a bus. */
typedef enum {
	SIM_BUS_FINE,
	SIM_BUS_ABSENT,
	SIM_BUS_FORBIDDEN, /* no permission */
	SIM_BUS_LOCKED,	   /* by another program */
} SimBusFault;

/* virtual_clock: for tests: sleeping takes no time, only moves the clock, and all is logged. */
SimI2c *sim_i2c_new(gboolean virtual_clock);
/* Gives up the caller's reference: jobs still under way hold their own. */
void sim_i2c_unref(SimI2c *sim);
/* Does a registry, or a job of one that is gone, hold a reference? */
gboolean sim_i2c_in_use(SimI2c *sim);
I2cSystem *sim_i2c_system(SimI2c *sim);

/* A monitor on no cable yet; sim owns it. spec is copied. */
SimMonitor *sim_monitor_new(SimI2c *sim, const SimMonitorSpec *spec);
/* changed is called after each change of the input; NULL: none. */
void sim_monitor_listen(SimMonitor *monitor, SimMonitorChanged changed, gpointer data);
guint8 sim_monitor_input(SimMonitor *monitor);
/* As by the monitor's own buttons. */
void sim_monitor_press(SimMonitor *monitor, guint8 input);
SimFaults sim_monitor_faults(SimMonitor *monitor);
void sim_monitor_set_faults(SimMonitor *monitor, SimFaults faults);

/* A bus whose cable leads into input of monitor (NULL: into none); replaces the bus of the same
 * number. connector: "DP-1" of the first card, "card1-DP-1" of the second; NULL: the driver does
 * not report it. A negative bus: a connector that no bus leads to. Those who watch the system are
 * told: on the main loop only. */
void sim_i2c_plug(SimI2c *sim, int bus, const char *connector, SimMonitor *monitor, guint8 input);
/* The kernel knows the EDID of the monitor at the bus's connector, which it has. Those who watch
 * are told: on the main loop only. */
void sim_i2c_know_edid(SimI2c *sim, int bus);
/* At the input of this bus's cable the monitor has another product code: one that is higher by
 * product. */
void sim_i2c_set_product(SimI2c *sim, int bus, guint8 product);
/* other, a bus that leads to no monitor, belongs to the connector of bus too. */
void sim_i2c_share_connector(SimI2c *sim, int bus, int other);
/* Those who watch are told: on the main loop only. */
void sim_i2c_set_bus_fault(SimI2c *sim, int bus, SimBusFault fault);

/* quiet: those who watch are not told of changes, as with drivers that send no events. On the main
 * loop only. */
void sim_i2c_set_quiet(SimI2c *sim, gboolean quiet);

/* What was done so far, with a virtual clock, a line each: "i2c-4 w 37 51 84 ...", "i2c-4 r 37 6e
 * 88 ...", "nak" behind those that were not acknowledged, "sleep 50" (ms). EDID's is not in it.
 * Free with g_free(). */
char *sim_i2c_log(SimI2c *sim);
void sim_i2c_clear_log(SimI2c *sim);

/* How many messages were on the wire at the same time, at most, on the buses of a card ("card0").
 */
guint sim_i2c_peak(SimI2c *sim, const char *card);

/* Before the buses are used. */
void sim_i2c_intercept(SimI2c *sim, SimI2cTraffic traffic, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimI2c, sim_i2c_unref)
