/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates: those we make, and what is said of those that others made.
 */
#include "config/problem.h"
#include "tls/certificate.h"
#include "tls/credentials.h"

#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define DAY (24 * 3600)

typedef struct {
	char *dir;
	Config config;
	char *certificate, *key; /* PEM of a good pair */
} Case;

static void case_init(Case *c)
{
	*c = (Case){ .dir = g_dir_make_tmp("hotseat-XXXXXX", NULL) };
	c->config = (Config){
		.path = g_build_filename(c->dir, "config.yaml", NULL),
		.http = TRUE,
		.http_host = (char *)"192.168.122.1",
		.http_certificate = { g_build_filename(c->dir, "cert", NULL), 7, 18 },
		.http_key = { g_build_filename(c->dir, "key", NULL), 8, 10 },
	};
	g_assert_true(certificate_make("192.168.122.1", &c->certificate, &c->key, NULL));
}

static void case_clear(Case *c)
{
	g_unlink(c->config.path);
	g_unlink(c->config.http_certificate.path);
	g_unlink(c->config.http_key.path);
	g_assert_cmpint(g_rmdir(c->dir), ==, 0);
	g_free(c->config.path);
	g_free(c->config.http_certificate.path);
	g_free(c->config.http_key.path);
	g_free(c->certificate);
	g_free(c->key);
	g_free(c->dir);
}

static void put(const ConfigFile *file, const char *text, guint mode)
{
	if (text == NULL)
		return;
	g_assert_true(g_file_set_contents(file->path, text, -1, NULL));
	g_assert_cmpint(g_chmod(file->path, mode), ==, 0);
}

/* Writes both (NULL: leaves it out) and asserts what is said, with DIR for the folder. */
static void assert_said(
	Case *c, const char *certificate, const char *key, guint mode, const char *expected)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(TlsCredentials) credentials = NULL;
	g_autoptr(GString) said = g_string_new(NULL);

	put(&c->config.http_certificate, certificate, 0644);
	put(&c->config.http_key, key, mode);
	credentials = tls_credentials_new(&c->config, problems);
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = config_problem_format("c", problems->pdata[i]);

		g_string_append_printf(said, "%s\n", line);
	}
	g_string_replace(said, c->dir, "DIR", 0);
	g_assert_cmpstr(said->str, ==, expected);
	if (c->config.http)
		g_assert_true((credentials == NULL) == config_problems_have_error(problems));
}

/* The pair's certificate, valid at other times. Free with g_free(). */
static char *made_for(const Case *c, time_t from, time_t until)
{
	gnutls_datum_t pem = { (guchar *)c->certificate, (guint)strlen(c->certificate) };
	gnutls_datum_t key_pem = { (guchar *)c->key, (guint)strlen(c->key) }, out;
	gnutls_x509_crt_t certificate;
	gnutls_privkey_t key;
	char *text;

	gnutls_x509_crt_init(&certificate);
	gnutls_privkey_init(&key);
	g_assert_cmpint(gnutls_x509_crt_import(certificate, &pem, GNUTLS_X509_FMT_PEM), ==, 0);
	g_assert_cmpint(
		gnutls_privkey_import_x509_raw(key, &key_pem, GNUTLS_X509_FMT_PEM, NULL, 0), ==, 0);
	gnutls_x509_crt_set_activation_time(certificate, from);
	gnutls_x509_crt_set_expiration_time(certificate, until);
	g_assert_cmpint(
		gnutls_x509_crt_privkey_sign(certificate, certificate, key, GNUTLS_DIG_SHA256, 0),
		==, 0);
	g_assert_cmpint(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &out), ==, 0);
	text = g_strndup((const char *)out.data, out.size);
	gnutls_free(out.data);
	gnutls_privkey_deinit(key);
	gnutls_x509_crt_deinit(certificate);
	return text;
}

/* `openssl pkcs8 -topk8 -iter 1` of a key for nothing: gnutls would hash the password for seconds.
 */
