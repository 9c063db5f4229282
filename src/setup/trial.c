/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first switch, there and back by itself, since the keyboard cannot answer here while the guest
 * has it.
 */
#include "cli/client.h"
#include "cli/show.h"
#include "common/json.h"
#include "common/resource.h"
#include "setup/finish.h"
#include "setup/trial-readings.h"
#include "talk/interrupt.h"

static const ConfigGuest *running_guest(const Interview *interview)
{
	const GPtrArray *guests = interview->draft->config->guests;

	for (guint i = 0; i < guests->len; i++) {
		const ConfigGuest *guest = guests->pdata[i];
		const FoundGuest *found = guests_find(interview->found.guests, guest->domain);

		if (found != NULL && found->state == GUEST_RUNNING)
			return guest;
	}
	return NULL;
}

typedef enum {
	TRY_DONE,
	TRY_DISPLAYS_FAILED, /* and nothing else */
	TRY_FAILED,
} Try;

static Try judge(JsonObject *sw)
{
	JsonObject *step;
	gboolean display = FALSE;

	for (guint i = 0; (step = member_item(sw, "steps", &i)) != NULL;) {
		if (g_strcmp0(member_text(step, "outcome"), "failed") != 0 ||
			member_bool(step, "optional"))
			continue;
		if (g_strcmp0(member_text(step, "kind"), "display") != 0 ||
			member_bool(step, "undo"))
			return TRY_FAILED;
		display = TRUE;
	}
	return display ? TRY_DISPLAYS_FAILED : TRY_FAILED;
}

/* Switches, and prints the result. */
static Try switch_to(const Finish *finish, const char *target)
{
	Talk *talk = finish->interview->talk;
	JsonBuilder *builder = object_begin();
	g_autofree char *body = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(ClientAnswer) answer = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	JsonObject *sw;

	member_add_text(builder, "to", target);
	body = object_end(builder);
	answer = client_ask(finish->socket, "/switch", body, CLIENT_SWITCH_TIMEOUT_MS, &error);
	if (answer == NULL) {
		talk_say(talk, "%s", error->message);
		return TRY_FAILED;
	}
	sw = json_node_get_object(answer->root);
	if (answer->status != 200)
		show_error(sw, out);
	if (member_text(sw, "outcome") != NULL)
		show_switch(sw, out);
	talk->ops->print(talk, out->str);
	return answer->status == 200 ? TRY_DONE : judge(sw);
}

/* What a monitor reports is no proof: hotseatd set the input, and stops relying on the reports of a
 * monitor that reports something else. The first switch of such a monitor fails, and the second
 * does not. */
static gboolean go_there(const Finish *finish, const char *target)
{
	Try end = switch_to(finish, target);

	if (end != TRY_DISPLAYS_FAILED)
		return end == TRY_DONE;
	talk_say(finish->interview->talk,
		"Some monitors report another input than the one that was set. Trying once more, "
		"without relying on such a report. Watch whether the picture changes.");
	return switch_to(finish, target) == TRY_DONE;
}

/* The user sees how long the seat stays there, on a monitor that still shows the host. */
static void count_down(const Finish *finish)
{
	Talk *talk = finish->interview->talk;
	guint seconds = finish->trial_ms / 1000;

	talk->ops->print(talk, "Back in");
	for (; seconds > 0; seconds--) {
		g_autofree char *text = g_strdup_printf(" %u", seconds);

		talk->ops->print(talk, text);
		g_usleep(G_USEC_PER_SEC);
	}
	g_usleep(finish->trial_ms % 1000 * G_TIME_SPAN_MILLISECOND);
	talk->ops->print(talk, "\n");
}

/* At the end of the pause the monitors have settled, or have gone back by themselves. */
static void try_it(const Finish *finish, const ConfigGuest *guest, TrialReadings *readings)
{
	Talk *talk = finish->interview->talk;
	gboolean there, back;

	/* The user must never be left without a keyboard. */
	interrupt_hold();
	trial_readings_look(readings, TARGET_HOST);
	there = go_there(finish, guest->name);
	if (there) {
		count_down(finish);
		trial_readings_look(readings, guest->name);
	}
	back = switch_to(finish, TARGET_HOST) == TRY_DONE;
	interrupt_release();
	if (there && back)
		talk_say(talk, "There and back: success.");
	else
		talk_say(talk, "The trial failed; run `hotseat doctor` to find the cause.");
}

gboolean trial_offer(const Finish *finish, gboolean *learned)
{
	Interview *interview = finish->interview;
	const ConfigGuest *guest = running_guest(interview);
	g_autoptr(TrialReadings) readings = NULL;
	g_autofree char *question = NULL;
	gboolean wanted;

	*learned = FALSE;
	if (!interview->asks)
		return TRUE;
	if (guest == NULL) {
		talk_say(interview->talk,
			"No guest is running, so there is nothing to try now. Start one, then run "
			"`hotseat switch toggle`.");
		return TRUE;
	}
	question =
		g_strdup_printf("Try a switch to %s now, and back automatically after %u seconds?",
			guest->domain, finish->trial_ms / 1000);
	if (!talk_yes(interview->talk, question,
		    "Monitors, keyboard and mouse go to the guest and come back by themselves.",
		    TRUE, &wanted))
		return FALSE;
	if (!wanted)
		return TRUE;
	readings = trial_readings_new(interview, guest);
	try_it(finish, guest, readings);
	return trial_readings_learn(readings, learned);
}
