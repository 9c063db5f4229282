/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ini.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LENGTH	 64
#define VALUE_MAX_LENGTH 1024

typedef enum { NOTHING, SECTION, KEY, WRONG, TOO_LONG } Kind;

typedef struct {
	const char *at;	  /* the line */
	const char *next; /* the next line; NULL at the end */
	size_t length;	  /* without its end */
	Kind kind;
	char name[NAME_MAX_LENGTH]; /* of the section, or the key */
	const char *value;	    /* of the key: value_length bytes of the text */
	size_t value_length;
} Line;

static Kind read_key(Line *line, const char *text, size_t length)
{
	const char *equals = memchr(text, '=', length);
	size_t name_length;

	if (equals == NULL)
		return WRONG;
	line->value = equals + 1;
	line->value_length = core_text_strip(&line->value, (size_t)(text + length - line->value));
	name_length = core_text_strip(&text, (size_t)(equals - text));
	if (name_length == 0)
		return WRONG;
	return core_text_copy(line->name, sizeof line->name, text, name_length) ? KEY : TOO_LONG;
}

static Kind read_section(Line *line, const char *text, size_t length)
{
	if (text[length - 1] != ']')
		return WRONG;
	text++;
	length = core_text_strip(&text, length - 2);
	return core_text_copy(line->name, sizeof line->name, text, length) ? SECTION : TOO_LONG;
}

static void read_line(Line *line, const char *at)
{
	const char *end = strchr(at, '\n'), *text = at;
	size_t length;

	*line = (Line){ .at = at, .next = end != NULL ? end + 1 : NULL };
	line->length = end != NULL ? (size_t)(end - at) : strlen(at);
	length = core_text_strip(&text, line->length);
	if (length == 0 || *text == ';' || *text == '#')
		line->kind = NOTHING;
	else if (*text == '[' && length >= 2)
		line->kind = read_section(line, text, length);
	else
		line->kind = read_key(line, text, length);
}

static bool take_key(const Line *line, const char *section, int number, IniFunc func, void *user,
	Problem *problem)
{
	char value[VALUE_MAX_LENGTH];

	if (!core_text_copy(value, sizeof value, line->value, line->value_length))
		return core_problem_set(
			problem, "line %d: the value of \"%s\" is too long", number, line->name);
	return func(section, line->name, value, number, user);
}

bool core_ini_read(const char *text, IniFunc func, void *user, Problem *problem)
{
	char section[NAME_MAX_LENGTH] = "";
	int number = 0;
	Line line;

	for (const char *at = text; at != NULL; at = line.next) {
		read_line(&line, at);
		number++;
		if (line.kind == WRONG)
			return core_problem_set(problem,
				"line %d is neither \"[section]\" nor \"key = value\"", number);
		if (line.kind == TOO_LONG)
			return core_problem_set(
				problem, "line %d has a name that is too long", number);
		if (line.kind == SECTION)
			memcpy(section, line.name, sizeof section);
		if (line.kind == KEY && !take_key(&line, section, number, func, user, problem))
			return false;
	}
	return true;
}

/* Where core_ini_set() writes: the text between from and to is replaced. */
typedef struct {
	const char *from, *to;
	bool found; /* the key exists already */
	bool in_section;
} IniPlace;

static IniPlace find_place(const char *text, const char *section, const char *key)
{
	const char *end = text + strlen(text);
	IniPlace place = { end, end, false, false };
	bool inside = *section == '\0';
	Line line;

	for (const char *at = text; at != NULL; at = line.next) {
		read_line(&line, at);
		if (line.kind == SECTION)
			inside = core_text_same(line.name, section);
		if (!inside || line.kind == NOTHING)
			continue;
		place.in_section = true;
		place.from = place.to = line.next != NULL ? line.next : end;
		if (line.kind == KEY && core_text_same(line.name, key)) {
			place.from = at;
			place.found = true;
			break;
		}
	}
	return place;
}

char *core_ini_set(const char *text, const char *section, const char *key, const char *value)
{
	IniPlace place = find_place(text, section, key);
	size_t before = (size_t)(place.from - text);
	/* "\r\n[", "]\r\n", " = ", "\r\n", and the NUL */
	size_t size = strlen(text) + strlen(section) + strlen(key) + strlen(value) + 16;
	const char *break_before = before > 0 && text[before - 1] != '\n' ? "\r\n" : "";
	char *out = malloc(size);

	if (out == NULL)
		return NULL;
	memcpy(out, text, before);
	if (place.in_section || *section == '\0')
		core_text_format(out + before, size - before, "%s%s = %s\r\n%s", break_before, key,
			value, place.to);
	else
		core_text_format(out + before, size - before, "%s[%s]\r\n%s = %s\r\n%s",
			break_before, section, key, value, place.to);
	return out;
}
