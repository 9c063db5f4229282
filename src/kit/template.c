/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kit/template.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyz_"

/* The value whose placeholder is at the beginning of text; NULL: none. */
static const TemplateValue *find(const char *text, const TemplateValue *values)
{
	gsize length = strspn(text + 1, LETTERS);

	if (text[length + 1] != '@')
		return NULL;
	for (; values->name != NULL; values++)
		if (strlen(values->name) == length && strncmp(values->name, text + 1, length) == 0)
			return values;
	return NULL;
}

char *template_fill(const char *text, const TemplateValue *values, Quote quote)
{
	GString *out = g_string_new(NULL);

	while (*text != '\0') {
		const TemplateValue *value = *text == '@' ? find(text, values) : NULL;
		g_autofree char *quoted = value != NULL ? quote(value->value) : NULL;

		if (value != NULL) {
			g_string_append(out, quoted);
			text += strlen(value->name) + 2;
		} else {
			g_string_append_c(out, *text++);
		}
	}
	return g_string_free(out, FALSE);
}

char *template_crlf(const char *text)
{
	GString *out = g_string_new(text);

	g_string_replace(out, "\n", "\r\n", 0);
	return g_string_free(out, FALSE);
}
