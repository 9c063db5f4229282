/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding the keyboard, and the mouse.
 */
#include "setup/interview-devices.h"

#include <unistd.h>

typedef struct {
	const char *name;
	TalkPress press;
	gsize judged; /* the member of FoundDevice that says how sure it is */
	const char *how, *help;
} Wanted;

static const Wanted wanted[] = {
	{ "keyboard", TALK_PRESS_KEY, offsetof(FoundDevice, typed),
		"Press a key on the keyboard that moves with the seat, such as Ctrl.",
		"What is typed on it goes to the computer that has the seat." },
	{ "mouse", TALK_PRESS_MOUSE, offsetof(FoundDevice, moved),
		"Move the mouse that moves with the seat, or click.",
		"What it does goes to the computer that has the seat." },
};

static Judged *judged(FoundDevice *found, const Wanted *what)
{
	return (Judged *)(gpointer)((char *)found + what->judged);
}

/* The devices that are at least this sure. */
static GPtrArray *candidates_of(const Interview *interview, const Wanted *what, Judgement judgement)
{
	GPtrArray *candidates = g_ptr_array_new();

	for (guint i = 0; i < interview->found.devices->len; i++)
		if (judged(interview->found.devices->pdata[i], what)->judgement >= judgement)
			g_ptr_array_add(candidates, interview->found.devices->pdata[i]);
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

static char *choice_label(FoundDevice *found, const Wanted *what)
{
	const char *doubt = judged(found, what)->why;
	char *label = device_label(found);

	if (doubt != NULL) {
		g_autofree char *whole = label;

		label = g_strdup_printf("%s; %s", whole, doubt);
	}
	return label;
}

static gboolean choose(
	Interview *interview, const GPtrArray *candidates, const Wanted *what, FoundDevice **chosen)
{
	g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = g_strdup_printf("Which is the %s?", what->name);
	TalkQuestion question = {
		.question = text,
		.help = what->help,
		.choices = choices,
		.fallback = (int)candidates->len,
	};
	int answer;

	for (guint i = 0; i < candidates->len; i++)
		g_ptr_array_add(choices, choice_label(candidates->pdata[i], what));
	g_ptr_array_add(choices, g_strdup("none of these"));
	answer = talk_choose(interview->talk, &question);
	*chosen = answer >= 0 && answer < (int)candidates->len ? candidates->pdata[answer] : NULL;
	return answer != TALK_LEFT;
}

static gboolean find_out(
	Interview *interview, const GPtrArray *candidates, const Wanted *what, FoundDevice **chosen)
{
	int pressed = press(interview, candidates, what);

	if (pressed == TALK_PRESS_END)
		return FALSE;
	if (pressed >= 0) {
		*chosen = candidates->pdata[pressed];
		return TRUE;
	}
	talk_say(interview->talk,
		geteuid() == 0 ? "I saw no key press or movement from any of these."
			       : "I saw no key press or movement from any of these. Reading "
				 "them needs root: sudo hotseat setup.");
	if (what == &wanted[0])
		event_devices_explain(interview);
	return choose(interview, candidates, what, chosen);
}

static void say_found(Interview *interview, const Wanted *what, FoundDevice *found)
{
	g_autofree char *label = device_label(found);

	talk_say(interview->talk, "The %s: %s.", what->name, label);
}

/* what: its doubts are printed; NULL: none. */
static void say_missing(
	Interview *interview, const GPtrArray *candidates, const char *name, const Wanted *what)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; i < candidates->len; i++) {
		FoundDevice *found = candidates->pdata[i];
		const char *doubt = what != NULL ? judged(found, what)->why : NULL;

		g_string_append_printf(list, "%s%s (%04x:%04x, port %s)%s%s", i > 0 ? ", " : "",
			found->name, found->info->vendor, found->info->product, found->info->port,
			doubt != NULL ? ": " : "", doubt != NULL ? doubt : "");
	}
	interview_missing(interview, "which is the %s: %s; --device PORT", name, list->str);
}

void wanted_say_missing(Interview *interview, const GPtrArray *candidates, const char *name)
{
	say_missing(interview, candidates, name, NULL);
}

gboolean wanted_ask(Interview *interview, const GPtrArray *fitting, FoundDevice **chosen)
{
	const FoundDevice *first = fitting->pdata[0];
	const Wanted *what = first->keyboard || !first->mouse ? &wanted[0] : &wanted[1];
	gboolean stayed = first->keyboard || first->mouse
				  ? find_out(interview, fitting, what, chosen)
				  : choose(interview, fitting, what, chosen);

	if (stayed && *chosen != NULL)
		say_found(interview, what, *chosen);
	return stayed;
}

/* The device that is taken without a question: the only one that is certain, or one that was taken
 * for something else, such as a receiver of keyboard and mouse. NULL: none. */
static FoundDevice *find_obvious(
	const Interview *interview, const GPtrArray *candidates, const Wanted *what)
{
	g_autoptr(GPtrArray) certain = candidates_of(interview, what, JUDGED_CERTAIN);
	gboolean several = candidates->len > 1;

	if (!several && device_is_taken(interview, candidates->pdata[0]))
		return candidates->pdata[0];
	return certain->len == 1 && (!several || !interview->asks) ? certain->pdata[0] : NULL;
}

static gboolean take_wanted(Interview *interview, const Wanted *what)
{
	g_autoptr(GPtrArray) candidates = candidates_of(interview, what, JUDGED_POSSIBLE);
	FoundDevice *found = NULL;

	if (candidates->len == 0) {
		talk_say(interview->talk, "There is no USB %s here.", what->name);
		if (what == &wanted[0])
			event_devices_explain(interview);
		return TRUE;
	}
	found = find_obvious(interview, candidates, what);
	if (found == NULL && !interview->asks) {
		if (what == &wanted[0])
			event_devices_explain(interview);
		say_missing(interview, candidates, what->name, what);
		return TRUE;
	}
	if (found == NULL && !find_out(interview, candidates, what, &found))
		return FALSE;
	if (found == NULL)
		return TRUE;
	say_found(interview, what, found);
	*judged(found, what) = (Judged){ JUDGED_CERTAIN, NULL };
	if (!device_is_taken(interview, found))
		device_add(interview, found, FALSE);
	return TRUE;
}

gboolean wanted_take(Interview *interview)
{
	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
		if (!take_wanted(interview, &wanted[i]))
			return FALSE;
	return TRUE;
}
