/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keyboard of a laptop, and keyboards and mice over Bluetooth.
 */
#include "setup/interview-devices.h"

/* Several nodes of one device, such as a keyboard and its media keys, have one name each, and over
 * Bluetooth one address together. The address then says which device a node belongs to. */
static gboolean is_of(const EventDevice *event, const char *uniq, const char *name)
{
	return event->uniq != NULL && uniq != NULL ? g_str_equal(event->uniq, uniq)
						   : g_strcmp0(event->name, name) == 0;
}

static gboolean is_known(
	const Interview *interview, const GPtrArray *others, const EventDevice *event)
{
	const GPtrArray *devices = interview->draft->config->devices;

	for (guint i = 0; i < devices->len; i++) {
		const ConfigDevice *device = devices->pdata[i];

		if (is_of(event, device->uniq, device->input))
			return TRUE;
	}
	for (guint i = 0; i < others->len; i++) {
		const EventDevice *other = others->pdata[i];

		if (is_of(event, other->uniq, other->name))
			return TRUE;
	}
	return FALSE;
}

/* "AT Translated Set 2 keyboard (keyboard, PS/2)" */
static char *label_of(const EventDevice *event)
{
	return g_strdup_printf("%s (%s%s%s)", event->name, event_device_kind(event),
		event->bus != NULL ? ", " : "", event->bus != NULL ? event->bus : "");
}

static void note(Interview *interview, const ConfigDevice *device)
{
	draft_forget_notes(interview->draft, device);
	draft_note(interview->draft, device, "via: input, because it is not a USB device.");
}

void event_device_note(Interview *interview, const ConfigDevice *device)
{
	g_autoptr(GPtrArray) events = events_look(interview->machine->sysfs);

	for (guint i = 0; i < events->len; i++) {
		const EventDevice *event = events->pdata[i];

		if (!event->usb && event_device_fits(event, device))
			note(interview, device);
	}
}

static void add_event(Interview *interview, const EventDevice *event)
{
	ConfigDevice *device = draft_add_device(interview->draft, event_device_kind(event));

	device->via = VIA_INPUT;
	if (event->uniq != NULL)
		device->uniq = g_strdup(event->uniq);
	else
		device->input = g_strdup(event->name);
	note(interview, device);
}

static GPtrArray *other_events(const Interview *interview, const GPtrArray *events)
{
	GPtrArray *others = g_ptr_array_new();

	for (guint i = 0; i < events->len; i++) {
		const EventDevice *event = events->pdata[i];

		if (!event->usb && !is_known(interview, others, event) &&
			draft_can_say(event->name) &&
			(event->uniq == NULL || draft_can_say(event->uniq)))
			g_ptr_array_add(others, (gpointer)event);
	}
	return others;
}

gboolean event_devices_ask(Interview *interview)
{
	g_autoptr(GPtrArray) events = events_look(interview->machine->sysfs);
	g_autoptr(GPtrArray) others = other_events(interview, events);
	g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(guint));
	TalkQuestion question = {
		.question = "Which of these move with the seat?",
		.help = "Numbers with spaces between; Enter: none. A laptop's own keyboard and "
			"Bluetooth devices are among them.",
		.choices = choices,
		.fallback = -1,
	};

	for (guint i = 0; i < others->len; i++) {
		const EventDevice *event = others->pdata[i];

		g_ptr_array_add(choices, label_of(event));
	}
	if (others->len == 0)
		return TRUE;
	talk_say(interview->talk,
		"Keyboards and mice that are not USB devices. They move via input: this computer "
		"keeps them, and forwards their events.");
	if (!talk_choose_some(interview->talk, &question, chosen))
		return FALSE;
	for (guint i = 0; i < chosen->len; i++)
		add_event(interview, others->pdata[g_array_index(chosen, guint, i)]);
	return TRUE;
}

gboolean event_devices_take(Interview *interview, const char *name)
{
	g_autoptr(GPtrArray) events = events_look(interview->machine->sysfs);
	g_autoptr(GPtrArray) others = other_events(interview, events);

	for (guint i = 0; i < others->len; i++) {
		const EventDevice *event = others->pdata[i];

		if (g_str_equal(event->name, name) ||
			(event->uniq != NULL && g_ascii_strcasecmp(event->uniq, name) == 0)) {
			add_event(interview, event);
			return TRUE;
		}
	}
	return FALSE;
}

static const FoundDevice *find_radio(const Interview *interview)
{
	for (guint i = 0; i < interview->found.devices->len; i++) {
		const FoundDevice *found = interview->found.devices->pdata[i];

		if (found->kind == FOUND_BLUETOOTH)
			return found;
	}
	return NULL;
}

void event_devices_explain(Interview *interview)
{
	g_autoptr(GPtrArray) events = events_look(interview->machine->sysfs);
	const FoundDevice *radio = find_radio(interview);
	gboolean any = FALSE;

	for (guint i = 0; i < events->len; i++) {
		const EventDevice *event = events->pdata[i];
		g_autofree char *label = label_of(event);

		if (event->bus == NULL || !event->all_keys)
			continue;
		talk_say(interview->talk,
			"%s is not on USB: it cannot move as a USB device, but can move via: "
			"input%s.",
			label, interview->asks ? "" : "; name it with --device");
		any = TRUE;
	}
	if (!any)
		talk_say(interview->talk,
			"A keyboard that is not on USB (a laptop's own, PS/2, I2C, Bluetooth) "
			"cannot move as a USB device, but can move via: input.");
	if (radio != NULL)
		talk_say(interview->talk,
			"A Bluetooth keyboard also moves with its radio, together with everything "
			"that is connected to it: %s, port %s.",
			radio->name, radio->info->port);
}
