/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitors that this machine can command over DDC/CI, behind an interface: there are the real
 * ones, and a file's for tests, which have none.
 */
#pragma once

#include "core/set-input.h"

#define MONITORS_MAX 16

typedef struct Monitors Monitors;

typedef struct {
	/* Sets a VCP feature of the monitor with that place in edids. Takes some 50 ms. */
	bool (*set)(Monitors *monitors, size_t which, uint8_t feature, uint16_t value,
		Problem *problem);
	void (*close)(Monitors *monitors);
} MonitorsOps;

/* Each kind's struct begins with it. */
struct Monitors {
	const MonitorsOps *ops;
	size_t count;
	Edid edids[MONITORS_MAX]; /* unknown if Windows does not report it */
};

/* Finds the real ones, as they are now. NULL if Windows cannot command monitors. */
Monitors *monitors_open_real(Problem *problem);

/* Those of a file: a line for each, its EDID in hex, "deaf" behind it if it does not obey. What is
 * set is appended to FILE.log, "FEATURE VALUE MODEL" in decimal. */
Monitors *monitors_open_file(const char *file, Problem *problem);

/* Does what request asks for. file: where the monitors are, "" for the real ones. */
bool monitors_set_input(const char *file, const SetInput *request, Problem *problem);
