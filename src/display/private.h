/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the ladder asks of the display below it, a resource of display_new().
 */
#pragma once

#include "display/agents.h"
#include "display/display.h"
#include "display/monitor-models.h"
#include "display/show.h"

/* The one that it was made from. */
const ConfigDisplay *display_config(Resource *resource);
/* What the last use has shown. */
const Shown *display_shown(Resource *resource);
/* Are there further features (also) to be written for the target, which it shows? */
gboolean display_owes_features(Resource *resource, const char *target);
/* Who it is; NULL: not known (yet). Borrowed until the main loop runs again. */
const Edid *display_edid(Resource *resource);
/* What the monitor database says about it; NULL: nothing, or it is not known (yet) who it is. */
const MonitorModel *display_model(Resource *resource);
/* As observe, for those who look again later: asks the monitor once and no more. */
void display_glance(Resource *resource, ResourceDone done, gpointer data);
/* The target that it shows, as far as is known; NULL: unknown. Of several that have the same input
 * the one last applied. Borrowed until the next use. */
const char *display_target(Resource *resource);
/* Takes it for granted that it shows target, from here on. */
void display_assume(Resource *resource, const char *target);
