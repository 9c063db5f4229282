/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a monitor show an input: writes immediately if it shows another one, writes nothing if it
 * shows it already, and confirms the result. Blocks, on the bus's lane.
 */
#pragma once

#include "display/ddc.h"

/* What is known about a monitor, kept from one use to the next. Starts as SHOWN_UNKNOWN. */
typedef struct {
	int input;	    /* low byte it shows; -1: unknown */
	gboolean confirmed; /* input was read; FALSE: it was written but could not be read back */
	gboolean answered;  /* has answered at least once */
	gboolean mute; /* accepts the feature but does not report it: input is what was written */
	/* Its report did not follow a write: it may report the input of the cable over which it is
	 * asked (ddcutil #95, #549). Then input is what was written, until its reports follow two
	 * writes in a row. */
	gboolean unreliable;
	int read;	      /* what it reported last; -1: nothing yet */
	int written;	      /* what it should report since the last write; -1: none yet */
	gboolean must_save;   /* the input changes only if the settings are saved too */
	gboolean zero_counts; /* 0x00 is a valid reading; otherwise it is ignored (ddcutil #100,
				 #580) */
} Shown;

#define SHOWN_UNKNOWN ((Shown){ .input = -1, .read = -1, .written = -1 })

/* Are the monitor's reports no evidence of what it shows? */
gboolean show_is_unreliable(const Shown *shown);

/* Reads what it shows into shown, and changes nothing else. once: asks only once, for callers that
 * ask again later. Errors: NO_MONITOR, NO_ANSWER (and the input is not known from before), NO_BUS,
 * CANCELLED, FAILED. */
void show_look(DdcTalk *talk, Shown *shown, gboolean once, GError **error);

/*
 * Makes it show input. written is set in any case: whether the monitor accepted a value. Without an
 * error it shows the input; shown->confirmed is TRUE if that was read back. Errors: those of
 * show_look(), and NOT_FOLLOWED: it accepted the value but still reports something else. That
 * message gives no advice, because the right one depends on the other targets' inputs. From then on
 * the monitor counts as unreliable: its reports neither prevent a write nor make one fail.
 */
void show_input(
	DdcTalk *talk, Shown *shown, const ConfigInput *input, gboolean *written, GError **error);

/* Writes a value of any feature. Errors: those of show_look(). */
gboolean show_write(DdcTalk *talk, const Shown *shown, guint16 value, GError **error);

/* Assumes that the monitor shows input, which could not be read. */
void shown_assume(Shown *shown, const ConfigInput *input);

/* What the monitor reports when it shows input. */
guint8 show_reads_as(const ConfigInput *input);

/* Is reading what the monitor reports for the input of another target? Then it cannot be target's
 * reads_as too. inputs: a ConfigDisplay's. */
gboolean show_reads_like(GHashTable *inputs, const char *target, int reading);
/* The same, or is reading the code of such an input? Then the monitor most likely shows that one.
 */
gboolean show_is_of_another(GHashTable *inputs, const char *target, int reading);

/* "HDMI-1 (0x11)", or "0x90" if no standard has a name for it. Free with g_free(). */
char *show_label(guint8 feature, int code);
