/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon's JSON, for people. What is missing or of another type than it should be is left out.
 */
#pragma once

#include <json-glib/json-glib.h>

/* A string member, or NULL. */
const char *show_string(JsonObject *object, const char *name);
/* A number member, or 0. */
double show_number(JsonObject *object, const char *name);
gboolean show_bool(JsonObject *object, const char *name);
/* A member, or NULL. */
JsonObject *show_object(JsonObject *object, const char *name);
/* The i-th object of an array member, or NULL at its end; what is no object is passed over. */
JsonObject *show_item(JsonObject *object, const char *name, guint *i);

/* Does a step with this outcome have milliseconds that say something? */
gboolean show_took_time(const char *outcome);

/* Each appends whole lines. */
void show_desk(JsonObject *status, GString *out);
void show_switch(JsonObject *sw, GString *out);
void show_error(JsonObject *answer, GString *out);
