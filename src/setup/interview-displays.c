/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/resource.h"
#include "display/input-choices.h"
#include "display/lg.h"
#include "draft/describe.h"
#include "setup/interview.h"

#include <string.h>

static gboolean is_usable(const FoundMonitor *monitor)
{
	return monitor->answers && !monitor->panel && monitor->bus >= 0;
}

static FoundMonitor *monitor_of(const Interview *interview, const ConfigDisplay *display)
{
	return found_monitors_only(interview->found.monitors, &display->match);
}

static void describe(Interview *interview, ConfigDisplay *display, const FoundMonitor *monitor)
{
	draft_describe_display(interview->draft, display, monitor, interview->found.monitors);
}

/* The draft's display for this monitor, or NULL. */
static ConfigDisplay *display_of(const Interview *interview, const FoundMonitor *monitor)
{
	const GPtrArray *displays = interview->draft->config->displays;

	for (guint i = 0; i < displays->len; i++)
		if (monitor_of(interview, displays->pdata[i]) == monitor)
			return displays->pdata[i];
	return NULL;
}

static ConfigDisplay *add_display(Interview *interview, const FoundMonitor *monitor)
{
	ConfigDisplay *display = draft_add_display(interview->draft, monitor->edid.model);

	describe(interview, display, monitor);
	return display;
}

static void drop_display(Interview *interview, ConfigDisplay *display)
{
	draft_forget_notes(interview->draft, display);
	g_ptr_array_remove(interview->draft->config->displays, display);
}

static gboolean has_guest_input(const ConfigDisplay *display)
{
	return g_hash_table_size(display->inputs) > 1;
}

/* -- those that are found --------------------------------------------------------------------- */

static void say_unusable(Interview *interview, const FoundMonitor *monitor)
{
	g_autofree char *label = found_monitor_label(monitor);

	if (!monitor->panel)
		talk_say(interview->talk, "Left out: %s: %s", label,
			monitor->trouble != NULL ? monitor->trouble : "it does not answer");
}

static void say_not_obvious(Interview *interview, const FoundMonitor *monitor)
{
	g_autofree char *label = found_monitor_label(monitor);
	g_autoptr(GString) inputs = g_string_new(NULL);
	g_autoptr(GPtrArray) choices = input_choices_new(monitor, -1);

	for (guint i = 0; i < choices->len; i++)
		g_string_append_printf(inputs, "%s%s", i > 0 ? ", " : "; it lists ",
			((const InputChoice *)choices->pdata[i])->label);
	interview_missing(interview, "the inputs of %s%s; --display %d=HOST,GUEST", label,
		inputs->str, monitor->bus);
}

/* Settles the inputs of a display, and drops the display if it turns out to stay with the host. */
static gboolean settle_inputs(
	Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display)
{
	if (!interview->asks) {
		if (!inputs_obvious(interview, monitor, display)) {
			say_not_obvious(interview, monitor);
			drop_display(interview, display);
		}
		return TRUE;
	}
	if (!inputs_ask(interview, monitor, display))
		return FALSE;
	if (!has_guest_input(display)) {
		talk_say(interview->talk, "%s stays with the host.", display->name);
		drop_display(interview, display);
		return TRUE;
	}
	return lg_offer(interview, monitor, display) && also_offer(interview, monitor, display);
}

/* The product code is ignored, since many monitors have another one for each input. Two entries
 * with the same serial number are already one monitor of the list. */
static gboolean may_be_one(const FoundMonitor *monitor, const FoundMonitor *other)
{
	return monitor->twin && other->twin &&
	       g_str_equal(monitor->edid.manufacturer, other->edid.manufacturer) &&
	       g_str_equal(monitor->edid.model, other->edid.model);
}

/* The next monitor of the list that looks the same, or NULL. */
static FoundMonitor *find_identical_after(const Interview *interview, guint i)
{
	const FoundMonitor *monitor = interview->found.monitors->pdata[i];

	for (guint j = i + 1; j < interview->found.monitors->len; j++) {
		FoundMonitor *other = interview->found.monitors->pdata[j];

		if (is_usable(other) && may_be_one(monitor, other))
			return other;
	}
	return NULL;
}

/* A monitor with two cables here is one display, over the cable from the host's card. */
static gboolean ask_about_twin(Interview *interview, guint i, FoundMonitor *twin, gboolean *skip)
{
	const FoundMonitor *monitor = interview->found.monitors->pdata[i];
	g_autofree char *first = found_monitor_label(monitor);
	g_autofree char *second = found_monitor_label(twin);
	g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func(g_free);
	TalkQuestion question = {
		.question = "Which is it?",
		.help = "A monitor with two cables to this computer, one from the host's graphics "
			"card and one from the card that the guest gets, appears twice while the "
			"guest does not have its card. hotseat talks to it over the host's cable.",
		.choices = choices,
		.fallback = 0,
	};
	int answer;

	talk_say(interview->talk, "%s and %s look the same.", first, second);
	g_ptr_array_add(choices, g_strdup("two monitors of the same make"));
	g_ptr_array_add(choices, g_strdup_printf("one monitor; the host's cable is %s", first));
	g_ptr_array_add(choices, g_strdup_printf("one monitor; the host's cable is %s", second));
	answer = talk_choose(interview->talk, &question);
	*skip = answer == 2;
	/* It is left out of what follows, like a monitor that does not answer. */
	if (answer == 1)
		twin->answers = FALSE;
	return answer != TALK_LEFT;
}

