/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a scan: what was found on the buses, and what the kernel knows of connectors, become
 * one list of monitors.
 */
#pragma once

#include "display/scan.h"

/*
 * result->monitors: those found on the buses; the rest is filled in. nameless: FoundMonitor * that
 * answered on a bus without an EDID; the one that can be told which it is moves to the result.
 */
void scan_merge(
	I2cSystem *system, const GPtrArray *connectors, GPtrArray *nameless, ScanResult *result);

/* Why the first of the buses could not be asked; there is one. */
const char *scan_first_refusal(const ScanResult *result);
