/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scan: which monitors are plugged into this machine's graphics cards, and on which bus and
 * connector. Only reads. It reads what the kernel knows before it uses the buses.
 */
#pragma once

#include "display/bus.h"
#include "display/capabilities.h"
#include "display/connectors.h"

/* A monitor and one of its cables. */
typedef struct {
	int bus;	 /* N of /dev/i2c-N; -1: there is no usable bus for it */
	char *connector; /* of the graphics card, "DP-1"; NULL: unknown */
	char *card;	 /* "card1"; NULL: unknown */
	char *address;	 /* PCI address of the graphics card, "0000:03:00.0"; NULL: unknown */
	Edid edid;
	gboolean panel;	  /* a laptop's built-in panel, which has no inputs to choose from */
	gboolean twin;	  /* another entry of the list may be the same monitor; they cannot be told
			     apart */
	gboolean answers; /* to DDC/CI */
	double answer_ms; /* how long the answer took; at least 40, which DDC/CI prescribes */
	int input;	  /* low byte of feature 0x60, the input that it shows; -1: not reported */
	gboolean described; /* capabilities were read, completely or in part */
	Capabilities capabilities;
	char *capabilities_text; /* as the monitor sent it; NULL: it was not read */
	char *trouble; /* why it could not be asked, or did not answer, for people; NULL: no problem
			*/
	GPtrArray *others; /* FoundMonitor *: the same monitor, with its other cables; may be empty.
			      NULL in the entries of others */
} FoundMonitor;

/* A bus that could not be asked which monitor is on it. */
typedef struct {
	int bus;
	GError *error; /* NO_BUS, NO_PERMISSION, TIMED_OUT (locked, or it hangs), FAILED */
} RefusedBus;

typedef struct {
	/* FoundMonitor *, one for each monitor, sorted by bus: also those that only the graphics
	 * cards report */
	GPtrArray *monitors;
	GPtrArray *refused;    /* RefusedBus * */
	GPtrArray *connectors; /* Connector *: what the graphics cards report */
	guint buses;	       /* how many were scanned */
} ScanResult;

void scan_result_free(ScanResult *result);

/* What a monitor is asked for. */
typedef enum {
	SCAN_IDENTITY,	   /* the EDID: some 15 ms */
	SCAN_INPUT,	   /* also the input that it shows: 45 ms more */
	SCAN_CAPABILITIES, /* also what it supports: 2 s for most monitors */
} ScanDepth;

/* Reports the progress of a scan, on the thread that started it: what is being scanned, and how
 * many of all steps are done. */
typedef void (*ScanProgress)(const char *what, guint done, guint all, gpointer data);

/* Takes result. */
typedef void (*ScanDone)(ScanResult *result, gpointer data);

typedef struct Scan Scan;

/*
 * Starts a scan of the buses, on their lanes. Calls done exactly once, never before this returns,
 * and frees the scan then. A bus that hangs is abandoned after 5 s, with SCAN_CAPABILITIES after 20
 * s. progress may be NULL.
 */
Scan *scan_start(
	BusTable *buses, ScanDepth depth, ScanProgress progress, ScanDone done, gpointer data);
/* Frees the scan without calling done. NULL is allowed. */
void scan_free(Scan *scan);

/* The same with its own lanes. Blocks. Free with scan_result_free(). */
ScanResult *scan_run(I2cSystem *system, ScanDepth depth, ScanProgress progress, gpointer data);

/* In errors about missing permissions, replaces the advice by "run" and command, because a mere
 * look needs no permanent permission. NULL: keeps the advice. */
void scan_advise(ScanResult *result, const char *command);

/* Adds texts (char *) about what this user cannot see, and why. */
void scan_remarks(const ScanResult *result, GPtrArray *remarks);

/* Reads what the monitor on the bus shows now: the low byte of 0x60. Blocks. Errors: those of
 * ddc_get() and I2cOps. */
gboolean scan_read_input(I2cSystem *system, int bus, guint8 *input, GError **error);

/* Does match describe this monitor, on one of its cables: by bus, or by EDID and connector? */
gboolean found_monitor_fits(const FoundMonitor *monitor, const MonitorMatch *match);
/* The same for this cable only. */
gboolean found_cable_fits(const FoundMonitor *cable, const MonitorMatch *match);
/* The only one of monitors (FoundMonitor *) that match means; NULL: none, or several. */
FoundMonitor *found_monitors_only(const GPtrArray *monitors, const MonitorMatch *match);
/* Its cables, beginning with the monitor itself: NULL behind the last. */
const FoundMonitor *found_monitor_cable(const FoundMonitor *monitor, guint nth);

/*
 * Chooses the first cable of each of monitors (FoundMonitor *): one to a card that is not passed
 * through to a guest, if the monitor answers there. guest_cards: PCI addresses.
 */
void found_monitors_prefer(GPtrArray *monitors, const char *const *guest_cards);
/* Do all cables of the monitor come from cards that a guest gets? */
gboolean found_monitor_is_guests(const FoundMonitor *monitor, const char *const *guest_cards);

/* "AOC 2778X 1234 on DP-1 (/dev/i2c-4)". Free with g_free(). */
char *found_monitor_label(const FoundMonitor *monitor);
/* "2 cables: DP-1 of card1 at 0000:03:00.0 (/dev/i2c-4), HDMI-A-2 of …"; NULL: it has only one.
 * Free with g_free(). */
char *found_monitor_cables(const FoundMonitor *monitor);
/* "DP-1 of card1 at 0000:03:00.0 (/dev/i2c-4)", without the parts that are not known. Free with
 * g_free(). */
char *found_cable_label(const FoundMonitor *cable);
void found_monitor_free(gpointer monitor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScanResult, scan_result_free)
