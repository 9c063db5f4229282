/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat as a process that asks a daemon on another machine.
 */
#include "cli/cli.h"
#include "fake-host.h"

#include <string.h>

typedef struct {
	char *out, *err;
	gboolean over;
	int status;
} Run;

static void on_over(GObject *process, GAsyncResult *result, gpointer data)
{
	Run *run = data;

	g_subprocess_communicate_utf8_finish(
		G_SUBPROCESS(process), result, &run->out, &run->err, NULL);
	run->status = g_subprocess_get_exit_status(G_SUBPROCESS(process));
	run->over = TRUE;
}

static void run_clear(Run *run)
{
	g_free(run->out);
	g_free(run->err);
	*run = (Run){ 0 };
}

/* Runs hotseat with words (split at spaces); url and secret_file are for its environment. */
static void run_words(Run *run, const char *url, const char *secret_file, const char *words)
{
	g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
		G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_autofree char *line = g_strdup_printf("%s %s", g_getenv("HOTSEAT"), words);
	g_auto(GStrv) argv = g_strsplit(line, " ", -1);
	g_autoptr(GSubprocess) process = NULL;
	g_autoptr(GError) error = NULL;

	run_clear(run);
	g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
	g_subprocess_launcher_setenv(launcher, "XDG_CONFIG_HOME", "/nonexistent", TRUE);
	if (url != NULL)
		g_subprocess_launcher_setenv(launcher, "HOTSEAT_URL", url, TRUE);
	if (secret_file != NULL)
		g_subprocess_launcher_setenv(launcher, "HOTSEAT_SECRET_FILE", secret_file, TRUE);
	process = g_subprocess_launcher_spawnv(launcher, (const char *const *)argv, &error);
	g_assert_no_error(error);
	g_subprocess_communicate_utf8_async(process, NULL, NULL, on_over, run);
	while (!run->over)
		g_main_context_iteration(NULL, TRUE);
}

static void set_answer(FakeHost *host, guint status, const char *answer)
{
	host->status = status;
	g_free(host->answer);
	host->answer = g_strdup(answer);
}

static void test_command(void)
{
	g_autoptr(FakeHost) host = fake_host_new(TRUE);
	char *path = fake_file_new(SECRET "\n", 0644);
	g_autofree char *words = g_strdup_printf("switch host --url %s --secret-file %s "
						 "--fingerprint %s",
		host->url, path, host->fingerprint);
	g_autofree char *warning = g_strdup_printf(
		"hotseat: other users can read the secret; run: chmod o= %s\n", path);
	Run run = { 0 };

	set_answer(host, 200,
		"{\"outcome\":\"done\",\"to\":\"host\",\"ms\":1,\"steps\":[],\"target\":\"host\"}");
	/* LeakSanitizer of GCC 12 crashes over the threads of a gnutls that was loaded at run time
	 */
	g_setenv("ASAN_OPTIONS", "detect_leaks=0", TRUE);
	run_words(&run, NULL, NULL, words);
	g_unsetenv("ASAN_OPTIONS");
	/* the secret was read twice, for the switch and the status */
	g_assert_cmpstr(run.err, ==, warning);
	g_assert_cmpint(run.status, ==, CLI_OK);
	assert_has(run.out, "✓ Switch to host: done in 1.0 ms\n");
	assert_has(run.out, "The host has the seat.");
	g_assert_cmpstr(fake_host_find(host, "POST /switch")->body, ==, "{\"to\":\"host\"}");
	g_assert_cmpstr(fake_host_find(host, "POST /switch")->secret, ==, SECRET);
	run_clear(&run);
	fake_file_free(path);
}

