/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command, as a process, against the API and against servers that go wrong.
 */
#include "cli/cli.h"
#include "http-desk.h"
#include "http/bind.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <pty.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
	GSubprocess *process;
	char *out, *err;
	gboolean over;
} Run;

static gboolean tick(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

/* Waits for something to happen, or a moment of fake time to pass. */
static void pump(HttpDesk *desk)
{
	gboolean ticked = FALSE;
	guint id = g_timeout_add(1, tick, &ticked);

	g_main_context_iteration(NULL, TRUE);
	if (!ticked)
		g_source_remove(id);
	if (desk != NULL)
		fake_run(&desk->time, 1);
}

static void on_over(GObject *source, GAsyncResult *result, gpointer data)
{
	Run *run = data;
	g_autoptr(GError) error = NULL;

	g_subprocess_communicate_utf8_finish(run->process, result, &run->out, &run->err, &error);
	g_assert_no_error(error);
	run->over = TRUE;
}

static GSubprocessLauncher *launcher(const char *path, GSubprocessFlags flags)
{
	GSubprocessLauncher *l = g_subprocess_launcher_new(flags);

	g_subprocess_launcher_setenv(l, "HOTSEAT_SOCKET", path, TRUE);
	g_subprocess_launcher_setenv(l, "LC_ALL", "C.UTF-8", TRUE);
	g_subprocess_launcher_setenv(l, "TERM", "xterm", TRUE);
	g_subprocess_launcher_unsetenv(l, "NO_COLOR");
	return l;
}

static void run_clear(Run *run)
{
	g_clear_object(&run->process);
	g_clear_pointer(&run->out, g_free);
	g_clear_pointer(&run->err, g_free);
}

/* Runs hotseat with words (split at blanks) to its end; returns its exit status. */
static int run_words(Run *run, HttpDesk *desk, const char *path, const char *words)
{
	g_autoptr(GSubprocessLauncher) l =
		launcher(path, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_autofree char *line = g_strdup_printf("%s %s", g_getenv("HOTSEAT"), words);
	g_auto(GStrv) argv = g_strsplit(line, " ", -1);
	g_autoptr(GError) error = NULL;

	memset(run, 0, sizeof *run);
	run->process = g_subprocess_launcher_spawnv(l, (const char *const *)argv, &error);
	g_assert_no_error(error);
	g_subprocess_communicate_utf8_async(run->process, NULL, NULL, on_over, run);
	while (!run->over)
		pump(desk);
	g_assert_true(g_subprocess_get_if_exited(run->process));
	return g_subprocess_get_exit_status(run->process);
}

#define assert_has(text, part)                                                                     \
	do {                                                                                       \
		if (strstr(text, part) == NULL)                                                    \
			g_error("\"%s\" is not in \"%s\"", part, text);                            \
	} while (0)

static void assert_object(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(JsonNode) root = json_from_string(text, &error);

	g_assert_no_error(error);
	g_assert_true(JSON_NODE_HOLDS_OBJECT(root));
}

static void test_switch(void)
{
	HttpDesk desk;
	Run run;

	http_desk_init(&desk);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch guest"), ==, CLI_OK);
	assert_has(run.out, "✓ Switch to guest: done in 10.0 ms\n");
	assert_has(run.out, "  ✓  keyboard  to guest  done  10.0 ms\n");
	assert_has(run.out, "The seat is at guest.\n");
	assert_has(run.out, "  device   keyboard  guest\n");
	assert_has(run.out, "  guest    guest     running  domain dom-guest\n");
	g_assert_null(strchr(run.out, '\033'));
	g_assert_cmpstr(run.err, ==, "");
	run_clear(&run);
	http_desk_clear(&desk);
}

static void test_switch_fails(void)
{
	HttpDesk desk;
	Run run;

	http_desk_init(&desk);
	fake_guest_becomes(desk.guest, GUEST_OFF);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch guest"), ==, CLI_FAILED);
	assert_has(run.err, "hotseat: ");
	assert_has(run.err, "off");
	assert_has(run.out, "✗ Switch to guest: refused");
	assert_has(run.out, "The seat is at host.\n");
	run_clear(&run);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch guest --json"), ==, CLI_FAILED);
	assert_object(run.out);
	g_assert_cmpstr(run.err, ==, "");
	run_clear(&run);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch moon"), ==, CLI_USAGE);
	assert_has(run.err, "there is no target \"moon\"; expected");
	g_assert_cmpstr(run.out, ==, "");
	run_clear(&run);
	http_desk_clear(&desk);
}

/* a device may call itself what it likes */
static void test_status_of_hostile_names(void)
{
	HttpDesk desk;
	Run run;

	http_desk_init(&desk);
	g_free(desk.keyboard->base.name);
	desk.keyboard->base.name = g_strdup("a\033[2J\x9b\n\xe2\x80\xae"
					    "b\xff");
	g_assert_cmpint(run_words(&run, &desk, desk.path, "status"), ==, CLI_OK);
	g_assert_null(strchr(run.out, '\033'));
	assert_has(run.out, "  device   a?[2J");
	g_assert_null(strstr(run.out, "\xe2\x80\xae"));
	run_clear(&run);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "--json status"), ==, CLI_OK);
	assert_object(run.out);
	run_clear(&run);
	http_desk_clear(&desk);
}

