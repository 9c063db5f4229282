/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line for a status bar: which target has the seat.
 */
#pragma once

#include <json-glib/json-glib.h>

/* How long a failed switch is shown if everything works again, in seconds. */
#define BAR_FAILURE_MS 10000

typedef struct BarFormat BarFormat;

/* "waybar", "i3blocks" or "plain"; NULL: there is no such format. */
const BarFormat *bar_format(const char *name);

/* The line without a newline. status: the answer of GET /status; NULL: no daemon. message: why the
 * last switch failed, or why there is no daemon; NULL: neither. Free with g_free(). */
char *bar_line(const BarFormat *format, JsonObject *status, const char *message);
