/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/identity.h"
#include "setup/interview.h"

#include <string.h>

FoundMonitor *display_monitor(const Interview *interview, const ConfigDisplay *display)
{
	FoundMonitor *found = NULL;

	for (guint i = 0; i < interview->monitors->len; i++) {
		FoundMonitor *monitor = interview->monitors->pdata[i];
		gboolean fits = found_monitor_fits(monitor, &display->match);

		if (fits && found != NULL)
			return NULL;
		if (fits)
			found = monitor;
	}
	return found;
}

/* -- describing it ---------------------------------------------------------------------------- */

static void forget(ConfigDisplay *display)
{
	monitor_match_clear(&display->match);
}

static char *serial_of(const Edid *edid)
{
	if (edid->serial[0] != '\0')
		return g_strdup(edid->serial);
	return edid->number != 0 ? g_strdup_printf("%u", edid->number) : NULL;
}

/* The ways to say it, the most readable first. Each returns FALSE when it cannot. */

static gboolean say_model(ConfigDisplay *display, const FoundMonitor *monitor)
{
	display->match.monitor =
		g_strdup_printf("%s %s", monitor->edid.manufacturer, monitor->edid.model);
	return TRUE;
}

static gboolean say_words(ConfigDisplay *display, const FoundMonitor *monitor)
{
	display->match.monitor = edid_describe(&monitor->edid);
	return TRUE;
}

static gboolean say_fields(ConfigDisplay *display, const FoundMonitor *monitor)
{
	display->match.manufacturer = g_strdup(monitor->edid.manufacturer);
	display->match.model = g_strdup(monitor->edid.model);
	display->match.serial = serial_of(&monitor->edid);
	return TRUE;
}

/* Some makers give all monitors of a model one text, and each a number. */
static gboolean say_number(ConfigDisplay *display, const FoundMonitor *monitor)
{
	say_fields(display, monitor);
	display->match.number = monitor->edid.number;
	return identity_number_is_credible(monitor->edid.number);
}

static gboolean say_connector(ConfigDisplay *display, const FoundMonitor *monitor)
{
	say_fields(display, monitor);
	display->match.connector = g_strdup(monitor->connector);
	return monitor->connector != NULL;
}

/* The card's number in "card1" may change at the next boot; its address stays. */
static gboolean say_card(ConfigDisplay *display, const FoundMonitor *monitor)
{
	say_fields(display, monitor);
	display->match.connector = g_strdup_printf("%s-%s", monitor->address, monitor->connector);
	return monitor->address != NULL && monitor->connector != NULL;
}

static gboolean (*const ways[])(ConfigDisplay *display, const FoundMonitor *monitor) = {
	say_model,
	say_words,
	say_fields,
	say_number,
	say_connector,
	say_card,
};

/* A manufacturer that the EDID garbles ("?") is none that a config can have. */
static gboolean is_sayable(const ConfigDisplay *display)
{
	return (display->match.monitor == NULL || draft_can_say(display->match.monitor)) &&
	       (display->match.manufacturer == NULL ||
		       strchr(display->match.manufacturer, '?') == NULL) &&
	       (display->match.model == NULL || draft_can_say(display->match.model));
}

void display_note(Interview *interview, const ConfigDisplay *display, const FoundMonitor *monitor)
{
	Draft *draft = interview->draft;
	g_autofree char *name = edid_describe(&monitor->edid);

	draft_forget_notes(draft, display);
	if (monitor->connector != NULL)
		draft_note(draft, display, "%s on %s, when this was written", name,
			monitor->connector);
	else
		draft_note(draft, display, "%s", name);
	if (display->match.connector != NULL)
		draft_note(draft, display,
			"Another one looks the same: the connector tells them apart.");
	if (display->match.bus >= 0)
		draft_note(draft, display,
			"Only the bus distinguishes it from another one. Bus numbers can change: "
			"then "
			"`hotseat detect`\nshows the new one.");
	if (display->feature.code == LG_FEATURE)
		draft_note(draft, display,
			"LG's proprietary inputs: 0x90 is HDMI 1, 0x91 HDMI 2, 0xd0 DisplayPort 1, "
			"0xd1 DisplayPort 2 or\nUSB-C. For the standard one, leave out feature and "
			"source_address, and write hdmi1 and the like.");
}

static gboolean say(Interview *interview, ConfigDisplay *display, const FoundMonitor *monitor)
{
	for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
		forget(display);
		if (ways[i](display, monitor) && is_sayable(display) &&
			display_monitor(interview, display) == monitor)
			return TRUE;
	}
	return FALSE;
}

void display_describe(Interview *interview, ConfigDisplay *display, const FoundMonitor *monitor)
{
	draft_name_display(interview->draft, display, monitor->edid.model);
	if (!say(interview, display, monitor)) {
		forget(display);
		display->match.bus = monitor->bus;
	}
	display_note(interview, display, monitor);
}
