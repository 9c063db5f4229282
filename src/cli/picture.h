/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The desk as a picture: the monitors with what they show, and the computers with keyboard and
 * mouse.
 */
#pragma once

#include "cli/canvas.h"

#include <json-glib/json-glib.h>

/* status: the answer of GET /status. changed: something has changed since the last switch. message:
 * a text for the user, or NULL. */
Canvas *picture_draw(
	JsonObject *status, gboolean changed, const char *message, int width, int height);
