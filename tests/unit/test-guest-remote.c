/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A daemon on another machine, asked over HTTP and TLS: what goes out, and what is made of what
 * comes back.
 */
#include "agent/ask.h"
#include "fake-host.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define SECRET "correct horse battery staple"

/* A file with text in it, to be removed by its owner. */
static char *make_file(const char *text, mode_t mode)
{
	g_autoptr(GError) error = NULL;
	char *path = NULL;
	int fd = g_file_open_tmp("hotseat-XXXXXX", &path, &error);

	g_assert_no_error(error);
	g_close(fd, NULL);
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
	g_assert_cmpint(g_chmod(path, mode), ==, 0);
	return path;
}

static void remove_file(char *path)
{
	g_unlink(path);
	g_free(path);
}

static Endpoint *endpoint(const char *url, const char *secret_file, const char *fingerprint)
{
	g_autoptr(GError) error = NULL;
	Endpoint *made = endpoint_new(url, secret_file, fingerprint, &error);

	g_assert_no_error(error);
	return made;
}

#define assert_has(text, part)                                                                     \
	do {                                                                                       \
		if (strstr(text, part) == NULL)                                                    \
			g_error("\"%s\" is not in \"%s\"", part, text);                            \
	} while (0)

/* --- where it is --- */

static void test_urls(void)
{
	static const struct {
		const char *text, *url;
	} good[] = {
		{ "http://192.168.122.1:5001", "http://192.168.122.1:5001" },
		{ "http://192.168.122.1:5001/", "http://192.168.122.1:5001" },
		{ "192.168.122.1:5001", "http://192.168.122.1:5001" },
		{ "HTTPS://desk.example", "https://desk.example:443" },
		{ "http://[fe80::1]:5001", "http://[fe80::1]:5001" },
	};
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "ftp://desk", "only http:// and https:// are known" },
		{ "http://", "it has no host" },
		{ "", "it has no host" },
		{ "http://desk/switch", "it goes on behind the port" },
		{ "http://desk?to=host", "it goes on behind the port" },
		{ "http://desk:99999", "http://desk:99999" },
		{ "http://me:sesame@desk", "put it into a file" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autoptr(Endpoint) made = endpoint(good[i].text, NULL, NULL);

		g_assert_cmpstr(made->url, ==, good[i].url);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(endpoint_new(bad[i].text, NULL, NULL, &error));
		g_assert_error(error, CLI_ERROR, CLI_USAGE);
		assert_has(error->message, bad[i].why);
		g_assert_null(strstr(error->message, "sesame"));
	}
}

static void test_fingerprints(void)
{
	g_autofree char *hex = g_strnfill(64, 'a'), *longer = g_strnfill(65, 'a');
	g_autofree char *colons = g_strconcat("AA:aa:", hex + 4, NULL);
	g_autofree char *other = g_strconcat("g", hex + 1, NULL);
	const char *const bad[] = { hex + 1, longer, other, "" };
	g_autoptr(Endpoint) plain = endpoint("https://desk", NULL, hex);
	g_autoptr(Endpoint) written = endpoint("https://desk", NULL, colons);
	g_autoptr(GError) error = NULL;

	g_assert_cmpstr(plain->fingerprint, ==, hex);
	g_assert_cmpstr(written->fingerprint, ==, hex);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_assert_null(endpoint_new("https://desk", NULL, bad[i], &error));
		g_assert_error(error, CLI_ERROR, CLI_USAGE);
		g_clear_error(&error);
	}
	/* what cannot be checked is not left out silently */
	g_assert_null(endpoint_new("http://desk", NULL, hex, &error));
	g_assert_error(error, CLI_ERROR, CLI_USAGE);
}

