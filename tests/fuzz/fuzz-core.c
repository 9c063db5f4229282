/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rest of what the Windows agent reads: EDIDs, addresses, keys, lists, JSON. */
#include "core/chord.h"
#include "core/edid.h"
#include "core/endpoint.h"
#include "core/ini.h"
#include "core/json.h"
#include "core/vcp.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void parse_edids(const guint8 *data, gsize size)
{
	EdidWanted wanted = { "AOC", "", "" };
	Edid edids[3];
	Problem problem;

	for (gsize i = 0; i < G_N_ELEMENTS(edids); i++) {
		gsize at = MIN(size, i * EDID_LENGTH);

		core_edid_parse(data + at, size - at, &edids[i]);
		g_assert_true(g_utf8_validate(edids[i].model, -1, NULL));
		g_assert_cmpuint(strlen(edids[i].serial), <, sizeof edids[i].serial);
	}
	memcpy(wanted.model, data, MIN(size, sizeof wanted.model - 1));
	g_assert_cmpint(core_edid_choose(edids, G_N_ELEMENTS(edids), &wanted, &problem), <, 3);
}

/* An address that is understood has nothing in it that a request line or a header could mistake. */
static void parse_url(const char *text)
{
	char where[256];
	Problem problem;
	Url url, again;

	if (!core_url_parse(text, &url, &problem)) {
		g_assert_cmpstr(problem.text, !=, "");
		return;
	}
	g_assert_null(strpbrk(url.host, " \t\r\n/@?#"));
	core_url_format(&url, where, sizeof where);
	{
		g_autofree char *whole =
			g_strconcat(url.https ? "https://" : "http://", where, NULL);

		g_assert_true(core_url_parse(whole, &again, &problem));
	}
	g_assert_cmpstr(url.host, ==, again.host);
	g_assert_cmpint(url.port, ==, again.port);
}

static void parse_words(const char *text)
{
	guint8 pin[PIN_LENGTH];
	Features features;
	char chord[CHORD_TEXT_MAX];
	KeyChord keys;
	Problem problem;

	core_pin_parse(text, pin, &problem);
	if (core_chord_parse(text, &keys, &problem)) {
		core_chord_format(&keys, chord);
		g_assert_true(core_chord_parse(chord, &keys, &problem));
	}
	if (core_features_parse(text, &features, &problem))
		g_assert_false(core_features_allow(&features, 0, 0x51, &problem));
}

static bool take_key(const char *section, const char *key, const char *value, int line, void *user)
{
	g_assert_true(value[0] != ' ' && strchr(value, '\n') == NULL);
	if (core_text_same(section, "hotseat") && core_text_same(key, "secret") &&
		strcmp(value, "x;y=z") == 0)
		*(bool *)user = true;
	return true;
}

/* A value that is written is there, whatever was around it. */
static void set_key(const char *text)
{
	char *written = core_ini_set(text, "hotseat", "secret", "x;y=z");
	bool found = false, fine;
	Problem problem;

	fine = core_ini_read(written, take_key, &found, &problem);
	g_assert_true(!fine || found);
	free(written);
}

static void parse_json(const char *text, gsize size)
{
	char out[300], back[300];
	Json root, member, item = { NULL, NULL };
	gint64 number;

	if (core_json_parse(text, size, &root)) {
		core_json_member(root, "a", &member);
		core_json_string(root, out, sizeof out);
		core_json_integer(root, &number);
		while (core_json_next(root, &item))
			g_assert_true(item.at >= text && item.end <= text + size);
	}
	if (!g_utf8_validate(text, -1, NULL) || !core_json_quote(text, out, sizeof out))
		return;
	g_assert_true(core_json_parse(out, strlen(out), &root));
	g_assert_true(core_json_string(root, back, sizeof back));
	g_assert_cmpstr(back, ==, text);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autofree char *text = g_strndup((const char *)data, size);

	parse_edids(data, size);
	parse_url(text);
	parse_words(text);
	set_key(text);
	parse_json(text, strlen(text));
	return 0;
}
