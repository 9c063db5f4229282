/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the monitor of this machine that hotseatd's request describes.
 */
#pragma once

#include "core/text.h"

#include <stdint.h>

#define EDID_LENGTH 128 /* the base block: VESA E-EDID A.2, section 3 */
/* Longest text, with its NUL: four descriptors of 13 characters (3.10.3), with spaces between. */
#define EDID_TEXT (4 * 13 + 3 + 1)

/* The identity of a monitor, as in hotseatd's src/display/edid.h. */
typedef struct {
	bool known; /* it has a valid EDID */
	char manufacturer[4];
	char model[EDID_TEXT]; /* its name, or "0x" and the product in hex */
	char serial[EDID_TEXT];
	uint32_t number; /* binary serial number; 0: none */
} Edid;

/* Describes a monitor: each member that is not "" must match. */
typedef struct {
	char manufacturer[16];
	char model[EDID_TEXT];
	char serial[EDID_TEXT];
} EdidWanted;

/* edid is { false } if bytes are not an EDID. */
void core_edid_parse(const uint8_t *bytes, size_t length, Edid *edid);

/* The index of the monitor, among count, that wanted describes: the one that matches, or the only
 * monitor if its manufacturer is right. -1 and a problem if none or several match. */
int core_edid_choose(const Edid *edids, size_t count, const EdidWanted *wanted, Problem *problem);
