/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The codes that a monitor's inputs may have, from what it reports, from the monitor database and
 * from its capabilities. None is invented.
 */
#pragma once

#include "display/monitor-models.h"
#include "display/scan.h"

typedef struct {
	guint16 code;
	char *label; /* "HDMI-1 (0x11)" */
} InputChoice;

/* What the monitor database says about the monitor's feature 0x60; NULL: nothing, or that the
 * inputs are selected by another feature. Lives as long as the program. */
const MonitorModel *input_choices_model(const FoundMonitor *monitor);

/* InputChoice *, each code once: first what the monitor reports (reported: low byte; -1 or 0x00:
 * nothing, as no monitor has an input 0x00), then the database's, then those that the monitor
 * lists and that the database does not call wrong. Free with g_ptr_array_unref(). */
GPtrArray *input_choices_new(const FoundMonitor *monitor, int reported);

/* The code to write for an input that the monitor reports as this, or -1 if that cannot be known:
 * it is 0x00, or neither the database nor the monitor's own list has it. */
int input_choices_code_of(const FoundMonitor *monitor, int reported);
