/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/libvirt-host.h"
#include "common/resource.h"
#include "guest/advice.h"
#include "setup/interview.h"

#include <string.h>

/* This is certain only if everything that is passed through is known. */
static gboolean lacks_gpu(const FoundGuest *guest)
{
	return guest->gpus->len == 0 && guest->unknown->len == 0;
}

static char *describe(const FoundGuest *guest)
{
	g_autofree char *gpus = guest_describe_gpus(guest);

	return g_strdup_printf("%s, %s, %s%s", guest->name, guest_state_name(guest->state),
		lacks_gpu(guest) ? "without a graphics card of its own" : "has ", gpus);
}

/* A guest must not be called like the host, or like a word of the command line. */
static char *usable_name(const char *domain)
{
	if (g_str_equal(domain, TARGET_HOST) || g_str_equal(domain, "toggle") || *domain == '-')
		return g_strconcat("guest-", domain + (*domain == '-'), NULL);
	return g_strdup(domain);
}

static void note(Interview *interview, const ConfigGuest *guest)
{
	const FoundGuest *found = guests_find(interview->found.guests, guest->domain);

	if (found == NULL || !lacks_gpu(found))
		return;
	draft_note(interview->draft, guest,
		"It had no graphics card of its own when this was written.");
	talk_say(interview->talk,
		"Note: %s has no graphics card passed through to it. The keyboard and the mouse "
		"can move there, but it cannot show a picture on a monitor.",
		guest->domain);
}

static void take(Interview *interview, const char *domain, gboolean only)
{
	g_autofree char *name = only ? g_strdup(DRAFT_ONLY_GUEST) : usable_name(domain);

	note(interview, draft_add_guest(interview->draft, name, domain));
}

/* -- by option -------------------------------------------------------------------------------- */

static gboolean can_take(Interview *interview, const char *domain)
{
	g_autofree char *virsh = advice_virsh(draft_uri(interview->draft));

	if (!draft_can_say(domain))
		interview_missing(interview, "--guest: not a domain name");
	else if (interview->found.guests != NULL &&
		 guests_find(interview->found.guests, domain) == NULL)
		interview_missing(interview,
			"--guest %s: libvirt has no such domain; `%s list --all` shows them",
			domain, virsh);
	else
		return TRUE;
	return FALSE;
}

/* The guests of the file that setup starts from keep their names, since the rest of the file uses
 * them. */
static void replace_domains(Interview *interview, GPtrArray *guests)
{
	const char **domains = interview->options->guests;

	if (g_strv_length((char **)domains) != guests->len) {
		interview_missing(interview,
			"--guest: %s has %u guests; give as many, or none, and edit the file",
			interview->options->from, guests->len);
		return;
	}
	for (guint i = 0; i < guests->len; i++) {
		ConfigGuest *guest = guests->pdata[i];

		if (!can_take(interview, domains[i]))
			continue;
		g_free(guest->domain);
		guest->domain = g_strdup(domains[i]);
	}
}

static void take_options(Interview *interview)
{
	const char **domains = interview->options->guests;
	GPtrArray *guests = interview->draft->config->guests;

	if (guests->len > 0) {
		replace_domains(interview, guests);
		return;
	}
	for (const char **domain = domains; *domain != NULL; domain++)
		if (can_take(interview, *domain))
			take(interview, *domain, domains[1] == NULL);
}

/* -- by what exists ------------------------------------------------------------------------- */

/* The guests that a config can name. */
static GPtrArray *candidates_of(const Interview *interview)
{
	GPtrArray *candidates = g_ptr_array_new();

	for (guint i = 0; interview->found.guests != NULL && i < interview->found.guests->len;
		i++) {
		FoundGuest *guest = interview->found.guests->pdata[i];

		if (draft_can_say(guest->name))
			g_ptr_array_add(candidates, guest);
	}
	return candidates;
}

