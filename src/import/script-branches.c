/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The branches of shell scripts, and which side each is for.
 */
#include "import/script-private.h"

#include <string.h>

/* -- branches --------------------------------------------------------------------------------- */

GRegex *script_pattern(const Script *script, const char *pattern, GRegexCompileFlags flags)
{
	GRegex *regex = g_hash_table_lookup(script->patterns, pattern);

	if (regex == NULL) {
		regex = g_regex_new(pattern, flags | G_REGEX_RAW, 0, NULL);
		g_hash_table_insert(script->patterns, (gpointer)pattern, regex);
	}
	return regex;
}

gboolean script_matches(const Script *script, const char *pattern, const char *text)
{
	return g_regex_match(script_pattern(script, pattern, G_REGEX_CASELESS), text, 0, NULL);
}

guint script_sides(const Script *script, const char *text)
{
	guint sides = 0;

	if (script_matches(script,
		    "(^|[^a-z])(host|linux|off|stop|stopped|release|end|back|home)([^a-z]|$)",
		    text))
		sides |= 1U << SIDE_HOST;
	if (script_matches(script,
		    "(^|[^a-z])(guest|vm|windows|win|on|start|started|begin|prepare)([^a-z0-9]|$)",
		    text))
		sides |= 1U << SIDE_GUEST;
	/* "win10" can be just the domain's name. */
	if (sides == 0 && script_matches(script, "(^|[^a-z])win[0-9]+([^a-z]|$)", text))
		sides |= 1U << SIDE_GUEST;
	return sides;
}

Side script_side(guint sides)
{
	return sides == 1U << SIDE_HOST	   ? SIDE_HOST
	       : sides == 1U << SIDE_GUEST ? SIDE_GUEST
					   : SIDE_NONE;
}

/* The branches that a guard has not settled. */
static void end_branch(Script *script)
{
	Side side = script_side(script->side);

	if (side == SIDE_NONE)
		side = script_side(script->words);
	for (guint i = script->branch; i < script->sets->len; i++) {
		Set *set = script->sets->pdata[i];

		if (set->side == SIDE_NONE)
			set->side = side;
	}
	script->branch = script->sets->len;
	script->side = 0;
}

void script_begin_branch(Script *script, const char *words)
{
	end_branch(script);
	script->words = script_sides(script, words);
}

void script_forget_changed(Script *script)
{
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, script->changed);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		g_hash_table_remove(script->variables, name);
	g_hash_table_remove_all(script->changed);
}

/* -- reserved words --------------------------------------------------------------------------- */

const char *script_behind(const char *text, const char *word)
{
	gsize length = strlen(word);

	if (!g_str_has_prefix(text, word) ||
		(text[length] != '\0' && strchr(" \t\n;(<>", text[length]) == NULL))
		return NULL;
	text += length;
	return text + strspn(text, " \t\n");
}

static const char *begin_condition(Script *script, const char *rest)
{
	script_begin_branch(script, rest);
	script->in_condition = TRUE;
	return rest;
}

static const char *end_condition(Script *script, const char *rest)
{
	script->in_condition = FALSE;
	return rest;
}

static const char *begin_else(Script *script, const char *rest)
{
	script_begin_branch(script, "");
	return rest;
}

static const char *end_if(Script *script, const char *rest)
{
	script_begin_branch(script, "");
	script_forget_changed(script);
	return "";
}

static const char *begin_case(Script *script, const char *rest)
{
	const char *in = strstr(rest, " in");

	script_begin_branch(script, "");
	script->cases++;
	return in != NULL ? in + strlen(" in") + strspn(in + strlen(" in"), " \t\n") : "";
}

static const char *end_case(Script *script, const char *rest)
{
	script->cases -= script->cases > 0 ? 1 : 0;
	return end_if(script, rest);
}

static const char *end_body(Script *script, const char *rest)
{
	script_begin_branch(script, "");
	return "";
}

static const char *skip(Script *script, const char *rest)
{
	return rest;
}

static const struct {
	const char *word;
	const char *(*read)(Script *script, const char *rest); /* Returns the rest of the text. */
} reserved[] = {
	{ "if", begin_condition },
	{ "elif", begin_condition },
	{ "while", begin_condition },
	{ "until", begin_condition },
	{ "then", end_condition },
	{ "do", end_condition },
	{ "else", begin_else },
	{ "fi", end_if },
	{ "end", end_if }, /* fish */
	{ "case", begin_case },
	{ "esac", end_case },
	{ "done", skip },
	{ "{", skip },
	{ "}", end_body },
	{ "!", skip },
	{ "time", skip },
};

/* "started)" and "(started|begin)" in a case */
static const char *read_pattern(Script *script, const char *text)
{
	const char *close = strchr(text, ')');
	g_autofree char *pattern = NULL;

	if (script->cases == 0 || close == NULL ||
		strcspn(text + (*text == '('), "()$`=;") < (gsize)(close - text) - (*text == '('))
		return NULL;
	pattern = g_strndup(text, (gsize)(close - text));
	script_begin_branch(script, pattern);
	return close + 1 + strspn(close + 1, " \t\n");
}

char *script_function_name(const Script *script, const char *text, const char **rest)
{
	GRegex *regex = script_pattern(script,
		"^(?:function\\s+([\\w.:-]+)\\s*(?:\\(\\s*\\))?|(["
		"\\w.:-]+)\\s*\\(\\s*\\))\\s*\\{?\\s*",
		0);
	g_autoptr(GMatchInfo) match = NULL;
	char *name;
	int end;

	if (!g_regex_match(regex, text, 0, &match))
		return NULL;
	g_match_info_fetch_pos(match, 0, NULL, &end);
	*rest = text + end;
	name = g_match_info_fetch(match, 1);
	if (*name == '\0') {
		g_free(name);
		name = g_match_info_fetch(match, 2);
	}
	return name;
}

const char *script_read_structure(Script *script, const char *text)
{
	gboolean again = TRUE;

	while (again && *text != '\0') {
		const char *rest = read_pattern(script, text);
		g_autofree char *name =
			rest == NULL ? script_function_name(script, text, &rest) : NULL;

		if (name != NULL && script->call_line == 0)
			script_begin_branch(script, name);
		for (gsize i = 0; i < G_N_ELEMENTS(reserved) && rest == NULL; i++) {
			const char *left = script_behind(text, reserved[i].word);

			if (left != NULL)
				rest = reserved[i].read(script, left);
		}
		again = rest != NULL;
		text = again ? rest : text;
	}
	return text;
}
