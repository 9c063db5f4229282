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
	gint64 free_us; /* on the system's clock: do not use the monitor before */
	guint reply_ms; /* what the monitor has needed to make a reply ready; 0: not known */
} DdcPort;

typedef struct {
	DdcPort *port;
	I2cBus *bus;
	VcpFeature feature;
	guint wait_ms;	      /* for the reply, at this attempt */
	gboolean asked;	      /* the request was taken */
	gboolean not_ready;   /* the reply was not, at an attempt before */
	GCancellable *cancel; /* stops the trying again; borrowed, not NULL */
} DdcTalk;

/* No end before so many bytes: the monitor does not know one. The longest in tests/capabilities has
 * some 1000, ddcutil gives up at 2048, the offset could go to 65535. */
#define DDC_CAPABILITIES_MAX 4096

/* Opens and locks the bus. FALSE, and nothing to close: the errors of I2cOps.open. */
gboolean ddc_open(DdcTalk *talk, DdcPort *port, const VcpFeature *feature, GCancellable *cancel,
	GError **error);
void ddc_close(DdcTalk *talk);

/*
 * Sets the feature, or gets the low byte of its value. backoff_ms: the pauses after which a NAK or
 * a garbled reply is tried again, 0 at the end. A reply is waited for longer each time, from 40 to
 * 200 ms; what a monitor needs is remembered in the port. Errors: NO_ANSWER, UNSUPPORTED (get: the
 * monitor says that it does not have the feature), NO_BUS, CANCELLED (while trying again), FAILED.
 */
gboolean ddc_set(DdcTalk *talk, guint16 value, const guint *backoff_ms, GError **error);
gboolean ddc_get(DdcTalk *talk, guint8 *value, const guint *backoff_ms, GError **error);

/* Makes the monitor save its current settings; then it is left alone for 200 ms. backoff_ms and
 * errors: as of ddc_set(). */
gboolean ddc_save(DdcTalk *talk, const guint *backoff_ms, GError **error);

/*
 * Asks what the monitor says that it can: its capabilities string, for capabilities_parse(). The
 * bytes of it that are not printable ASCII become spaces, one each, and spaces at its end are
 * removed. Free with g_free().
 *
 * backoff_ms: for each fragment, as above. A string whose rest stays away, or that is longer than
 * DDC_CAPABILITIES_MAX, is worth having: *truncated, and what came of it. (A monitor that
 * says nothing behind the end of its string looks the same.) It takes 100 ms and the time on the
 * wire for each 32 bytes, 2 s for most monitors. NULL and *truncated untouched: NO_ANSWER (not even
 * the first fragment), NO_BUS, CANCELLED (between fragments, too), FAILED.
 */
char *ddc_capabilities(DdcTalk *talk, const guint *backoff_ms, gboolean *truncated, GError **error);

/* Reads who the monitor is. Errors: NO_ANSWER (nothing is there), NO_BUS, FAILED (no EDID). */
gboolean ddc_read_edid(DdcTalk *talk, Edid *edid, GError **error);

/* Sleeps; ends early when the talk is cancelled. */
void ddc_wait(DdcTalk *talk, guint ms);