/* The index of the guest with a graphics card, or -1. */
static int only_with_gpu(const GPtrArray *candidates)
{
	int found = -1;

	for (guint i = 0; i < candidates->len; i++) {
		if (((const FoundGuest *)candidates->pdata[i])->gpus->len == 0)
			continue;
		if (found >= 0)
			return -1;
		found = (int)i;
	}
	return found;
}

static void take_obvious(Interview *interview, const FoundGuest *guest, const char *why)
{
	g_autofree char *description = describe(guest);

	talk_say(interview->talk, "The guest: %s%s.", description, why);
	take(interview, guest->name, TRUE);
}

static gboolean ask_name(Interview *interview)
{
	g_autofree char *virsh = advice_virsh(draft_uri(interview->draft));
	g_autofree char *help =
		g_strdup_printf("`%s list --all` shows its name in libvirt, as root or as a member "
				"of the group %s. hotseat moves the keyboard and the mouse to it.",
			virsh, libvirt_group());

	for (;;) {
		g_autofree char *name = talk_ask(
			interview->talk, "What is the virtual machine called?", help, NULL);

		if (name == NULL)
			return FALSE;
		if (draft_can_say(name)) {
			take(interview, name, TRUE);
			return TRUE;
		}
		talk_say(interview->talk, "A name is needed; ? explains.");
	}
}

static gboolean ask_which(Interview *interview, const GPtrArray *candidates)
{
	g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(guint));
	TalkQuestion question = {
		.question = "Which of these guests get the seat?",
		.help = "A guest is a libvirt virtual machine. You can name several, with spaces "
			"between them; each then has its own input on the monitors. You can add "
			"more to the file later.",
		.choices = choices,
		.words = words,
		.fallback = only_with_gpu(candidates),
	};

	for (guint i = 0; i < candidates->len; i++) {
		g_ptr_array_add(choices, describe(candidates->pdata[i]));
		g_ptr_array_add(words, ((const FoundGuest *)candidates->pdata[i])->name);
	}
	while (chosen->len == 0) {
		if (!talk_choose_some(interview->talk, &question, chosen))
			return FALSE;
		if (chosen->len == 0)
			talk_say(interview->talk, "At least one is needed.");
	}
	for (guint i = 0; i < chosen->len; i++)
		take(interview, words->pdata[g_array_index(chosen, guint, i)], chosen->len == 1);
	return TRUE;
}

static gboolean find_out(Interview *interview)
{
	g_autoptr(GPtrArray) candidates = candidates_of(interview);
	int with_gpu = only_with_gpu(candidates);

	if (candidates->len == 1)
		take_obvious(interview, candidates->pdata[0], "; there is no other");
	else if (interview->asks && candidates->len == 0)
		return ask_name(interview);
	else if (interview->asks)
		return ask_which(interview, candidates);
	else if (with_gpu >= 0)
		take_obvious(
			interview, candidates->pdata[with_gpu], "; no other has a graphics card");
	else
		interview_missing(interview,
			candidates->len == 0 ? "the guest: none found; --guest DOMAIN"
					     : "the guest: there are several; --guest DOMAIN");
	return TRUE;
}

/* Of a config that is the start. */
static void look_at_given(Interview *interview)
{
	const GPtrArray *guests = interview->draft->config->guests;

	for (guint i = 0; i < guests->len; i++) {
		const ConfigGuest *guest = guests->pdata[i];

		if (guest->qmp == NULL && interview->found.guests != NULL &&
			guests_find(interview->found.guests, guest->domain) == NULL)
			talk_say(interview->talk,
				"Note: libvirt has no domain %s now. It stays in the "
				"configuration.",
				guest->domain);
		note(interview, guest);
	}
}

gboolean interview_guests(Interview *interview)
{
	if (interview->options->guests[0] != NULL)
		take_options(interview);
	else if (interview->draft->config->guests->len > 0)
		look_at_given(interview);
	else
		return find_out(interview);
	return TRUE;
}
