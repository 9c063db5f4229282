/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A daemon on another machine, asked over HTTP and TLS: what goes out, and what is made of what
 * comes back.
 */
#include "agent/ask.h"
#include "fake-host.h"

#include <string.h>

/* --- asking --- */

/* long enough for a slow machine under a slow tool; nothing below takes so long */
static const AskTimes once = { 60000, 60000, 0 }, patient = { 60000, 60000, 60000 };

static ClientAnswer *ask_for(const char *url, const char *secret_file, const char *fingerprint,
	const char *path, const char *body, GError **error)
{
	g_autoptr(Endpoint) made = fake_endpoint(url, secret_file, fingerprint);

	return ask(made, path, body, &once, error);
}

static void test_request(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	char *path = fake_file_new(SECRET "\n", 0600);
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
	fake_file_free(path);
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
		assert_has(error->message, "check that hotseatd listens there");
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
	assert_has(error->message, "is too long");
}

/* the secret is for this host only */
static void test_no_redirect(void)
{
	g_autoptr(FakeHost) host = fake_host_new(FALSE), other = fake_host_new(FALSE);
	char *path = fake_file_new(SECRET, 0600);
	g_autoptr(ClientAnswer) answer = NULL;

	host->status = 302;
	host->location = g_strconcat(other->url, "/status", NULL);
	answer = ask_for(host->url, path, NULL, "/status", NULL, NULL);
	g_assert_cmpuint(answer->status, ==, 302);
	g_assert_cmpuint(other->requests->len, ==, 0);
	fake_file_free(path);
}

/* --- no answer --- */

static void test_nobody(void)
{
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u", fake_host_free_port());
	g_autoptr(GError) error = NULL;

	g_assert_null(ask_for(url, NULL, NULL, "/status", NULL, &error));
	g_assert_error(error, CLI_ERROR, CLI_ABSENT);
	assert_has(error->message, "nothing listens at http://127.0.0.1:");
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
	Waking waking = { .port = fake_host_free_port() };
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u", waking.port);
	g_autoptr(Endpoint) made = fake_endpoint(url, NULL, NULL);
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
	g_autoptr(Endpoint) made = fake_endpoint(host->url, NULL, NULL);
	g_autoptr(GError) error = NULL;

	host->status = 0;
	g_assert_null(ask(made, "/switch", "{}", &patient, &error));
	g_assert_error(error, CLI_ERROR, CLI_ABSENT);
	assert_has(error->message, "closed the connection before it answered");
	g_assert_cmpuint(host->requests->len, ==, 1);
}

static void test_answer_too_late(void)
{
	static const AskTimes impatient = { 60000, 1000, 60000 };
	g_autoptr(FakeHost) host = fake_host_new(FALSE);
	g_autoptr(Endpoint) made = fake_endpoint(host->url, NULL, NULL);
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
	char *path = fake_file_new(SECRET, 0600);
	g_autoptr(GError) error = NULL;

	g_assert_null(ask_for(host->url, path, fingerprint, "/status", NULL, &error));
	g_assert_error(error, CLI_ERROR, CLI_FAILED);
	assert_has(error->message, why);
	/* nothing of the request was sent, and so no secret */
	g_assert_cmpuint(host->requests->len, ==, 0);
	fake_file_free(path);
}

static void test_pinned(void)
{
	g_autoptr(FakeHost) host = fake_host_new(TRUE);
	char *path = fake_file_new(SECRET, 0600);
	g_autoptr(GError) error = NULL;
	g_autoptr(ClientAnswer) answer = NULL;

	answer = ask_for(host->url, path, host->fingerprint, "/status", NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(answer->status, ==, 200);
	g_assert_cmpstr(fake_host_find(host, "GET /status")->secret, ==, SECRET);
	fake_file_free(path);
}

/* the one that it shows is printed like `hotseat certificate show` does */
static void test_another_certificate(void)
{
	g_autoptr(FakeHost) host = fake_host_new(TRUE), other = fake_host_new(TRUE);

	assert_untrusted(host, other->fingerprint, "does not match the fingerprint");
	assert_untrusted(host, other->fingerprint, host->fingerprint);
}

static void test_unknown_certificate(void)
{
	g_autoptr(FakeHost) host = fake_host_new(TRUE);

	assert_untrusted(host, NULL, "this system does not trust the certificate");
}

/* The system's trust: what is in the file, which is read when it is needed, and nobody else; NULL:
 * as it was. */
static void trust(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GTlsDatabase) database =
		path != NULL ? g_tls_file_database_new(path, &error) : NULL;

	g_assert_no_error(error);
	g_tls_backend_set_default_database(g_tls_backend_get_default(), database);
}

/* with a fingerprint, no authority's word counts */
static void test_trusted_certificate(void)
{
	g_autoptr(FakeHost) host = fake_host_new(TRUE), other = fake_host_new(TRUE);
	char *path = fake_file_new(host->certificate, 0600);
	g_autoptr(ClientAnswer) answer = NULL;
	g_autoptr(GError) error = NULL;

	trust(path);
	assert_untrusted(host, other->fingerprint, "does not match the fingerprint");
	answer = ask_for(host->url, NULL, NULL, "/status", NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(answer->status, ==, 200);
	trust(NULL);
	fake_file_free(path);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/guest-remote/request", test_request);
	g_test_add_func("/guest-remote/no-secret", test_no_secret);
	g_test_add_func("/guest-remote/refusal", test_refusal_is_an_answer);
	g_test_add_func("/guest-remote/no-answers", test_answers_that_are_none);
	g_test_add_func("/guest-remote/endless-answer", test_endless_answer);
	g_test_add_func("/guest-remote/no-redirect", test_no_redirect);
	g_test_add_func("/guest-remote/nobody", test_nobody);
	g_test_add_func("/guest-remote/waking-host", test_waking_host);
	g_test_add_func("/guest-remote/asked-only-once", test_asked_only_once);
	g_test_add_func("/guest-remote/too-late", test_answer_too_late);
	g_test_add_func("/guest-remote/pinned", test_pinned);
	g_test_add_func("/guest-remote/another-certificate", test_another_certificate);
	g_test_add_func("/guest-remote/unknown-certificate", test_unknown_certificate);
	g_test_add_func("/guest-remote/trusted-certificate", test_trusted_certificate);
	return g_test_run();
}
