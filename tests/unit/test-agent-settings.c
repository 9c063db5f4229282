/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Windows agent's settings, and how it finds a monitor. */
#include "core/edid.h"
#include "core/ini.h"
#include "core/settings.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static void assert_chord(const char *text, const char *formatted, unsigned modifiers, unsigned key)
{
	char out[CHORD_TEXT_MAX];
	KeyChord chord, again;
	Problem problem;

	g_test_message("%s", text);
	g_assert_true(core_chord_parse(text, &chord, &problem));
	g_assert_cmphex(chord.modifiers, ==, modifiers);
	g_assert_cmphex(chord.key, ==, key);
	core_chord_format(&chord, out);
	g_assert_cmpstr(out, ==, formatted);
	g_assert_true(core_chord_parse(out, &again, &problem));
	g_assert_cmphex(chord.modifiers, ==, again.modifiers);
	g_assert_cmphex(chord.key, ==, again.key);
	g_assert_cmpint(chord.character, ==, again.character);
}

static void test_chords(void)
{
	assert_chord("Win+Shift+/", "Win+Shift+/", CHORD_WIN | CHORD_SHIFT, 0);
	assert_chord(" control + ALT + f12 ", "Ctrl+Alt+F12", CHORD_CTRL | CHORD_ALT, 0x7b);
	assert_chord("Win++", "Win++", CHORD_WIN, 0);
	assert_chord("super+x", "Win+X", CHORD_WIN, 'X');
	assert_chord("Ctrl+7", "Ctrl+7", CHORD_CTRL, '7');
	assert_chord("Pause", "Pause", 0, 0x13);
	assert_chord("F1", "F1", 0, 0x70);
	assert_chord("f24", "F24", 0, 0x87);
	assert_chord("Shift+Win+Alt+Ctrl+NumMultiply", "Ctrl+Alt+Win+Shift+NumMultiply",
		CHORD_WIN | CHORD_ALT | CHORD_SHIFT | CHORD_CTRL, 0x6a);
}

static void test_wrong_chords(void)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ "", "incomplete" },
		{ "Win+", "incomplete" },
		{ "Win+Shift", "needs a key besides Shift" },
		{ "Hyper+x", "\"Hyper\" in the hotkey is not a modifier" },
		{ "Win+F25", "unknown key \"F25\"" },
		{ "Win+F0", "unknown key \"F0\"" },
		{ "Win+\xc3\xa9", "unknown key" },
		{ "x", "that you type with" },
		{ "Shift+/", "that you type with" },
		{ "Space", "that you type with" },
		{ "Num0", "that you type with" },
		{ "Win+averyveryverylongname", "no key named" },
	};
	KeyChord chord = { 9, 9, 9 };
	Problem problem;

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_assert_false(core_chord_parse(wrong[i].text, &chord, &problem));
		g_test_message("%s: %s", wrong[i].text, problem.text);
		g_assert_nonnull(strstr(problem.text, wrong[i].says));
	}
	g_assert_cmpuint(chord.modifiers, ==, 9);
}

