/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "input/chord.h"

#include "assert-has.h"

static Chord parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	Chord chord;

	chord_parse(text, &chord, &error);
	g_assert_no_error(error);
	return chord;
}

static void test_parsed(void)
{
	static const struct {
		const char *text;
		guint n_keys;
		guint16 codes[3][2];
		gboolean twice;
	} cases[] = {
		{ "super+shift+slash", 3,
			{ { KEY_LEFTMETA, KEY_RIGHTMETA }, { KEY_LEFTSHIFT, KEY_RIGHTSHIFT },
				{ KEY_SLASH, 0 } },
			FALSE },
		{ "leftctrl+rightctrl", 2, { { KEY_LEFTCTRL, 0 }, { KEY_RIGHTCTRL, 0 } }, FALSE },
		{ "scrolllock scrolllock", 1, { { KEY_SCROLLLOCK, 0 } }, TRUE },
		{ "rightctrl  RightCtrl", 1, { { KEY_RIGHTCTRL, 0 } }, TRUE },
		{ " Ctrl + Alt + F12 ", 3,
			{ { KEY_LEFTCTRL, KEY_RIGHTCTRL }, { KEY_LEFTALT, KEY_RIGHTALT },
				{ KEY_F12, 0 } },
			FALSE },
		{ "KEY_PAUSE", 1, { { KEY_PAUSE, 0 } }, FALSE },
		{ "win+btn_side", 2, { { KEY_LEFTMETA, KEY_RIGHTMETA }, { BTN_SIDE, 0 } }, FALSE },
		{ "f13", 1, { { KEY_F13, 0 } }, FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Chord chord = parse(cases[i].text);

		g_test_message("%s", cases[i].text);
		g_assert_cmpuint(chord.n_keys, ==, cases[i].n_keys);
		g_assert_cmpint(chord.twice, ==, cases[i].twice);
		for (guint k = 0; k < chord.n_keys; k++) {
			g_assert_cmpuint(chord.keys[k].codes[0], ==, cases[i].codes[k][0]);
			g_assert_cmpuint(chord.keys[k].codes[1], ==, cases[i].codes[k][1]);
		}
	}
}

static void test_refused(void)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "no key; write" },
		{ "   ", "no key; write" },
		{ "super+supr+a", "unknown key \"supr\"; did you mean \"super\"?" },
		{ "ctrl+qwertz", "unknown key \"qwertz\"; hotseat.yaml(5) lists the names" },
		{ "ctrl++a", "a key is missing next to \"+\"" },
		{ "ctrl+", "a key is missing next to \"+\"" },
		{ "ctrl+leftctrl", "a key is named twice: leftctrl" },
		{ "a+ctrl+a", "a key is named twice: a" },
		{ "f1+f2+f3+f4+f5+f6+f7", "a hotkey has at most six keys; leave out f7" },
		{ "a", "typing presses this key, too" },
		{ "leftctrl", "typing presses this key, too" },
		{ "a+s", "fast typing presses these together, too" },
		{ "a a", "typing presses this key twice, too" },
		{ "scrolllock pause", "two words are a double tap, and must be the same key" },
		{ "ctrl+a ctrl+a", "two words are a double tap, and must be the same key" },
		{ "pause pause pause", "two words are a double tap, and must be the same key" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		Chord chord = { .n_keys = 99 };

		g_test_message("%s", cases[i].text);
		g_assert_false(chord_parse(cases[i].text, &chord, &error));
		g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG);
		assert_has(error->message, cases[i].why);
		g_assert_cmpuint(chord.n_keys, ==, 99);
	}
}

/* A key goes down (a positive code) or up (a negative one) at a time in ms; fires: the chord that
 * this fires, 0: none. */
typedef struct {
	int key, ms, fires;
} KeyStep;

#define STEPS_MAX 14

typedef struct {
	const char *what;
	const char *chords[3]; /* chord 1 to 3; a "!" before it: fires always */
	KeyStep steps[STEPS_MAX];
} Story;

