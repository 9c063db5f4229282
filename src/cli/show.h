/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints the daemon's JSON for people. Members that are missing or have another type are left out.
 */
#pragma once

#include <json-glib/json-glib.h>

/* Is the duration of a step with this outcome meaningful? */
gboolean show_took_time(const char *outcome);

/* The title of a target: "the host", or a guest's name, or its domain if the name is just "guest";
 * "?" for NULL. Clean; free with g_free(). */
char *show_target(JsonObject *status, const char *target);
/* "win11 has the seat", or what applies instead. Clean; free with g_free(). */
char *show_seat(JsonObject *status);
/* The same as a sentence. Free with g_free(). */
char *show_sentence(const char *text);

/* Why a switch and its steps failed, a line for each. Free with g_free(). */
char *show_reasons(JsonObject *sw);

/* Each appends complete lines. said: text that was printed before, whose reasons are not repeated;
 * NULL: none. The steps do not repeat the switch's own reason, which show_error() prints. */
void show_desk(JsonObject *status, const char *said, GString *out);
void show_switch(JsonObject *sw, GString *out);
void show_error(JsonObject *answer, GString *out);
