/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/trial-readings.h"

#include "common/resource.h"
#include "display/show.h"

/* The readings of one display; -1: none. */
typedef struct {
	ConfigDisplay *display;
	const FoundMonitor *monitor;
	int host, guest;
} Reading;

struct TrialReadings {
	Interview *interview;
	const ConfigGuest *guest;
	GArray *list; /* Reading */
};

TrialReadings *trial_readings_new(Interview *interview, const ConfigGuest *guest)
{
	const GPtrArray *displays = interview->draft->config->displays;
	TrialReadings *readings = g_new(TrialReadings, 1);

	*readings = (TrialReadings){ interview, guest, g_array_new(FALSE, FALSE, sizeof(Reading)) };
	for (guint i = 0; i < displays->len; i++) {
		Reading reading = { displays->pdata[i], NULL, -1, -1 };

		reading.monitor =
			found_monitors_only(interview->found.monitors, &reading.display->match);
		if (reading.monitor != NULL &&
			reading.display->feature.code == CONFIG_FEATURE_INPUT &&
			draft_input(reading.display, TARGET_HOST) != NULL &&
			draft_input(reading.display, guest->name) != NULL)
			g_array_append_val(readings->list, reading);
	}
	return readings;
}

void trial_readings_free(TrialReadings *readings)
{
	g_array_unref(readings->list);
	g_free(readings);
}

void trial_readings_look(TrialReadings *readings, const char *target)
{
	gboolean is_host = g_str_equal(target, TARGET_HOST);

	for (guint i = 0; i < readings->list->len; i++) {
		Reading *reading = &g_array_index(readings->list, Reading, i);
		guint8 input;

		if (scan_read_input(
			    readings->interview->machine->i2c, reading->monitor->bus, &input, NULL))
			*(is_host ? &reading->host : &reading->guest) = input;
	}
}

static void take(TrialReadings *readings, Reading *reading, const char *target, int read)
{
	guint16 code = draft_input(reading->display, target)->value;

	draft_set_input(reading->display, target, code, read == (code & 0xff) ? -1 : read);
	talk_say(readings->interview->talk,
		"%s reports 0x%02x when it shows %s; the configuration says so now.",
		reading->display->name, (guint)read,
		g_str_equal(target, TARGET_HOST) ? "this computer" : readings->guest->domain);
}

/* For the guest, the monitor reported what it reports for the host: it went back, or it does not
 * report what it shows. */
static gboolean ask_whether_it_changed(
	const TrialReadings *readings, const Reading *reading, gboolean *changed)
{
	g_autofree char *question = g_strdup_printf(
		"Did %s show %s, until the end?", reading->display->name, readings->guest->domain);
	Talk *talk = readings->interview->talk;

	if (!talk_yes(talk, question,
		    "It reported the host's input all the same. Some monitors do so whatever they "
		    "show; others go back by themselves if they get no picture.",
		    TRUE, changed))
		return FALSE;
	if (!*changed)
		talk_say(talk,
			"%s went back by itself: most monitors do so if there is no picture on the "
			"other input. Check the cable to the guest's graphics card, and that "
			"the guest uses that output.",
			reading->display->name);
	return TRUE;
}

static gboolean learn_guest(TrialReadings *readings, Reading *reading, gboolean *learned)
{
	const ConfigInput *input = draft_input(reading->display, readings->guest->name);
	gboolean changed = TRUE;

	if (reading->guest < 0 || reading->guest == show_reads_as(input))
		return TRUE;
	/* 0x00 is not an input that it could have gone back to. */
	if (reading->guest == reading->host && reading->guest != 0 &&
		!ask_whether_it_changed(readings, reading, &changed))
		return FALSE;
	if (!changed)
		return TRUE;
	if (reading->guest != 0 &&
		show_reads_like(reading->display->inputs, readings->guest->name, reading->guest)) {
		talk_say(readings->interview->talk,
			"%s reports another computer's input when it shows %s. hotseatd does not "
			"rely on its reports.",
			reading->display->name, readings->guest->domain);
		return TRUE;
	}
	take(readings, reading, readings->guest->name, reading->guest);
	*learned = TRUE;
	return TRUE;
}

static void learn_host(TrialReadings *readings, Reading *reading, gboolean *learned)
{
	const ConfigInput *host = draft_input(reading->display, TARGET_HOST);

	/* A monitor that reported a guest's input may have shown it because the user pressed its
	 * buttons. */
	if (reading->host < 0 || reading->host == show_reads_as(host) ||
		show_reads_like(reading->display->inputs, TARGET_HOST, reading->host))
		return;
	take(readings, reading, TARGET_HOST, reading->host);
	*learned = TRUE;
}

gboolean trial_readings_learn(TrialReadings *readings, gboolean *learned)
{
	*learned = FALSE;
	for (guint i = 0; i < readings->list->len; i++) {
		Reading *reading = &g_array_index(readings->list, Reading, i);

		learn_host(readings, reading, learned);
		if (!learn_guest(readings, reading, learned))
			return FALSE;
	}
	return TRUE;
}