static void test_absent(void)
{
	static const char *const commands[] = { "switch host", "status", "watch" };
	Run run;

	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_assert_cmpint(
			run_words(&run, NULL, "/nonexistent/s", commands[i]), ==, CLI_ABSENT);
		assert_has(run.err, "start it: `hotseatd --socket /nonexistent/s`");
		g_assert_cmpstr(run.out, ==, "");
		run_clear(&run);
	}
}

static const struct {
	const char *label, *words;
	CliExit status;
	const char *out, *err;
} usages[] = {
	{ "none", "", CLI_USAGE, "", "see `hotseat help`" },
	{ "unknown command", "swich host", CLI_USAGE, "", "there is no command swich" },
	{ "unknown option", "status --jason", CLI_USAGE, "",
		"unknown option --jason; see `hotseat help status`\n" },
	{ "unknown first", "--jason status", CLI_USAGE, "",
		"unknown option --jason; see `hotseat help`\n" },
	{ "too few", "switch", CLI_USAGE, "", "switch needs TARGET; see `hotseat help switch`\n" },
	{ "too many", "status now", CLI_USAGE, "",
		"one argument too many: now; see `hotseat help status`\n" },
	{ "no path", "status --socket", CLI_USAGE, "", "--socket needs PATH" },
	{ "empty path", "status --socket=", CLI_USAGE, "", "--socket needs PATH" },
	{ "no json", "setup --json", CLI_USAGE, "",
		"setup has no --json; see `hotseat help setup`\n" },
	{ "help", "--help", CLI_OK, "Exit status:", "" },
	{ "help command", "help", CLI_OK, "check-config [FILE]", "" },
	{ "help of command", "help switch", CLI_OK, "Usage: hotseat switch", "" },
	{ "command help", "switch --help", CLI_OK, "Usage: hotseat switch", "" },
	{ "help of nothing", "help swich", CLI_USAGE, "", "there is no command swich" },
	{ "version", "--version", CLI_OK, "hotseat " HOTSEAT_VERSION "\n", "" },
	{ "no format", "watch --format", CLI_USAGE, "", "--format needs FORMAT" },
	{ "other format", "watch --format=dzen", CLI_USAGE, "", "there is no format dzen" },
	{ "two formats", "watch --format plain --json", CLI_USAGE, "", "goes with neither" },
	{ "other socket", "--socket=/nonexistent/t status", CLI_ABSENT, "", "/nonexistent/t" },
};

