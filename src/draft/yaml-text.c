/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft/yaml-text.h"

/* Words that YAML 1.1 does not read as text. */
static gboolean is_special(const char *text)
{
	static const char *const words[] = { "y", "n", "yes", "no", "true", "false", "on", "off",
		"null", NULL };
	g_autofree char *lower = g_ascii_strdown(text, -1);

	return g_strv_contains(words, lower);
}

/* Does it need no quotes? YAML allows more without quotes: we quote what looks odd. */
static gboolean is_plain(const char *text)
{
	return g_regex_match_simple("^[A-Za-z]([A-Za-z0-9 ._/+()-]*[A-Za-z0-9._/+()])?$", text,
		       G_REGEX_DOLLAR_ENDONLY, 0) &&
	       !is_special(text);
}

void yaml_append_quoted(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (c == '"' || c == '\\')
			g_string_append_printf(out, "\\%c", (int)c);
		else if (c == '\n')
			g_string_append(out, "\\n");
		else if (c == '\t')
			g_string_append(out, "\\t");
		else if (g_unichar_isprint(c))
			g_string_append_unichar(out, c);
		else
			g_string_append_printf(out, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
	}
	g_string_append_c(out, '"');
}

void yaml_append_scalar(GString *out, const char *text)
{
	if (is_plain(text))
		g_string_append(out, text);
	else
		yaml_append_quoted(out, text);
}

void yaml_append_text(GString *out, const char *indent, const char *key, const char *text)
{
	if (text == NULL)
		return;
	g_string_append_printf(out, "%s%s: ", indent, key);
	yaml_append_scalar(out, text);
	g_string_append_c(out, '\n');
}