static void test_secret_files(void)
{
	static const struct {
		const char *text, *secret, *why;
	} cases[] = {
		{ SECRET "\n", SECRET, NULL },
		{ SECRET "\r\n", SECRET, NULL },
		{ SECRET, SECRET, NULL },
		{ "\n", NULL, "the secret is empty" },
		{ "one\ntwo\n", NULL, "more than one line" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *path = make_file(cases[i].text, 0600);
		g_autoptr(Endpoint) made = endpoint("desk", path, NULL);
		g_autofree char *secret = NULL;
		g_autoptr(GError) error = NULL;

		g_assert_true(endpoint_secret(made, &secret, &error) == (cases[i].why == NULL));
		g_assert_cmpstr(secret, ==, cases[i].secret);
		if (cases[i].why != NULL) {
			assert_has(error->message, cases[i].why);
			assert_has(error->message, path);
		}
		g_assert_false(made->warned);
		remove_file(path);
	}
}

static void test_secret_that_others_read(void)
{
	char *path = make_file(SECRET, 0644);
	g_autoptr(Endpoint) made = endpoint("desk", path, NULL);
	g_autofree char *secret = NULL, *again = NULL;

	g_assert_true(endpoint_secret(made, &secret, NULL));
	g_assert_true(made->warned);
	g_assert_true(endpoint_secret(made, &again, NULL));
	g_assert_cmpstr(again, ==, SECRET);
	remove_file(path);
}

/* --- asking --- */

/* long enough for a slow machine under a slow tool; nothing below takes so long */
static const AskTimes once = { 60000, 60000, 0 }, patient = { 60000, 60000, 60000 };

static ClientAnswer *ask_for(const char *url, const char *secret_file, const char *fingerprint,
	const char *path, const char *body, GError **error)
{
	g_autoptr(Endpoint) made = endpoint(url, secret_file, fingerprint);

	return ask(made, path, body, &once, error);
}

static void test_request(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	char *path = make_file(SECRET "\n", 0600);
	g_autoptr(GError) error = NULL;
	g_autoptr(ClientAnswer) answer = NULL;
	const FakeRequest *request;

	answer = ask_for(host->url, path, NULL, "/switch", "{\"to\":\"host\"}", &error);
	g_assert_no_error(error);
	g_assert_cmpuint(answer->status, ==, 200);
	g_assert_cmpstr(answer->text, ==, "{}");
	request = fake_host_find(host, "POST /switch");
	g_assert_nonnull(request);
	g_assert_cmpstr(request->secret, ==, SECRET);
	g_assert_cmpstr(request->type, ==, "application/json");
	g_assert_cmpstr(request->body, ==, "{\"to\":\"host\"}");
	remove_file(path);
}

static void test_no_secret(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	g_autoptr(ClientAnswer) answer = ask_for(host->url, NULL, NULL, "/status", NULL, NULL);

	g_assert_nonnull(answer);
	g_assert_null(fake_host_find(host, "GET /status")->secret);
}

static void test_refusal_is_an_answer(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	g_autoptr(ClientAnswer) answer = NULL;

	host->status = 403;
	g_free(host->answer);
	host->answer = g_strdup("{\"error\":\"no\"}");
	answer = ask_for(host->url, NULL, NULL, "/status", NULL, NULL);
	g_assert_nonnull(answer);
	g_assert_cmpuint(answer->status, ==, 403);
	g_assert_cmpuint(host->requests->len, ==, 1);
}

static void test_answers_that_are_none(void)
{
	g_autofree char *deep = g_strnfill(500 * 1024, '[');
	g_autofree char *hidden = g_strconcat("/*\"*/", deep, NULL);
	const char *const answers[] = { "", "hello", "[]", "{", "\xff", deep, hidden };

	for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_autoptr(FakeHost) host = fake_host_new(FALSE);
		g_autoptr(GError) error = NULL;

		g_free(host->answer);
		host->answer = g_strdup(answers[i]);
		g_assert_null(ask_for(host->url, NULL, NULL, "/status", NULL, &error));
		g_assert_error(error, CLI_ERROR, CLI_FAILED);
		assert_has(error->message, "is it hotseatd that listens there?");
	}
}

static void test_endless_answer(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	g_autofree char *blanks = g_strnfill(CLIENT_ANSWER_MAX - 1, ' ');
	g_autoptr(GError) error = NULL;

	g_free(host->answer);
	host->answer = g_strconcat("{}", blanks, NULL);
	g_assert_null(ask_for(host->url, NULL, NULL, "/status", NULL, &error));
	g_assert_error(error, CLI_ERROR, CLI_FAILED);
	assert_has(error->message, "has no end");
}

/* the secret is for this host only */
static void test_no_redirect(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE), other = fake_host_new(FALSE);
	char *path = make_file(SECRET, 0600);
	g_autoptr(ClientAnswer) answer = NULL;

	host->status = 302;
	host->location = g_strconcat(other->url, "/status", NULL);
	answer = ask_for(host->url, path, NULL, "/status", NULL, NULL);
	g_assert_cmpuint(answer->status, ==, 302);
	g_assert_cmpuint(other->requests->len, ==, 0);
	remove_file(path);
}

