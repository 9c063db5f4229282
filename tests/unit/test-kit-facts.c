/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a guest kit is made of: which guest, where it asks, its secret, the certificate.
 */
#include "common/error.h"
#include "config/secrets.h"
#include "kit/facts.h"
#include "tls/certificate.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tree.h"

#define GUESTS	 "libvirt: {domain: win11}\nguests: [{name: linux box, domain: debian}]\n"
#define DEVICES	 "devices: [{port: 1-1}]\n"
#define SECURITY "  security: {enabled: true, secret: the administrator's own}\n"
#define TLS	 "  tls: {certificate: both.pem, key: both.pem}\n"

typedef struct {
	char *dir, *path;
	Config *config;
} Case;

static void case_init(Case *c, const char *text)
{
	g_autoptr(GPtrArray) problems = config_problems_new();

	c->dir = g_dir_make_tmp("hotseat-facts-XXXXXX", NULL);
	c->path = g_build_filename(c->dir, "config.yaml", NULL);
	g_assert_true(g_file_set_contents(c->path, text, -1, NULL));
	c->config = config_load(c->path, problems);
	g_assert_nonnull(c->config);
}

static void case_clear(Case *c)
{
	tree_remove(c->dir);
	config_free(c->config);
	g_free(c->path);
	g_free(c->dir);
}

/* libvirt, which knows one network */
static char *find_address(const Config *config, const char *domain, GError **error)
{
	if (g_str_equal(domain, "debian"))
		return g_strdup("192.168.122.1");
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "no address for %s", domain);
	return NULL;
}

static KitFacts *find(const Case *c, const char *guest, const char *url, GError **error)
{
	KitRequest request = { c->config, guest, url, find_address };

	return kit_facts_find(&request, error);
}

/* -- where ------------------------------------------------------------------------------------ */

static const struct {
	const char *address, *guest, *url;
	const char *found; /* or a part of the message */
} addresses[] = {
	{ "192.168.122.1:5001", "guest", NULL, "http://192.168.122.1:5001" },
	{ "'[fd00::1]:80'", "guest", NULL, "http://[fd00::1]:80" },
	{ "host.lan:5001", "guest", NULL, "http://host.lan:5001" },
	{ "0.0.0.0:5001", "linux box", NULL, "http://192.168.122.1:5001" },
	{ "'[::]:5001'", "linux box", NULL, "http://192.168.122.1:5001" },
	{ "0.0.0.0:5001", "guest", NULL, "no address for win11" },
	{ "127.0.0.1:5001", "guest", NULL, "is 127.0.0.1, which only this computer can reach" },
	{ "localhost:5001", "guest", NULL, "or use --url" },
	{ "127.0.0.1:5001", "guest", "http://10.0.2.2:81", "http://10.0.2.2:81" },
	{ "0.0.0.0:5001", "guest", "http://10.0.2.2/", "http://10.0.2.2:5001" },
	{ "0.0.0.0:5001", "guest", "http://[fd00::1]:81", "http://[fd00::1]:81" },
	{ "0.0.0.0:5001", "guest", "https://10.0.2.2:81", "plain HTTP; write http://" },
	{ "0.0.0.0:5001", "guest", "10.0.2.2:81", "it needs a scheme, a host and a port" },
	{ "0.0.0.0:5001", "guest", "http://10.0.2.2:81/switch", "it needs a scheme, a host" },
	{ "0.0.0.0:5001", "guest", "http://me@10.0.2.2:81", "it needs a scheme, a host" },
	{ "0.0.0.0:5001", "guest", "ftp://10.0.2.2:81", "it needs a scheme, a host" },
	/* what would end a line or a quote in a script, even where it is written as %XX */
	{ "0.0.0.0:5001", "guest", "http://desk%0Asecret%20=%20x:81", "it needs a scheme, a host" },
	{ "0.0.0.0:5001", "guest", "http://desk%1b[2J:81", "it needs a scheme, a host" },
	{ "0.0.0.0:5001", "guest", "http://desk%22;calc:81", "it needs a scheme, a host" },
	{ "0.0.0.0:5001", "guest", "http://desk'$(id):81", "it needs a scheme, a host" },
	{ "0.0.0.0:5001", "guest", "http://desk`id`:81", "it needs a scheme, a host" },
	{ "0.0.0.0:5001", "guest", "http://desk:81\nsecret = x", "it needs a scheme, a host" },
	{ "0.0.0.0:5001", "guest", "http://-o:81", "it needs a scheme, a host" },
};

static void test_addresses(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
		g_autofree char *text = g_strdup_printf(
			GUESTS DEVICES "http:\n  address: %s\n" SECURITY, addresses[i].address);
		g_autoptr(KitFacts) facts = NULL;
		g_autoptr(GError) error = NULL;
		Case c;

		case_init(&c, text);
		facts = find(&c, addresses[i].guest, addresses[i].url, &error);
		if (facts != NULL)
			g_assert_cmpstr(facts->url, ==, addresses[i].found);
		else
			g_assert_nonnull(strstr(error->message, addresses[i].found));
		case_clear(&c);
	}
}