static void test_files(void)
{
	static const struct {
		const char *bytes;
		gsize length;
		const char *text; /* NULL: refused */
	} files[] = {
		{ "a\xc3\xa9", 3, "a\xc3\xa9" },
		{ "\xef\xbb\xbf"
		  "a",
			4, "a" },
		{ "\xff\xfe"
		  "a\0\xac\x20\x3d\xd8\x00\xde",
			10, "a\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "\xfe\xff\0a", 4, "a" },
		{ "", 0, "" },
		{ "\xff\xfe"
		  "a",
			3, NULL },
		{ "\xff\xfe\x3d\xd8", 4, NULL },
		{ "\xff\xfe\x3d\xd8"
		  "a\0",
			6, NULL },
		{ "\xff\xfe\0\0", 4, NULL },
		{ "a\xe9z", 3, NULL },
		{ "a\0b", 3, NULL },
		{ "\xf4\x90\x80\x80", 4, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		char *text =
			core_text_from_file((const unsigned char *)files[i].bytes, files[i].length);

		g_assert_cmpstr(text, ==, files[i].text);
		free(text);
	}
}

/* what does not fit is cut behind a whole character */
static void test_cut(void)
{
	char out[6];

	core_text_format(out, sizeof out, "%s", "abc\xe2\x82\xac");
	g_assert_cmpstr(out, ==, "abc");
	core_text_format(out, sizeof out, "%s", "ab\xe2\x82\xac!");
	g_assert_cmpstr(out, ==, "ab\xe2\x82\xac");
	core_text_format(out, sizeof out, "%s", "a\xf0\x9f\x98\x80!");
	g_assert_cmpstr(out, ==, "a\xf0\x9f\x98\x80");
}

static const char ini[] =
	"; from the kit\r\n[HOTSEAT]\r\n URL = http://h:1 \r\nsecret=a=b;c\r\n\r\n"
	"# more\r\n[test]\r\nmonitors = m\r\n";

static void test_read(void)
{
	Settings settings;
	Problem problem;

	g_assert_true(core_settings_parse(ini, &settings, &problem));
	g_assert_cmpstr(settings.url, ==, "http://h:1");
	g_assert_cmpstr(settings.secret, ==, "a=b;c");
	g_assert_cmpstr(settings.monitors, ==, "m");
	g_assert_cmpstr(settings.hotkey, ==, "Win+Shift+/");
	g_assert_cmpstr(settings.log, ==, "");
}

static void test_wrong_ini(void)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ "[hotseat]\nurl\n", "line 2 is neither" },
		{ "[hotseat\n", "line 1 is neither" },
		{ "\n= 5", "line 2 is neither" },
		{ "[hotseat]\nhotkye = x",
			"line 2: there is no \"hotkye\" in a section [hotseat]" },
		{ "url = x", "line 1: there is no \"url\" in a section []" },
	};
	g_autofree char *fill = g_strnfill(2000, 'x'),
			*value = g_strconcat("[hotseat]\nurl=", fill, NULL);
	g_autofree char *name = g_strconcat("[", fill, "]", NULL);
	Settings settings;
	Problem problem;

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_assert_false(core_settings_parse(wrong[i].text, &settings, &problem));
		g_test_message("%s", problem.text);
		g_assert_true(g_str_has_prefix(problem.text, wrong[i].says));
	}
	g_assert_false(core_settings_parse(value, &settings, &problem));
	g_assert_cmpstr(problem.text, ==, "line 2: the value of \"url\" is too long");
	value[600] = '\0';
	g_assert_false(core_settings_parse(value, &settings, &problem));
	g_assert_cmpstr(problem.text, ==, "line 2: the value of \"url\" is too long");
	g_assert_false(core_settings_parse(name, &settings, &problem));
	g_assert_cmpstr(problem.text, ==, "line 1 has a name that is too long");
}

static void assert_set(const char *before, const char *after)
{
	char *text = core_ini_set(before, "b", "k", "v");

	g_assert_cmpstr(text, ==, after);
	free(text);
}

static void test_set(void)
{
	assert_set("", "[b]\r\nk = v\r\n");
	assert_set("[a]\nk=1", "[a]\nk=1\r\n[b]\r\nk = v\r\n");
	assert_set("[b]\nK=1\n;x\n[c]\nk=2\n", "[b]\nk = v\r\n;x\n[c]\nk=2\n");
	assert_set("[b]\nx=1\n\n; of c\n[c]\nk=2\n", "[b]\nx=1\nk = v\r\n\n; of c\n[c]\nk=2\n");
	assert_set("[b]", "[b]\r\nk = v\r\n");
}

static void test_write(void)
{
	Settings settings, again;
	Problem problem;
	char *text;

	g_assert_true(core_settings_parse(ini, &settings, &problem));
	strcpy(settings.secret, "new");
	strcpy(settings.monitors, "not asked for");
	text = core_settings_write(ini, &settings);
	g_assert_true(g_str_has_prefix(
		text, "; from the kit\r\n[HOTSEAT]\r\nurl = http://h:1\r\nsecret = new\r\n"));
	g_assert_nonnull(strstr(text, "# more\r\n[test]\r\nmonitors = m\r\n"));
	g_assert_true(core_settings_parse(text, &again, &problem));
	g_assert_cmpstr(again.secret, ==, "new");
	g_assert_cmpstr(again.monitors, ==, "m");
	free(text);
}

