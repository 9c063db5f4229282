/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The desk as a picture: monitors with what they show; computers, and who has keyboard and mouse.
 */
#pragma once

#include "cli/canvas.h"

#include <json-glib/json-glib.h>

/* status: the answer of GET /status. message: a line for the person, or NULL. */
Canvas *picture_draw(JsonObject *status, const char *message, int width, int height);