static const char encrypted[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
				"MIHrMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAgoOLmVMoYuvAIBATAM\n"
				"BggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBAgQQzxy3V393GR7rinWL5m/UzASBkI4V\n"
				"z1k4nK1sS7LaTR37Iu1Lj7LKMhmDUmx1iAvZwQ6ZxL36nwrbk2VncNZqELyhd3Vg\n"
				"ruiJ78q649SUqTrqx2Cao7w2BBFhwgKzVdj9Pb4LPgW2NYm2U1YCw019bvDsnTYF\n"
				"9N2OzEPoQ4AAs+57TNWUaNHSZPwkbl2DaYOpUo2shqj3kzjtGycDrhUExVZKhg==\n"
				"-----END ENCRYPTED PRIVATE KEY-----\n";

static void test_said(void)
{
	Case c;
	g_autofree char *other = NULL, *other_key = NULL;

	case_init(&c);
	assert_said(&c, NULL, NULL, 0600,
		"c:7:18: certificate: DIR/cert cannot be opened: No such file or directory; "
		"create one with `hotseat certificate new`\n"
		"c:8:10: key: DIR/key cannot be opened: No such file or directory; "
		"create one with `hotseat certificate new`\n");
	assert_said(&c, c.certificate, c.key, 0600, "");
	assert_said(&c, c.certificate, c.key, 0644,
		"c:8:10: warning: key: other users can read the key in DIR/key; run: chmod o= "
		"DIR/key\n");
	assert_said(&c, "hello\n", "hello\n", 0600,
		"c:7:18: certificate: DIR/cert has no certificate in PEM (-----BEGIN "
		"CERTIFICATE-----)\n"
		"c:8:10: key: DIR/key has no key in PEM (-----BEGIN PRIVATE KEY-----)\n");
	g_assert_true(certificate_make(NULL, &other, &other_key, NULL));
	assert_said(&c, c.certificate, other_key, 0600,
		"c:8:10: key: DIR/key is not the key of the certificate\n");
	assert_said(&c, c.certificate, encrypted, 0600,
		"c:8:10: key: DIR/key is encrypted; hotseatd cannot ask for a password\n");
	case_clear(&c);
}

static void test_times(void)
{
	Case c;
	g_autofree char *old = NULL, *future = NULL;

	case_init(&c);
	old = made_for(&c, 1500000000, 1600000000);
	assert_said(&c, old, c.key, 0600,
		"c:7:18: warning: certificate: DIR/cert expired on 2020-09-13; clients may "
		"refuse it\n");
	future = made_for(&c, 2200000000, 2300000000);
	assert_said(&c, future, c.key, 0600,
		"c:7:18: warning: certificate: DIR/cert is not valid before 2039-09-18; clients "
		"may refuse it\n");
	case_clear(&c);
}

/* without http, or without http.tls, nothing is looked for */
static void test_not_wanted(void)
{
	Case c;

	case_init(&c);
	c.config.http = FALSE;
	assert_said(&c, NULL, NULL, 0600, "");
	case_clear(&c);
}

/* -- ours ------------------------------------------------------------------------------------- */

static gnutls_x509_crt_t import(const char *pem)
{
	gnutls_datum_t text = { (guchar *)pem, (guint)strlen(pem) };
	gnutls_x509_crt_t certificate;

	gnutls_x509_crt_init(&certificate);
	g_assert_cmpint(gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM), ==, 0);
	return certificate;
}

