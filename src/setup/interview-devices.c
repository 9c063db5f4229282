/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/interview-devices.h"

#include "device/sysfs.h"
#include "draft/describe.h"

#include <string.h>

/* A device that only the file finds, by its event node, is none of these. */
static gboolean fits(const ConfigDevice *device, const FoundDevice *found)
{
	return !event_device_is_meant(device) && usb_info_fits(found->info, device);
}

gboolean device_is_taken(const Interview *interview, const FoundDevice *found)
{
	const GPtrArray *devices = interview->draft->config->devices;

	for (guint i = 0; i < devices->len; i++)
		if (fits(devices->pdata[i], found))
			return TRUE;
	return FALSE;
}

static GPtrArray *fitting_devices(const Interview *interview, const ConfigDevice *device)
{
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; i < interview->found.devices->len; i++)
		if (fits(device, interview->found.devices->pdata[i]))
			g_ptr_array_add(list, interview->found.devices->pdata[i]);
	return list;
}

const FoundDevice *device_found(const Interview *interview, const ConfigDevice *device)
{
	g_autoptr(GPtrArray) fitting = fitting_devices(interview, device);

	return fitting->len == 1 ? fitting->pdata[0] : NULL;
}

char *device_label(const FoundDevice *found)
{
	g_autoptr(GString) text = g_string_new(found->name);

	g_string_append_printf(text, " (%s), %04x:%04x", found_device_kind(found),
		found->info->vendor, found->info->product);
	if (found->twin)
		g_string_append_printf(text, ", port %s", found->info->port);
	if (found->driving == USB_CLAIMED)
		g_string_append(text, ", in use by a guest or another program");
	if (found->harm != USB_HARMLESS)
		g_string_append_printf(text, "; must stay here: %s", found->harm_why);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

void device_add(Interview *interview, const FoundDevice *found, gboolean optional)
{
	ConfigDevice *device = draft_add_device(interview->draft, draft_device_name(found));
	const char *why;

	device->optional = optional;
	device->via = found_device_via(found, &why);
	draft_describe_device(interview->draft, device, found, interview->found.devices);
	talk_say(interview->talk, "It moves via %s: %s.", device_via_names[device->via], why);
}

/* -- what would do harm ----------------------------------------------------------------------- */

/* Asks whether the device moves although it can do harm. A mounted disk does not move, since what
 * the host writes to it meanwhile would be lost. Returns FALSE if the user has left. */
static gboolean ask_harm(Interview *interview, const FoundDevice *found, gboolean *moves)
{
	g_autofree char *question =
		g_strdup_printf("%s: %s. Should it move anyway?", found->name, found->harm_why);

	*moves = found->harm == USB_HARMLESS;
	if (found->harm == USB_HARM_DISK)
		talk_say(interview->talk, "%s is not used: %s; unmount it, and run this again.",
			found->name, found->harm_why);
	else if (!*moves)
		return talk_yes(interview->talk, question,
			"It leaves this computer together with the seat.", FALSE, moves);
	return TRUE;
}

/* -- the others ------------------------------------------------------------------------------- */

static gboolean ask_others(Interview *interview)
{
	g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) others = g_ptr_array_new();
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(guint));
	TalkQuestion question = {
		.question = "Which of these move too?",
		.help = "Numbers with spaces between. They move with the seat if they are plugged "
			"in; a switch succeeds without them. Do not choose what the host needs, "
			"such as its disks.",
		.choices = choices,
		.fallback = -1,
	};

	for (guint i = 0; i < interview->found.devices->len; i++)
		if (!device_is_taken(interview, interview->found.devices->pdata[i])) {
			g_ptr_array_add(others, interview->found.devices->pdata[i]);
			g_ptr_array_add(choices, device_label(interview->found.devices->pdata[i]));
		}
	if (others->len == 0)
		return TRUE;
	talk_say(interview->talk, "Other USB devices:");
	if (!talk_choose_some(interview->talk, &question, chosen))
		return FALSE;
	for (guint i = 0; i < chosen->len; i++) {
		const FoundDevice *found = others->pdata[g_array_index(chosen, guint, i)];
		gboolean moves;

		if (!ask_harm(interview, found, &moves))
			return FALSE;
		if (moves)
			device_add(interview, found, TRUE);
	}
	return TRUE;
}

static gboolean take_all_found(Interview *interview)
{
	if (!wanted_take(interview))
		return FALSE;
	return !interview->asks ||
	       (ask_others(interview) && event_devices_ask(interview) && hubs_offer(interview));
}

/* -- by option -------------------------------------------------------------------------------- */

static gboolean is_called(const UsbInfo *info, const char *name)
{
	g_autofree char *id =
		g_strdup_printf("%04x:%04x", (guint)info->vendor, (guint)info->product);

	return g_ascii_strcasecmp(id, name) == 0 || g_str_equal(info->port, name) ||
	       g_strcmp0(info->serial, name) == 0;
}

static FoundDevice *device_called(const Interview *interview, const char *name, guint *count)
{
	FoundDevice *found = NULL;

	*count = 0;
	for (guint i = 0; i < interview->found.devices->len; i++) {
		FoundDevice *device = interview->found.devices->pdata[i];

		if (!is_called(device->info, name))
			continue;
		found = device;
		(*count)++;
	}
	return found;
}

static gboolean has_id(const ConfigDevice *device, const FoundDevice *found)
{
	const ConfigDevice id = { .vendor = device->vendor, .product = device->product };

	return usb_info_fits(found->info, &id);
}

