/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Communication with a monitor: messages with the required pauses, which are retried if they or
 * their reply get lost. All functions block, and run on the bus's lane.
 */
#pragma once

#include "display/edid.h"
#include "display/i2c.h"

/* What outlives a DdcTalk. Only the bus's lane touches it. */
typedef struct {
	I2cSystem *system;
	int bus;
	gint64 free_us; /* on the system's clock: when the monitor may be used again */
	guint reply_ms; /* how long the monitor needed to prepare a reply; 0: not known */
} DdcPort;

typedef struct {
	DdcPort *port;
	I2cBus *bus;
	VcpFeature feature;
	guint wait_ms;	      /* how long this attempt waits for the reply */
	gboolean asked;	      /* the monitor has accepted the request */
	gboolean not_ready;   /* the reply was not ready at an earlier attempt */
	GCancellable *cancel; /* stops retries; borrowed, not NULL */
} DdcTalk;

/* A string that does not end within this many bytes is cut: the monitor never ends it. The longest
 * string in tests/capabilities has about 1000 bytes, ddcutil stops at 2048, and the offset could
 * reach 65535. */
#define DDC_CAPABILITIES_MAX 4096

/* Opens and locks the bus. On failure returns FALSE with the errors of I2cOps.open, and ddc_close()
 * must not be called. */
gboolean ddc_open(DdcTalk *talk, DdcPort *port, const VcpFeature *feature, GCancellable *cancel,
	GError **error);
void ddc_close(DdcTalk *talk);

/*
 * Sets the feature, or gets the low byte of its value. backoff_ms: the pauses before retries after
 * a NAK or a garbled reply; ends with 0. Each attempt waits longer for the reply, from 40 to 200
 * ms; the time that a monitor needs is stored in the port. Errors: NO_ANSWER, UNSUPPORTED (get: the
 * monitor reports that it does not have the feature), NO_BUS, CANCELLED (between retries), FAILED.
 */
gboolean ddc_set(DdcTalk *talk, guint16 value, const guint *backoff_ms, GError **error);
gboolean ddc_get(DdcTalk *talk, guint8 *value, const guint *backoff_ms, GError **error);

/* Makes the monitor save its current settings. The next message waits for 200 ms. backoff_ms and
 * errors: as in ddc_set(). */
gboolean ddc_save(DdcTalk *talk, const guint *backoff_ms, GError **error);

/*
 * Reads the monitor's capabilities string, for capabilities_parse(). Each byte that is not
 * printable ASCII becomes a space, and spaces at the end are removed. Free with g_free().
 *
 * backoff_ms: for each fragment, as above. If the rest of the string does not arrive, or if it is
 * longer than DDC_CAPABILITIES_MAX, this returns the first part and sets *truncated. (A monitor
 * that does not answer after the end of its string looks the same.) It takes 100 ms and the time on
 * the wire for each 32 bytes, 2 s for most monitors. On failure it returns NULL and leaves
 * *truncated untouched: NO_ANSWER (not even the first fragment), NO_BUS, CANCELLED (also between
 * fragments), FAILED.
 */
char *ddc_capabilities(DdcTalk *talk, const guint *backoff_ms, gboolean *truncated, GError **error);

/* Reads the monitor's EDID. Errors: NO_ANSWER (no monitor), NO_BUS, FAILED (no valid EDID). */
gboolean ddc_read_edid(DdcTalk *talk, Edid *edid, GError **error);

/* Sleeps; returns early if the talk is cancelled. */
void ddc_wait(DdcTalk *talk, guint ms);
