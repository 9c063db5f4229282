/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a daemon on another machine is, and how it is known: what people write.
 */
#include "agent/endpoint.h"
#include "fake-host.h"

#include <string.h>

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
		{ "ftp://desk", "use http:// or https://" },
		{ "http://", "it has no host" },
		{ "", "it has no host" },
		{ "http://desk/switch", "it has text after the port" },
		{ "http://desk?to=host", "it has text after the port" },
		{ "http://desk:99999", "http://desk:99999" },
		{ "http://me:sesame@desk", "write the secret to a file" },
		{ "http://desk%0d%0aX-Secret", "invalid characters" },
		{ "http://desk%1b", "invalid characters" },
		{ "http://de%20sk", "invalid characters" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autoptr(Endpoint) made = fake_endpoint(good[i].text, NULL, NULL);

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
	g_autoptr(Endpoint) plain = fake_endpoint("https://desk", NULL, hex);
	g_autoptr(Endpoint) written = fake_endpoint("https://desk", NULL, colons);
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
		char *path = fake_file_new(cases[i].text, 0600);
		g_autoptr(Endpoint) made = fake_endpoint("desk", path, NULL);
		g_autofree char *secret = NULL;
		g_autoptr(GError) error = NULL;

		g_assert_true(endpoint_secret(made, &secret, &error) == (cases[i].why == NULL));
		g_assert_cmpstr(secret, ==, cases[i].secret);
		if (cases[i].why != NULL) {
			assert_has(error->message, cases[i].why);
			assert_has(error->message, path);
		}
		g_assert_false(made->warned);
		fake_file_free(path);
	}
}

static void test_secret_that_others_read(void)
{
	char *path = fake_file_new(SECRET, 0644);
	g_autoptr(Endpoint) made = fake_endpoint("desk", path, NULL);
	g_autofree char *secret = NULL, *again = NULL;

	g_assert_true(endpoint_secret(made, &secret, NULL));
	g_assert_true(made->warned);
	g_assert_true(endpoint_secret(made, &again, NULL));
	g_assert_cmpstr(again, ==, SECRET);
	fake_file_free(path);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/guest-endpoint/urls", test_urls);
	g_test_add_func("/guest-endpoint/fingerprints", test_fingerprints);
	g_test_add_func("/guest-endpoint/secret-files", test_secret_files);
	g_test_add_func("/guest-endpoint/secret-that-others-read", test_secret_that_others_read);
	return g_test_run();
}
