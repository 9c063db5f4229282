/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/certificate.h"

#include "common/error.h"

#include <gio/gio.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define COMMON_NAME "hotseat"
/* in bytes; RFC 5280 allows 20, with the highest bit clear */
#define SERIAL_LENGTH 16

static gboolean check(int code, GError **error)
{
	if (code >= 0)
		return TRUE;
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "cannot make a certificate: %s",
		gnutls_strerror(code));
	return FALSE;
}

static int add_address(gnutls_x509_crt_t certificate, GInetAddress *address)
{
	return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS,
		g_inet_address_to_bytes(address), (guint)g_inet_address_get_native_size(address),
		GNUTLS_FSAN_APPEND);
}

static int add_name(gnutls_x509_crt_t certificate, const char *name)
{
	return gnutls_x509_crt_set_subject_alt_name(
		certificate, GNUTLS_SAN_DNSNAME, name, (guint)strlen(name), GNUTLS_FSAN_APPEND);
}

/* The names in the certificate: the address that guests use, and names of this machine. */
static int add_names(gnutls_x509_crt_t certificate, const char *host)
{
	g_autoptr(GInetAddress) address =
		host != NULL ? g_inet_address_new_from_string(host) : NULL;
	int code;

	if (address != NULL && !g_inet_address_get_is_any(address))
		code = add_address(certificate, address);
	else if (address == NULL && host != NULL && *host != '\0')
		code = add_name(certificate, host);
	else
		code = add_name(certificate, g_get_host_name());
	return code < 0 ? code : add_name(certificate, "localhost");
}

static int set_serial(gnutls_x509_crt_t certificate)
{
	guint8 serial[SERIAL_LENGTH];
	int code = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);

	serial[0] &= 0x7f;
	return code < 0 ? code : gnutls_x509_crt_set_serial(certificate, serial, sizeof serial);
}

/* It is its own root, so clients that do not pin it can trust it (curl --cacert). */
static int fill(gnutls_x509_crt_t certificate, const char *host)
{
	time_t now = time(NULL);
	/* a guest's clock may be an hour or two behind */
	time_t from = now - 24 * 3600, until = now + (time_t)CERTIFICATE_YEARS * 365 * 24 * 3600;
	int code = gnutls_x509_crt_set_version(certificate, 3);

	if (code >= 0)
		code = set_serial(certificate);
	if (code >= 0)
		code = gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
			COMMON_NAME, strlen(COMMON_NAME));
	if (code >= 0)
		code = gnutls_x509_crt_set_activation_time(certificate, from);
	if (code >= 0)
		code = gnutls_x509_crt_set_expiration_time(certificate, until);
	if (code >= 0)
		code = gnutls_x509_crt_set_basic_constraints(certificate, 1, 0);
	if (code >= 0)
		code = gnutls_x509_crt_set_key_usage(
			certificate, GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_CERT_SIGN);
	if (code >= 0)
		code = gnutls_x509_crt_set_key_purpose_oid(
			certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
	return code < 0 ? code : add_names(certificate, host);
}

static int sign(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
	gnutls_privkey_t signer;
	int code = gnutls_x509_crt_set_key(certificate, key);

	if (code < 0 || (code = gnutls_privkey_init(&signer)) < 0)
		return code;
	code = gnutls_privkey_import_x509(signer, key, 0);
	if (code >= 0)
		code = gnutls_x509_crt_privkey_sign(
			certificate, certificate, signer, GNUTLS_DIG_SHA256, 0);
	gnutls_privkey_deinit(signer);
	return code;
}

static char *take_text(gnutls_datum_t *datum)
{
	char *text = g_strndup((const char *)datum->data, datum->size);

	gnutls_free(datum->data);
	return text;
}

static int make(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, const char *host,
	gnutls_datum_t *certificate_pem, gnutls_datum_t *key_pem)
{
	int code = gnutls_x509_privkey_generate(
		key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);

	if (code >= 0)
		code = fill(certificate, host);
	if (code >= 0)
		code = sign(certificate, key);
	if (code >= 0)
		code = gnutls_x509_privkey_export2_pkcs8(
			key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, key_pem);
	if (code >= 0)
		code = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, certificate_pem);
	return code;
}

