/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report of `hotseat detect --report` for the monitor database (data/monitors): what the
 * monitors report, as a text for the project's issue tracker, without serial numbers and dates.
 */
#pragma once

#include "display/scan.h"
#include "find/machine.h"

/* monitors: FoundMonitor *. Panels are left out. Free with g_free(). */
char *report_monitors(const Machine *machine, const GPtrArray *monitors);
