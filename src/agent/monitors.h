/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitors at this guest's own cables, set on request. On the main loop; the talking is done on
 * the buses' lanes.
 */
#pragma once

#include "agent/set-input.h"
#include "display/i2c.h"

typedef struct Monitors Monitors;

/* error NULL: a monitor has taken the value. Whether it followed is unknown: it does not show
 * this guest any more. */
typedef void (*MonitorsDone)(const SetInput *request, const GError *error, gpointer data);

Monitors *monitors_new(I2cSystem *system);
/* Requests that are under way come to no end. */
void monitors_free(Monitors *monitors);

/*
 * Looks who is where, sets the monitor that the request describes, and calls done. Of several buses
 * with such a monitor (two cables of one) each is tried until it takes the value on one: the side
 * that it does not listen to does not acknowledge it. If none fits, and there is one monitor only,
 * of that manufacturer, it is that one: an EDID may be another one at another input. Takes request.
 * Errors, as HOTSEAT_ERROR: NO_MONITOR, NO_BUS, NO_PERMISSION, and those of ddc_set().
 */
void monitors_set(Monitors *monitors, SetInput *request, MonitorsDone done, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Monitors, monitors_free)
