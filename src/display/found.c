/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/scan.h"

#include <string.h>

void found_monitor_free(gpointer data)
{
	FoundMonitor *monitor = data;

	g_free(monitor->connector);
	g_free(monitor->card);
	g_free(monitor->address);
	g_free(monitor->capabilities_text);
	g_free(monitor->trouble);
	g_clear_pointer(&monitor->others, g_ptr_array_unref);
	g_free(monitor);
}

/* "DP-1", "card1-DP-1", "card1", "0000:03:00.0", or "0000:03:00.0-DP-1"; case is ignored. */
static gboolean is_at(const FoundMonitor *cable, const char *connector)
{
	const char *names[] = { cable->card, cable->address };

	if (cable->connector != NULL && g_ascii_strcasecmp(connector, cable->connector) == 0)
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		gsize length = names[i] != NULL ? strlen(names[i]) : 0;

		if (length == 0 || g_ascii_strncasecmp(connector, names[i], length) != 0)
			continue;
		if (connector[length] == '\0' ||
			(connector[length] == '-' && cable->connector != NULL &&
				g_ascii_strcasecmp(connector + length + 1, cable->connector) == 0))
			return TRUE;
	}
	return FALSE;
}

gboolean found_cable_fits(const FoundMonitor *cable, const MonitorMatch *match)
{
	if (match->bus >= 0)
		return cable->bus == match->bus;
	return (match->connector == NULL || is_at(cable, match->connector)) &&
	       edid_matches(&cable->edid, match);
}

const FoundMonitor *found_monitor_cable(const FoundMonitor *monitor, guint nth)
{
	if (nth == 0)
		return monitor;
	return nth <= monitor->others->len ? monitor->others->pdata[nth - 1] : NULL;
}

gboolean found_monitor_fits(const FoundMonitor *monitor, const MonitorMatch *match)
{
	const FoundMonitor *cable;

	for (guint i = 0; (cable = found_monitor_cable(monitor, i)) != NULL; i++)
		if (found_cable_fits(cable, match))
			return TRUE;
	return FALSE;
}

FoundMonitor *found_monitors_only(const GPtrArray *monitors, const MonitorMatch *match)
{
	FoundMonitor *found = NULL;

	for (guint i = 0; i < monitors->len; i++) {
		gboolean fits = found_monitor_fits(monitors->pdata[i], match);

		if (fits && found != NULL)
			return NULL;
		if (fits)
			found = monitors->pdata[i];
	}
	return found;
}

static gboolean is_guests(const FoundMonitor *cable, const char *const *guest_cards)
{
	return cable->address != NULL && g_strv_contains(guest_cards, cable->address);
}

gboolean found_monitor_is_guests(const FoundMonitor *monitor, const char *const *guest_cards)
{
	const FoundMonitor *cable;

	for (guint i = 0; (cable = found_monitor_cable(monitor, i)) != NULL; i++)
		if (!is_guests(cable, guest_cards))
			return FALSE;
	return TRUE;
}

static void make_first(FoundMonitor *monitor, FoundMonitor *cable)
{
	GPtrArray *others = monitor->others;
	gboolean twin = monitor->twin;
	FoundMonitor swap = *monitor;

	*monitor = *cable;
	*cable = swap;
	monitor->others = others;
	monitor->twin = twin;
	cable->others = NULL;
}

void found_monitors_prefer(GPtrArray *monitors, const char *const *guest_cards)
{
	for (guint i = 0; i < monitors->len; i++) {
		FoundMonitor *monitor = monitors->pdata[i];

		for (guint j = 0; j < monitor->others->len && is_guests(monitor, guest_cards);
			j++) {
			FoundMonitor *cable = monitor->others->pdata[j];

			if (!is_guests(cable, guest_cards) && cable->bus >= 0 &&
				cable->answers >= monitor->answers)
				make_first(monitor, cable);
		}
	}
}

char *found_cable_label(const FoundMonitor *cable)
{
	GString *label = g_string_new(cable->connector != NULL ? cable->connector : "a cable");

	if (cable->card != NULL)
		g_string_append_printf(label, " of %s", cable->card);
	if (cable->address != NULL)
		g_string_append_printf(label, " at %s", cable->address);
	if (cable->bus >= 0)
		g_string_append_printf(label, " (/dev/i2c-%d)", cable->bus);
	return g_string_free(label, FALSE);
}

char *found_monitor_cables(const FoundMonitor *monitor)
{
	const FoundMonitor *cable;
	GString *text;

	if (monitor->others->len == 0)
		return NULL;
	text = g_string_new(NULL);
	g_string_printf(text, "%u cables: ", monitor->others->len + 1);
	for (guint i = 0; (cable = found_monitor_cable(monitor, i)) != NULL; i++) {
		g_autofree char *label = found_cable_label(cable);

		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", label);
	}
	return g_string_free(text, FALSE);
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
