/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft/describe.h"

#include "display/identity.h"
#include "display/lg.h"

#include <string.h>

/* -- displays --------------------------------------------------------------------------------- */

static char *serial_of(const Edid *edid)
{
	if (edid->serial[0] != '\0')
		return g_strdup(edid->serial);
	return edid->number != 0 ? g_strdup_printf("%u", edid->number) : NULL;
}

/* The ways to identify a monitor, the most readable first. Each returns FALSE when it does not
 * apply. */

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

/* Some makers give all monitors of a model the same serial text, and each monitor a serial
 * number. */
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

/* The card's number in "card1" can change at the next boot; the card's address stays. */
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

/* A config cannot have a manufacturer that the EDID garbles ("?"). */
static gboolean is_sayable(const ConfigDisplay *display)
{
	return (display->match.monitor == NULL || draft_can_say(display->match.monitor)) &&
	       (display->match.manufacturer == NULL ||
		       strchr(display->match.manufacturer, '?') == NULL) &&
	       (display->match.model == NULL || draft_can_say(display->match.model));
}

void draft_note_display(Draft *draft, const ConfigDisplay *display, const FoundMonitor *monitor)
{
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

static gboolean say(ConfigDisplay *display, const FoundMonitor *monitor, const GPtrArray *monitors)
{
	for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
		monitor_match_clear(&display->match);
		if (ways[i](display, monitor) && is_sayable(display) &&
			found_monitors_only(monitors, &display->match) == monitor)
			return TRUE;
	}
	return FALSE;
}

void draft_describe_display(Draft *draft, ConfigDisplay *display, const FoundMonitor *monitor,
	const GPtrArray *monitors)
{
	draft_name_display(draft, display, monitor->edid.model);
	if (!say(display, monitor, monitors)) {
		monitor_match_clear(&display->match);
		display->match.bus = monitor->bus;
	}
	draft_note_display(draft, display, monitor);
}

/* -- devices ---------------------------------------------------------------------------------- */

/* A mouse with keys counts as a keyboard, too, if one of its keys was pressed. */
const char *draft_device_name(const FoundDevice *found)
{
	gboolean both = found->mouse && found->keyboard;

	if (found->kind == FOUND_KEYBOARD)
		return both ? "keyboard and mouse" : "keyboard";
	if (found->kind == FOUND_MOUSE)
		return both && found->typed.judgement == JUDGED_CERTAIN ? "keyboard and mouse"
									: "mouse";
	return draft_can_say(found->name) ? found->name : found_device_kind(found);
}

void draft_note_device(Draft *draft, const ConfigDevice *device, const FoundDevice *found)
{
	const char *why;

	draft_forget_notes(draft, device);
	draft_note(draft, device, "%s", found->name);
	if (found_device_via(found, &why) == device->via)
		draft_note(
			draft, device, "via: %s, because %s.", device_via_names[device->via], why);
	if (device->port != NULL)
		draft_note(
			draft, device, "It is identified by its port: leave it plugged in there.");
}

void draft_describe_device(
	Draft *draft, ConfigDevice *device, const FoundDevice *found, const GPtrArray *devices)
{
	FoundBy by = found_device_by(found, devices);

	device->vendor = found->info->vendor;
	device->product = found->info->product;
	g_clear_pointer(&device->serial, g_free);
	g_clear_pointer(&device->port, g_free);
	if (by == FOUND_BY_SERIAL && draft_can_say(found->info->serial))
		device->serial = g_strdup(found->info->serial);
	else if (by != FOUND_BY_ID)
		device->port = g_strdup(found->info->port);
	draft_note_device(draft, device, found);
}
