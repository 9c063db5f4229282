/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of this machine's monitors hotseatd means.
 */
#pragma once

#include "core/text.h"

#include <stdint.h>

#define EDID_LENGTH 128 /* the base block: VESA E-EDID A.2, section 3 */
/* Longest text, with its NUL: four descriptors of 13 characters (3.10.3), with spaces between. */
#define EDID_TEXT (4 * 13 + 3 + 1)

/* Which monitor it is, as src/display/edid.h of hotseatd reads it. */
typedef struct {
	bool known; /* has it an EDID? */
	char manufacturer[4];
	char model[EDID_TEXT]; /* its name, or "0x" and the product in hex */
	char serial[EDID_TEXT];
	uint32_t number; /* binary serial number; 0: none */
} Edid;

/* A wish: each member that is not "" must match. */
typedef struct {
	char manufacturer[16];
	char model[EDID_TEXT];
	char serial[EDID_TEXT];
} EdidWanted;

/* edid is { false } if bytes are none. */
void core_edid_parse(const uint8_t *bytes, size_t length, Edid *edid);

/* Which of count monitors is wanted: the one that matches, or the only one if it has that
 * manufacturer. -1 and a problem if none matches, or more than one. */
int core_edid_choose(const Edid *edids, size_t count, const EdidWanted *wanted, Problem *problem);