static void assert_url(const char *text, bool https, const char *host_and_port)
{
	Problem problem;
	char out[160];
	Url url;

	g_assert_true(core_url_parse(text, &url, &problem));
	core_url_format(&url, out, sizeof out);
	g_assert_cmpint(url.https, ==, https);
	g_assert_cmpstr(out, ==, host_and_port);
}

static void test_urls(void)
{
	static const char *const wrong[] = { "", " ", "ftp://h", "http://", "http://h:0",
		"http://h:65536", "http://h:", "http://h:5a", "http://h/path", "http://u@h",
		"http://[::1", "http://[]:1", "http://[::1]5", "http://h i", "http://h?x", "://h",
		"http://[zz]", "http://h:1:2" };
	Url url = { .port = 7 };
	Problem problem;

	assert_url("http://192.168.122.1:5001", false, "192.168.122.1:5001");
	assert_url(" HTTPS://host.lan/ ", true, "host.lan:443");
	assert_url("host", false, "host:80");
	assert_url("host:5001//", false, "host:5001");
	assert_url("http://[fe80::1]:5001", false, "[fe80::1]:5001");
	assert_url("[::1]", false, "[::1]:80");
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_test_message("%s", wrong[i]);
		g_assert_false(core_url_parse(wrong[i], &url, &problem));
	}
	g_assert_cmpuint(url.port, ==, 7);
}

static void test_pin(void)
{
	g_autofree char *plain = g_strnfill(64, 'a'), *short_one = g_strnfill(63, 'a');
	g_autofree char *with_colons = g_strdup("");
	guint8 pin[PIN_LENGTH] = { 0 }, expected[PIN_LENGTH];
	Problem problem;

	memset(expected, 0xaa, sizeof expected);
	for (int i = 0; i < PIN_LENGTH; i++) {
		char *more = g_strconcat(with_colons, i > 0 ? ":" : "", "aA", NULL);

		g_free(with_colons);
		with_colons = more;
	}
	g_assert_true(core_pin_parse(with_colons, pin, &problem));
	g_assert_true(memcmp(pin, expected, sizeof pin) == 0);
	memset(pin, 0, sizeof pin);
	g_assert_false(core_pin_parse(short_one, pin, &problem));
	g_assert_cmpstr(problem.text, ==, "the fingerprint has 63 hex digits; SHA-256 has 64");
	plain[5] = 'g';
	g_assert_false(core_pin_parse(plain, pin, &problem));
	g_assert_cmpstr(problem.text, ==,
		"the fingerprint has a \"g\"; it must have only hex digits and colons");
	g_assert_cmpuint(pin[0], ==, 0);
}

static void assert_checked(const Settings *settings, SettingsField wrong, const char *says)
{
	SettingsMeaning meaning;
	SettingsField field;
	Problem problem;

	g_assert_false(core_settings_check(settings, &meaning, &field, &problem));
	g_assert_cmpint(field, ==, wrong);
	g_assert_nonnull(strstr(problem.text, says));
}

static void test_check(void)
{
	SettingsMeaning meaning;
	Settings settings;
	SettingsField field;
	Problem problem;

	core_settings_init(&settings);
	assert_checked(&settings, SETTING_URL, "the address is missing");
	strcpy(settings.url, "https://h");
	strcpy(settings.secret, "\xc3\xa9");
	assert_checked(&settings, SETTING_SECRET, "outside ASCII");
	memset(settings.secret, 'x', 300);
	assert_checked(&settings, SETTING_SECRET, "longer than 255 characters");
	strcpy(settings.secret, "s");
	strcpy(settings.fingerprint, "00");
	assert_checked(&settings, SETTING_FINGERPRINT, "has 2 hex digits");
	strcpy(settings.url, "http://h");
	assert_checked(&settings, SETTING_FINGERPRINT, "with https://");
	settings.fingerprint[0] = '\0';
	strcpy(settings.hotkey, "x");
	assert_checked(&settings, SETTING_HOTKEY, "that you type with");
	strcpy(settings.hotkey, "Win+x");
	g_assert_true(core_settings_check(&settings, &meaning, &field, &problem));
	g_assert_false(meaning.endpoint.pinned);
	g_assert_cmpstr(meaning.endpoint.secret, ==, "s");
	g_assert_cmpuint(meaning.chord.key, ==, 'X');
}

