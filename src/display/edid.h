/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The identity of a monitor, from the base block of its EDID (VESA E-EDID A.2, section 3).
 */
#pragma once

#include "config/config.h"

#define EDID_ADDRESS 0x50 /* I2C address of the EEPROM */
#define EDID_LENGTH  128

/* Longest text, with its NUL: four descriptors of 13 characters (3.10.3), with spaces between. */
#define EDID_TEXT (4 * 13 + 3 + 1)

typedef struct {
	char manufacturer[4]; /* PNP id: "AOC" */
	guint16 product;
	guint32 number;		/* binary serial number; 0: none */
	char model[EDID_TEXT];	/* its name, or "0x" and the product in hex if it has none */
	char serial[EDID_TEXT]; /* "" when it has none */
} Edid;

/* Reads the base block at data; edid is untouched on failure. Errors: FAILED. */
gboolean edid_parse(const guint8 *data, gsize length, Edid *edid, GError **error);

/* Does match describe this EDID? Its connector is not compared. */
gboolean edid_matches(const Edid *edid, const MonitorMatch *match);

/* Are manufacturer, product and serial equal? Then it is one monitor, or two that cannot be told
 * apart. */
gboolean edid_equal(const Edid *a, const Edid *b);

/* "AOC 2778X 1234": manufacturer, model, serial (text, or number, or none). Free with g_free(). */
char *edid_describe(const Edid *edid);