/* --- nobody answers --- */

static guint16 free_port(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);

	return (guint16)g_ascii_strtoull(strrchr(host->url, ':') + 1, NULL, 10);
}

static void test_nobody(void)
{
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u", free_port());
	g_autoptr(GError) error = NULL;

	g_assert_null(ask_for(url, NULL, NULL, "/status", NULL, &error));
	g_assert_error(error, CLI_ERROR, CLI_ABSENT);
	assert_has(error->message, "nothing listens at http://127.0.0.1:");
}

static void test_unknown_name(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(ask_for("http://desk.invalid:5001", NULL, NULL, "/status", NULL, &error));
	g_assert_error(error, CLI_ERROR, CLI_USAGE);
	assert_has(error->message, "the name in http://desk.invalid:5001 is not known");
}

typedef struct {
	guint16 port;
	FakeHost *host;
} Waking;

static gboolean on_awake(gpointer data)
{
	Waking *waking = data;

	waking->host = fake_host_new_at(FALSE, waking->port);
	return G_SOURCE_REMOVE;
}

static void test_waking_host(void)
{
	Waking waking = { .port = free_port() };
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u", waking.port);
	g_autoptr(Endpoint) made = endpoint(url, NULL, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(ClientAnswer) answer = NULL;

	g_timeout_add(300, on_awake, &waking);
	answer = ask(made, "/switch", "{}", &patient, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(answer->status, ==, 200);
	g_assert_cmpuint(waking.host->requests->len, ==, 1);
	fake_host_free(waking.host);
}

/* it may have been done: a toggle twice would be none */
static void test_asked_only_once(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	g_autoptr(Endpoint) made = endpoint(host->url, NULL, NULL);
	g_autoptr(GError) error = NULL;

	host->status = 0;
	g_assert_null(ask(made, "/switch", "{}", &patient, &error));
	g_assert_error(error, CLI_ERROR, CLI_ABSENT);
	assert_has(error->message, "hung up before it answered");
	g_assert_cmpuint(host->requests->len, ==, 1);
}

static void test_answer_too_late(void)
{
	static const AskTimes impatient = { 60000, 50, 60000 };
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	g_autoptr(Endpoint) made = endpoint(host->url, NULL, NULL);
	g_autoptr(GError) error = NULL;

	/* a stream has no end */
	g_assert_null(ask(made, "/events", NULL, &impatient, &error));
	g_assert_error(error, CLI_ERROR, CLI_ABSENT);
	assert_has(error->message, "does not answer in time");
	g_assert_cmpuint(host->requests->len, ==, 1);
}

/* --- TLS --- */

static void assert_untrusted(FakeHost *host, const char *fingerprint, const char *why)
{
	char *path = make_file(SECRET, 0600);
	g_autoptr(GError) error = NULL;

	g_assert_null(ask_for(host->url, path, fingerprint, "/status", NULL, &error));
	g_assert_error(error, CLI_ERROR, CLI_FAILED);
	assert_has(error->message, why);
	/* nothing of the request was sent, and so no secret */
	g_assert_cmpuint(host->requests->len, ==, 0);
	remove_file(path);
}

static void test_pinned(void)
{
	g_autoptr(FakeHost) host = fake_host_new(TRUE);
	char *path = make_file(SECRET, 0600);
	g_autoptr(GError) error = NULL;
	g_autoptr(ClientAnswer) answer = NULL;

	answer = ask_for(host->url, path, host->fingerprint, "/status", NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(answer->status, ==, 200);
	g_assert_cmpstr(fake_host_find(host, "GET /status")->secret, ==, SECRET);
	remove_file(path);
}

static void test_another_certificate(void)
{
	g_autoptr(FakeHost) host = fake_host_new(TRUE), other = fake_host_new(TRUE);

	assert_untrusted(host, other->fingerprint, "shows another certificate than");
}

static void test_unknown_certificate(void)
{
	g_autoptr(FakeHost) host = fake_host_new(TRUE);

	assert_untrusted(host, NULL, "a certificate that this system does not trust");
}

/* The system's trust: what is in the file, which is read when it is needed, and nobody else. */
static GTlsDatabase *trust(const char *path)
{
	g_autoptr(GError) error = NULL;
	GTlsDatabase *database = g_tls_file_database_new(path, &error);

	g_assert_no_error(error);
	g_tls_backend_set_default_database(g_tls_backend_get_default(), database);
	return database;
}

/* with a fingerprint, no authority's word counts */
static void test_trusted_certificate(void)
{
	g_autoptr(FakeHost) host = fake_host_new(TRUE), other = fake_host_new(TRUE);
	char *path = make_file(host->certificate, 0600);
	g_autoptr(GTlsDatabase) database = trust(path);
	g_autoptr(ClientAnswer) answer = NULL;
	g_autoptr(GError) error = NULL;

	assert_untrusted(host, other->fingerprint, "shows another certificate than");
	answer = ask_for(host->url, NULL, NULL, "/status", NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(answer->status, ==, 200);
	g_tls_backend_set_default_database(g_tls_backend_get_default(), NULL);
	remove_file(path);
}

/* --- the command --- */

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

/* Runs hotseat with words (split at blanks); url and secret_file are for its environment. */
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
	char *path = make_file(SECRET "\n", 0644);
	g_autofree char *words = g_strdup_printf("switch host --url %s --secret-file %s "
						 "--fingerprint %s",
		host->url, path, host->fingerprint);
	g_autofree char *warning =
		g_strdup_printf("hotseat: others can read the secret; run: chmod o= %s\n", path);
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
	assert_has(run.out, "The seat is at host.");
	g_assert_cmpstr(fake_host_find(host, "POST /switch")->body, ==, "{\"to\":\"host\"}");
	g_assert_cmpstr(fake_host_find(host, "POST /switch")->secret, ==, SECRET);
	run_clear(&run);
	remove_file(path);
}

static void test_command_by_environment(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	char *path = make_file(SECRET "\n", 0600);
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
	remove_file(path);
}

static void test_command_wrong_secret(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	char *path = make_file(SECRET "\n", 0600);
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
	assert_has(run.err, "hotseat: no secret was sent; put it into a file");
	run_clear(&run);
	remove_file(path);
}

static const struct {
	const char *label, *words;
	int status;
	const char *says;
} usages[] = {
	{ "agent-without-url", "agent", CLI_USAGE, "give --url http://HOST:PORT" },
	{ "secret-without-url", "switch host --secret-file x", CLI_USAGE, "give --url" },
	{ "url-and-socket", "switch host --url desk --socket x", CLI_USAGE,
		"leave one of them out" },
	{ "bad-url", "status --url ftp://desk", CLI_USAGE, "only http:// and https:// are known" },
	{ "no-secret-file", "status --url desk --secret-file /nonexistent/s", CLI_USAGE,
		"/nonexistent/s: cannot be opened" },
};

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
	g_test_add_func("/guest-remote/urls", test_urls);
	g_test_add_func("/guest-remote/fingerprints", test_fingerprints);
	g_test_add_func("/guest-remote/secret-files", test_secret_files);
	g_test_add_func("/guest-remote/secret-that-others-read", test_secret_that_others_read);
	g_test_add_func("/guest-remote/request", test_request);
	g_test_add_func("/guest-remote/no-secret", test_no_secret);
	g_test_add_func("/guest-remote/refusal", test_refusal_is_an_answer);
	g_test_add_func("/guest-remote/no-answers", test_answers_that_are_none);
	g_test_add_func("/guest-remote/endless-answer", test_endless_answer);
	g_test_add_func("/guest-remote/no-redirect", test_no_redirect);
	g_test_add_func("/guest-remote/nobody", test_nobody);
	g_test_add_func("/guest-remote/unknown-name", test_unknown_name);
	g_test_add_func("/guest-remote/waking-host", test_waking_host);
	g_test_add_func("/guest-remote/asked-only-once", test_asked_only_once);
	g_test_add_func("/guest-remote/too-late", test_answer_too_late);
	g_test_add_func("/guest-remote/pinned", test_pinned);
	g_test_add_func("/guest-remote/another-certificate", test_another_certificate);
	g_test_add_func("/guest-remote/unknown-certificate", test_unknown_certificate);
	g_test_add_func("/guest-remote/trusted-certificate", test_trusted_certificate);
	g_test_add_func("/guest-remote/command", test_command);
	g_test_add_func("/guest-remote/environment", test_command_by_environment);
	g_test_add_func("/guest-remote/wrong-secret", test_command_wrong_secret);
	for (gsize i = 0; i < G_N_ELEMENTS(usages); i++) {
		g_autofree char *path = g_strdup_printf("/guest-remote/usage/%s", usages[i].label);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_usage);
	}
	return g_test_run();
}
