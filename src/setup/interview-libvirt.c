/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which libvirt to use: the system's, or the user's session libvirt. All guests of a config
 * belong to one libvirt.
 */
#include "config/config.h"
#include "find/conflicts.h"
#include "setup/interview.h"

static gboolean has_uri(const FoundGuest *guest, const char *uri)
{
	return g_str_equal(guest->uri, uri);
}

/* FoundGuest *, borrowed */
static GPtrArray *guests_of(const Interview *interview, const char *uri)
{
	GPtrArray *guests = g_ptr_array_new();

	for (guint i = 0; i < interview->found.guests->len; i++)
		if (has_uri(interview->found.guests->pdata[i], uri))
			g_ptr_array_add(guests, interview->found.guests->pdata[i]);
	return guests;
}

static gboolean has_domains(const Interview *interview, const char *uri)
{
	g_autoptr(GPtrArray) guests = guests_of(interview, uri);

	for (const char **domain = interview->options->guests; *domain != NULL; domain++)
		if (guests_find(guests, *domain) == NULL)
			return FALSE;
	return TRUE;
}

static char *names(const Interview *interview, const char *uri)
{
	g_autoptr(GPtrArray) guests = guests_of(interview, uri);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < guests->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
			((const FoundGuest *)guests->pdata[i])->name);
	return g_string_free(text, FALSE);
}

/* Only the user's own hotseatd can reach the user's own libvirt. */
static gboolean can_use_session(const Interview *interview)
{
	return interview->options->user || interview->options->output != NULL;
}

/* Both have guests. Returns NULL if the user has left. */
static const char *ask(const Interview *interview)
{
	g_autofree char *system = names(interview, CONFIG_URI_DEFAULT);
	g_autofree char *own = names(interview, GUESTS_SESSION);
	g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	TalkQuestion question = { .question = "Which libvirt has the guests that get the seat?",
		.help = "The guests of one configuration belong to one libvirt: the system's, or "
			"the one of your own session.",
		.choices = choices,
		.words = words,
		.fallback = 0 };
	int answer;

	g_ptr_array_add(choices, g_strdup_printf("the system's libvirt, with %s", system));
	g_ptr_array_add(words, (gpointer) "system");
	g_ptr_array_add(choices, g_strdup_printf("your own session's libvirt, with %s", own));
	g_ptr_array_add(words, (gpointer) "session");
	answer = talk_choose(interview->talk, &question);
	if (answer == TALK_LEFT)
		return NULL;
	return answer == 0 ? CONFIG_URI_DEFAULT : GUESTS_SESSION;
}

static const char *choose(const Interview *interview)
{
	gboolean named = interview->options->guests[0] != NULL;
	g_autoptr(GPtrArray) system = guests_of(interview, CONFIG_URI_DEFAULT);

	if (system->len == 0)
		return GUESTS_SESSION;
	if (named && !has_domains(interview, CONFIG_URI_DEFAULT) &&
		has_domains(interview, GUESTS_SESSION))
		return GUESTS_SESSION;
	if (named || !interview->asks || !can_use_session(interview))
		return CONFIG_URI_DEFAULT;
	return ask(interview);
}

/* The config could not have the other ones. */
static void keep(Interview *interview, const char *uri)
{
	for (guint i = interview->found.guests->len; i-- > 0;)
		if (!has_uri(interview->found.guests->pdata[i], uri))
			g_ptr_array_remove_index(interview->found.guests, i);
}

/* Continuing would only lead to a service that never reaches its guest. */
static gboolean refuse_session(Interview *interview, const char *own)
{
	if (interview->asks)
		talk_say(interview->talk,
			"The only guests belong to your own session (%s): %s. The system's "
			"hotseatd cannot reach them; your own can. Run: hotseat setup --user",
			GUESTS_SESSION, own);
	else
		interview_missing(interview,
			"--user: the guests belong to your own session (%s), which the system's "
			"hotseatd cannot reach: %s",
			GUESTS_SESSION, own);
	return !interview->asks;
}

gboolean interview_libvirt(Interview *interview)
{
	Config *config = interview->draft->config;
	g_autofree char *own =
		interview->found.guests != NULL ? names(interview, GUESTS_SESSION) : g_strdup("");
	const char *uri;

	if (*own == '\0' || g_strcmp0(config->libvirt_uri, GUESTS_SESSION) == 0)
		return TRUE;
	uri = config->libvirt_uri != NULL ? config->libvirt_uri : choose(interview);
	if (uri == NULL)
		return FALSE;
	keep(interview, uri);
	if (config->libvirt_uri != NULL)
		return TRUE;
	if (g_str_equal(uri, CONFIG_URI_DEFAULT)) {
		talk_say(interview->talk, "Not considered: %s, of your own session (%s).", own,
			GUESTS_SESSION);
		return TRUE;
	}
	config->libvirt_uri = g_strdup(uri);
	return can_use_session(interview) || refuse_session(interview, own);
}

/* -- what is in the way ----------------------------------------------------------------------- */

gboolean interview_conflicts(Interview *interview)
{
	g_autoptr(GPtrArray) conflicts = conflicts_look(
		interview->machine->sysfs, "", interview->draft->config, interview->found.guests);

	for (guint i = 0; i < conflicts->len; i++) {
		const Conflict *conflict = conflicts->pdata[i];
		g_autofree char *command = conflict->command != NULL
						   ? g_strconcat(conflict->command, "\n", NULL)
						   : NULL;

		talk_say(interview->talk, "Note: %s%s%s.",
			conflict->device != NULL ? conflict->device->name : "",
			conflict->device != NULL ? ": " : "", conflict->message);
		if (conflict->advice != NULL)
			talk_say(interview->talk, "To fix it: %s%s", conflict->advice,
				command != NULL ? ":" : ".");
		if (command != NULL)
			talk_show(interview->talk, command);
	}
	return TRUE;
}
