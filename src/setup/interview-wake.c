/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Offers to start guests that are not running: the questions that follow need their picture, and
 * the trial needs the guest.
 */
#include "common/command.h"
#include "guest/advice.h"
#include "setup/interview.h"

#include <string.h>
#include <unistd.h>

/* The virsh command for a guest that is not running. */
static const struct {
	GuestState state;
	const char *is, *verb, *question;
} wakes[] = {
	{ GUEST_OFF, "is off", "start", "Start" },
	{ GUEST_CRASHED, "has crashed", "start", "Start" },
	{ GUEST_PAUSED, "is paused", "resume", "Resume" },
	{ GUEST_SUSPENDED, "is asleep", "dompmwakeup", "Wake" },
};

/* Root cannot use a user's own libvirt. A name that looks like an option must not be passed to
 * virsh. */
static gboolean can_wake(const FoundGuest *guest)
{
	return *guest->name != '-' && !(geteuid() == 0 && advice_is_session(guest->uri));
}

static gboolean run(const char *const *argv, char **why)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *said = NULL;
	int status;

	if (g_spawn_sync(NULL, (char **)argv, NULL,
		    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &said,
		    &status, &error) &&
		g_spawn_check_wait_status(status, NULL))
		return TRUE;
	*why = g_strdup(error != NULL ? error->message : g_strstrip(said));
	return FALSE;
}

static gboolean offer(Interview *interview, FoundGuest *guest, gsize wake)
{
	const char *const argv[] = { "virsh", "-c", guest->uri, wakes[wake].verb, guest->name,
		NULL };
	g_autofree char *command = command_text(argv), *why = NULL;
	g_autofree char *question = g_strdup_printf(
		"%s %s. %s it now?", guest->name, wakes[wake].is, wakes[wake].question);
	gboolean wanted;

	if (!talk_yes(interview->talk, question,
		    "A monitor shows a guest only while the guest runs, and only then can you find "
		    "its input with the monitor's buttons. The trial at the end needs the guest "
		    "too.",
		    TRUE, &wanted))
		return FALSE;
	if (!wanted)
		return TRUE;
	talk_say(interview->talk, "%s", command);
	if (run(argv, &why)) {
		guest->state = GUEST_RUNNING;
		talk_say(interview->talk, "It may take a minute until %s shows a picture.",
			guest->name);
	} else {
		talk_say(interview->talk, "That failed: %s", why);
	}
	return TRUE;
}

gboolean interview_wake(Interview *interview)
{
	const GPtrArray *guests = interview->draft->config->guests;

	for (guint i = 0; interview->asks && i < guests->len; i++) {
		FoundGuest *guest = guests_find(
			interview->found.guests, ((const ConfigGuest *)guests->pdata[i])->domain);

		for (gsize j = 0; guest != NULL && j < G_N_ELEMENTS(wakes); j++)
			if (guest->state == wakes[j].state && can_wake(guest)) {
				if (!offer(interview, guest, j))
					return FALSE;
				break;
			}
	}
	return TRUE;
}