static void test_usage(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data);
	g_autofree char *words = g_strchomp(g_strdup(usages[i].words));
	Run run;

	g_assert_cmpint(run_words(&run, NULL, "/nonexistent/s", words), ==, usages[i].status);
	assert_has(run.out, usages[i].out);
	assert_has(run.err, usages[i].err);
	run_clear(&run);
}

/* in a guest there is no daemon to be started */
static void test_watch_asks_here(void)
{
	Run run;

	g_setenv("HOTSEAT_URL", "http://192.168.122.1:5001", TRUE);
	g_assert_cmpint(run_words(&run, NULL, "/nonexistent/s", "watch"), ==, CLI_ABSENT);
	assert_has(run.err, "only switch, status and agent ask the one at $HOTSEAT_URL\n");
	run_clear(&run);
	g_unsetenv("HOTSEAT_URL");
}

/* A server that answers everybody the same, and hangs up. */
typedef struct {
	int fd;
	guint watch;
	const char *answer;
	char *path;
} Liar;

static gboolean on_request(int fd, GIOCondition condition, gpointer data)
{
	char bytes[4096];

	g_assert_cmpint((int)recv(fd, bytes, sizeof bytes, 0), >, 0);
	http_desk_send(fd, ((Liar *)data)->answer);
	close(fd);
	return G_SOURCE_REMOVE;
}

static gboolean on_client(int fd, GIOCondition condition, gpointer data)
{
	g_unix_fd_add(accept(fd, NULL, NULL), G_IO_IN, on_request, data);
	return G_SOURCE_CONTINUE;
}

static const struct {
	const char *label, *words, *answer;
	CliExit status;
	const char *err;
} lies[] = {
	{ "silence", "status", "", CLI_ABSENT, "gone away" },
	{ "half", "status", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"target\":",
		CLI_ABSENT, "gone away" },
	{ "half a head", "switch host", "HTTP/1.1 200 OK\r\nConte", CLI_ABSENT, "gone away" },
	{ "no HTTP", "status", "SSH-2.0-OpenSSH\r\n", CLI_FAILED, "makes no sense" },
	{ "no JSON", "status", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", CLI_FAILED,
		"makes no sense" },
	{ "no object", "switch host", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", CLI_FAILED,
		"makes no sense" },
	{ "strange object", "status",
		"HTTP/1.1 200 OK\r\nContent-Length: 53\r\n\r\n"
		"{\"target\":7,\"displays\":{},\"devices\":[1,{\"at\":[]}]}   ",
		CLI_OK, "" },
	{ "no events", "watch", "HTTP/1.1 503 No\r\n\r\n{}", CLI_FAILED, "status 503" },
	{ "strange events", "watch",
		"HTTP/1.1 200 OK\r\n\r\nevent: step\ndata: 1\n\n\n\nevent: \"\ndata: {}\n\nx",
		CLI_ABSENT, "gone away" },
};

static void test_lie(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data);
	g_autofree char *dir = g_dir_make_tmp("hotseat-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "s", NULL);
	Liar liar = { .answer = lies[i].answer, .fd = bind_unix(path, NULL) };
	Run run;

	liar.watch = g_unix_fd_add(liar.fd, G_IO_IN, on_client, &liar);
	g_assert_cmpint(run_words(&run, NULL, path, lies[i].words), ==, lies[i].status);
	assert_has(run.err, lies[i].err);
	run_clear(&run);
	g_source_remove(liar.watch);
	close(liar.fd);
	g_unlink(path);
	g_rmdir(dir);
}

/* -- with a terminal -------------------------------------------------------------------------- */

typedef struct {
	GString *text;
	gboolean over;
} Terminal;

