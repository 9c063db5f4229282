/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether two EDIDs belong to one monitor. A monitor has an EDID for each of its inputs, and many
 * put another product code into each; maker, model name and serial number stay the same.
 */
#pragma once

#include "display/edid.h"

typedef enum {
	IDENTITY_DIFFERENT, /* two monitors */
	IDENTITY_UNKNOWN,   /* one, or two that nothing tells apart: no serial number is credible */
	IDENTITY_SAME,	    /* one monitor with two cables */
} Identity;

/* all: const Edid *, every one that is known: a text serial that occurs with different binary
 * numbers is that of a model, not of a monitor, and does not count. */
Identity identity_compare(const Edid *a, const Edid *b, const GPtrArray *all);

/* Is the monitor that is on a bus now the one that was there before? The EDID of a cable may get
 * another product code: then a credible serial number tells. */
gboolean identity_is_same(const Edid *a, const Edid *b);

/* Is it a serial number, and not a placeholder such as 0, 1, 0x01010101, 0xffffffff or "00000000"?
 */
gboolean identity_number_is_credible(guint32 number);
gboolean identity_text_is_credible(const char *text);
