/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon's JSON, for people. What is missing or of another type than it should be is left out.
 */
#pragma once

#include <json-glib/json-glib.h>

/* Does a step with this outcome have milliseconds that say something? */
gboolean show_took_time(const char *outcome);

/* Each appends whole lines. */
void show_desk(JsonObject *status, GString *out);
void show_switch(JsonObject *sw, GString *out);
void show_error(JsonObject *answer, GString *out);
