/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text in the kit's files: each language reads back just that text, and nothing after it. The
 * shell's reader is GLib's (test-kit.c has the shell itself), settings have the agent's own and
 * GKeyFile; of AutoHotkey and PowerShell, which run on Windows, the rules that their manuals state
 * are here again.
 */
#include "core/ini.h"
#include "kit/quote.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* about_Quoting_Rules: in single quotes two of them are one, and nothing else is special. The
 * tokenizer takes U+2018 to U+201B for them. Returns what is behind the literal. */
static const char *read_powershell(const char *text, GString *out)
{
	g_assert_true(*text++ == '\'');
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (c == '\'' || (c >= 0x2018 && c <= 0x201b)) {
			const char *next = g_utf8_next_char(text);
			gunichar second = g_utf8_get_char(next);

			if (second != '\'' && !(second >= 0x2018 && second <= 0x201b))
				return next;
			text = next;
		}
		g_string_append_unichar(out, c);
	}
	return NULL;
}

/* EscapeChar: "`" makes the next character plain, or `n, `r and `t what they mean; v1 doubles the
 * quote instead. A semicolon after a space, or the end of a line, would end the literal. */
static const char *read_ahk(const char *text, gboolean v1, GString *out)
{
	g_assert_true(*text++ == '"');
	for (; *text != '\0'; text++) {
		if (*text == '`') {
			const char *named = strchr("n\nr\rt\t", *++text);

			g_string_append_c(
				out, named != NULL && g_ascii_isalpha(*text) ? named[1] : *text);
			continue;
		}
		if (*text == '"' && !(v1 && text[1] == '"'))
			return text + 1;
		if (*text == '"')
			text++;
		g_assert_true(*text != '\n' && *text != '\r');
		g_assert_false(*text == ';' && g_ascii_isspace(text[-1]));
		g_string_append_c(out, *text);
	}
	return NULL;
}

static void check_scripts(const char *text)
{
	g_autofree char *powershell = quote_powershell(text), *v1 = quote_ahk_v1(text);
	g_autofree char *v2 = quote_ahk_v2(text), *shell = g_shell_quote(text);
	g_autoptr(GString) a = g_string_new(NULL), b = g_string_new(NULL), c = g_string_new(NULL);
	g_autofree char *command = g_strconcat("x ", shell, " y", NULL);
	g_auto(GStrv) argv = NULL;

	g_assert_cmpstr(read_powershell(powershell, a), ==, "");
	g_assert_cmpstr(a->str, ==, text);
	g_assert_cmpstr(read_ahk(v1, TRUE, b), ==, "");
	g_assert_cmpstr(b->str, ==, text);
	g_assert_cmpstr(read_ahk(v2, FALSE, c), ==, "");
	g_assert_cmpstr(c->str, ==, text);
	g_assert_true(g_shell_parse_argv(command, NULL, &argv, NULL));
	g_assert_cmpuint(g_strv_length(argv), ==, 3);
	g_assert_cmpstr(argv[1], ==, text);
}

typedef struct {
	guint keys;
	char *value;
} Seen;

static bool see(const char *section, const char *key, const char *value, int line, void *user)
{
	Seen *seen = user;

	seen->keys++;
	if (strcmp(key, "secret") == 0) {
		g_free(seen->value);
		seen->value = g_strdup(value);
	}
	return true;
}

/* One line stays one line, with a key before and after it. */
static void check_lines(const char *text)
{
	g_autofree char *line = quote_line(text), *plain = g_strdup(line);
	g_autofree char *file =
		g_strdup_printf("[hotseat]\nurl = u\nsecret = %s\nhotkey = h\n", line);
	g_autoptr(GKeyFile) keys = g_key_file_new();
	g_autofree char *value = NULL;
	g_auto(GStrv) names = NULL;
	Seen seen = { 0 };
	Problem problem;

	g_assert_null(strpbrk(line, "\r\n\t\x1b"));
	g_assert_true(g_utf8_validate(line, -1, NULL));
	if (strlen(line) < 500) {
		const char *start = plain;
		gsize length = core_text_strip(&start, strlen(plain));
		g_autofree char *stripped = g_strndup(start, length);

		g_assert_true(core_ini_read(file, see, &seen, &problem));
		g_assert_cmpuint(seen.keys, ==, 3);
		g_assert_cmpstr(seen.value, ==, stripped);
	}
	g_assert_true(g_key_file_load_from_data(keys, file, strlen(file), G_KEY_FILE_NONE, NULL));
	value = g_key_file_get_value(keys, "hotseat", "secret", NULL);
	g_assert_nonnull(value);
	names = g_key_file_get_keys(keys, "hotseat", NULL, NULL);
	g_assert_cmpuint(g_strv_length(names), ==, 3);
	g_free(seen.value);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autofree char *bytes = g_strndup((const char *)data, size);
	g_autofree char *text = g_utf8_make_valid(bytes, -1);

	check_scripts(text);
	check_lines(text);
	return 0;
}
