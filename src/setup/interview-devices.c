/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/devices.h"
#include "find/events.h"
#include "setup/interview.h"

#include <string.h>

static gboolean has_id(const ConfigDevice *device, const FoundDevice *found)
{
	return (device->vendor < 0 || device->vendor == found->info->vendor) &&
	       (device->product < 0 || device->product == found->info->product);
}

/* Only a device that the file finds by its event node is none of these. */
static gboolean is_usb(const ConfigDevice *device)
{
	return device->input == NULL && device->uniq == NULL && device->node == NULL;
}

static gboolean fits(const ConfigDevice *device, const FoundDevice *found)
{
	return is_usb(device) && has_id(device, found) &&
	       (device->serial == NULL || g_strcmp0(device->serial, found->info->serial) == 0) &&
	       (device->port == NULL || g_str_equal(device->port, found->info->port));
}

static gboolean is_taken(const Interview *interview, const FoundDevice *found)
{
	const GPtrArray *devices = interview->draft->config->devices;

	for (guint i = 0; i < devices->len; i++)
		if (fits(devices->pdata[i], found))
			return TRUE;
	return FALSE;
}

static char *label_of(const FoundDevice *found)
{
	g_autoptr(GString) text = g_string_new(found->name);

	g_string_append_printf(text, " (%s), %04x:%04x", found_device_kind(found),
		found->info->vendor, found->info->product);
	if (found->twin)
		g_string_append_printf(text, ", port %s", found->info->port);
	if (found->driving == USB_CLAIMED)
		g_string_append(text, ", in use by a guest or another program");
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* -- describing it ---------------------------------------------------------------------------- */

static void note(Interview *interview, const ConfigDevice *device, const FoundDevice *found)
{
	const char *why;

	draft_forget_notes(interview->draft, device);
	draft_note(interview->draft, device, "%s", found->name);
	if (found_device_via(found, &why) == device->via)
		draft_note(interview->draft, device, "via: %s, as %s.",
			device_via_names[device->via], why);
	if (device->port != NULL)
		draft_note(interview->draft, device,
			"The port tells it from others: leave it plugged in there.");
}

/* Says which device it is, and no other that is plugged in. */
static void describe(Interview *interview, ConfigDevice *device, const FoundDevice *found)
{
	FoundBy by = found_device_by(found, interview->devices);

	device->vendor = found->info->vendor;
	device->product = found->info->product;
	g_clear_pointer(&device->serial, g_free);
	g_clear_pointer(&device->port, g_free);
	if (by == FOUND_BY_SERIAL && draft_can_say(found->info->serial))
		device->serial = g_strdup(found->info->serial);
	else if (by != FOUND_BY_ID)
		device->port = g_strdup(found->info->port);
	note(interview, device, found);
}

static const char *short_name(const FoundDevice *found)
{
	if (found->keyboard)
		return found->mouse ? "keyboard and mouse" : "keyboard";
	if (found->mouse)
		return "mouse";
	return draft_can_say(found->name) ? found->name : found_device_kind(found);
}

static void add(Interview *interview, const FoundDevice *found, gboolean optional)
{
	ConfigDevice *device = draft_add_device(interview->draft, short_name(found));
	const char *why;

	device->optional = optional;
	device->via = found_device_via(found, &why);
	describe(interview, device, found);
	talk_say(interview->talk, "It moves via %s: %s.", device_via_names[device->via], why);
}

/* -- a laptop's own keyboard, and those over Bluetooth ----------------------------------------- */

/* Several nodes of one device, such as a keyboard and its media keys, have one name each, and over
 * Bluetooth one address together: then it says which device it is. */
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

static void add_event(Interview *interview, const EventDevice *event)
{
	ConfigDevice *device = draft_add_device(interview->draft, event_device_kind(event));

	device->via = VIA_INPUT;
	if (event->uniq != NULL)
		device->uniq = g_strdup(event->uniq);
	else
		device->input = g_strdup(event->name);
	draft_note(interview->draft, device, "via: input, as it is not a USB device.");
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

static gboolean ask_events(Interview *interview)
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

		g_ptr_array_add(
			choices, g_strdup_printf("%s (%s)", event->name, event_device_kind(event)));
	}
	if (others->len == 0)
		return TRUE;
	talk_say(interview->talk, "Keyboards and mice that are not USB devices:");
	if (!talk_choose_some(interview->talk, &question, chosen))
		return FALSE;
	for (guint i = 0; i < chosen->len; i++)
		add_event(interview, others->pdata[g_array_index(chosen, guint, i)]);
	return TRUE;
}

/* -- finding the keyboard, and the mouse ------------------------------------------------------ */

typedef struct {
	const char *name;
	TalkPress press;
	gsize member; /* of FoundDevice */
	const char *how, *help;
} Wanted;

