/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command, as a process, against the API and against servers that go wrong.
 */
#include "cli-run.h"
#include "http/bind.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void test_switch(void)
{
	HttpDesk desk;
	Run run;

	http_desk_init(&desk);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch guest"), ==, CLI_OK);
	assert_has(run.out, "✓ Switch to guest: done in 10.0 ms\n");
	assert_has(run.out, "  ✓  keyboard  to guest  done  10.0 ms\n");
	assert_has(run.out, "dom-guest has the seat.\n");
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
	assert_has(run.out, "The host has the seat.\n");
	run_clear(&run);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch guest --json"), ==, CLI_FAILED);
	assert_object(run.out);
	g_assert_cmpstr(run.err, ==, "");
	run_clear(&run);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch moon"), ==, CLI_USAGE);
	assert_has(run.err, "unknown target \"moon\"; expected");
	g_assert_cmpstr(run.out, ==, "");
	run_clear(&run);
	http_desk_clear(&desk);
}

static guint count_of(const char *text, const char *part)
{
	guint count = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		count++;
	return count;
}

/* With the switch's steps and the desk as it stands after it there are three places for a reason.
 */
static void test_reason_once(void)
{
	HttpDesk desk;
	Run run;

	http_desk_init(&desk);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch guest"), ==, CLI_OK);
	run_clear(&run);
	desk.display->stuck = TRUE;
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch host"), ==, CLI_FAILED);
	assert_has(run.err, ": will not move");
	g_assert_cmpuint(count_of(run.out, "will not move"), ==, 0);
	assert_has(run.out, "failed");
	run_clear(&run);
	/* where nothing else says it, it is said */
	g_assert_cmpint(run_words(&run, &desk, desk.path, "status"), ==, CLI_OK);
	g_assert_cmpuint(count_of(run.out, "will not move"), ==, 1);
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
	{ "unknown command", "swich host", CLI_USAGE, "", "unknown command swich" },
	{ "unknown option", "status --jason", CLI_USAGE, "",
		"unknown option --jason; see `hotseat help status`\n" },
	{ "unknown first", "--jason status", CLI_USAGE, "",
		"unknown option --jason; see `hotseat help`\n" },
	{ "too few", "switch", CLI_USAGE, "", "switch needs TARGET; see `hotseat help switch`\n" },
	{ "too many", "status now", CLI_USAGE, "",
		"unexpected argument: now; see `hotseat help status`\n" },
	{ "no path", "status --socket", CLI_USAGE, "", "--socket needs PATH" },
	{ "empty path", "status --socket=", CLI_USAGE, "", "--socket needs PATH" },
	{ "no json", "setup --json", CLI_USAGE, "",
		"setup has no --json; see `hotseat help setup`\n" },
	{ "help", "--help", CLI_OK, "Exit status:", "" },
	{ "help command", "help", CLI_OK, "check-config [FILE]", "" },
	{ "help of command", "help switch", CLI_OK, "Usage: hotseat switch", "" },
	{ "command help", "switch --help", CLI_OK, "Usage: hotseat switch", "" },
	{ "help of nothing", "help swich", CLI_USAGE, "", "unknown command swich" },
	{ "version", "--version", CLI_OK, "hotseat " HOTSEAT_VERSION "\n", "" },
	{ "no format", "watch --format", CLI_USAGE, "", "--format needs FORMAT" },
	{ "other format", "watch --format=dzen", CLI_USAGE, "", "unknown format dzen" },
	{ "two formats", "watch --format plain --json", CLI_USAGE, "",
		"excludes --format and --notify" },
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

/* A server that gives every client the same answer, and closes the connection. */
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
	{ "silence", "status", "", CLI_ABSENT, "daemon exited" },
	{ "half", "status", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"target\":",
		CLI_ABSENT, "daemon exited" },
	{ "half a head", "switch host", "HTTP/1.1 200 OK\r\nConte", CLI_ABSENT, "daemon exited" },
	{ "no HTTP", "status", "SSH-2.0-OpenSSH\r\n", CLI_FAILED, "invalid answer" },
	{ "no JSON", "status", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", CLI_FAILED,
		"invalid answer" },
	{ "no object", "switch host", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", CLI_FAILED,
		"invalid answer" },
	{ "strange object", "status",
		"HTTP/1.1 200 OK\r\nContent-Length: 53\r\n\r\n"
		"{\"target\":7,\"displays\":{},\"devices\":[1,{\"at\":[]}]}   ",
		CLI_OK, "" },
	{ "no events", "watch", "HTTP/1.1 503 No\r\n\r\n{}", CLI_FAILED, "status 503" },
	{ "strange events", "watch",
		"HTTP/1.1 200 OK\r\n\r\nevent: step\ndata: 1\n\n\n\nevent: \"\ndata: {}\n\nx",
		CLI_ABSENT, "daemon exited" },
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

static char *read_source(const char *file)
{
	g_autofree char *path = g_build_filename(g_getenv("G_TEST_SRCDIR"), "..", "..", file, NULL);
	char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
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

/* The completions of zsh and fish describe a command or an option with the words of --help. */
static void assert_described(const char *file, const char *text, const char *summary)
{
	g_autoptr(GString) plain = g_string_new(text);

	g_string_replace(plain, "'\\''", "'", 0); /* a quote in a quoted word, in zsh… */
	g_string_replace(plain, "\\'", "'", 0);	  /* …and in fish */
	g_string_replace(plain, "\\:", ":", 0);
	if (strstr(plain->str, summary) == NULL)
		g_error("%s does not say: %s", file, summary);
}

static void test_described(void)
{
	static const char *const files[] = { "data/completions/_hotseat",
		"data/completions/hotseat.fish" };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *text = read_source(files[i]);

		for (const CliCommand *c = cli_commands; c->name != NULL; c++) {
			assert_described(files[i], text, c->summary);
			for (const CliOption *o = c->options; o != NULL && o->name != NULL; o++)
				assert_described(files[i], text, o->summary);
		}
		for (const CliOption *o = cli_options; o->name != NULL; o++)
			assert_described(files[i], text, o->summary);
	}
}

static void test_written_down(void)
{
	static const char *const files[] = { "data/completions/hotseat.bash",
		"data/completions/_hotseat", "data/completions/hotseat.fish", "man/hotseat.1.scd" };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *text = read_source(files[i]);

		for (const CliCommand *c = cli_commands; c->name != NULL; c++) {
			if (!g_regex_match_simple(c->name, text, 0, 0))
				g_error("%s lacks the command %s", files[i], c->name);
			assert_options(files[i], text, c->options);
		}
		assert_options(files[i], text, cli_options);
	}
}

/* With sudo the home is root's, and so would be the service. */
static void test_setup_user_with_sudo(void)
{
	Run run;

	/* only root counts as called by sudo */
	if (geteuid() != 0)
		return;
	g_setenv("SUDO_USER", "somebody", TRUE);
	g_assert_cmpint(
		run_words(&run, NULL, "/nowhere", "setup --user --yes --no-root"), ==, CLI_USAGE);
	g_assert_nonnull(strstr(run.err, "run it without sudo: hotseat setup --user\n"));
	run_clear(&run);
	g_unsetenv("SUDO_USER");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cli/described", test_described);
	g_test_add_func("/cli/switch", test_switch);
	g_test_add_func("/cli/switch-fails", test_switch_fails);
	g_test_add_func("/cli/reason-once", test_reason_once);
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
	g_test_add_func("/cli/links-little", test_links_little);
	g_test_add_func("/cli/check-config", test_check_config);
	g_test_add_func("/cli/help-fits", test_help_fits);
	g_test_add_func("/cli/setup-user-with-sudo", test_setup_user_with_sudo);
	g_test_add_func("/cli/written-down", test_written_down);
	return g_test_run();
}