/* A device of the start that could be this one, but whose entry does not identify it. */
static ConfigDevice *unsure_device(const Interview *interview, const FoundDevice *found)
{
	const GPtrArray *devices = interview->draft->config->devices;

	for (guint i = 0; i < devices->len; i++) {
		ConfigDevice *device = devices->pdata[i];

		if (device->hub == NULL && has_id(device, found) &&
			device_found(interview, device) == NULL)
			return device;
	}
	return NULL;
}

/* Hubs are not among the devices. Returns TRUE if it is one, after saying so. */
static gboolean refuse_hub(Interview *interview, const char *name)
{
	g_autoptr(GPtrArray) infos = usb_list(interview->machine->sysfs, NULL);

	for (guint i = 0; i < infos->len; i++) {
		const UsbInfo *info = infos->pdata[i];
		g_autoptr(GError) error = NULL;

		if (!is_called(info, name) || usb_info_check_hub(info, infos, &error))
			continue;
		interview_missing(interview, "--device %s: %s", name, error->message);
		return TRUE;
	}
	return FALSE;
}

static void refuse_harm(Interview *interview, const char *name, const FoundDevice *found)
{
	interview_missing(interview,
		found->harm == USB_HARM_DISK
			? "--device %s: %s; unmount it"
			: "--device %s: %s; answer setup's question in a terminal, without --yes",
		name, found->harm_why);
}

/* Returns FALSE if the user has left. */
static gboolean take_option(Interview *interview, const char *name)
{
	guint count;
	const FoundDevice *found = device_called(interview, name, &count);
	gboolean moves;
	ConfigDevice *unsure;

	if (hubs_take(interview, name))
		return TRUE;

	if (count == 0 && (refuse_hub(interview, name) || event_devices_take(interview, name)))
		return TRUE;
	if (count != 1) {
		interview_missing(interview,
			count == 0 ? "--device %s: no such device; `hotseat detect` shows them"
				   : "--device %s: several devices match; use the port, as "
				     "`hotseat detect` shows it",
			name);
		return TRUE;
	}
	if (found->harm != USB_HARMLESS && (!interview->asks || found->harm == USB_HARM_DISK)) {
		refuse_harm(interview, name, found);
		return TRUE;
	}
	if (!ask_harm(interview, found, &moves))
		return FALSE;
	unsure = moves ? unsure_device(interview, found) : NULL;
	if (unsure != NULL)
		draft_describe_device(interview->draft, unsure, found, interview->found.devices);
	else if (moves && !device_is_taken(interview, found))
		device_add(interview, found, FALSE);
	return TRUE;
}

/* -- by the config that is the start ---------------------------------------------------------- */

static gboolean ask_unsure(Interview *interview, ConfigDevice *device, GPtrArray *fitting)
{
	FoundDevice *found = NULL;

	talk_say(interview->talk, "Several devices match \"%s\" of the file.", device->name);
	if (!wanted_ask(interview, fitting, &found))
		return FALSE;
	if (found != NULL) {
		draft_name_device(interview->draft, device, draft_device_name(found));
		draft_describe_device(interview->draft, device, found, interview->found.devices);
	}
	return TRUE;
}

static void say_harm(Interview *interview, const ConfigDevice *device, const FoundDevice *found)
{
	if (found->harm != USB_HARMLESS && device->via == VIA_USB)
		talk_say(interview->talk, "Note: \"%s\" should stay here: %s.", device->name,
			found->harm_why);
}

static gboolean repair_device(Interview *interview, ConfigDevice *device)
{
	g_autoptr(GPtrArray) fitting = fitting_devices(interview, device);

	if (device->hub != NULL)
		hub_note(interview, device);
	else if (event_device_is_meant(device))
		event_device_note(interview, device);
	if (device->hub != NULL || event_device_is_meant(device))
		return TRUE;
	if (fitting->len == 0 && hubs_mean(interview, device))
		return hubs_repair(interview, device);
	if (fitting->len == 0)
		talk_say(interview->talk,
			"Note: \"%s\" is not plugged in now. It stays in the configuration.",
			device->name);
	else if (fitting->len > 1 && interview->asks)
		return ask_unsure(interview, device, fitting);
	else if (fitting->len > 1)
		wanted_say_missing(interview, fitting, device->name);
	if (fitting->len == 1) {
		draft_name_device(interview->draft, device, draft_device_name(fitting->pdata[0]));
		draft_note_device(interview->draft, device, fitting->pdata[0]);
		say_harm(interview, device, fitting->pdata[0]);
	}
	return TRUE;
}

gboolean interview_devices(Interview *interview)
{
	const GPtrArray *devices = interview->draft->config->devices;
	const char **options = interview->options->devices;
	gboolean fresh = devices->len == 0;

	for (const char **option = options; *option != NULL; option++)
		if (!take_option(interview, *option))
			return FALSE;
	if (fresh && options[0] == NULL && !take_all_found(interview))
		return FALSE;
	if (fresh)
		return TRUE;
	for (guint i = 0; i < devices->len;) {
		const ConfigDevice *device = devices->pdata[i];

		if (!repair_device(interview, devices->pdata[i]))
			return FALSE;
		/* A device that cannot move may have been taken out. */
		if (i < devices->len && devices->pdata[i] == device)
			i++;
	}
	return TRUE;
}
