/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/scan.h"

void found_monitor_free(gpointer data)
{
	FoundMonitor *monitor = data;

	g_free(monitor->connector);
	g_free(monitor->card);
	g_free(monitor->address);
	g_free(monitor->trouble);
	g_free(monitor);
}

gboolean found_monitor_fits(const FoundMonitor *monitor, const MonitorMatch *match)
{
	if (match->bus >= 0)
		return monitor->bus == match->bus;
	if (match->connector != NULL &&
		(monitor->connector == NULL ||
			g_ascii_strcasecmp(monitor->connector, match->connector) != 0))
		return FALSE;
	return edid_matches(&monitor->edid, match);
}

char *found_monitor_label(const FoundMonitor *monitor)
{
	g_autofree char *name = edid_describe(&monitor->edid);

	if (monitor->bus >= 0 && monitor->connector != NULL)
		return g_strdup_printf(
			"%s on %s (/dev/i2c-%d)", name, monitor->connector, monitor->bus);
	if (monitor->bus >= 0)
		return g_strdup_printf("%s on /dev/i2c-%d", name, monitor->bus);
	return g_strdup_printf("%s on %s", name, monitor->connector);
}