static void say_cables(Interview *interview, const FoundMonitor *monitor)
{
	g_autofree char *cables = found_monitor_cables(monitor);

	if (cables != NULL)
		talk_say(interview->talk,
			"It has %s. hotseat uses the first, and the others when "
			"it does not answer there.",
			cables);
}

/* While the guest runs, this computer could not reach the monitor. */
static gboolean is_guests(const Interview *interview, const FoundMonitor *monitor)
{
	g_auto(GStrv) cards =
		interview->found.guests != NULL ? guests_cards(interview->found.guests) : NULL;

	return cards != NULL && found_monitor_is_guests(monitor, (const char *const *)cards);
}

static gboolean take_found(Interview *interview, guint i)
{
	const FoundMonitor *monitor = interview->found.monitors->pdata[i];
	FoundMonitor *twin = find_identical_after(interview, i);
	gboolean skip = FALSE;
	g_autofree char *label = found_monitor_label(monitor);

	if (is_guests(interview, monitor)) {
		talk_say(interview->talk,
			"Left out: %s: it is connected only to a guest's graphics card. To switch "
			"it, connect it to this computer's card, too.",
			label);
		return TRUE;
	}
	if (twin != NULL && interview->asks && !ask_about_twin(interview, i, twin, &skip))
		return FALSE;
	if (skip)
		return TRUE;
	talk_say(interview->talk, "Monitor: %s.", label);
	say_cables(interview, monitor);
	return settle_inputs(interview, monitor, add_display(interview, monitor));
}

static gboolean take_all_found(Interview *interview)
{
	for (guint i = 0; i < interview->found.monitors->len; i++) {
		FoundMonitor *monitor = interview->found.monitors->pdata[i];

		if (!is_usable(monitor))
			say_unusable(interview, monitor);
		else if (!take_found(interview, i))
			return FALSE;
	}
	return TRUE;
}

/* -- by option -------------------------------------------------------------------------------- */

/* The MONITOR of --display: a bus number, a connector, or words of its EDID. Returns NULL and the
 * reason if it is none of these. */
static FoundMonitor *monitor_called(const Interview *interview, const char *name, char **why)
{
	MonitorMatch words = { .bus = -1, .monitor = (char *)name };
	guint64 bus;
	FoundMonitor *found = NULL;
	guint count = 0;

	if (g_ascii_string_to_unsigned(name, 10, 0, G_MAXINT, &bus, NULL))
		words = (MonitorMatch){ .bus = (int)bus };
	for (guint i = 0; i < interview->found.monitors->len; i++) {
		FoundMonitor *monitor = interview->found.monitors->pdata[i];
		gboolean fits = found_monitor_fits(monitor, &words);

		if (words.bus < 0 && monitor->connector != NULL &&
			g_ascii_strcasecmp(monitor->connector, name) == 0)
			return monitor;
		count += fits ? 1 : 0;
		found = fits ? monitor : found;
	}
	if (count == 1)
		return found;
	*why = g_strdup_printf(count == 0 ? "no monitor matches \"%s\"; `hotseat detect` shows them"
					  : "several monitors match \"%s\"; use its connector or "
					    "its bus, as `hotseat detect` shows them",
		name);
	return NULL;
}

/* The displays of the start whose monitor is unknown: ConfigDisplay *, borrowed. */
static GPtrArray *lost_displays(const Interview *interview)
{
	const GPtrArray *displays = interview->draft->config->displays;
	GPtrArray *lost = g_ptr_array_new();

	for (guint i = 0; i < displays->len; i++)
		if (monitor_of(interview, displays->pdata[i]) == NULL)
			g_ptr_array_add(lost, displays->pdata[i]);
	return lost;
}

/* LG's codes are above the standard's. */
static void choose_feature(const FoundMonitor *monitor, ConfigDisplay *display)
{
	const ConfigInput *host = draft_input(display, TARGET_HOST);

	if (host == NULL || host->value < lg_code(NULL, 0x11) || host->value > G_MAXUINT8 ||
		!g_str_equal(monitor->edid.manufacturer, LG_MANUFACTURER))
		return;
	display->feature.code = LG_FEATURE;
	display->feature.source_address = LG_SOURCE_ADDRESS;
}

