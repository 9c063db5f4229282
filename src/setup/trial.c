/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first switch, there and back by itself: while the seat is in the guest its keyboard cannot
 * answer here.
 */
#include "cli/client.h"
#include "cli/show.h"
#include "common/resource.h"
#include "setup/finish.h"
#include "setup/interrupt.h"
#include "setup/trial-readings.h"

#define PAUSE_S 8

static const ConfigGuest *running_guest(const Interview *interview)
{
	const GPtrArray *guests = interview->draft->config->guests;

	for (guint i = 0; i < guests->len; i++) {
		const ConfigGuest *guest = guests->pdata[i];

		for (guint j = 0; interview->guests != NULL && j < interview->guests->len; j++) {
			const FoundGuest *found = interview->guests->pdata[j];

			if (g_strcmp0(found->name, guest->domain) == 0 &&
				found->state == GUEST_RUNNING)
				return guest;
		}
	}
	return NULL;
}

/* Switches, and shows what came of it. */
static gboolean switch_to(Talk *talk, const char *socket, const char *target)
{
	g_autoptr(JsonObject) object = json_object_new();
	g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
	g_autofree char *body = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(ClientAnswer) answer = NULL;
	g_autoptr(GString) out = g_string_new(NULL);

	json_object_set_string_member(object, "to", target);
	body = json_to_string(node, FALSE);
	answer = client_ask(socket, "/switch", body, CLIENT_SWITCH_TIMEOUT_MS, &error);
	if (answer == NULL) {
		talk_say(talk, "%s", error->message);
		return FALSE;
	}
	if (show_string(json_node_get_object(answer->root), "outcome") != NULL)
		show_switch(json_node_get_object(answer->root), out);
	if (answer->status != 200)
		show_error(json_node_get_object(answer->root), out);
	talk->ops->print(talk, out->str);
	return answer->status == 200;
}

/* At the end of the pause the monitors have settled, or gone back by themselves. */
static void try_it(
	Interview *interview, const char *socket, const ConfigGuest *guest, TrialReadings *readings)
{
	Talk *talk = interview->talk;
	gboolean there, back;

	/* the user must never be left without a keyboard */
	interrupt_hold();
	trial_readings_look(readings, TARGET_HOST);
	there = switch_to(talk, socket, guest->name);
	if (there) {
		g_usleep(PAUSE_S * G_USEC_PER_SEC);
		trial_readings_look(readings, guest->name);
	}
	back = switch_to(talk, socket, TARGET_HOST);
	interrupt_release();
	if (there && back)
		talk_say(talk, "There and back: it works.");
	else
		talk_say(talk,
			"It did not work as it should; `hotseat doctor` looks for the cause.");
}

gboolean trial_offer(Interview *interview, const char *socket, gboolean *learned)
{
	const ConfigGuest *guest = running_guest(interview);
	g_autoptr(TrialReadings) readings = NULL;
	g_autofree char *question = NULL;
	gboolean wanted;

	*learned = FALSE;
	if (!interview->asks)
		return TRUE;
	if (guest == NULL) {
		talk_say(interview->talk,
			"No guest runs now. When one does: `hotseat switch toggle`.");
		return TRUE;
	}
	question = g_strdup_printf(
		"Try it: to %s now, and back after %d seconds by itself?", guest->domain, PAUSE_S);
	if (!talk_yes(interview->talk, question,
		    "Monitors, keyboard and mouse go to the guest and come back, without you doing "
		    "anything.",
		    TRUE, &wanted))
		return FALSE;
	if (!wanted)
		return TRUE;
	readings = trial_readings_new(interview, guest);
	try_it(interview, socket, guest, readings);
	return trial_readings_learn(readings, learned);
}
