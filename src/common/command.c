/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/command.h"

#include <string.h>

char *command_word(const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789/._-+:,=@%";

	return *word != '\0' && strspn(word, safe) == strlen(word) ? g_strdup(word)
								   : g_shell_quote(word);
}

char *command_text(const char *const *words)
{
	GString *text = g_string_new(NULL);

	for (const char *const *word = words; *word != NULL; word++) {
		g_autofree char *quoted = command_word(*word);

		g_string_append_printf(text, "%s%s", word != words ? " " : "", quoted);
	}
	return g_string_free(text, FALSE);
}

void command_add_option(GString *command, const char *option, const char *value)
{
	g_autofree char *quoted = command_word(value);

	g_string_append_printf(command, " %s %s", option, quoted);
}
