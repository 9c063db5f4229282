/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/chord.h"

#include "common/error.h"

#include <string.h>

static gboolean refuse(GError **error, const char *format, const char *name)
{
	g_autofree char *message = g_strdup_printf("%s%s", format, name);

	g_set_error_literal(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG, message);
	return FALSE;
}

static gboolean refuse_name(GError **error, const char *name)
{
	const char *near = key_name_near(name);

	if (near != NULL)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG,
			"unknown key \"%s\"; did you mean \"%s\"?", name, near);
	else
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG,
			"unknown key \"%s\"; hotseat.yaml(5) lists the names", name);
	return FALSE;
}

static gboolean is_in(const KeyChoice *key, guint code)
{
	return key->codes[0] == code || (key->codes[1] == code && code != 0);
}

static gboolean read_keys(char **names, Chord *chord, GError **error)
{
	for (guint i = 0; names[i] != NULL; i++) {
		char *name = g_strstrip(names[i]);

		if (i == CHORD_KEYS_MAX)
			return refuse(error, "a hotkey has at most six keys; leave out ", name);
		if (*name == '\0')
			return refuse(error, "a key is missing next to \"+\"", "");
		if (!key_from_name(name, &chord->keys[i]))
			return refuse_name(error, name);
		for (guint k = 0; k < i; k++)
			if (key_choices_meet(&chord->keys[k], &chord->keys[i]))
				return refuse(error, "a key is named twice: ", name);
		chord->n_keys = i + 1;
	}
	return TRUE;
}

static guint typing_or_modifier(const Chord *chord)
{
	guint n = 0;

	for (guint i = 0; i < chord->n_keys; i++)
		n += key_is_typing(chord->keys[i].codes[0]) ||
		     key_is_modifier(chord->keys[i].codes[0]);
	return n;
}

static gboolean has_modifier(const Chord *chord)
{
	for (guint i = 0; i < chord->n_keys; i++)
		if (key_is_modifier(chord->keys[i].codes[0]))
			return TRUE;
	return FALSE;
}

/* Refuses hotkeys that normal typing or clicking would press. */
static gboolean check_usable(const Chord *chord, GError **error)
{
	if (chord->twice && key_is_typing(chord->keys[0].codes[0]))
		return refuse(error,
			"typing presses this key twice, too; use one like scrolllock, or a "
			"modifier",
			"");
	if (chord->twice)
		return TRUE;
	if (chord->n_keys == 1 && typing_or_modifier(chord) == 1)
		return refuse(error,
			"typing presses this key, too; add a modifier (ctrl+…), or write a key "
			"like scrolllock twice",
			"");
	if (!has_modifier(chord) && typing_or_modifier(chord) == chord->n_keys)
		return refuse(error, "fast typing presses these together, too; add a modifier", "");
	return TRUE;
}

static gboolean read_twice(char **words, Chord *chord, GError **error)
{
	if (g_strv_length(words) != 2 || strchr(words[0], '+') != NULL ||
		g_ascii_strcasecmp(words[0], words[1]) != 0)
		return refuse(error,
			"two words are a double tap, and must be the same key: \"scrolllock "
			"scrolllock\"; write \"+\" between keys that are held together",
			"");
	chord->twice = TRUE;
	words[1][0] = '\0';
	return read_keys((char *[]){ words[0], NULL }, chord, error);
}

/* "super + shift" is "super+shift" */
static char *without_spaces_at_plus(const char *text)
{
	g_autoptr(GRegex) regex = g_regex_new("\\s*\\+\\s*", 0, 0, NULL);
	g_autofree char *tight = g_regex_replace_literal(regex, text, -1, 0, "+", 0, NULL);
	g_autofree char *single = NULL;
	g_autoptr(GRegex) spaces = g_regex_new("\\s+", 0, 0, NULL);

	single = g_regex_replace_literal(spaces, tight != NULL ? tight : "", -1, 0, " ", 0, NULL);
	return g_strstrip(g_steal_pointer(&single));
}

gboolean chord_parse(const char *text, Chord *chord, GError **error)
{
	g_autofree char *tight = without_spaces_at_plus(text);
	g_auto(GStrv) words = g_strsplit(tight, " ", -1);
	Chord parsed = { 0 };

	if (words[0] == NULL)
		return refuse(error, "no key; write for example \"ctrl+alt+f12\"", "");
	if (words[1] != NULL) {
		if (!read_twice(words, &parsed, error))
			return FALSE;
	} else {
		g_auto(GStrv) names = g_strsplit(words[0], "+", -1);

		if (!read_keys(names, &parsed, error))
			return FALSE;
	}
	if (!check_usable(&parsed, error))
		return FALSE;
	*chord = parsed;
	return TRUE;
}

/* ---- matching */

static gboolean is_down(const ChordMatcher *matcher, const KeyChoice *key)
{
	return matcher->down[key->codes[0]] > 0 ||
	       (key->codes[1] != 0 && matcher->down[key->codes[1]] > 0);
}

/* Is a modifier down that the chord does not name? */
static gboolean has_foreign_modifier(const ChordMatcher *matcher, const Chord *chord)
{
	static const guint16 modifiers[] = { KEY_LEFTCTRL, KEY_RIGHTCTRL, KEY_LEFTSHIFT,
		KEY_RIGHTSHIFT, KEY_LEFTALT, KEY_RIGHTALT, KEY_LEFTMETA, KEY_RIGHTMETA };

	for (gsize m = 0; m < G_N_ELEMENTS(modifiers); m++) {
		gboolean named = FALSE;

		for (guint i = 0; i < chord->n_keys; i++)
			named |= is_in(&chord->keys[i], modifiers[m]);
		if (!named && matcher->down[modifiers[m]] > 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean is_complete(const ChordMatcher *matcher, const Chord *chord, guint code)
{
	gboolean has_code = FALSE;

	for (guint i = 0; i < chord->n_keys; i++) {
		has_code |= is_in(&chord->keys[i], code);
		if (!is_down(matcher, &chord->keys[i]))
			return FALSE;
	}
	return has_code && (chord->always || !has_foreign_modifier(matcher, chord));
}

static gboolean fires(const ChordMatcher *matcher, const Chord *chord, guint code, gint64 time_us)
{
	if (!is_complete(matcher, chord, code))
		return FALSE;
	return !chord->twice || (is_in(&chord->keys[0], matcher->last_press) &&
					time_us - matcher->last_press_us <= CHORD_TWICE_US);
}

void chord_hold(ChordMatcher *matcher, guint code)
{
	if (code < KEY_CNT && matcher->down[code] < G_MAXUINT8)
		matcher->down[code]++;
}

int chord_press(ChordMatcher *matcher, guint code, gint64 time_us)
{
	int best = -1;

	if (code == 0 || code >= KEY_CNT)
		return -1;
	chord_hold(matcher, code);
	for (guint i = 0; i < matcher->n_chords; i++)
		if (fires(matcher, &matcher->chords[i], code, time_us) &&
			(best < 0 || matcher->chords[i].n_keys > matcher->chords[best].n_keys))
			best = (int)i;
	matcher->last_press = best >= 0 ? 0 : code;
	matcher->last_press_us = time_us;
	return best;
}

void chord_release(ChordMatcher *matcher, guint code)
{
	if (code < KEY_CNT && matcher->down[code] > 0)
		matcher->down[code]--;
}
