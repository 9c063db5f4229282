/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scan: which monitors are plugged into this machine's graphics cards, and at which bus and
 * connector. Reads, and sets nothing. What the kernel knows comes first; only then are the buses
 * used.
 */
#pragma once

#include "display/bus.h"
#include "display/capabilities.h"
#include "display/connectors.h"

/* A monitor at one of its cables. */
typedef struct {
	int bus;	 /* N of /dev/i2c-N; -1: none that can be used leads to it */
	char *connector; /* of the graphics card, "DP-1"; NULL: unknown */
	char *card;	 /* "card1"; NULL: unknown */
	char *address;	 /* PCI address of the graphics card, "0000:03:00.0"; NULL: unknown */
	Edid edid;
	gboolean panel;	  /* a laptop's own: it has no inputs to choose from */
	gboolean twin;	  /* another entry of the list may be the same monitor; they cannot be told
			     apart */
	gboolean answers; /* to DDC/CI */
	double answer_ms; /* what the answer took; at least 40, which DDC/CI prescribes */
	int input;	  /* low byte of feature 0x60, what it shows; -1: it does not say */
	gboolean described; /* capabilities were read, whole or in part */
	Capabilities capabilities;
	char *capabilities_text; /* as the monitor sent it; NULL: it was not read */
	char *trouble; /* why it could not be asked, or did not answer; for people; NULL: nothing */
	GPtrArray *others; /* FoundMonitor *: the same monitor at its further cables; may be empty.
			    * Those of the others are NULL */
} FoundMonitor;

/* A bus that could not be asked which monitor is on it. */
typedef struct {
	int bus;
	GError *error; /* NO_BUS, NO_PERMISSION, TIMED_OUT (locked, or it hangs), FAILED */
} RefusedBus;

typedef struct {
	/* FoundMonitor *, one for each monitor, by bus: those that can be asked, and those that
	 * the graphics cards know of all the same */
	GPtrArray *monitors;
	GPtrArray *refused;    /* RefusedBus * */
	GPtrArray *connectors; /* Connector *: what the graphics cards know */
	guint buses;	       /* so many were looked at */
} ScanResult;

void scan_result_free(ScanResult *result);

/* How much is asked of a monitor. */
typedef enum {
	SCAN_IDENTITY,	   /* the EDID: some 15 ms */
	SCAN_INPUT,	   /* and what it shows: 45 ms more */
	SCAN_CAPABILITIES, /* and what it can do: 2 s for most monitors */
} ScanDepth;

/* Called, on the thread that asked, with how far a scan has come: what is being looked at, and how
 * many of all of them are done. */
typedef void (*ScanProgress)(const char *what, guint done, guint all, gpointer data);

/* Takes result. */
typedef void (*ScanDone)(ScanResult *result, gpointer data);

typedef struct Scan Scan;

/*
 * Starts a scan of the buses, on their lanes. Calls done exactly once, never before this returns,
 * and frees the scan then. A bus that hangs is left alone after 5 s, with capabilities after 20 s.
 * progress: NULL: no matter.
 */
Scan *scan_start(
	BusTable *buses, ScanDepth depth, ScanProgress progress, ScanDone done, gpointer data);
/* Ends it without a call of done. NULL is fine. */
void scan_free(Scan *scan);

/* The same with lanes of its own. Blocks. Free with scan_result_free(). */
ScanResult *scan_run(I2cSystem *system, ScanDepth depth, ScanProgress progress, gpointer data);

/* Where this user had no permission, advises to run command, instead of changing permissions for a
 * look. NULL: leaves the advice as it is. */
void scan_advise(ScanResult *result, const char *command);

/* Adds (char *) what keeps this user from seeing more. */
void scan_remarks(const ScanResult *result, GPtrArray *remarks);

/* What the monitor on the bus shows, now: low byte of 0x60. Blocks. Errors: those of ddc_get() and
 * I2cOps. */
gboolean scan_read_input(I2cSystem *system, int bus, guint8 *input, GError **error);

/* Is this the monitor that match means, at one of its cables: by bus, or by EDID and connector? */
gboolean found_monitor_fits(const FoundMonitor *monitor, const MonitorMatch *match);
/* The same for this cable alone. */
gboolean found_cable_fits(const FoundMonitor *cable, const MonitorMatch *match);
/* The only one of monitors (FoundMonitor *) that match means; NULL: none, or several. */
FoundMonitor *found_monitors_only(const GPtrArray *monitors, const MonitorMatch *match);
/* Its cables, beginning with the monitor itself: NULL behind the last. */
const FoundMonitor *found_monitor_cable(const FoundMonitor *monitor, guint nth);

/*
 * Of monitors (FoundMonitor *) with several cables, the first becomes one from a card that no guest
 * is given, if there is one that answers as well. guest_cards: PCI addresses.
 */
void found_monitors_prefer(GPtrArray *monitors, const char *const *guest_cards);
/* Do all cables of the monitor come from cards that a guest gets? */
gboolean found_monitor_is_guests(const FoundMonitor *monitor, const char *const *guest_cards);

/* "AOC 2778X 1234 on DP-1 (/dev/i2c-4)". Free with g_free(). */
char *found_monitor_label(const FoundMonitor *monitor);
/* "2 cables: DP-1 of card1 at 0000:03:00.0 (/dev/i2c-4), HDMI-A-2 of …"; NULL: it has one. Free
 * with g_free(). */
char *found_monitor_cables(const FoundMonitor *monitor);
/* "DP-1 of card1 at 0000:03:00.0 (/dev/i2c-4)", without what is not known. Free with g_free(). */
char *found_cable_label(const FoundMonitor *cable);
void found_monitor_free(gpointer monitor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScanResult, scan_result_free)
