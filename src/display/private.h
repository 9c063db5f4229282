/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the ladder needs from the display below it, a resource of display_new().
 */
#pragma once

#include "display/agents.h"
#include "display/display.h"
#include "display/monitor-models.h"
#include "display/show.h"

/* The config that it was created from. */
const ConfigDisplay *display_config(Resource *resource);
/* What is known about the monitor since the last use. */
const Shown *display_shown(Resource *resource);
/* Must further features (also) still be written for target, which it already shows? */
gboolean display_owes_features(Resource *resource, const char *target);
/* The monitor's EDID; NULL: not known (yet). Borrowed until the main loop runs again. */
const Edid *display_edid(Resource *resource);
/* Its entry in the monitor database; NULL: there is none, or the monitor is not identified (yet).
 */
const MonitorModel *display_model(Resource *resource);
/* Like observe, but asks the monitor only once, for callers that ask again later. */
void display_observe_once(Resource *resource, ResourceDone done, gpointer data);
/* The target that it shows, as far as is known; NULL: unknown. If several targets have the same
 * input, the one that was applied last. Borrowed until the next use. */
const char *display_target(Resource *resource);
/* Assumes from now on that it shows target. */
void display_assume(Resource *resource, const char *target);
