/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands to paste: a shell reads back just the words that went in.
 */
#include "common/command.h"

static void test_word(void)
{
	static const struct {
		const char *word, *wanted;
	} cases[] = {
		{ "/etc/hotseat/config.yaml", "/etc/hotseat/config.yaml" },
		{ "qemu+ssh://x@host:22/system", "qemu+ssh://x@host:22/system" },
		{ "", "''" },
		{ "Windows 11", "'Windows 11'" },
		{ "it's mine", "'it'\\''s mine'" },
		{ "$(reboot)", "'$(reboot)'" },
		{ "&&", "'&&'" },
		{ "~root", "'~root'" },
		{ "büro", "'büro'" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *quoted = command_word(cases[i].word);

		g_assert_cmpstr(quoted, ==, cases[i].wanted);
	}
}

static void test_text(void)
{
	static const char *const words[] = { "virsh", "start", "Windows 11", "&&", ";", "\n",
		NULL };
	static const char *const none[] = { NULL };
	g_autofree char *text = command_text(words), *empty = command_text(none);
	g_auto(GStrv) read_back = NULL;

	g_assert_cmpstr(text, ==, "virsh start 'Windows 11' '&&' ';' '\n'");
	g_assert_true(g_shell_parse_argv(text, NULL, &read_back, NULL));
	g_assert_true(g_strv_equal((const char *const *)read_back, words));
	g_assert_cmpstr(empty, ==, "");
}

static void test_option(void)
{
	g_autoptr(GString) command = g_string_new("hotseat guest-kit");

	command_add_option(command, "--guest", "a b");
	g_assert_cmpstr(command->str, ==, "hotseat guest-kit --guest 'a b'");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/command/word", test_word);
	g_test_add_func("/command/text", test_text);
	g_test_add_func("/command/option", test_option);
	return g_test_run();
}
