/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chord.h"

#include <string.h>

typedef struct {
	const char *name;
	unsigned number;
} Name;

/* The first name of a number is used in texts. */
static const Name modifiers[] = {
	{ "Ctrl", CHORD_CTRL },
	{ "Alt", CHORD_ALT },
	{ "Shift", CHORD_SHIFT },
	{ "Win", CHORD_WIN },
	{ "Control", CHORD_CTRL },
	{ "Windows", CHORD_WIN },
	{ "Super", CHORD_WIN },
};

/* virtual key codes: winuser.h */
static const Name keys[] = {
	{ "Backspace", 0x08 },
	{ "Tab", 0x09 },
	{ "Enter", 0x0d },
	{ "Return", 0x0d },
	{ "Pause", 0x13 },
	{ "Esc", 0x1b },
	{ "Escape", 0x1b },
	{ "Space", 0x20 },
	{ "PageUp", 0x21 },
	{ "PageDown", 0x22 },
	{ "End", 0x23 },
	{ "Home", 0x24 },
	{ "Left", 0x25 },
	{ "Up", 0x26 },
	{ "Right", 0x27 },
	{ "Down", 0x28 },
	{ "PrintScreen", 0x2c },
	{ "Insert", 0x2d },
	{ "Delete", 0x2e },
	{ "Menu", 0x5d },
	{ "Num0", 0x60 },
	{ "Num1", 0x61 },
	{ "Num2", 0x62 },
	{ "Num3", 0x63 },
	{ "Num4", 0x64 },
	{ "Num5", 0x65 },
	{ "Num6", 0x66 },
	{ "Num7", 0x67 },
	{ "Num8", 0x68 },
	{ "Num9", 0x69 },
	{ "NumMultiply", 0x6a },
	{ "NumPlus", 0x6b },
	{ "NumMinus", 0x6d },
	{ "NumDivide", 0x6f },
	{ "NumLock", 0x90 },
	{ "ScrollLock", 0x91 },
};

#define COUNT(array)	 (sizeof(array) / sizeof(array)[0])
#define KEY_F1		 0x70
#define FUNCTION_KEYS	 24
#define TEXT_KEYS_BEFORE 0x30 /* from here on, up to KEY_F1, keys type something… */
#define SPACE_KEY	 0x20 /* …as does this one */
#define NAME_LENGTH_MAX	 16

static const Name *find_name(const Name *names, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (core_text_same(names[i].name, text))
			return &names[i];
	return NULL;
}

static const char *find_number(const Name *names, size_t count, unsigned number)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

/* F1 to F24; 0 if text is none of them */
static unsigned function_key(const char *text)
{
	unsigned number = 0;

	if ((text[0] != 'F' && text[0] != 'f') || text[1] == '0')
		return 0;
	for (text++; core_text_is_digit(*text) && number <= FUNCTION_KEYS; text++)
		number = number * 10 + (unsigned)(*text - '0');
	return *text == '\0' && number >= 1 && number <= FUNCTION_KEYS ? KEY_F1 + number - 1 : 0;
}

static bool one_character(char c, KeyChord *chord)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	/* the codes of letters and digits are those of the capitals in ASCII */
	if (core_text_is_digit(c) || (c >= 'A' && c <= 'Z'))
		chord->key = (unsigned)c;
	else if (core_text_is_plain(c) && c != ' ')
		chord->character = c;
	else
		return false;
	return true;
}

static bool parse_key(const char *text, KeyChord *chord, Problem *problem)
{
	const Name *name = find_name(keys, COUNT(keys), text);

	chord->key = name != NULL ? name->number : function_key(text);
	if (chord->key != 0 || (strlen(text) == 1 && one_character(text[0], chord)))
		return true;
	if (find_name(modifiers, COUNT(modifiers), text) != NULL)
		return core_problem_set(problem,
			"the hotkey needs a key besides %s, for example Win+Shift+/", text);
	return core_problem_set(problem,
		"unknown key \"%s\" in the hotkey; use a letter, a digit, a character, F1 to F24, "
		"or a name such as Pause, Insert, Num0",
		text);
}

static bool types_something(const KeyChord *chord)
{
	return chord->key == 0 || chord->key == SPACE_KEY ||
	       (chord->key >= TEXT_KEYS_BEFORE && chord->key < KEY_F1);
}

/* Takes the part before the next "+" that is not at its beginning. False for the last part. */
static bool take_part(const char **text, char part[NAME_LENGTH_MAX], Problem *problem, bool *last)
{
	const char *start = *text, *plus;
	size_t length;

	while (core_text_is_space(*start))
		start++;
	plus = *start != '\0' ? strchr(start + 1, '+') : NULL;
	*last = plus == NULL;
	length = *last ? strlen(start) : (size_t)(plus - start);
	*text = *last ? start + length : plus + 1;
	length = core_text_strip(&start, length);
	if (length == 0)
		return core_problem_set(
			problem, "the hotkey is incomplete; write it like Win+Shift+/");
	if (!core_text_copy(part, NAME_LENGTH_MAX, start, length))
		return core_problem_set(
			problem, "the hotkey has no key named \"%.*s\"", (int)length, start);
	return true;
}

bool core_chord_parse(const char *text, KeyChord *chord, Problem *problem)
{
	KeyChord found = { 0 };
	char part[NAME_LENGTH_MAX];
	const Name *modifier;
	bool last;

	for (;;) {
		if (!take_part(&text, part, problem, &last))
			return false;
		if (last)
			break;
		modifier = find_name(modifiers, COUNT(modifiers), part);
		if (modifier == NULL)
			return core_problem_set(problem,
				"\"%s\" in the hotkey is not a modifier; use Ctrl, Alt, Shift, Win",
				part);
		found.modifiers |= modifier->number;
	}
	if (!parse_key(part, &found, problem))
		return false;
	if (types_something(&found) && (found.modifiers & ~(unsigned)CHORD_SHIFT) == 0)
		return core_problem_set(problem,
			"the hotkey %s would block a key that you type with; add Ctrl, Alt or Win",
			part);
	*chord = found;
	return true;
}

static void format_key(const KeyChord *chord, char key[NAME_LENGTH_MAX])
{
	const char *name = find_number(keys, COUNT(keys), chord->key);

	if (chord->key == 0)
		core_text_format(key, NAME_LENGTH_MAX, "%c", chord->character);
	else if (name != NULL)
		core_text_format(key, NAME_LENGTH_MAX, "%s", name);
	else if (chord->key >= KEY_F1)
		core_text_format(key, NAME_LENGTH_MAX, "F%u", chord->key - KEY_F1 + 1);
	else
		core_text_format(key, NAME_LENGTH_MAX, "%c", (char)chord->key);
}

void core_chord_format(const KeyChord *chord, char *out)
{
	static const unsigned order[] = { CHORD_CTRL, CHORD_ALT, CHORD_WIN, CHORD_SHIFT };
	char key[NAME_LENGTH_MAX];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < COUNT(order); i++) {
		if ((chord->modifiers & order[i]) == 0)
			continue;
		core_text_format(out + used, CHORD_TEXT_MAX - used, "%s+",
			find_number(modifiers, COUNT(modifiers), order[i]));
		used += strlen(out + used);
	}
	format_key(chord, key);
	core_text_format(out + used, CHORD_TEXT_MAX - used, "%s", key);
}
