/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a user can contribute to the monitor database (data/monitors): what the monitors say, in a
 * text to be pasted into the project's issue tracker. It has no serial numbers and no dates.
 */
#pragma once

#include "display/scan.h"
#include "find/machine.h"

/* monitors: FoundMonitor *. Panels are left out. Free with g_free(). */
char *report_monitors(const Machine *machine, const GPtrArray *monitors);
