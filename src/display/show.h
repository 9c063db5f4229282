/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making a monitor show an input: writes at once when it shows something else, never what it shows
 * already, and makes sure afterwards. Blocks, on the bus's lane.
 */
#pragma once

#include "display/ddc.h"

/* What is known of a monitor, from one time to the next. Starts as SHOWN_UNKNOWN. */
typedef struct {
	int input;	    /* low byte it shows; -1: unknown */
	gboolean confirmed; /* input was read; FALSE: it was written, and could not be read back */
	gboolean answered;  /* has answered at least once */
	gboolean mute;	    /* accepts the feature, does not report it: input is what was written */
	/* A write was not reflected: what it reports may be the input of the cable that asks
	 * (ddcutil #95, #549). Input is what was written then, until two writes in a row are
	 * reflected. */
	gboolean unreliable;
	int read;	      /* what it reported last; -1: nothing yet */
	int written;	      /* what it should report since the last write; -1: none yet */
	gboolean must_save;   /* the input changes only when its settings are saved too */
	gboolean zero_counts; /* 0x00 is a reading; else it is none (ddcutil #100, #580) */
} Shown;

#define SHOWN_UNKNOWN ((Shown){ .input = -1, .read = -1, .written = -1 })

/* Nothing that it reports says what it shows. */
gboolean show_cannot_tell(const Shown *shown);

/* Looks what it shows, changing nothing but shown. once: it is asked once and no more, for those
 * who look again later. Errors: NO_MONITOR, NO_ANSWER (and not known from before either), NO_BUS,
 * CANCELLED, FAILED. */
void show_look(DdcTalk *talk, Shown *shown, gboolean once, GError **error);

/*
 * Makes it show input. written (in any case): whether the monitor took a value. Without an error it
 * shows the input, as far as it can be asked (shown->confirmed). Errors: those of show_look(), and
 * NOT_FOLLOWED: it took the value, and goes on to report something else (the message gives no
 * advice: that depends on the other targets' inputs); from then on it counts as unreliable: its
 * reports are no reason to skip a write, and none to fail.
 */
void show_input(
	DdcTalk *talk, Shown *shown, const ConfigInput *input, gboolean *written, GError **error);

/* Writes a value, of whatever feature. Errors: those of show_look(). */
gboolean show_write(DdcTalk *talk, const Shown *shown, guint16 value, GError **error);

/* Takes it for granted that the monitor shows input, which could not be asked for. */
void shown_assume(Shown *shown, const ConfigInput *input);

/* What the monitor says when it shows input. */
guint8 show_reads_as(const ConfigInput *input);

/* Is reading what the monitor reports for an input that is not the target's? inputs: a
 * ConfigDisplay's. As the target's reads_as it would make the two look alike. */
gboolean show_reads_like(GHashTable *inputs, const char *target, int reading);
/* The same, or the code of such an input: then the monitor most likely shows that one. */
gboolean show_is_of_another(GHashTable *inputs, const char *target, int reading);

/* "HDMI-1 (0x11)", or "0x90" when no standard names it. Free with g_free(). */
char *show_label(guint8 feature, int code);
