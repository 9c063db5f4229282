/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is kept of a command's output, and for how long.
 */
#include "hook/output.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void put(int fd, const char *text)
{
	g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize)strlen(text));
}

static HookOutput *take(int *fd)
{
	g_autoptr(GError) error = NULL;
	HookOutput *output = hook_output_take(fd, &error);

	g_assert_no_error(error);
	return output;
}

static void until_pipes(guint n)
{
	while (hook_output_pipes() != n)
		g_main_context_iteration(NULL, TRUE);
}

/* The command has closed its output: what it wrote is there until it has ended. */
static void test_closed_before_the_end(void)
{
	int fd;
	HookOutput *output = take(&fd);

	g_assert_cmpuint(hook_output_pipes(), ==, 1);
	put(fd, "one\n");
	close(fd);
	until_pipes(0);
	g_assert_cmpstr(hook_output_text(output)->str, ==, "one\n");
	hook_output_release(output);
}

/* The command has ended, and what it left running writes on. */
static void test_closed_after_the_end(void)
{
	int fd;
	HookOutput *output = take(&fd);

	hook_output_release(output);
	g_assert_cmpuint(hook_output_pipes(), ==, 1);
	put(fd, "late\n");
	g_main_context_iteration(NULL, FALSE);
	g_assert_cmpuint(hook_output_pipes(), ==, 1);
	close(fd);
	until_pipes(0);
	hook_output_release(NULL);
}

/* What is there is read at once, and at the end of it there is no wait. */
static void test_text(void)
{
	int fd;
	HookOutput *output = take(&fd);

	g_assert_cmpstr(hook_output_text(output)->str, ==, "");
	put(fd, "a");
	g_assert_cmpstr(hook_output_text(output)->str, ==, "a");
	put(fd, "bc");
	g_assert_cmpstr(hook_output_text(output)->str, ==, "abc");
	close(fd);
	g_assert_cmpstr(hook_output_text(output)->str, ==, "abc");
	hook_output_release(output);
	until_pipes(0);
}

/* The end is kept, to the byte. */
static void test_kept(void)
{
	g_autofree char *full = g_strnfill(HOOK_OUTPUT_KEPT, 'x');
	g_autofree char *expected = g_strconcat(full + 2, "yz", NULL);
	int fd;
	HookOutput *output = take(&fd);

	put(fd, full);
	g_assert_cmpstr(hook_output_text(output)->str, ==, full);
	put(fd, "yz");
	g_assert_cmpuint(hook_output_text(output)->len, ==, HOOK_OUTPUT_KEPT);
	g_assert_cmpstr(hook_output_text(output)->str, ==, expected);
	close(fd);
	hook_output_release(output);
	until_pipes(0);
}

/* However much a pipe holds, only so much is read in a row: 64 KiB, in lines of 8 bytes here. */
static void test_reads_have_an_end(void)
{
	const guint lines = 200 * 1024 / 8, read_at_once = 64 * 1024 / 8;
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *last = g_strdup_printf("%07u\n", read_at_once - 1);
	int fd;
	HookOutput *output = take(&fd);

	if (fcntl(fd, F_SETPIPE_SZ, 256 * 1024) < 0) {
		g_test_skip("this machine allows no pipe of 256 KiB");
	} else {
		for (guint i = 0; i < lines; i++)
			g_string_append_printf(text, "%07u\n", i);
		put(fd, text->str);
		g_assert_true(g_str_has_suffix(hook_output_text(output)->str, last));
	}
	close(fd);
	hook_output_release(output);
	until_pipes(0);
}

/* -- more commands than pipes ----------------------------------------------------------------- */

/* The pipe to share is the oldest that only leftovers write to, and their words do not count. */
static void test_shared(void)
{
	HookOutput *outputs[HOOK_PIPES_MAX], *shared;
	int fds[HOOK_PIPES_MAX], fd;

	for (int i = 0; i < HOOK_PIPES_MAX; i++)
		outputs[i] = take(&fds[i]);
	hook_output_release(outputs[2]);
	hook_output_release(outputs[5]);
	put(fds[2], "leftover\n");
	shared = take(&fd);
	g_assert_true(shared == outputs[2]);
	g_assert_cmpuint(hook_output_pipes(), ==, HOOK_PIPES_MAX);
	put(fd, "own\n");
	g_assert_cmpstr(hook_output_text(shared)->str, ==, "own\n");
	/* both ends have to be closed */
	close(fd);
	g_main_context_iteration(NULL, FALSE);
	g_assert_cmpuint(hook_output_pipes(), ==, HOOK_PIPES_MAX);
	hook_output_release(shared);
	for (int i = 0; i < HOOK_PIPES_MAX; i++)
		close(fds[i]);
	until_pipes(0);
	for (int i = 0; i < HOOK_PIPES_MAX; i++)
		if (i != 2 && i != 5)
			hook_output_release(outputs[i]);
}

/* All are used by commands: the oldest is shared, and lives for as long as both. */
static void test_shared_with_a_command(void)
{
	HookOutput *outputs[HOOK_PIPES_MAX], *shared;
	int fds[HOOK_PIPES_MAX], fd;

	for (int i = 0; i < HOOK_PIPES_MAX; i++)
		outputs[i] = take(&fds[i]);
	shared = take(&fd);
	g_assert_true(shared == outputs[0]);
	close(fd);
	for (int i = 0; i < HOOK_PIPES_MAX; i++)
		close(fds[i]);
	until_pipes(0);
	hook_output_release(shared);
	g_assert_cmpstr(hook_output_text(outputs[0])->str, ==, "");
	for (int i = 0; i < HOOK_PIPES_MAX; i++)
		hook_output_release(outputs[i]);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hook-output/closed-before-the-end", test_closed_before_the_end);
	g_test_add_func("/hook-output/closed-after-the-end", test_closed_after_the_end);
	g_test_add_func("/hook-output/text", test_text);
	g_test_add_func("/hook-output/kept", test_kept);
	g_test_add_func("/hook-output/reads-have-an-end", test_reads_have_an_end);
	g_test_add_func("/hook-output/shared", test_shared);
	g_test_add_func("/hook-output/shared/with-a-command", test_shared_with_a_command);
	return g_test_run();
}
