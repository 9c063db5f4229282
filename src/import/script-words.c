/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words and variables of shell scripts.
 */
#include "import/script-private.h"

#include <string.h>

#define NAME "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

static void append_variable(const Script *script, const char **at, GString *out)
{
	const char *name = *at + 1;
	gboolean braces = *name == '{';
	gsize length;
	g_autofree char *key = NULL;
	const char *value;

	name += braces ? 1 : 0;
	length = g_ascii_isdigit(*name) && !braces ? 1 : strspn(name, NAME);
	key = g_strndup(name, length);
	/* "${x%.*}" and "${x[1]}" are not the variable's value. */
	value = braces && name[length] != '}' ? NULL : g_hash_table_lookup(script->variables, key);
	g_string_append(out, value != NULL ? value : "$");
	if (value == NULL)
		g_string_append(out, key);
	*at = name + length;
	if (braces)
		*at += strcspn(*at, "}\n");
	if (braces && **at == '}')
		(*at)++;
}

/* Does a backslash make the next character an ordinary one? */
static gboolean is_escape(const char *at, char quote)
{
	if (*at != '\\' || at[1] == '\0' || quote == '\'')
		return FALSE;
	return quote == '\0' || strchr("\"\\$`", at[1]) != NULL;
}

char *script_next_word(const Script *script, const char **at)
{
	GString *word = g_string_new(NULL);
	gboolean begun = FALSE;
	char quote = '\0';

	*at += strspn(*at, " \t");
	while (**at != '\0' && (quote != '\0' || strchr(" \t\n;|&()<>`", **at) == NULL)) {
		char c = **at;

		begun = TRUE;
		if (quote == '\0' && (c == '"' || c == '\'')) {
			quote = c;
			(*at)++;
		} else if (c == quote) {
			quote = '\0';
			(*at)++;
		} else if (is_escape(*at, quote)) {
			g_string_append_c(word, (*at)[1]);
			*at += 2;
		} else if (c == '$' && quote != '\'') {
			append_variable(script, at, word);
		} else {
			g_string_append_c(word, c);
			(*at)++;
		}
	}
	return g_string_free(word, !begun);
}

GStrv script_words(const Script *script, const char *at)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	char *word;

	while ((word = script_next_word(script, &at)) != NULL) {
		g_strv_builder_add(builder, word);
		g_free(word);
	}
	return g_strv_builder_end(builder);
}

char *script_expand(const Script *script, const char *text)
{
	GString *out = g_string_new(NULL);

	while (*text != '\0')
		if (*text == '$' && (text[1] == '{' || strchr(NAME, text[1]) != NULL) &&
			text[1] != '\0')
			append_variable(script, &text, out);
		else
			g_string_append_c(out, *text++);
	return g_string_free(out, FALSE);
}

/* -- assignments ------------------------------------------------------------------------------ */

static const char *skip_declaration(const char *text)
{
	static const char *const before[] = { "export", "local", "readonly", "declare", "typeset" };

	for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
		gsize length = strlen(before[i]);

		if (!g_str_has_prefix(text, before[i]) || strchr(" \t", text[length]) == NULL)
			continue;
		text += length;
		text += strspn(text, " \t");
		while (*text == '-') {
			text += strcspn(text, " \t");
			text += strspn(text, " \t");
		}
	}
	return text;
}

/* virsh without -c connects to this URI. */
static void take_uri(Script *script, const char *name, const char *value)
{
	if ((g_str_equal(name, "LIBVIRT_DEFAULT_URI") ||
		    g_str_equal(name, "VIRSH_DEFAULT_CONNECT_URI")) &&
		script->import->uri == NULL && *value != '\0' && strchr(value, '$') == NULL)
		script->import->uri = g_utf8_make_valid(value, -1);
}

/* Takes ownership of value; NULL: it is not literal. */
static void set_variable(Script *script, const char *name, char *value)
{
	const char *before = g_hash_table_lookup(script->variables, name);

	if (before != NULL && g_strcmp0(before, value) != 0)
		g_hash_table_add(script->changed, g_strdup(name));
	if (value == NULL) {
		g_hash_table_remove(script->variables, name);
		return;
	}
	take_uri(script, name, value);
	g_hash_table_insert(script->variables, g_strdup(name), value);
}

const char *script_assign(Script *script, const char *text)
{
	const char *at = skip_declaration(text);
	gsize length;

	while ((length = strspn(at, NAME)) > 0 && at[length] == '=' && !g_ascii_isdigit(*at)) {
		g_autofree char *name = g_strndup(at, length);
		gboolean literal;
		char *value;

		at += length + 1;
		literal = *at != '(' && *at != '`' && !g_str_has_prefix(at, "$(") &&
			  !g_str_has_prefix(at, "\"$(");
		value = strchr(" \t\n", *at) != NULL ? g_strdup("") : script_next_word(script, &at);
		if (!literal)
			g_clear_pointer(&value, g_free);
		set_variable(script, name, value);
		if (!literal)
			return "";
		at += strspn(at, " \t");
	}
	return at;
}
