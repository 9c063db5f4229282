/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether two EDIDs belong to one monitor. A monitor has an EDID for each of its inputs, often with
 * a different product code in each; manufacturer, model name and serial number are the same.
 */
#pragma once

#include "display/edid.h"

typedef enum {
	IDENTITY_DIFFERENT, /* two monitors */
	IDENTITY_UNKNOWN, /* one, or two that cannot be told apart: no serial number is credible */
	IDENTITY_SAME,	  /* one monitor with two cables */
} Identity;

/* all: const Edid *, every known one. A text serial that occurs with different binary numbers is
 * ignored: it identifies a model, not a monitor. */
Identity identity_compare(const Edid *a, const Edid *b, const GPtrArray *all);

/* Is the monitor that is on a bus now the one that was there before? If the product code has
 * changed, a credible serial number decides. */
gboolean identity_is_same(const Edid *a, const Edid *b);

/* Is it a serial number, and not a placeholder such as 0, 1, 0x01010101, 0xffffffff or "00000000"?
 */
gboolean identity_number_is_credible(guint32 number);
gboolean identity_text_is_credible(const char *text);
