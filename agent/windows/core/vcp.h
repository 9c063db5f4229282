/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which VCP features an agent sets when hotseatd asks it to. A machine that poses as the host could
 * otherwise have it write anything to a monitor: brightness 0, power off, a factory reset.
 */
#pragma once

#include "core/text.h"

#include <stdint.h>

/* MCCS 2.2: Input Select */
#define FEATURE_INPUT 0x60
/* LG's own input select, which it obeys only from this source address (FEATURE_LG_SOURCE). */
#define FEATURE_LG_INPUT  0xf4
#define FEATURE_LG_SOURCE 0x50

typedef struct {
	uint8_t more[256 / 8]; /* a bit for each feature that the settings add */
} Features;

/* Reads the settings' list of further features: numbers from 1 to 255, decimal or 0x hexadecimal,
 * with spaces or commas between. "" is none. False, and features is untouched, if it is none. */
bool core_features_parse(const char *text, Features *features, Problem *problem);

/* May this feature be set from this source address? Input Select, and LG's from its address, may;
 * and what the settings add, from any. If not, problem says what the settings lack. */
bool core_features_allow(
	const Features *features, unsigned feature, unsigned source_address, Problem *problem);
