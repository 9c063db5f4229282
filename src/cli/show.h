/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon's JSON, for people. What is missing or of another type than it should be is left out.
 */
#pragma once

#include <json-glib/json-glib.h>

/* Does a step with this outcome have milliseconds that say something? */
gboolean show_took_time(const char *outcome);

/* What a target is called: "the host"; a guest's name, or its domain if the name is just "guest".
 * "?" for NULL. Clean; free with g_free(). */
char *show_target(JsonObject *status, const char *target);
/* "win11 has the seat", or what applies instead. Clean; free with g_free(). */
char *show_seat(JsonObject *status);
/* The same as a sentence. Free with g_free(). */
char *show_sentence(const char *text);

/* Why a switch and its steps failed, a line for each. Free with g_free(). */
char *show_reasons(JsonObject *sw);

/* Each appends whole lines. said: what was printed before: a reason in it is not repeated; NULL:
 * nothing. A switch's steps do not repeat its own reason, which is for show_error(). */
void show_desk(JsonObject *status, const char *said, GString *out);
void show_switch(JsonObject *sw, GString *out);
void show_error(JsonObject *answer, GString *out);