static void test_hosts(void)
{
	static const struct {
		const char *host, *is, *is_not;
	} hosts[] = {
		{ "192.168.122.1", "192.168.122.1", "192.168.122.2" },
		{ "::1", "::1", "::2" },
		{ "kvm.example", "kvm.example", "other.example" },
		{ "0.0.0.0", NULL, "0.0.0.0" },
		{ "::", NULL, "::" },
		{ "", NULL, "127.0.0.1" },
		{ NULL, NULL, "127.0.0.1" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
		const char *is = hosts[i].is != NULL ? hosts[i].is : g_get_host_name();
		g_autofree char *pem = NULL, *key = NULL;
		gnutls_x509_crt_t certificate;

		g_assert_true(certificate_make(hosts[i].host, &pem, &key, NULL));
		certificate = import(pem);
		g_assert_true(gnutls_x509_crt_check_hostname(certificate, is));
		g_assert_true(gnutls_x509_crt_check_hostname(certificate, "localhost"));
		g_assert_false(gnutls_x509_crt_check_hostname(certificate, hosts[i].is_not));
		gnutls_x509_crt_deinit(certificate);
	}
}

static void test_ten_years(void)
{
	g_autofree char *pem = NULL, *key = NULL;
	gnutls_x509_crt_t certificate;
	time_t now = time(NULL);
	guint bits;

	g_assert_true(certificate_make("x", &pem, &key, NULL));
	certificate = import(pem);
	g_assert_cmpint(gnutls_x509_crt_get_pk_algorithm(certificate, &bits), ==, GNUTLS_PK_ECDSA);
	g_assert_cmpuint(bits, ==, 256);
	g_assert_cmpint(gnutls_x509_crt_get_activation_time(certificate), <, now);
	g_assert_cmpint(gnutls_x509_crt_get_expiration_time(certificate), >, now + 3640 * DAY);
	gnutls_x509_crt_deinit(certificate);
}

/* a certificate that any other program knows by this */
static void test_fingerprint(void)
{
	static const char pem[] =
		"-----BEGIN CERTIFICATE-----\n"
		"MIIBeTCCAR+gAwIBAgIQTAA+olGPI0k+BWzw9yWZKzAKBggqhkjOPQQDAjASMRAw\n"
		"DgYDVQQDEwdob3RzZWF0MB4XDTI2MTEyMzE1NTE0NFoXDTM2MTEyMTE1NTE0NFow\n"
		"EjEQMA4GA1UEAxMHaG90c2VhdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHkg\n"
		"1VTEcud9xjQAxV3hMOakvVySwkGylnnl9OYpPR5MbnyVqVIhBhdszGIbaMS0oqYl\n"
		"DF/qfR5Dlz7QQQJmdaijVzBVMBIGA1UdEwEB/wQIMAYBAf8CAQAwDgYDVR0PAQH/\n"
		"BAQDAgKEMBMGA1UdJQQMMAoGCCsGAQUFBwMBMBoGA1UdEQQTMBGHBH8AAAGCCWxv\n"
		"Y2FsaG9zdDAKBggqhkjOPQQDAgNIADBFAiBgugFv+NYj4uoaeRWb/aTI9faeX6ey\n"
		"ZPaDd1Ql1/NOYQIhANsAnppuqMI/9s3mu33I6r6INyARqLXsKmN5D1szR42i\n"
		"-----END CERTIFICATE-----\n";
	g_autofree char *fingerprint = certificate_fingerprint(pem, NULL);
	g_autoptr(GError) error = NULL;

	g_assert_cmpstr(fingerprint, ==,
		"6B:93:5B:85:01:4C:AB:89:38:9D:96:2C:DE:DF:49:29:"
		"7B:84:F0:0A:37:90:38:5E:3C:11:F3:FE:2E:BD:0E:A7");
	g_assert_null(certificate_fingerprint("hello", &error));
	g_assert_nonnull(error);
}

static guint mode_of(const char *path)
{
	struct stat st;

	g_assert_cmpint(stat(path, &st), ==, 0);
	return st.st_mode & 07777;
}

static void test_files(void)
{
	Case c;
	g_autoptr(CertificateFiles) first = NULL, second = NULL, found = NULL, none = NULL;
	g_autoptr(GError) error = NULL, absent = NULL;

	case_init(&c);
	g_assert_true(g_file_set_contents(c.config.path, "", 0, NULL));
	none = certificate_files_find(&c.config, &absent);
	g_assert_null(none);
	g_assert_nonnull(strstr(absent->message, "create one with `hotseat certificate new`"));
	first = certificate_files_make(&c.config, FALSE, NULL);
	g_assert_cmpstr(first->key, ==, c.config.http_key.path);
	g_assert_cmpuint(mode_of(first->key), ==, 0600);
	g_assert_cmpuint(mode_of(first->certificate), ==, 0644);
	assert_said(&c, NULL, NULL, 0600, "");
	g_assert_null(certificate_files_make(&c.config, FALSE, &error));
	g_assert_nonnull(strstr(error->message, "exists; --replace"));
	found = certificate_files_find(&c.config, NULL);
	g_assert_cmpstr(found->fingerprint, ==, first->fingerprint);
	second = certificate_files_make(&c.config, TRUE, NULL);
	g_assert_cmpstr(second->fingerprint, !=, first->fingerprint);
	assert_said(&c, NULL, NULL, 0600, "");
	case_clear(&c);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/certificate/said", test_said);
	g_test_add_func("/certificate/times", test_times);
	g_test_add_func("/certificate/not-wanted", test_not_wanted);
	g_test_add_func("/certificate/hosts", test_hosts);
	g_test_add_func("/certificate/ten-years", test_ten_years);
	g_test_add_func("/certificate/fingerprint", test_fingerprint);
	g_test_add_func("/certificate/files", test_files);
	return g_test_run();
}
