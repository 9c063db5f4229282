/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command on a terminal and for a bar: status in colours, watch, desk.
 */
#include "cli-run.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <pty.h>
#include <unistd.h>

/* -- with a terminal -------------------------------------------------------------------------- */

/* What `hotseat status` prints on a terminal. */
static char *status_on_terminal(HttpDesk *desk, const char *name, const char *value)
{
	g_autoptr(GSubprocessLauncher) l = launcher(desk->path, G_SUBPROCESS_FLAGS_NONE);
	g_autoptr(GSubprocess) process = NULL;
	Terminal terminal = { .text = g_string_new(NULL) };
	int master, slave;

	g_assert_cmpint(openpty(&master, &slave, NULL, NULL, NULL), ==, 0);
	g_subprocess_launcher_take_stdout_fd(l, slave);
	g_subprocess_launcher_setenv(l, name, value, TRUE);
	process = g_subprocess_launcher_spawn(l, NULL, g_getenv("HOTSEAT"), "status", NULL);
	g_assert_nonnull(process);
	g_clear_object(&l);
	g_unix_fd_add(master, G_IO_IN | G_IO_HUP, terminal_read, &terminal);
	while (!terminal.over)
		pump(desk);
	close(master);
	return g_string_free(terminal.text, FALSE);
}

static void test_terminal(void)
{
	HttpDesk desk;
	g_autofree char *colour = NULL, *plain = NULL, *dumb = NULL;

	http_desk_init(&desk);
	colour = status_on_terminal(&desk, "NO_COLOR", "");
	assert_has(colour, "\033[1mThe host has the seat.\033[0m");
	plain = status_on_terminal(&desk, "NO_COLOR", "1");
	assert_has(plain, "The host has the seat.");
	g_assert_null(strchr(plain, '\033'));
	dumb = status_on_terminal(&desk, "TERM", "dumb");
	g_assert_null(strchr(dumb, '\033'));
	http_desk_clear(&desk);
}

/* -- watch ------------------------------------------------------------------------------------ */