static void test_command_by_environment(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	char *path = fake_file_new(SECRET "\n", 0600);
	Run run = { 0 };

	set_answer(host, 200, "{\"target\":\"guest\",\"wanted\":\"guest\"}");
	run_words(&run, host->url, path, "status --json");
	g_assert_cmpint(run.status, ==, CLI_OK);
	g_assert_cmpstr(run.out, ==, "{\"target\":\"guest\",\"wanted\":\"guest\"}\n");
	g_assert_cmpstr(fake_host_find(host, "GET /status")->secret, ==, SECRET);
	/* who names a socket means it */
	run_words(&run, host->url, path, "status --socket /nonexistent/s");
	g_assert_cmpint(run.status, ==, CLI_ABSENT);
	assert_has(run.err, "/nonexistent/s");
	g_assert_cmpuint(host->requests->len, ==, 1);
	run_clear(&run);
	fake_file_free(path);
}

/* it would be told the secret */
static void test_command_without_proxy(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	g_autofree char *proxy = g_strdup_printf("http://127.0.0.1:%u", fake_host_free_port());
	Run run = { 0 };

	g_setenv("http_proxy", proxy, TRUE);
	run_words(&run, host->url, NULL, "status");
	g_unsetenv("http_proxy");
	g_assert_cmpstr(run.err, ==, "");
	g_assert_cmpint(run.status, ==, CLI_OK);
	run_clear(&run);
}

static void test_command_wrong_secret(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	char *path = fake_file_new(SECRET "\n", 0600);
	g_autofree char *hint =
		g_strdup_printf("hotseat: the secret that was sent is in %s\n", path);
	Run run = { 0 };

	set_answer(host, 403, "{\"success\":false,\"error\":\"wrong secret\"}");
	run_words(&run, host->url, path, "switch host");
	g_assert_cmpint(run.status, ==, CLI_FAILED);
	assert_has(run.err, "hotseat: wrong secret\n");
	assert_has(run.err, hint);
	run_words(&run, host->url, NULL, "switch host");
	g_assert_cmpint(run.status, ==, CLI_FAILED);
	assert_has(run.err, "hotseat: no secret was sent; write it to a file");
	run_clear(&run);
	fake_file_free(path);
}

static const struct {
	const char *label, *words;
	int status;
	const char *says;
} usages[] = {
	{ "agent-without-url", "agent", CLI_USAGE, "use --url http://HOST:PORT" },
	{ "secret-without-url", "switch host --secret-file x", CLI_USAGE, "use --url" },
	{ "url-and-socket", "switch host --url desk --socket x", CLI_USAGE,
		"leave one of them out" },
	{ "bad-url", "status --url ftp://desk", CLI_USAGE, "use http:// or https://" },
	{ "no-secret-file", "status --url desk --secret-file /nonexistent/s", CLI_USAGE,
		"/nonexistent/s: cannot be opened" },
};

/* longer than a label of a name can be (RFC 1035, 2.3.4): no network is needed to know that */
#define LONG_NAME "desk-desk-desk-desk-desk-desk-desk-desk-desk-desk-desk-desk-desk-desk"

static void test_unknown_name(void)
{
	Run run = { 0 };

	run_words(&run, NULL, NULL, "status --url http://" LONG_NAME ":5001");
	g_assert_cmpint(run.status, ==, CLI_USAGE);
	assert_has(run.err, "unknown host name in http://" LONG_NAME ":5001: ");
	run_clear(&run);
}

static void test_usage(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data);
	Run run = { 0 };

	run_words(&run, NULL, NULL, usages[i].words);
	g_assert_cmpint(run.status, ==, usages[i].status);
	assert_has(run.err, usages[i].says);
	run_clear(&run);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/guest-command/switch", test_command);
	g_test_add_func("/guest-command/environment", test_command_by_environment);
	g_test_add_func("/guest-command/without-proxy", test_command_without_proxy);
	g_test_add_func("/guest-command/wrong-secret", test_command_wrong_secret);
	g_test_add_func("/guest-command/unknown-name", test_unknown_name);
	for (gsize i = 0; i < G_N_ELEMENTS(usages); i++) {
		g_autofree char *path = g_strdup_printf("/guest-command/usage/%s", usages[i].label);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_usage);
	}
	return g_test_run();
}
