/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sets the monitors on this guest's own cables on request. Use on the main loop only; the transfers
 * run on the buses' lanes.
 */
#pragma once

#include "agent/set-input.h"
#include "display/i2c.h"

typedef struct Monitors Monitors;

/* error NULL: a monitor has taken the value. Whether it followed is unknown: it does not show
 * this guest any more. */
typedef void (*MonitorsDone)(const SetInput *request, const GError *error, gpointer data);

Monitors *monitors_new(I2cSystem *system);
/* Requests that are under way are dropped without calling done. */
void monitors_free(Monitors *monitors);

/*
 * Reads the EDIDs, sets the monitor that the request describes, and calls done. If several buses
 * have such a monitor (one with two cables), each is tried until one accepts the value: a monitor
 * does not acknowledge a message on an input that it ignores. If none matches and there is only one
 * monitor, that one is used if the manufacturer is right, because an EDID can differ between
 * inputs. Takes ownership of request. Errors, as HOTSEAT_ERROR: NO_MONITOR, NO_BUS, NO_PERMISSION,
 * and those of ddc_set().
 */
void monitors_set(Monitors *monitors, SetInput *request, MonitorsDone done, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Monitors, monitors_free)