static gboolean on_output(int fd, GIOCondition condition, gpointer data)
{
	Terminal *terminal = data;
	char bytes[4096];
	gssize length = read(fd, bytes, sizeof bytes);

	/* EIO: nobody has the other side open any more */
	if (length <= 0) {
		terminal->over = TRUE;
		return G_SOURCE_REMOVE;
	}
	g_string_append_len(terminal->text, bytes, length);
	return G_SOURCE_CONTINUE;
}

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
	g_unix_fd_add(master, G_IO_IN | G_IO_HUP, on_output, &terminal);
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
	assert_has(colour, "The seat is at \033[1mhost\033[0m.");
	plain = status_on_terminal(&desk, "NO_COLOR", "1");
	assert_has(plain, "The seat is at host.");
	g_assert_null(strchr(plain, '\033'));
	dumb = status_on_terminal(&desk, "TERM", "dumb");
	g_assert_null(strchr(dumb, '\033'));
	http_desk_clear(&desk);
}

/* -- watch ------------------------------------------------------------------------------------ */

static void wait_for(HttpDesk *desk, Terminal *terminal, const char *text)
{
	while (strstr(terminal->text->str, text) == NULL) {
		g_assert_false(terminal->over);
		pump(desk);
	}
}

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
	g_unix_fd_add(fds[0], G_IO_IN | G_IO_HUP, on_output, &terminal);
	wait_for(&desk, &terminal, "the seat is at host, wanted at host\n");
	seat_switch(desk.seat, "guest", "test", NULL, NULL, NULL);
	wait_for(&desk, &terminal, "switch 1 to guest (test)\n");
	wait_for(&desk, &terminal, "… keyboard to guest running\n");
	wait_for(&desk, &terminal, "✓ keyboard to guest done in 10.0 ms\n");
	wait_for(&desk, &terminal, "✓ switch 1 to guest done in 10.0 ms\n");
	fake_plug(desk.keyboard, FALSE);
	wait_for(&desk, &terminal, "keyboard is at ?: unplugged\n");
	fake_guest_becomes(desk.guest, GUEST_CRASHED);
	wait_for(&desk, &terminal, "guest guest is crashed\n");
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
	g_unix_fd_add(fds[0], G_IO_IN | G_IO_HUP, on_output, &terminal);
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
	watch = g_unix_fd_add(fds[0], G_IO_IN, on_output, &terminal);
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
	g_unix_fd_add(screen->master, G_IO_IN | G_IO_HUP, on_output, &screen->terminal);
	wait_for(&screen->desk, &screen->terminal, "The seat is at host.");
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
	wait_for(&screen.desk, &screen.terminal, "The seat is at guest.");
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

/* it is on the way from a shortcut to the switch */
static void test_links_little(void)
{
	static const char *const heavy[] = { "libvirt", "libsoup", "libgudev", "libgnutls" };
	g_autofree char *out = NULL;
	const char *argv[] = { "ldd", g_getenv("HOTSEAT"), NULL };

	g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
		NULL, NULL, NULL));
	assert_has(out, "libglib");
	for (gsize i = 0; i < G_N_ELEMENTS(heavy); i++)
		g_assert_null(strstr(out, heavy[i]));
}

/* -- check-config ----------------------------------------------------------------------------- */

