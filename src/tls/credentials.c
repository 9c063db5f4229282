/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/credentials.h"

#include "config/file.h"
#include "config/problem.h"

#include <fcntl.h>
#include <gnutls/x509.h>
#include <time.h>

/* gnutls' defaults without versions before TLS 1.2, which are deprecated (RFC 8996). */
#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct TlsCredentials {
	gnutls_certificate_credentials_t certificate;
	gnutls_priority_t priority;
};

/* The file that is being read. */
typedef struct {
	GPtrArray *problems;
	const ConfigFile *file;
	const char *key; /* the key in the config: "certificate" */
} Source;

static void add(const Source *source, gboolean warning, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

static void add(const Source *source, gboolean warning, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	problem_add(source->problems, warning, source->file->line, source->file->column,
		g_strdup_printf("%s: %s", source->key, text));
}

/* The text of a file; data of NULL: it cannot be read, which has been reported. */
static gnutls_datum_t read_source(const Source *source, guint *mode)
{
	gnutls_datum_t text = { .data = NULL };
	g_autofree char *reason = NULL;
	gsize length = 0;

	text.data = (guchar *)file_read(source->file->path, O_NONBLOCK, &length, mode, &reason);
	text.size = (guint)length;
	if (text.data == NULL)
		add(source, FALSE, "%s %s%s", source->file->path, reason,
			g_file_test(source->file->path, G_FILE_TEST_EXISTS)
				? ""
				: "; create one with `hotseat certificate new`");
	return text;
}

/* --- the certificate --- */

static void check_times(const Source *source, gnutls_x509_crt_t certificate)
{
	time_t now = time(NULL);
	time_t from = gnutls_x509_crt_get_activation_time(certificate);
	time_t until = gnutls_x509_crt_get_expiration_time(certificate);
	g_autoptr(GDateTime) from_date = g_date_time_new_from_unix_utc(from);
	g_autoptr(GDateTime) until_date = g_date_time_new_from_unix_utc(until);
	g_autofree char *begins = g_date_time_format(from_date, "%F");
	g_autofree char *ends = g_date_time_format(until_date, "%F");

	if (until < now)
		add(source, TRUE, "%s expired on %s; clients may refuse it", source->file->path,
			ends);
	else if (from > now)
		add(source, TRUE, "%s is not valid before %s; clients may refuse it",
			source->file->path, begins);
}

static void free_certificates(gnutls_x509_crt_t *list, guint count)
{
	for (guint i = 0; i < count; i++)
		gnutls_x509_crt_deinit(list[i]);
	gnutls_free(list);
}

/* The server's certificate and those that lead to its root. */
static gnutls_x509_crt_t *read_certificates(const Source *source, guint *count)
{
	gnutls_x509_crt_t *list = NULL;
	gnutls_datum_t text = read_source(source, NULL);
	int code;

	if (text.data == NULL)
		return NULL;
	code = gnutls_x509_crt_list_import2(&list, count, &text, GNUTLS_X509_FMT_PEM, 0);
	g_free(text.data);
	if (code < 0) {
		add(source, FALSE, "%s has no certificate in PEM (-----BEGIN CERTIFICATE-----)",
			source->file->path);
		return NULL;
	}
	check_times(source, list[0]);
	return list;
}

/* --- the key --- */

static gnutls_x509_privkey_t read_key(const Source *source)
{
	gnutls_x509_privkey_t key = NULL;
	guint mode = 0;
	gnutls_datum_t text = read_source(source, &mode);
	int code;

	if (text.data == NULL)
		return NULL;
	gnutls_x509_privkey_init(&key);
	code = gnutls_x509_privkey_import2(key, &text, GNUTLS_X509_FMT_PEM, NULL, 0);
	gnutls_memset(text.data, 0, text.size);
	g_free(text.data);
	if (code == GNUTLS_E_DECRYPTION_FAILED)
		add(source, FALSE, "%s is encrypted; hotseatd cannot ask for a password",
			source->file->path);
	else if (code < 0)
		add(source, FALSE, "%s has no key in PEM (-----BEGIN PRIVATE KEY-----)",
			source->file->path);
	if (code < 0) {
		gnutls_x509_privkey_deinit(key);
		return NULL;
	}
	if (mode & S_IROTH)
		add(source, TRUE, "other users can read the key in %s; run: chmod o= %s",
			source->file->path, source->file->path);
	return key;
}

/* --- both --- */

static TlsCredentials *combine(gnutls_x509_crt_t *certificates, guint count,
	gnutls_x509_privkey_t key, const Source *source)
{
	g_autoptr(TlsCredentials) credentials = g_atomic_rc_box_new0(TlsCredentials);
	int code;

	gnutls_certificate_allocate_credentials(&credentials->certificate);
	gnutls_priority_init(&credentials->priority, PRIORITY, NULL);
	code = gnutls_certificate_set_x509_key(
		credentials->certificate, certificates, (int)count, key);
	if (code >= 0)
		return g_steal_pointer(&credentials);
	if (code == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
		add(source, FALSE, "%s is not the key of the certificate", source->file->path);
	else
		add(source, FALSE, "%s cannot be used: %s", source->file->path,
			gnutls_strerror(code));
	return NULL;
}

TlsCredentials *tls_credentials_new(const Config *config, GPtrArray *problems)
{
	const Source certificate = { problems, &config->http_certificate, "certificate" };
	const Source source = { problems, &config->http_key, "key" };
	gnutls_x509_crt_t *certificates;
	gnutls_x509_privkey_t key;
	TlsCredentials *credentials = NULL;
	guint count = 0;

	if (!config->http || config->http_certificate.path == NULL || config->http_key.path == NULL)
		return NULL;
	certificates = read_certificates(&certificate, &count);
	key = read_key(&source);
	if (certificates != NULL && key != NULL)
		credentials = combine(certificates, count, key, &source);
	free_certificates(certificates, count);
	gnutls_x509_privkey_deinit(key);
	return credentials;
}

static void clear(gpointer data)
{
	TlsCredentials *credentials = data;

	gnutls_certificate_free_credentials(credentials->certificate);
	gnutls_priority_deinit(credentials->priority);
}

TlsCredentials *tls_credentials_ref(TlsCredentials *credentials)
{
	return g_atomic_rc_box_acquire(credentials);
}

void tls_credentials_unref(TlsCredentials *credentials)
{
	if (credentials != NULL)
		g_atomic_rc_box_release_full(credentials, clear);
}

gnutls_session_t tls_credentials_session(TlsCredentials *credentials)
{
	gnutls_session_t session = NULL;

	gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials->certificate);
	gnutls_priority_set(session, credentials->priority);
	return session;
}