static void test_watch(void)
{
	HttpDesk desk;
	g_autoptr(GSubprocessLauncher) l = NULL;
	g_autoptr(GSubprocess) process = NULL;
	Terminal terminal = { .text = g_string_new(NULL) };
	int fds[2];

	http_desk_init(&desk);
	l = launcher(desk.path, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	g_assert_true(g_unix_open_pipe(fds, FD_CLOEXEC, NULL));
	g_subprocess_launcher_take_stdout_fd(l, fds[1]);
	process = g_subprocess_launcher_spawn(l, NULL, g_getenv("HOTSEAT"), "watch", NULL);
	g_clear_object(&l);
	g_unix_fd_add(fds[0], G_IO_IN | G_IO_HUP, terminal_read, &terminal);
	wait_for(&desk, &terminal, "the host has the seat\n");
	seat_switch(desk.seat, "guest", "test", NULL, NULL, NULL);
	wait_for(&desk, &terminal, "switch 1 to guest (test)\n");
	wait_for(&desk, &terminal, "… keyboard to guest running\n");
	wait_for(&desk, &terminal, "✓ keyboard to guest done in 10.0 ms\n");
	wait_for(&desk, &terminal, "✓ switch 1 to guest done in 10.0 ms\n");
	/* why is said by the step, and not again */
	desk.display->stuck = TRUE;
	seat_switch(desk.seat, "host", "test", NULL, NULL, NULL);
	wait_for(&desk, &terminal, ": will not move\n");
	wait_for(&desk, &terminal, "✗ switch 2 to host incomplete in 10.0 ms\n");
	desk.display->stuck = FALSE;
	fake_run(&desk.time, 1000);
	fake_plug(desk.keyboard, FALSE);
	wait_for(&desk, &terminal, "keyboard: unplugged\n");
	fake_guest_becomes(desk.guest, GUEST_CRASHED);
	wait_for(&desk, &terminal, "dom-guest is crashed\n");
	http_desk_clear(&desk);
	while (!terminal.over)
		pump(NULL);
	g_assert_true(g_subprocess_wait(process, NULL, NULL));
	g_assert_cmpint(g_subprocess_get_exit_status(process), ==, CLI_ABSENT);
	g_string_free(terminal.text, TRUE);
	close(fds[0]);
}

/* -- watch for bars --------------------------------------------------------------------------- */

static GSubprocess *start_bar(const char *path, const char *format, int out)
{
	g_autoptr(GSubprocessLauncher) l = launcher(path, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	GSubprocess *process;

	g_subprocess_launcher_take_stdout_fd(l, out);
	process = g_subprocess_launcher_spawn(
		l, NULL, g_getenv("HOTSEAT"), "watch", "--format", format, NULL);
	g_assert_nonnull(process);
	return process;
}

/* It lives through everything that a daemon may do, and says each thing once. */
static void test_watch_bar(void)
{
	static const char expected[] = "host\n→ guest\nguest\n→ host\nhost\n→ guest\n! host\n"
				       "no daemon\nhost\n";
	HttpDesk desk;
	g_autofree char *link = NULL;
	g_autoptr(GSubprocess) process = NULL;
	Terminal terminal = { .text = g_string_new(NULL) };
	int fds[2];

	http_desk_init(&desk);
	link = g_strconcat(desk.dir, "-socket", NULL);
	g_assert_cmpint(symlink(desk.path, link), ==, 0);
	g_assert_true(g_unix_open_pipe(fds, FD_CLOEXEC, NULL));
	process = start_bar(link, "plain", fds[1]);
	g_unix_fd_add(fds[0], G_IO_IN | G_IO_HUP, terminal_read, &terminal);
	wait_for(&desk, &terminal, "host\n");
	/* the desk's clock stands still until the bar has seen the switch under way */
	seat_switch(desk.seat, "guest", "test", NULL, NULL, NULL);
	wait_for(NULL, &terminal, "→ guest\n");
	wait_for(&desk, &terminal, "\nguest\n");
	seat_switch(desk.seat, "host", "test", NULL, NULL, NULL);
	wait_for(NULL, &terminal, "→ host\n");
	wait_for(&desk, &terminal, "→ host\nhost\n");
	fake_guest_becomes(desk.guest, GUEST_CRASHED);
	seat_switch(desk.seat, "guest", "test", NULL, NULL, NULL);
	wait_for(NULL, &terminal, "\nhost\n→ guest\n");
	wait_for(&desk, &terminal, "! host\n");
	http_desk_clear(&desk);
	wait_for(NULL, &terminal, "no daemon\n");
	g_assert_cmpint(g_unlink(link), ==, 0);
	http_desk_init(&desk);
	g_assert_cmpint(symlink(desk.path, link), ==, 0);
	wait_for(&desk, &terminal, "no daemon\nhost\n");
	g_assert_cmpstr(terminal.text->str, ==, expected);
	http_desk_clear(&desk);
	g_subprocess_send_signal(process, SIGTERM);
	while (!terminal.over)
		pump(NULL);
	g_string_free(terminal.text, TRUE);
	close(fds[0]);
	g_unlink(link);
}

/* a bar that has ended leaves nothing behind, though there is nothing to print to it */
static void test_watch_bar_ends(void)
{
	g_autoptr(GSubprocess) process = NULL;
	Terminal terminal = { .text = g_string_new(NULL) };
	int fds[2];
	guint watch;

	g_assert_true(g_unix_open_pipe(fds, FD_CLOEXEC, NULL));
	process = start_bar("/nonexistent/s", "waybar", fds[1]);
	watch = g_unix_fd_add(fds[0], G_IO_IN, terminal_read, &terminal);
	wait_for(NULL, &terminal, "start it: `hotseatd --socket /nonexistent/s`\"}\n");
	g_source_remove(watch);
	close(fds[0]);
	g_assert_true(g_subprocess_wait(process, NULL, NULL));
	g_assert_cmpint(g_subprocess_get_exit_status(process), ==, CLI_OK);
	g_string_free(terminal.text, TRUE);
}

/* -- desk ------------------------------------------------------------------------------------- */

typedef struct {
	HttpDesk desk;
	GSubprocess *process;
	Terminal terminal;
	int master, slave;
	struct termios before;
} Screen;

static void screen_init(Screen *screen)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	g_autoptr(GSubprocessLauncher) l = NULL;

	http_desk_init(&screen->desk);
	screen->terminal = (Terminal){ .text = g_string_new(NULL) };
	g_assert_cmpint(openpty(&screen->master, &screen->slave, NULL, NULL, &size), ==, 0);
	tcgetattr(screen->slave, &screen->before);
	l = launcher(screen->desk.path, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	g_subprocess_launcher_setenv(l, "NO_COLOR", "1", TRUE);
	g_subprocess_launcher_take_stdin_fd(l, dup(screen->slave));
	g_subprocess_launcher_take_stdout_fd(l, dup(screen->slave));
	screen->process = g_subprocess_launcher_spawn(l, NULL, g_getenv("HOTSEAT"), "desk", NULL);
	g_assert_nonnull(screen->process);
	g_unix_fd_add(screen->master, G_IO_IN | G_IO_HUP, terminal_read, &screen->terminal);
	wait_for(&screen->desk, &screen->terminal, "The host has the seat.");
	wait_for(&screen->desk, &screen->terminal, "q quit");
}

/* Waits for its end: the terminal must be as it was. */
static void screen_clear(Screen *screen, CliExit status)
{
	struct termios after;

	wait_for(NULL, &screen->terminal, "\033[?25h\033[?1049l");
	g_assert_true(g_subprocess_wait(screen->process, NULL, NULL));
	g_assert_cmpint(g_subprocess_get_exit_status(screen->process), ==, (int)status);
	tcgetattr(screen->slave, &after);
	g_assert_cmpint((int)after.c_lflag, ==, (int)screen->before.c_lflag);
	close(screen->slave);
	while (!screen->terminal.over)
		pump(NULL);
	close(screen->master);
	g_object_unref(screen->process);
	g_string_free(screen->terminal.text, TRUE);
}

static void test_desk_keys(void)
{
	Screen screen;

	screen_init(&screen);
	g_assert_cmpint((int)write(screen.master, "g", 1), ==, 1);
	wait_for(&screen.desk, &screen.terminal, "dom-guest has the seat.");
	wait_for(&screen.desk, &screen.terminal, "✓ switch to guest: done (request), 10.0 ms");
	fake_guest_becomes(screen.desk.guest, GUEST_OFF);
	wait_for(&screen.desk, &screen.terminal, "│ off ");
	g_string_truncate(screen.terminal.text, 0);
	g_assert_cmpint((int)write(screen.master, "1", 1), ==, 1);
	wait_for(&screen.desk, &screen.terminal, "switch to guest: refused");
	g_assert_cmpint((int)write(screen.master, "q", 1), ==, 1);
	screen_clear(&screen, CLI_OK);
	http_desk_clear(&screen.desk);
}

static void test_desk_daemon_goes(void)
{
	Screen screen;

	screen_init(&screen);
	http_desk_clear(&screen.desk);
	screen_clear(&screen, CLI_ABSENT);
}

static void test_desk_signal(void)
{
	Screen screen;

	screen_init(&screen);
	g_subprocess_send_signal(screen.process, SIGINT);
	screen_clear(&screen, CLI_OK);
	http_desk_clear(&screen.desk);
}

static void test_desk_no_terminal(void)
{
	Run run;

	g_assert_cmpint(run_words(&run, NULL, "/nonexistent/s", "desk"), ==, CLI_USAGE);
	assert_has(run.err, "needs a terminal");
	run_clear(&run);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cli/terminal", test_terminal);
	g_test_add_func("/cli/watch", test_watch);
	g_test_add_func("/cli/watch-bar", test_watch_bar);
	g_test_add_func("/cli/watch-bar-ends", test_watch_bar_ends);
	g_test_add_func("/cli/desk/keys", test_desk_keys);
	g_test_add_func("/cli/desk/daemon-goes", test_desk_daemon_goes);
	g_test_add_func("/cli/desk/signal", test_desk_signal);
	g_test_add_func("/cli/desk/no-terminal", test_desk_no_terminal);
	return g_test_run();
}