static void test_check_config(void)
{
	g_autofree char *dir = g_dir_make_tmp("hotseat-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "config.yaml", NULL);
	g_autofree char *words = g_strdup_printf("check-config %s", path);
	g_autofree char *good = g_strdup_printf(
		"check-config %s/../config/virtkvm.yaml", g_getenv("G_TEST_SRCDIR"));
	g_autofree char *json = g_strdup_printf("check-config --json %s", path);
	Run run;

	g_assert_true(g_file_set_contents(path, "displays: 7\n", -1, NULL));
	g_assert_cmpint(run_words(&run, NULL, "/nonexistent/s", words), ==, CLI_USAGE);
	assert_has(run.err, "config.yaml:1:");
	run_clear(&run);
	g_assert_cmpint(run_words(&run, NULL, "/nonexistent/s", json), ==, CLI_USAGE);
	assert_object(run.out);
	assert_has(run.out, "\"valid\":false");
	run_clear(&run);
	g_assert_cmpint(run_words(&run, NULL, "/nonexistent/s", good), ==, CLI_OK);
	assert_has(run.out, "is fine.\n");
	run_clear(&run);
	g_unlink(path);
	g_rmdir(dir);
}

/* -- what is written down about it ------------------------------------------------------------ */

static void assert_options(const char *file, const char *text, const CliOption *options)
{
	/* fish writes them without the dashes */
	gboolean fish = g_str_has_suffix(file, ".fish");

	for (const CliOption *o = options; o != NULL && o->name != NULL; o++) {
		g_autofree char *written =
			g_strconcat(fish ? "-l " : "", fish ? o->name + 2 : o->name, NULL);

		if (strstr(text, written) == NULL)
			g_error("%s lacks the option %s", file, o->name);
	}
}

/* of a terminal */
#define COLUMNS 80

static void test_help_fits(void)
{
	for (const CliCommand *c = cli_commands; c->name != NULL; c++) {
		g_autofree char *words = g_strconcat("help ", c->name, NULL);
		/* the list of all is the help of nothing */
		const char *shown = g_str_equal(c->name, "help") ? "help" : words;
		g_auto(GStrv) lines = NULL;
		Run run;

		g_assert_cmpint(run_words(&run, NULL, "/nonexistent/s", shown), ==, CLI_OK);
		lines = g_strsplit(run.out, "\n", -1);
		for (char **line = lines; *line != NULL; line++)
			if (strlen(*line) > COLUMNS)
				g_error("%s: wider than a terminal: %s", shown, *line);
		if (!c->json && !g_str_equal(shown, "help"))
			g_assert_null(strstr(run.out, "--json"));
		run_clear(&run);
	}
}

static void test_written_down(void)
{
	static const char *const files[] = { "data/completions/hotseat.bash",
		"data/completions/_hotseat", "data/completions/hotseat.fish", "man/hotseat.1.scd" };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_build_filename(g_getenv("G_TEST_SRCDIR"), "..", "..", files[i], NULL);
		g_autofree char *text = NULL;

		g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
		for (const CliCommand *c = cli_commands; c->name != NULL; c++) {
			if (!g_regex_match_simple(c->name, text, 0, 0))
				g_error("%s lacks the command %s", files[i], c->name);
			assert_options(files[i], text, c->options);
		}
		assert_options(files[i], text, cli_options);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cli/switch", test_switch);
	g_test_add_func("/cli/switch-fails", test_switch_fails);
	g_test_add_func("/cli/hostile-names", test_status_of_hostile_names);
	g_test_add_func("/cli/absent", test_absent);
	for (gsize i = 0; i < G_N_ELEMENTS(usages); i++) {
		g_autofree char *path = g_strdup_printf("/cli/usage/%s", usages[i].label);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_usage);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(lies); i++) {
		g_autofree char *path = g_strdup_printf("/cli/lie/%s", lies[i].label);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_lie);
	}
	g_test_add_func("/cli/watch-asks-here", test_watch_asks_here);
	g_test_add_func("/cli/terminal", test_terminal);
	g_test_add_func("/cli/watch", test_watch);
	g_test_add_func("/cli/watch-bar", test_watch_bar);
	g_test_add_func("/cli/watch-bar-ends", test_watch_bar_ends);
	g_test_add_func("/cli/desk/keys", test_desk_keys);
	g_test_add_func("/cli/desk/daemon-goes", test_desk_daemon_goes);
	g_test_add_func("/cli/desk/signal", test_desk_signal);
	g_test_add_func("/cli/desk/no-terminal", test_desk_no_terminal);
	g_test_add_func("/cli/links-little", test_links_little);
	g_test_add_func("/cli/check-config", test_check_config);
	g_test_add_func("/cli/help-fits", test_help_fits);
	g_test_add_func("/cli/written-down", test_written_down);
	return g_test_run();
}
