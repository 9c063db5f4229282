/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which VCP features an agent sets at hotseatd's request. Without this limit, a machine that poses
 * as the host could make it write anything to a monitor: brightness 0, power off, a factory reset.
 */
#pragma once

#include "core/text.h"

#include <stdint.h>

/* MCCS 2.2: Input Select */
#define FEATURE_INPUT 0x60
/* LG's proprietary input select, which works only from this source address (FEATURE_LG_SOURCE). */
#define FEATURE_LG_INPUT  0xf4
#define FEATURE_LG_SOURCE 0x50

typedef struct {
	uint8_t more[256 / 8]; /* one bit for each feature that the settings add */
} Features;

/* Parses the settings' list of further features: numbers from 1 to 255, decimal or hexadecimal with
 * 0x, separated by spaces or commas. "" is an empty list. False, with features untouched, if it is
 * invalid. */
bool core_features_parse(const char *text, Features *features, Problem *problem);

/* May this feature be set from this source address? Allowed are Input Select, LG's input select
 * from its address, and the features in the settings from any address. If it is not allowed,
 * problem explains which setting would allow it. */
bool core_features_allow(
	const Features *features, unsigned feature, unsigned source_address, Problem *problem);