static const Wanted wanted[] = {
	{ "keyboard", TALK_PRESS_KEY, offsetof(FoundDevice, keyboard),
		"Press a key on the keyboard that moves with the seat, such as Ctrl.",
		"What is typed on it goes to the computer that has the seat." },
	{ "mouse", TALK_PRESS_MOUSE, offsetof(FoundDevice, mouse),
		"Move the mouse that moves with the seat, or click.",
		"What it does goes to the computer that has the seat." },
};

static gboolean is_wanted(const FoundDevice *found, const Wanted *what)
{
	return *(const gboolean *)((const char *)found + what->member);
}

static GPtrArray *candidates_of(const Interview *interview, const Wanted *what)
{
	GPtrArray *candidates = g_ptr_array_new();

	for (guint i = 0; i < interview->devices->len; i++)
		if (is_wanted(interview->devices->pdata[i], what))
			g_ptr_array_add(candidates, interview->devices->pdata[i]);
	return candidates;
}

static int press(Interview *interview, const GPtrArray *candidates, const Wanted *what)
{
	g_autofree const char **ports = g_new0(const char *, candidates->len + 1);

	for (guint i = 0; i < candidates->len; i++)
		ports[i] = ((const FoundDevice *)candidates->pdata[i])->info->port;
	talk_say(interview->talk, "%s", what->how);
	return interview->talk->ops->press(interview->talk, ports, what->press);
}

static gboolean choose(Interview *interview, const GPtrArray *candidates, const Wanted *what,
	const FoundDevice **chosen)
{
	g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = g_strdup_printf("Which is the %s?", what->name);
	TalkQuestion question = {
		.question = text,
		.help = what->help,
		.choices = choices,
		.fallback = -1,
	};
	int answer;

	for (guint i = 0; i < candidates->len; i++)
		g_ptr_array_add(choices, label_of(candidates->pdata[i]));
	g_ptr_array_add(choices, g_strdup("none of these"));
	answer = talk_choose(interview->talk, &question);
	*chosen = answer >= 0 && answer < (int)candidates->len ? candidates->pdata[answer] : NULL;
	return answer != TALK_LEFT;
}

static gboolean find_out(Interview *interview, const GPtrArray *candidates, const Wanted *what,
	const FoundDevice **chosen)
{
	int pressed = press(interview, candidates, what);

	if (pressed == TALK_PRESS_END)
		return FALSE;
	if (pressed >= 0) {
		*chosen = candidates->pdata[pressed];
		return TRUE;
	}
	talk_say(interview->talk,
		"I saw none of them move. (To read them takes root: sudo hotseat setup.)");
	return choose(interview, candidates, what, chosen);
}

static void say_found(Interview *interview, const Wanted *what, const FoundDevice *found)
{
	g_autofree char *label = label_of(found);

	talk_say(interview->talk, "The %s: %s.", what->name, label);
}

static void say_not_obvious(Interview *interview, const GPtrArray *candidates, const Wanted *what)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; i < candidates->len; i++) {
		const FoundDevice *found = candidates->pdata[i];

		g_string_append_printf(list, "%s%s (%04x:%04x, port %s)", i > 0 ? ", " : "",
			found->name, found->info->vendor, found->info->product, found->info->port);
	}
	interview_missing(interview, "which is the %s: %s; --device PORT", what->name, list->str);
}

static gboolean take_wanted(Interview *interview, const Wanted *what)
{
	g_autoptr(GPtrArray) candidates = candidates_of(interview, what);
	const FoundDevice *found = NULL;

	if (candidates->len == 0) {
		talk_say(interview->talk, "There is no USB %s here.", what->name);
		return TRUE;
	}
	if (candidates->len > 1 && !interview->asks) {
		say_not_obvious(interview, candidates, what);
		return TRUE;
	}
	if (candidates->len == 1)
		found = candidates->pdata[0];
	else if (!find_out(interview, candidates, what, &found))
		return FALSE;
	if (found == NULL)
		return TRUE;
	say_found(interview, what, found);
	if (!is_taken(interview, found))
		add(interview, found, FALSE);
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
		.help = "Numbers with blanks between. They travel with the seat when they are "
			"plugged in; a switch does not fail without them. What the host works "
			"from, such as its own disks, should not travel.",
		.choices = choices,
		.fallback = -1,
	};

	for (guint i = 0; i < interview->devices->len; i++)
		if (!is_taken(interview, interview->devices->pdata[i])) {
			g_ptr_array_add(others, interview->devices->pdata[i]);
			g_ptr_array_add(choices, label_of(interview->devices->pdata[i]));
		}
	if (others->len == 0)
		return TRUE;
	talk_say(interview->talk, "Other USB devices:");
	if (!talk_choose_some(interview->talk, &question, chosen))
		return FALSE;
	for (guint i = 0; i < chosen->len; i++)
		add(interview, others->pdata[g_array_index(chosen, guint, i)], TRUE);
	return TRUE;
}

