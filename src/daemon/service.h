/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What systemd is told (sd_notify(3)); all of it does nothing when not started by systemd.
 */
#pragma once

#include <glib.h>

void service_ready(void);
void service_reloading(void);
void service_stopping(void);
void service_status(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Begins to tell the watchdog, if there is one, that the main loop turns. */
void service_watchdog(void);