static const Story stories[] = {
	{ "in order", { "super+shift+slash" },
		{ { KEY_LEFTMETA, 0, 0 }, { KEY_LEFTSHIFT, 1, 0 }, { KEY_SLASH, 2, 1 } } },
	{ "in another order", { "super+shift+slash" },
		{ { KEY_SLASH, 0, 0 }, { KEY_RIGHTSHIFT, 1, 0 }, { KEY_RIGHTMETA, 2, 1 } } },
	{ "a key was released", { "super+shift+slash" },
		{ { KEY_LEFTMETA, 0, 0 }, { KEY_LEFTSHIFT, 1, 0 }, { -KEY_LEFTMETA, 2, 0 },
			{ KEY_SLASH, 3, 0 } } },
	{ "again without releasing the modifiers", { "super+slash" },
		{ { KEY_LEFTMETA, 0, 0 }, { KEY_SLASH, 1, 1 }, { -KEY_SLASH, 2, 0 },
			{ KEY_SLASH, 3, 1 } } },
	{ "another key does not fire it", { "super+slash" },
		{ { KEY_LEFTMETA, 0, 0 }, { KEY_SLASH, 1, 1 }, { KEY_A, 2, 0 },
			{ -KEY_A, 3, 0 } } },
	{ "one modifier more", { "ctrl+f1" },
		{ { KEY_LEFTCTRL, 0, 0 }, { KEY_LEFTALT, 1, 0 }, { KEY_F1, 2, 0 } } },
	{ "another key held", { "ctrl+f1" },
		{ { KEY_W, 0, 0 }, { KEY_LEFTCTRL, 1, 0 }, { KEY_F1, 2, 1 } } },
	{ "panic whatever is held", { "!ctrl+f1" },
		{ { KEY_W, 0, 0 }, { KEY_LEFTALT, 1, 0 }, { KEY_LEFTCTRL, 2, 0 },
			{ KEY_F1, 3, 1 } } },
	{ "modifiers only", { "leftctrl+rightctrl" },
		{ { KEY_LEFTCTRL, 0, 0 }, { -KEY_LEFTCTRL, 1, 0 }, { KEY_RIGHTCTRL, 2, 0 },
			{ KEY_LEFTCTRL, 3, 1 } } },
	{ "the longest wins", { "ctrl+f1", "ctrl+alt+f1", "alt+f1" },
		{ { KEY_LEFTCTRL, 0, 0 }, { KEY_LEFTALT, 1, 0 }, { KEY_F1, 2, 2 },
			{ -KEY_F1, 3, 0 }, { -KEY_LEFTCTRL, 4, 0 }, { KEY_F1, 5, 3 } } },
	{ "twice", { "scrolllock scrolllock" },
		{ { KEY_SCROLLLOCK, 0, 0 }, { -KEY_SCROLLLOCK, 100, 0 },
			{ KEY_SCROLLLOCK, 500, 1 } } },
	{ "twice, too slowly", { "scrolllock scrolllock" },
		{ { KEY_SCROLLLOCK, 0, 0 }, { -KEY_SCROLLLOCK, 100, 0 }, { KEY_SCROLLLOCK, 501, 0 },
			{ -KEY_SCROLLLOCK, 600, 0 }, { KEY_SCROLLLOCK, 700, 1 } } },
	{ "twice with a key between", { "scrolllock scrolllock" },
		{ { KEY_SCROLLLOCK, 0, 0 }, { -KEY_SCROLLLOCK, 10, 0 }, { KEY_A, 20, 0 },
			{ -KEY_A, 30, 0 }, { KEY_SCROLLLOCK, 40, 0 } } },
	{ "three presses are one double tap", { "scrolllock scrolllock" },
		{ { KEY_SCROLLLOCK, 0, 0 }, { -KEY_SCROLLLOCK, 10, 0 }, { KEY_SCROLLLOCK, 20, 1 },
			{ -KEY_SCROLLLOCK, 30, 0 }, { KEY_SCROLLLOCK, 40, 0 },
			{ -KEY_SCROLLLOCK, 50, 0 }, { KEY_SCROLLLOCK, 60, 1 } } },
	{ "a modifier twice", { "rightctrl rightctrl" },
		{ { KEY_RIGHTCTRL, 0, 0 }, { -KEY_RIGHTCTRL, 10, 0 }, { KEY_LEFTCTRL, 20, 0 },
			{ -KEY_LEFTCTRL, 30, 0 }, { KEY_RIGHTCTRL, 40, 0 },
			{ -KEY_RIGHTCTRL, 50, 0 }, { KEY_RIGHTCTRL, 60, 1 } } },
	{ "a key on its own", { "pause" }, { { KEY_PAUSE, 0, 1 }, { -KEY_PAUSE, 1, 0 } } },
	{ "one modifier on two keyboards, released on one", { "ctrl+f1" },
		{ { KEY_LEFTCTRL, 0, 0 }, { KEY_LEFTCTRL, 1, 0 }, { -KEY_LEFTCTRL, 2, 0 },
			{ KEY_F1, 3, 1 } } },
	{ "released before it was seen to go down", { "ctrl+f1" },
		{ { -KEY_LEFTCTRL, 0, 0 }, { KEY_LEFTCTRL, 1, 0 }, { KEY_F1, 2, 1 } } },
};

static void set_chords(ChordMatcher *matcher, const Story *story)
{
	for (guint i = 0; i < G_N_ELEMENTS(story->chords) && story->chords[i] != NULL; i++) {
		gboolean always = *story->chords[i] == '!';

		matcher->chords[i] = parse(story->chords[i] + always);
		matcher->chords[i].always = always;
		matcher->n_chords = i + 1;
	}
}

static void test_stories(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(stories); i++) {
		g_autofree ChordMatcher *matcher = g_new0(ChordMatcher, 1);

		g_test_message("%s", stories[i].what);
		set_chords(matcher, &stories[i]);
		for (const KeyStep *s = stories[i].steps; s < stories[i].steps + STEPS_MAX; s++) {
			int fired = -1;

			if (s->key > 0)
				fired = chord_press(matcher, (guint)s->key, s->ms * 1000);
			else if (s->key < 0)
				chord_release(matcher, (guint)-s->key);
			g_assert_cmpint(fired + 1, ==, s->fires);
		}
	}
}

static void test_held_at_start(void)
{
	g_autofree ChordMatcher *matcher = g_new0(ChordMatcher, 1);

	matcher->chords[0] = parse("ctrl+f1");
	matcher->n_chords = 1;
	chord_hold(matcher, KEY_LEFTCTRL);
	g_assert_cmpint(chord_press(matcher, KEY_F1, 0), ==, 0);
}

/* Every name leads to a key, and back. */
static void test_names(void)
{
	static const char *const names[] = { "volumeup", "mute", "102nd", "kpenter", "leftmeta",
		"btn_extra", "micmute", "macro10" };
	KeyChoice key;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_assert_true(key_from_name(names[i], &key));
		g_assert_cmpstr(key_name(key.codes[0]), ==, names[i]);
	}
	g_assert_false(key_from_name("", &key));
	g_assert_false(key_from_name("KEY_", &key));
	g_assert_null(key_name(KEY_MAX));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/chord/parsed", test_parsed);
	g_test_add_func("/chord/refused", test_refused);
	g_test_add_func("/chord/stories", test_stories);
	g_test_add_func("/chord/held-at-start", test_held_at_start);
	g_test_add_func("/chord/names", test_names);
	return g_test_run();
}
