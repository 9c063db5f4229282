/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/service.h"

#include <systemd/sd-daemon.h>

void service_ready(void)
{
	sd_notify(0, "READY=1");
}

void service_reloading(void)
{
	/* systemd 253 and later (Type=notify-reload) needs the time, on CLOCK_MONOTONIC like GLib's
	 */
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());
}

void service_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void service_status(const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	sd_notifyf(0, "STATUS=%s", text);
}

static gboolean on_watchdog(gpointer unused)
{
	sd_notify(0, "WATCHDOG=1");
	return G_SOURCE_CONTINUE;
}

void service_watchdog(void)
{
	guint64 usec;

	/* twice in the watchdog's interval, as sd_watchdog_enabled(3) recommends */
	if (sd_watchdog_enabled(0, &usec) > 0)
		g_timeout_add(MAX((guint)(usec / 2000), 1), on_watchdog, NULL);
}