static gboolean take_all_found(Interview *interview)
{
	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
		if (!take_wanted(interview, &wanted[i]))
			return FALSE;
	return !interview->asks || (ask_others(interview) && ask_events(interview));
}

/* -- by option -------------------------------------------------------------------------------- */

static gboolean is_called(const FoundDevice *found, const char *name)
{
	g_autofree char *id =
		g_strdup_printf("%04x:%04x", found->info->vendor, found->info->product);

	return g_ascii_strcasecmp(id, name) == 0 || g_str_equal(found->info->port, name) ||
	       g_strcmp0(found->info->serial, name) == 0;
}

static FoundDevice *device_called(const Interview *interview, const char *name, guint *count)
{
	FoundDevice *found = NULL;

	*count = 0;
	for (guint i = 0; i < interview->devices->len; i++)
		if (is_called(interview->devices->pdata[i], name)) {
			found = interview->devices->pdata[i];
			(*count)++;
		}
	return found;
}

static guint count_fitting(const Interview *interview, const ConfigDevice *device)
{
	guint count = 0;

	for (guint i = 0; i < interview->devices->len; i++)
		count += fits(device, interview->devices->pdata[i]) ? 1 : 0;
	return count;
}

/* A device of the start that could be this one, but does not say so. */
static ConfigDevice *unsure_device(const Interview *interview, const FoundDevice *found)
{
	const GPtrArray *devices = interview->draft->config->devices;

	for (guint i = 0; i < devices->len; i++) {
		ConfigDevice *device = devices->pdata[i];

		if (has_id(device, found) && count_fitting(interview, device) != 1)
			return device;
	}
	return NULL;
}

static void take_option(Interview *interview, const char *name)
{
	guint count;
	const FoundDevice *found = device_called(interview, name, &count);
	ConfigDevice *unsure;

	if (count != 1) {
		interview_missing(interview,
			count == 0 ? "--device %s: there is none; `hotseat detect` shows them"
				   : "--device %s: several are called that; name the port, as "
				     "`hotseat detect` shows it",
			name);
		return;
	}
	unsure = unsure_device(interview, found);
	if (unsure != NULL)
		describe(interview, unsure, found);
	else if (!is_taken(interview, found))
		add(interview, found, FALSE);
}

/* -- by the config that is the start ---------------------------------------------------------- */

static GPtrArray *fitting_devices(const Interview *interview, const ConfigDevice *device)
{
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; i < interview->devices->len; i++)
		if (fits(device, interview->devices->pdata[i]))
			g_ptr_array_add(list, interview->devices->pdata[i]);
	return list;
}

static gboolean ask_unsure(Interview *interview, ConfigDevice *device, GPtrArray *fitting)
{
	const FoundDevice *first = fitting->pdata[0], *found = NULL;
	const Wanted *what = first->keyboard || !first->mouse ? &wanted[0] : &wanted[1];

	talk_say(interview->talk, "Several devices fit \"%s\" of the file.", device->name);
	if (first->keyboard || first->mouse ? !find_out(interview, fitting, what, &found)
					    : !choose(interview, fitting, what, &found))
		return FALSE;
	if (found != NULL) {
		say_found(interview, what, found);
		draft_name_device(interview->draft, device, short_name(found));
		describe(interview, device, found);
	}
	return TRUE;
}

static gboolean repair_device(Interview *interview, ConfigDevice *device)
{
	g_autoptr(GPtrArray) fitting = fitting_devices(interview, device);
	Wanted named = { .name = device->name };

	if (!is_usb(device))
		return TRUE;
	if (fitting->len == 0)
		talk_say(interview->talk,
			"Note: \"%s\" is not plugged in now. It stays in the configuration.",
			device->name);
	else if (fitting->len > 1 && interview->asks)
		return ask_unsure(interview, device, fitting);
	else if (fitting->len > 1)
		say_not_obvious(interview, fitting, &named);
	if (fitting->len == 1) {
		draft_name_device(interview->draft, device, short_name(fitting->pdata[0]));
		note(interview, device, fitting->pdata[0]);
	}
	return TRUE;
}

gboolean interview_devices(Interview *interview)
{
	const GPtrArray *devices = interview->draft->config->devices;
	const char **options = interview->options->devices;
	gboolean fresh = devices->len == 0;

	for (const char **option = options; *option != NULL; option++)
		take_option(interview, *option);
	if (fresh && options[0] == NULL && !take_all_found(interview))
		return FALSE;
	if (fresh)
		return TRUE;
	for (guint i = 0; i < devices->len; i++)
		if (!repair_device(interview, devices->pdata[i]))
			return FALSE;
	return TRUE;
}
