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

	seat_update(user, name, data);
	seat_describe(user, text, sizeof text);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	if (!set_input_parse(data, &request, &answerable, &problem)) {
		g_assert_cmpstr(problem.text, !=, "");
		set_input_answer(answerable ? request.id : 0, problem.text, answer);
		g_assert_true(g_utf8_validate(answer, -1, NULL));
	}
	answer_check(502, data, strlen(data), &problem);
}

/* whole, and byte by byte: the same comes of it */
static void feed(const char *text, gsize size)
{
	Seat whole = { 0 }, pieces = { 0 };
	Events *events = events_new(take_event, &whole);

	events_feed(events, text, size);
	events_free(events);
	events = events_new(take_event, &pieces);
	for (gsize i = 0; i < size; i++)
		events_feed(events, text + i, 1);
	events_free(events);
	g_assert_true(memcmp(&whole, &pieces, sizeof whole) == 0);
}

static void read_settings(const guint8 *data, gsize size)
{
	char *text = text_from_file(data, size), *written;
	Settings settings, again;
	SettingsMeaning meaning;
	char chord[CHORD_TEXT_MAX];
	SettingsField field;
	Problem problem;

	if (text == NULL)
		return;
	g_assert_true(g_utf8_validate(text, -1, NULL));
	if (settings_parse(text, &settings, &problem)) {
		/* what is written reads back */
		written = settings_write(text, &settings);
		g_assert_true(settings_parse(written, &again, &problem));
		g_assert_cmpstr(settings.url, ==, again.url);
		g_assert_cmpstr(settings.secret, ==, again.secret);
		g_assert_cmpstr(settings.fingerprint, ==, again.fingerprint);
		g_assert_cmpstr(settings.hotkey, ==, again.hotkey);
		g_assert_cmpstr(settings.monitors, ==, again.monitors);
		free(written);
		if (settings_check(&settings, &meaning, &field, &problem)) {
			chord_format(&meaning.chord, chord);
			g_assert_true(chord_parse(chord, &meaning.chord, &problem));
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