static void test_no_http(void)
{
	g_autoptr(GError) error = NULL;
	Case c;

	case_init(&c, GUESTS DEVICES);
	g_assert_null(find(&c, "guest", "http://10.0.2.2:81", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG);
	g_assert_nonnull(strstr(error->message, "add a section http with"));
	case_clear(&c);
}

/* -- who -------------------------------------------------------------------------------------- */

static void assert_no_guest(const Case *c, const char *guest, const char *message)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(find(c, guest, NULL, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_GUEST);
	g_assert_nonnull(strstr(error->message, message));
}

static void test_guests(void)
{
	g_autoptr(KitFacts) facts = NULL;
	Case c;

	case_init(&c, GUESTS DEVICES "http:\n  address: 192.168.122.1:5001\n" SECURITY);
	assert_no_guest(&c, NULL, "guest, linux box; choose one with --guest");
	assert_no_guest(&c, "moon", "has no guest moon; the guests are: guest, linux box");
	case_clear(&c);
	case_init(&c, "libvirt: {domain: win11}\n" DEVICES
		      "http:\n  address: 192.168.122.1:5001\n" SECURITY);
	facts = find(&c, NULL, NULL, NULL);
	g_assert_cmpstr(facts->guest, ==, "guest");
	case_clear(&c);
}

/* -- the secret ------------------------------------------------------------------------------- */

/* Made once, then the same again; never the administrator's. */
static void test_secret(void)
{
	g_autoptr(KitFacts) first = NULL, again = NULL;
	g_autofree char *path = NULL, *text = NULL;
	Case c;

	case_init(&c, GUESTS DEVICES "http:\n  address: 192.168.122.1:5001\n" SECURITY);
	first = find(&c, "linux box", NULL, NULL);
	again = find(&c, "linux box", NULL, NULL);
	g_assert_true(first->new_secret);
	g_assert_false(again->new_secret);
	g_assert_cmpuint(strlen(first->secret), ==, 2 * SECRET_BYTES);
	g_assert_cmpstr(first->secret, ==, again->secret);
	path = secrets_file(c.path, "linux box");
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(g_strchomp(text), ==, first->secret);
	case_clear(&c);
}

/* One that is there and is of no use is not written over. */
static void test_bad_secrets(void)
{
	static const struct {
		const char *secret, *message;
	} cases[] = {
		{ "", "the secret is empty" },
		{ "the administrator's own", "the administrator has the same secret" },
		{ "grüße an alle zusammen", "can send only ASCII characters" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = NULL, *folder = NULL, *text = NULL;
		g_autoptr(GError) error = NULL;
		Case c;

		case_init(&c, GUESTS DEVICES "http:\n  address: 192.168.122.1:5001\n" SECURITY);
		folder = secrets_folder(c.path);
		path = secrets_file(c.path, "guest");
		g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
		g_assert_true(g_file_set_contents(path, cases[i].secret, -1, NULL));
		g_assert_null(find(&c, "guest", NULL, &error));
		g_assert_nonnull(strstr(error->message, path));
		g_assert_nonnull(strstr(error->message, cases[i].message));
		g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
		g_assert_cmpstr(text, ==, cases[i].secret);
		case_clear(&c);
	}
}

/* Nothing is made before all else is there. */
static void test_no_secret_in_vain(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = NULL;
	Case c;

	case_init(&c, GUESTS DEVICES "http:\n  address: 192.168.122.1:5001\n" SECURITY TLS);
	g_assert_null(find(&c, "guest", NULL, &error));
	g_assert_nonnull(strstr(error->message, "create one with `hotseat certificate new`"));
	folder = secrets_folder(c.path);
	g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
	case_clear(&c);
}

/* -- the certificate -------------------------------------------------------------------------- */

/* A file that has the key as well, and another certificate: the kit gets the first, and no more. */
static void test_certificate(void)
{
	g_autofree char *certificate = NULL, *key = NULL, *other = NULL, *other_key = NULL;
	g_autofree char *text = NULL, *path = NULL, *fingerprint = NULL;
	g_autoptr(KitFacts) facts = NULL;
	Case c;

	case_init(&c, GUESTS DEVICES "http:\n  address: 192.168.122.1:5001\n" SECURITY TLS);
	g_assert_true(certificate_make("192.168.122.1", &certificate, &key, NULL));
	g_assert_true(certificate_make("192.168.122.1", &other, &other_key, NULL));
	text = g_strconcat(key, certificate, other, NULL);
	path = g_build_filename(c.dir, "both.pem", NULL);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	facts = find(&c, "guest", NULL, NULL);
	g_assert_nonnull(facts);
	fingerprint = certificate_fingerprint(certificate, NULL);
	g_assert_cmpstr(facts->url, ==, "https://192.168.122.1:5001");
	g_assert_cmpstr(facts->certificate, ==, certificate);
	g_assert_cmpstr(facts->fingerprint, ==, fingerprint);
	g_assert_true(g_str_has_prefix(facts->key_pin, "sha256//"));
	case_clear(&c);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/kit-facts/addresses", test_addresses);
	g_test_add_func("/kit-facts/no-http", test_no_http);
	g_test_add_func("/kit-facts/guests", test_guests);
	g_test_add_func("/kit-facts/secret", test_secret);
	g_test_add_func("/kit-facts/bad-secrets", test_bad_secrets);
	g_test_add_func("/kit-facts/no-secret-in-vain", test_no_secret_in_vain);
	g_test_add_func("/kit-facts/certificate", test_certificate);
	return g_test_run();
}
