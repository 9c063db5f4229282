/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The last step of a scan: merges what was found on the buses with what the kernel knows about
 * connectors into one list of monitors.
 */
#pragma once

#include "display/scan.h"

/*
 * result->monitors: those found on the buses; the rest is filled in. nameless: FoundMonitor * that
 * answered on a bus without an EDID; those that can be identified move to the result.
 */
void scan_merge(
	I2cSystem *system, const GPtrArray *connectors, GPtrArray *nameless, ScanResult *result);

/* Why the first bus in result->refused, which must not be empty, could not be used. */
const char *scan_first_refusal(const ScanResult *result);
