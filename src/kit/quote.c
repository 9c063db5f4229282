/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kit/quote.h"

static const char *ahk_control(char c)
{
	switch (c) {
	case '\n':
		return "`n";
	case '\r':
		return "`r";
	case '\t':
		return "`t";
	default:
		return NULL;
	}
}

/* A semicolon after a space begins a comment, even between quotes. */
static char *quote_ahk(const char *text, const char *quote)
{
	GString *out = g_string_new("\"");

	for (; *text != '\0'; text++) {
		const char *control = ahk_control(*text);

		if (control != NULL)
			g_string_append(out, control);
		else if (*text == '"')
			g_string_append(out, quote);
		else if (*text == '`' || *text == ';')
			g_string_append_printf(out, "`%c", *text);
		else
			g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
	return g_string_free(out, FALSE);
}

char *quote_ahk_v1(const char *text)
{
	return quote_ahk(text, "\"\"");
}

char *quote_ahk_v2(const char *text)
{
	return quote_ahk(text, "`\"");
}

/* PowerShell treats typographic quotes like straight ones: IsSingleQuote() in its tokenizer. */
static gboolean is_single_quote(gunichar c)
{
	return c == '\'' || (c >= 0x2018 && c <= 0x201b);
}

char *quote_powershell(const char *text)
{
	GString *out = g_string_new("'");

	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (is_single_quote(c))
			g_string_append_unichar(out, c);
		g_string_append_unichar(out, c);
	}
	g_string_append_c(out, '\'');
	return g_string_free(out, FALSE);
}

char *quote_line(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		/* U+2028 and U+2029 end lines as well */
		if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029)
			g_string_append_c(out, '?');
		else
			g_string_append_unichar(out, c);
	}
	return g_string_free(out, FALSE);
}

char *quote_none(const char *text)
{
	return g_strdup(text);
}
