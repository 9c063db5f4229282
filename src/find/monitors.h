/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitors that are plugged into this machine's graphics cards. Reads, and sets nothing.
 * Blocks.
 */
#pragma once

#include "display/capabilities.h"
#include "display/edid.h"
#include "find/machine.h"

typedef struct {
	int bus;	 /* N of /dev/i2c-N; -1: none that can be used leads to it */
	char *connector; /* of the graphics card, "DP-1"; NULL: unknown */
	Edid edid;
	gboolean panel;	    /* a laptop's own: it has no inputs to choose from */
	gboolean twin;	    /* another one of the list has the same EDID */
	gboolean answers;   /* to DDC/CI */
	double answer_ms;   /* what the answer took; at least 40, which DDC/CI prescribes */
	int input;	    /* low byte of feature 0x60, what it shows; -1: it does not say */
	gboolean described; /* capabilities were read, whole or in part */
	Capabilities capabilities;
	char *trouble; /* why it could not be asked, or did not answer; for people; NULL: nothing */
} FoundMonitor;

/*
 * FoundMonitor *, by bus, freed with the array: those that can be asked, and those that the
 * graphics cards know of all the same. All buses are asked at once; a usual monitor takes 2 s to
 * tell what it can, which is read only if capabilities are wanted. One that hangs is left alone
 * after 20 s. remarks (char *): what keeps this user from seeing more; may be NULL.
 */
GPtrArray *monitors_look(const Machine *machine, gboolean capabilities, GPtrArray *remarks,
	MachineProgress progress, gpointer data);

/* A bus that could not be asked who is on it. */
typedef struct {
	int bus;
	GError *error; /* NO_BUS, NO_PERMISSION, TIMED_OUT (locked, or it hangs), FAILED */
} RefusedBus;

/* The same, with *refused (RefusedBus *), to be freed with g_ptr_array_unref(). */
GPtrArray *monitors_look_closely(const Machine *machine, gboolean capabilities, GPtrArray **refused,
	GPtrArray *remarks, MachineProgress progress, gpointer data);

/* What the monitor on the bus shows, now: low byte of 0x60. Errors: those of ddc_get() and I2cOps.
 */
gboolean monitor_read_input(const Machine *machine, int bus, guint8 *input, GError **error);

/* Is this the monitor that match means: by its bus, or by EDID and connector? */
gboolean found_monitor_fits(const FoundMonitor *monitor, const MonitorMatch *match);

/* "AOC 2778X 1234 on DP-1 (/dev/i2c-4)". Free with g_free(). */
char *found_monitor_label(const FoundMonitor *monitor);
