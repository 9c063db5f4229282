/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seat as JSON for the API.
 */
#pragma once

#include "seat/seat.h"

#include <json-glib/json-glib.h>

/* Each adds an object (members only, without its begin and end, where the name ends in _members).
 */
void seat_json_switch(JsonBuilder *builder, Seat *seat, const Switch *sw);
void seat_json_resource(JsonBuilder *builder, Seat *seat, Resource *resource);
void seat_json_guest(JsonBuilder *builder, const Guest *guest);
void seat_json_step_members(JsonBuilder *builder, const SwitchStep *step);
void seat_json_members(JsonBuilder *builder, Seat *seat);

/* Returns the text in one line, and frees builder. Numbers with a fraction (all are milliseconds)
 * have two decimals. Free with g_free(). */
char *seat_json_finish(JsonBuilder *builder);
/* The same. If guest is set, leaves out what a guest must not see (how the host and the guests are
 * configured), and replaces error messages by a fixed sentence for each kind of error. Frees
 * builder in either case. */
char *seat_json_finish_for(JsonBuilder *builder, gboolean guest);

/* {"success":false,"error":message}. Free with g_free(). */
char *seat_json_error(const char *message);
