/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Notifications to systemd (sd_notify(3)). The functions do nothing if systemd did not start the
 * daemon.
 */
#pragma once

#include <glib.h>

void service_ready(void);
void service_reloading(void);
void service_stopping(void);
void service_status(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Starts to report to the watchdog, if there is one, that the main loop runs. */
void service_watchdog(void);
