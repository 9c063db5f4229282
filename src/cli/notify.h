/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Notifications on the desktop (Desktop Notifications Specification 1.2): for those who pressed a
 * key and see no terminal.
 */
#pragma once

#include <json-glib/json-glib.h>

/* A desktop that does not answer should not keep a shortcut's process. */
#define NOTIFY_TIMEOUT_MS 3000

/* Connects to the session's bus, with whose end the process ends too. FALSE and an error of
 * CLI_ERROR when there is none. notify_show() does it by itself. */
gboolean notify_connect(GError **error);

/* Shows a notification in place of the last one that any hotseat of this session has shown. summary
 * and body are plain text. FALSE and an error of CLI_ERROR if no server shows it. */
gboolean notify_show(const char *summary, const char *body, GError **error);

/* The same for a switch that did not do what was asked, as the daemon reports it; a superseded
 * switch is not shown. What cannot be shown is printed on stderr. */
void notify_failed_switch(JsonObject *sw);
/* The same for a switch that could not be requested. */
void notify_no_switch(const char *why);