gboolean certificate_make(const char *host, char **certificate, char **key, GError **error)
{
	gnutls_datum_t certificate_pem = { .data = NULL }, key_pem = { .data = NULL };
	gnutls_x509_crt_t new_certificate = NULL;
	gnutls_x509_privkey_t new_key = NULL;
	int code;

	gnutls_x509_crt_init(&new_certificate);
	gnutls_x509_privkey_init(&new_key);
	code = make(new_certificate, new_key, host, &certificate_pem, &key_pem);
	gnutls_x509_crt_deinit(new_certificate);
	gnutls_x509_privkey_deinit(new_key);
	if (!check(code, error)) {
		gnutls_free(key_pem.data);
		return FALSE;
	}
	*certificate = take_text(&certificate_pem);
	*key = take_text(&key_pem);
	return TRUE;
}

/* "ab:cd" in capitals, as openssl prints it */
static char *format(const guint8 *bytes, gsize length)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < length; i++)
		g_string_append_printf(text, "%s%02X", i > 0 ? ":" : "", bytes[i]);
	return g_string_free(text, FALSE);
}

/* The first certificate of pem; NULL and an error. Free with gnutls_x509_crt_deinit(). */
static gnutls_x509_crt_t import(const char *pem, GError **error)
{
	gnutls_datum_t text = { .data = (guchar *)pem, .size = (guint)strlen(pem) };
	gnutls_x509_crt_t certificate = NULL;
	int code;

	gnutls_x509_crt_init(&certificate);
	code = gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM);
	if (code >= 0)
		return certificate;
	gnutls_x509_crt_deinit(certificate);
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "no certificate in PEM: %s",
		gnutls_strerror(code));
	return NULL;
}

static gboolean check_read(int code, GError **error)
{
	if (code >= 0)
		return TRUE;
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "cannot read the certificate: %s",
		gnutls_strerror(code));
	return FALSE;
}

char *certificate_fingerprint(const char *pem, GError **error)
{
	gnutls_x509_crt_t certificate = import(pem, error);
	guint8 bytes[32]; /* of SHA-256 */
	gsize length = sizeof bytes;
	int code;

	if (certificate == NULL)
		return NULL;
	code = gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA256, bytes, &length);
	gnutls_x509_crt_deinit(certificate);
	return check_read(code, error) ? format(bytes, length) : NULL;
}

char *certificate_alone(const char *pem, GError **error)
{
	gnutls_x509_crt_t certificate = import(pem, error);
	gnutls_datum_t alone = { .data = NULL };
	int code;

	if (certificate == NULL)
		return NULL;
	code = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &alone);
	gnutls_x509_crt_deinit(certificate);
	return check_read(code, error) ? take_text(&alone) : NULL;
}

/* DER of its SubjectPublicKeyInfo: RFC 7469, 2.4 */
static int export_key(gnutls_x509_crt_t certificate, gnutls_datum_t *der)
{
	gnutls_pubkey_t key;
	int code = gnutls_pubkey_init(&key);

	if (code < 0)
		return code;
	code = gnutls_pubkey_import_x509(key, certificate, 0);
	if (code >= 0)
		code = gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, der);
	gnutls_pubkey_deinit(key);
	return code;
}

char *certificate_key_pin(const char *pem, GError **error)
{
	gnutls_x509_crt_t certificate = import(pem, error);
	gnutls_datum_t der = { .data = NULL };
	g_autofree char *base64 = NULL;
	guint8 hash[32]; /* of SHA-256 */
	int code;

	if (certificate == NULL)
		return NULL;
	code = export_key(certificate, &der);
	gnutls_x509_crt_deinit(certificate);
	if (code >= 0)
		code = gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.size, hash);
	gnutls_free(der.data);
	if (!check_read(code, error))
		return NULL;
	base64 = g_base64_encode(hash, sizeof hash);
	return g_strconcat("sha256//", base64, NULL);
}