static void make_edid(
	guint8 bytes[EDID_LENGTH], const char *model, const char *serial, guint32 number)
{
	static const guint8 start[] = { 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x05, 0xe3,
		0x78, 0x27 };
	guint8 sum = 0;

	memset(bytes, 0, EDID_LENGTH);
	memcpy(bytes, start, sizeof start);
	for (int i = 0; i < 4; i++)
		bytes[12 + i] = (guint8)(number >> 8 * i);
	bytes[54 + 3] = model != NULL ? 0xfc : 0x10;
	if (model != NULL)
		memcpy(bytes + 59, model, strnlen(model, 13));
	bytes[72 + 3] = serial != NULL ? 0xff : 0x10;
	if (serial != NULL)
		memcpy(bytes + 77, serial, strnlen(serial, 13));
	for (int i = 0; i < EDID_LENGTH - 1; i++)
		sum = (guint8)(sum + bytes[i]);
	bytes[EDID_LENGTH - 1] = (guint8)-sum;
}

static Edid edid_of(const char *model, const char *serial, guint32 number)
{
	guint8 bytes[EDID_LENGTH];
	Edid edid;

	make_edid(bytes, model, serial, number);
	core_edid_parse(bytes, sizeof bytes, &edid);
	return edid;
}

static void test_edid(void)
{
	Edid edid = edid_of(" 2778X\n", "GCHD1234567890", 1234), bare = edid_of(NULL, NULL, 0);
	guint8 bytes[EDID_LENGTH];

	g_assert_true(edid.known);
	g_assert_cmpstr(edid.manufacturer, ==, "AOC");
	g_assert_cmpstr(edid.model, ==, "2778X");
	g_assert_cmpstr(edid.serial, ==, "GCHD123456789");
	g_assert_cmpuint(edid.number, ==, 1234);
	g_assert_cmpstr(bare.model, ==, "0x2778");
	make_edid(bytes, NULL, NULL, 0);
	core_edid_parse(bytes, sizeof bytes - 1, &edid);
	g_assert_false(edid.known);
	bytes[20]++;
	core_edid_parse(bytes, sizeof bytes, &edid);
	g_assert_false(edid.known);
}

/* which features may be set, by themselves and with the settings' list */
static void test_features(void)
{
	static const struct {
		const char *list;
		unsigned feature, source;
		bool allowed;
	} cases[] = {
		{ "", 0x60, 0x51, true },
		{ "", 0x60, 0x50, true },
		{ "", 0xf4, 0x50, true },
		{ "", 0xf4, 0x51, false },
		{ "", 0x10, 0x51, false },
		{ "", 0xd6, 0x51, false },
		{ "", 0x04, 0x50, false },
		{ "", 0, 0x51, false },
		{ "", 256 + 0x60, 0x51, false },
		{ "0xe7", 0xe7, 0x51, true },
		{ "0xe7", 0xe8, 0x51, false },
		{ " 231 ,0XF4", 0xe7, 0x51, true },
		{ " 231 ,0XF4", 0xf4, 0x51, true },
		{ " 231 ,0XF4", 0x10, 0x51, false },
		{ "1 255", 255, 0x51, true },
		{ "1 255", 1, 0x51, true },
	};
	static const char *const bad[] = { "0", "256", "0x100", "x", "0x", "e7", "-1", "1;2",
		"0xe7 nonsense", "99999999999999999999" };
	Features features = { { 0 } };
	Problem problem;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_assert_true(core_features_parse(cases[i].list, &features, &problem));
		g_assert_true(core_features_allow(&features, cases[i].feature, cases[i].source,
				      &problem) == cases[i].allowed);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_assert_false(core_features_parse(bad[i], &features, &problem));
		g_assert_nonnull(strstr(problem.text, "is not a feature"));
		/* as it was */
		g_assert_true(core_features_allow(&features, 255, 0x51, &problem));
	}
}

