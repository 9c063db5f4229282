/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Talking to a monitor: messages in their time, tried again when they or their reply got lost. All
 * of it blocks, on the bus's lane.
 */
#pragma once

#include "display/edid.h"
#include "display/i2c.h"

/* What outlives a talk. Only the bus's lane touches it. */
typedef struct {
	I2cSystem *system;
	int bus;
	gint64 free_us; /* on the system's clock: the monitor is to be left alone until then */
} DdcPort;

typedef struct {
	DdcPort *port;
	I2cBus *bus;
	guint8 source, feature; /* see ConfigDisplay */
	GCancellable *cancel;	/* stops the trying again; borrowed, not NULL */
} DdcTalk;

/* Opens and locks the bus. FALSE, and nothing to close: the errors of I2cOps.open. */
gboolean ddc_open(DdcTalk *talk, DdcPort *port, const ConfigDisplay *display, GCancellable *cancel,
	GError **error);
void ddc_close(DdcTalk *talk);

/*
 * Sets the feature, or gets the low byte of its value. backoff_ms: the pauses after which a NAK or
 * a garbled reply is tried again, 0 at the end. Errors: NO_ANSWER, UNSUPPORTED (get: the monitor
 * says that it does not have the feature), NO_BUS, CANCELLED (while trying again), FAILED.
 */
gboolean ddc_set(DdcTalk *talk, guint16 value, const guint *backoff_ms, GError **error);
gboolean ddc_get(DdcTalk *talk, guint8 *value, const guint *backoff_ms, GError **error);

/* Reads who the monitor is. Errors: NO_ANSWER (nothing is there), NO_BUS, FAILED (no EDID). */
gboolean ddc_read_edid(DdcTalk *talk, Edid *edid, GError **error);

/* Sleeps; ends early when the talk is cancelled. */
void ddc_wait(DdcTalk *talk, guint ms);
