/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Notifications on the desktop (Desktop Notifications Specification 1.2): for users who pressed a
 * hotkey and see no terminal.
 */
#pragma once

#include <json-glib/json-glib.h>

/* A process of a shortcut must not wait long for a desktop that does not answer. */
#define NOTIFY_TIMEOUT_MS 3000

/* Connects to the session bus; the process exits when the bus does. FALSE and an error of CLI_ERROR
 * if there is no session bus. notify_show() does this itself. */
gboolean notify_connect(GError **error);

/* Shows a notification that replaces the last one from any hotseat process of this session. summary
 * and body are plain text. FALSE and an error of CLI_ERROR if it cannot be shown. */
gboolean notify_show(const char *summary, const char *body, GError **error);

/* The same for a switch that failed or is incomplete, as the daemon reports it; a superseded switch
 * is not shown. If the notification cannot be shown, prints it on stderr. */
void notify_failed_switch(JsonObject *sw);
/* The same for a switch that could not be requested. */
void notify_no_switch(const char *why);