static void test_choose(void)
{
	Edid edids[] = { edid_of("2778X", "A1", 0), edid_of("2778X", NULL, 77),
		edid_of("24G1", NULL, 0), { 0 } };
	EdidWanted wanted = { "aoc", "24g1", "" }, twin = { "AOC", "2778X", "" };
	EdidWanted by_text = { "AOC", "2778X", "a1" }, by_number = { "AOC", "2778X", "77" };
	EdidWanted other = { "DEL", "U2720Q", "" }, maker = { "AOC", "other", "" };
	EdidWanted unnamed = { "", "other", "" }, nobody = { "", "", "" };
	Problem problem;

	g_assert_cmpint(core_edid_choose(edids, 4, &wanted, &problem), ==, 2);
	g_assert_cmpint(core_edid_choose(edids, 4, &by_text, &problem), ==, 0);
	g_assert_cmpint(core_edid_choose(edids, 4, &by_number, &problem), ==, 1);
	g_assert_cmpint(core_edid_choose(edids, 4, &twin, &problem), ==, -1);
	g_assert_cmpstr(problem.text, ==, "2 of the 4 monitors in Windows match AOC 2778X ");
	g_assert_cmpint(core_edid_choose(edids, 4, &other, &problem), ==, -1);
	/* the only one there is may differ from input to input, but in its maker */
	g_assert_cmpint(core_edid_choose(edids, 1, &maker, &problem), ==, 0);
	g_assert_cmpint(core_edid_choose(edids, 1, &other, &problem), ==, -1);
	g_assert_cmpint(core_edid_choose(edids, 1, &unnamed, &problem), ==, -1);
	/* one that does not say who it is, and a request that does not say who is meant */
	g_assert_cmpint(core_edid_choose(edids + 3, 1, &other, &problem), ==, -1);
	g_assert_cmpint(core_edid_choose(edids + 3, 1, &maker, &problem), ==, -1);
	g_assert_cmpint(core_edid_choose(edids, 1, &nobody, &problem), ==, -1);
	g_assert_nonnull(strstr(problem.text, "sent no EDID"));
	g_assert_cmpint(core_edid_choose(edids, 0, &other, &problem), ==, -1);
	g_assert_cmpstr(problem.text, ==, "Windows found no monitor with DDC/CI");
}

/* yes and no of the file are followed, nothing is left as it is, and what is not set is not
 * written. */
static void test_login(void)
{
	static const struct {
		const char *text;
		gboolean fine, known, login;
	} cases[] = {
		{ "", TRUE, FALSE, FALSE },
		{ "yes", TRUE, TRUE, TRUE },
		{ "no", TRUE, TRUE, FALSE },
		{ "perhaps", FALSE, FALSE, FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf(
			"[hotseat]\nurl = http://h:1\nstart_at_login = %s\n", cases[i].text);
		char *written;
		Settings settings;
		SettingsMeaning meaning = { 0 };
		SettingsField field;
		Problem problem;

		g_assert_true(core_settings_parse(text, &settings, &problem));
		g_assert_cmpint(core_settings_check(&settings, &meaning, &field, &problem), ==,
			cases[i].fine);
		g_assert_cmpint(meaning.login_known, ==, cases[i].known);
		g_assert_cmpint(meaning.login, ==, cases[i].login);
		written = core_settings_write("", &settings);
		g_assert_cmpint(
			strstr(written, "start_at_login") != NULL, ==, *cases[i].text != '\0');
		free(written);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/agent/chord/right", test_chords);
	g_test_add_func("/agent/chord/wrong", test_wrong_chords);
	g_test_add_func("/agent/text/files", test_files);
	g_test_add_func("/agent/text/cut", test_cut);
	g_test_add_func("/agent/settings/read", test_read);
	g_test_add_func("/agent/settings/wrong", test_wrong_ini);
	g_test_add_func("/agent/settings/set", test_set);
	g_test_add_func("/agent/settings/write", test_write);
	g_test_add_func("/agent/settings/urls", test_urls);
	g_test_add_func("/agent/settings/pin", test_pin);
	g_test_add_func("/agent/settings/check", test_check);
	g_test_add_func("/agent/edid/parse", test_edid);
	g_test_add_func("/agent/edid/choose", test_choose);
	g_test_add_func("/agent/features", test_features);
	g_test_add_func("/agent/settings/login", test_login);
	return g_test_run();
}