static void take_display(Interview *interview, FoundMonitor *monitor, const char *inputs)
{
	g_autoptr(GPtrArray) lost = lost_displays(interview);
	ConfigDisplay *display = display_of(interview, monitor);
	g_autofree char *why = NULL;

	if (display == NULL && lost->len > 0)
		display = lost->pdata[0];
	if (display == NULL)
		display = draft_add_display(interview->draft, monitor->edid.model);
	describe(interview, display, monitor);
	if (inputs_take(interview, monitor, inputs, display, &why)) {
		choose_feature(monitor, display);
		draft_note_display(interview->draft, display, monitor);
		return;
	}
	interview_missing(interview, "--display %s: %s", inputs, why);
}

static void take_option(Interview *interview, const char *option)
{
	const char *equals = strrchr(option, '=');
	g_autofree char *name = equals != NULL ? g_strndup(option, (gsize)(equals - option)) : NULL;
	g_autofree char *why = NULL;
	FoundMonitor *monitor;

	if (name == NULL) {
		interview_missing(interview, "--display %s: it needs MONITOR=HOST,GUEST", option);
		return;
	}
	monitor = monitor_called(interview, name, &why);
	if (monitor == NULL)
		interview_missing(interview, "--display %s: %s", option, why);
	else
		take_display(interview, monitor, equals + 1);
}

/* -- by the config that is the start ---------------------------------------------------------- */

/* The monitors that no display uses. */
static GPtrArray *free_monitors(const Interview *interview)
{
	GPtrArray *monitors = g_ptr_array_new();

	for (guint i = 0; i < interview->found.monitors->len; i++) {
		FoundMonitor *monitor = interview->found.monitors->pdata[i];

		if (is_usable(monitor) && display_of(interview, monitor) == NULL)
			g_ptr_array_add(monitors, monitor);
	}
	return monitors;
}

static void say_lost(Interview *interview, const ConfigDisplay *display)
{
	const ConfigInput *host = draft_input(display, TARGET_HOST);

	interview_missing(interview,
		"which monitor the display \"%s\" is%s; --display MONITOR=0x%02x,GUEST with a name "
		"that `hotseat detect` shows",
		display->name, display->match.bus >= 0 ? ", whose bus does not exist" : "",
		host != NULL ? host->value : 0);
}

static gboolean ask_for_lost(Interview *interview, ConfigDisplay *display, GPtrArray *monitors)
{
	g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text =
		g_strdup_printf("Which monitor is the display \"%s\"?", display->name);
	TalkQuestion question = {
		.question = text,
		.help = "The file's description matches no monitor, or several; usually a bus "
			"number has changed. The new file will use the monitor's name.",
		.choices = choices,
		.fallback = -1,
	};
	int answer;

	for (guint i = 0; i < monitors->len; i++)
		g_ptr_array_add(choices, found_monitor_label(monitors->pdata[i]));
	g_ptr_array_add(choices, g_strdup("none of these: leave it as it is"));
	answer = talk_choose(interview->talk, &question);
	if (answer >= 0 && answer < (int)monitors->len)
		describe(interview, display, monitors->pdata[answer]);
	return answer != TALK_LEFT;
}

static gboolean find_lost(Interview *interview, ConfigDisplay *display, guint lost)
{
	g_autoptr(GPtrArray) monitors = free_monitors(interview);

	if (lost == 1 && monitors->len == 1) {
		g_autofree char *label = found_monitor_label(monitors->pdata[0]);

		talk_say(interview->talk,
			"The display \"%s\" must be %s: no other display matches it.",
			display->name, label);
		describe(interview, display, monitors->pdata[0]);
		return TRUE;
	}
	if (interview->asks && monitors->len > 0)
		return ask_for_lost(interview, display, monitors);
	if (interview->asks)
		talk_say(interview->talk,
			"Note: the monitor of the display \"%s\" is not connected.", display->name);
	else
		say_lost(interview, display);
	return TRUE;
}

/* Bus numbers change, so each display with a monitor gets the monitor's name, unless only the bus
 * identifies it. */
static void look_at_given(Interview *interview, ConfigDisplay *display)
{
	FoundMonitor *monitor = monitor_of(interview, display);

	if (monitor != NULL && display->match.bus >= 0)
		describe(interview, display, monitor);
	else if (monitor != NULL)
		draft_note_display(interview->draft, display, monitor);
}

static gboolean repair(Interview *interview)
{
	const GPtrArray *displays = interview->draft->config->displays;
	g_autoptr(GPtrArray) lost = NULL;

	for (guint i = 0; i < displays->len; i++)
		look_at_given(interview, displays->pdata[i]);
	lost = lost_displays(interview);
	for (guint i = 0; i < lost->len; i++)
		if (!find_lost(interview, lost->pdata[i], lost->len))
			return FALSE;
	return TRUE;
}

gboolean interview_displays(Interview *interview)
{
	const char **options = interview->options->displays;
	gboolean fresh = interview->draft->config->displays->len == 0;

	if (interview->draft->config->guests->len == 0 && options[0] != NULL)
		return TRUE; /* that guests are missing has been printed */
	for (const char **option = options; *option != NULL; option++)
		take_option(interview, *option);
	if (!fresh)
		return repair(interview);
	return options[0] != NULL || take_all_found(interview);
}
