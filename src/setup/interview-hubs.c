/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Offers "everything behind a hub" instead of the devices that were chosen there.
 */
#include "setup/interview-devices.h"

#include "common/error.h"

#include <string.h>

/* the comment that the file gets */
#define HUB_NOTE                                                                                   \
	"Everything that is plugged in behind this hub, now or later. The port identifies the "    \
	"hub: leave it plugged in there."

/* "hub:3-1" */
#define OPTION_PREFIX "hub:"

static guint count_taken(const Interview *interview, const char *hub)
{
	guint count = 0;

	for (guint i = 0; i < interview->found.devices->len; i++) {
		const FoundDevice *found = interview->found.devices->pdata[i];

		if (usb_port_is_behind(found->info->port, hub) && device_is_taken(interview, found))
			count++;
	}
	return count;
}

/* FoundDevice *, freed with the array. */
static GPtrArray *hubs_look(const Interview *interview)
{
	GPtrArray *hubs = devices_look(interview->machine->sysfs, TRUE);

	for (guint i = hubs->len; i-- > 0;)
		if (!((const FoundDevice *)hubs->pdata[i])->info->hub)
			g_ptr_array_remove_index(hubs, i);
	return hubs;
}

/* Is everything that was chosen behind this hub also behind one of its hubs? */
static gboolean is_outer(const Interview *interview, const GPtrArray *hubs, const char *hub)
{
	for (guint i = 0; i < hubs->len; i++) {
		const FoundDevice *inner = hubs->pdata[i];

		if (usb_port_is_behind(inner->info->port, hub) &&
			count_taken(interview, inner->info->port) == count_taken(interview, hub))
			return TRUE;
	}
	return FALSE;
}

static gboolean is_in_draft(const Interview *interview, const char *port)
{
	const GPtrArray *devices = interview->draft->config->devices;

	for (guint i = 0; i < devices->len; i++) {
		const ConfigDevice *device = devices->pdata[i];

		if (device->hub != NULL &&
			(g_str_equal(device->hub, port) || usb_port_is_behind(port, device->hub)))
			return TRUE;
	}
	return FALSE;
}

/* Drops the draft's devices that now move with the hub. Devices that move via input keep their own
 * entries. Returns FALSE if one of those dropped was required. */
static gboolean drop_behind(Interview *interview, const char *hub)
{
	GPtrArray *devices = interview->draft->config->devices;
	gboolean optional = TRUE;

	for (guint i = devices->len; i > 0; i--) {
		ConfigDevice *device = devices->pdata[i - 1];
		const FoundDevice *found = device_found(interview, device);

		if (device->via == VIA_INPUT || found == NULL ||
			!usb_port_is_behind(found->info->port, hub))
			continue;
		optional = optional && device->optional;
		draft_forget_notes(interview->draft, device);
		g_ptr_array_remove_index(devices, i - 1);
	}
	return optional;
}

void hub_note(Interview *interview, const ConfigDevice *device)
{
	draft_forget_notes(interview->draft, device);
	draft_note(interview->draft, device, HUB_NOTE);
}

static void add_hub(Interview *interview, const FoundDevice *hub)
{
	g_autofree char *plain = g_strdup_printf("hub %s", hub->info->port);
	gboolean optional = drop_behind(interview, hub->info->port);
	ConfigDevice *device =
		draft_add_device(interview->draft, draft_can_say(hub->name) ? hub->name : plain);

	device->hub = g_strdup(hub->info->port);
	device->optional = optional;
	hub_note(interview, device);
}

gboolean hubs_offer(Interview *interview)
{
	g_autoptr(GPtrArray) hubs = hubs_look(interview);

	for (guint i = 0; i < hubs->len; i++) {
		const FoundDevice *hub = hubs->pdata[i];
		const char *port = hub->info->port;
		g_autofree char *question = NULL;
		gboolean all = FALSE;

		if (count_taken(interview, port) < 2 || is_in_draft(interview, port) ||
			is_outer(interview, hubs, port))
			continue;
		question = g_strdup_printf(
			"Several of these are behind the hub %s in port %s. Move everything "
			"that is plugged in there, now or later?",
			hub->name, port);
		if (!talk_yes(interview->talk, question,
			    "yes: what is plugged into it later moves, too, and what is unplugged "
			    "is not missed. no: only the devices that you have chosen move.",
			    FALSE, &all))
			return FALSE;
		if (all)
			add_hub(interview, hub);
	}
	return TRUE;
}

gboolean hubs_take(Interview *interview, const char *name)
{
	g_autoptr(GPtrArray) hubs = NULL;

	if (!g_str_has_prefix(name, OPTION_PREFIX))
		return FALSE;
	hubs = hubs_look(interview);
	for (guint i = 0; i < hubs->len; i++) {
		const FoundDevice *hub = hubs->pdata[i];

		if (!g_str_equal(hub->info->port, name + strlen(OPTION_PREFIX)))
			continue;
		if (!is_in_draft(interview, hub->info->port))
			add_hub(interview, hub);
		return TRUE;
	}
	interview_missing(interview,
		"--device %s: there is no hub; `hotseat detect --hubs` shows them", name);
	return TRUE;
}

gboolean hubs_mean(const Interview *interview, const ConfigDevice *device)
{
	g_autoptr(GError) error = NULL;
	UsbInfo *info = usb_find(interview->machine->sysfs, device, &error);

	if (info != NULL)
		usb_info_free(info);
	return g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG);
}

/* From now on the entry means what is behind the hub in that port. */
static void turn_into_hub(Interview *interview, ConfigDevice *device, const char *port)
{
	device->vendor = device->product = -1;
	device->via = VIA_USB;
	g_clear_pointer(&device->serial, g_free);
	g_clear_pointer(&device->port, g_free);
	device->hub = g_strdup(port);
	hub_note(interview, device);
}

gboolean hubs_repair(Interview *interview, ConfigDevice *device)
{
	g_autoptr(GPtrArray) infos = usb_list(interview->machine->sysfs, device);
	const UsbInfo *hub = infos->len > 0 ? infos->pdata[0] : NULL;
	g_autofree char *question = NULL;
	gboolean all = FALSE;

	if (hub == NULL)
		return TRUE;
	if (!interview->asks) {
		interview_missing(interview,
			"\"%s\" is a hub, which cannot move: in the file, write \"hub: %s\" to "
			"mean "
			"everything behind it",
			device->name, hub->port);
		return TRUE;
	}
	question = g_strdup_printf("\"%s\" of the file is a hub, which cannot move. Move "
				   "everything that is plugged in behind it, now or later?",
		device->name);
	if (!talk_yes(interview->talk, question,
		    "yes: what is plugged into it moves, also later. no: it is left out.", TRUE,
		    &all))
		return FALSE;
	if (all)
		turn_into_hub(interview, device, hub->port);
	else
		g_ptr_array_remove(interview->draft->config->devices, device);
	return TRUE;
}
