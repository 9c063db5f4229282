/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitors that this machine can set over DDC/CI, behind an interface: the real ones, and
 * simulated ones in a file for tests.
 */
#pragma once

#include "core/set-input.h"

#define MONITORS_MAX 16

typedef struct Monitors Monitors;

typedef struct {
	/* Sets a VCP feature of the monitor with that index in edids. Takes about 50 ms. */
	bool (*set)(Monitors *monitors, size_t which, uint8_t feature, uint16_t value,
		Problem *problem);
	void (*close)(Monitors *monitors);
} MonitorsOps;

/* The struct of each kind begins with it. */
struct Monitors {
	const MonitorsOps *ops;
	size_t count;
	Edid edids[MONITORS_MAX]; /* known is false if Windows does not report it */
};

/* Finds the real monitors. NULL if Windows cannot control monitors. */
Monitors *monitors_open_real(Problem *problem);

/* The monitors of a file: a line for each with its EDID in hex, and "deaf" after it if it ignores
 * commands. What is set is appended to FILE.log, as "FEATURE VALUE MODEL" in decimal. */
Monitors *monitors_open_file(const char *file, Problem *problem);

/* Carries out request. file: the file with the monitors, "" for the real ones. */
bool monitors_set_input(const char *file, const SetInput *request, Problem *problem);
