/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Windows agent reads from the network and from its file. */
#include "core/events.h"
#include "core/seat.h"
#include "core/set-input.h"
#include "core/settings.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void take_event(const char *name, const char *data, void *user)
{
	char answer[SET_INPUT_ANSWER_MAX], text[256];
	Problem problem = { "" };
	SetInput request;
	bool answerable;

	core_seat_update(user, name, data);
	core_seat_describe(user, text, sizeof text);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	if (!core_set_input_parse(data, &request, &answerable, &problem)) {
		g_assert_cmpstr(problem.text, !=, "");
		core_set_input_answer(answerable ? request.id : 0, problem.text, answer);
		g_assert_true(g_utf8_validate(answer, -1, NULL));
	}
	core_answer_check(502, data, strlen(data), &problem);
}

/* whole, and byte by byte: the same comes of it */
static void feed(const char *text, gsize size)
{
	Seat whole = { 0 }, pieces = { 0 };
	Events *events = core_events_new(take_event, &whole);

	core_events_feed(events, text, size);
	core_events_free(events);
	events = core_events_new(take_event, &pieces);
	for (gsize i = 0; i < size; i++)
		core_events_feed(events, text + i, 1);
	core_events_free(events);
	g_assert_true(memcmp(&whole, &pieces, sizeof whole) == 0);
}

static void read_settings(const guint8 *data, gsize size)
{
	char *text = core_text_from_file(data, size), *written;
	Settings settings, again;
	SettingsMeaning meaning;
	char chord[CHORD_TEXT_MAX];
	SettingsField field;
	Problem problem;

	if (text == NULL)
		return;
	g_assert_true(g_utf8_validate(text, -1, NULL));
	if (core_settings_parse(text, &settings, &problem)) {
		/* what is written reads back */
		written = core_settings_write(text, &settings);
		g_assert_true(core_settings_parse(written, &again, &problem));
		g_assert_cmpstr(settings.url, ==, again.url);
		g_assert_cmpstr(settings.secret, ==, again.secret);
		g_assert_cmpstr(settings.fingerprint, ==, again.fingerprint);
		g_assert_cmpstr(settings.hotkey, ==, again.hotkey);
		g_assert_cmpstr(settings.monitors, ==, again.monitors);
		free(written);
		if (core_settings_check(&settings, &meaning, &field, &problem)) {
			core_chord_format(&meaning.chord, chord);
			g_assert_true(core_chord_parse(chord, &meaning.chord, &problem));
		}
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	feed((const char *)data, size);
	read_settings(data, size);
	return 0;
}
