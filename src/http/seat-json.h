/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seat as the API tells it.
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

/* The text of what was built, in one line, and frees builder. Numbers with a fraction (they are all
 * milliseconds) have two decimals. */
char *seat_json_finish(JsonBuilder *builder);
/* The same; if guest, without what a guest must not see: how the host and guests are configured;
 * and with one sentence for each kind of error. The builder is used up in both cases. */
char *seat_json_finish_for(JsonBuilder *builder, gboolean guest);

/* {"success":false,"error":message} */
char *seat_json_error(const char *message);
