/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who has the seat, in a line for a bar of the desktop.
 */
#pragma once

#include <json-glib/json-glib.h>

/* How long a failed switch stays to be seen when all is well again. */
#define BAR_FAILURE_MS 10000

typedef struct BarFormat BarFormat;

/* "waybar", "i3blocks" or "plain"; NULL: there is no such format. */
const BarFormat *bar_format(const char *name);

/* A line without its end. status: the answer of GET /status; NULL: no daemon. message: why the last
 * switch failed, or why there is no daemon; NULL: no such thing to tell. Free with g_free(). */
char *bar_line(const BarFormat *format, JsonObject *status, const char *message);
