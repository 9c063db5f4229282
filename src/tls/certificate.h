/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Self-signed certificates, and the fingerprints by which clients recognize a certificate.
 */
#pragma once

#include "config/config.h"

/* A long time, because users would forget to renew it. Clients pin it, so replacing it revokes it.
 */
#define CERTIFICATE_YEARS 10

/* The names of the files if the config has none. */
#define CERTIFICATE_FILE "certificate.pem"
#define KEY_FILE	 "key.pem"

typedef struct {
	char *certificate, *key; /* paths */
	char *pem;		 /* the first certificate in the file, without a key */
	char *fingerprint;	 /* as from certificate_fingerprint() */
} CertificateFiles;

/* Creates a key on P-256 and a certificate signed with it, CN hotseat, for localhost and host (a
 * name or an address; for NULL or an address that means all, the machine's name). Both are in PEM;
 * free with g_free(). On failure returns FALSE and an error, with both untouched. */
gboolean certificate_make(const char *host, char **certificate, char **key, GError **error);

/* SHA-256 of the certificate (the first, if there are several) as "AB:CD:…"; free with g_free(). */
char *certificate_fingerprint(const char *pem, GError **error);
/* Only that certificate, in PEM, without other certificates or a key from the same file. Free with
 * g_free(). */
char *certificate_alone(const char *pem, GError **error);
/* SHA-256 of its public key, as curl's --pinnedpubkey wants it ("sha256//…"). Free with g_free().
 */
char *certificate_key_pin(const char *pem, GError **error);

/* Creates both files at the paths in the config, or beside the config if it has none, owned by the
 * owner of the config; the key has mode 0600. Existing files are kept unless replace is set.
 * Returns what was written, or NULL and an error. Free with certificate_files_free(). */
CertificateFiles *certificate_files_make(const Config *config, gboolean replace, GError **error);
/* The existing files. NULL and an error if there are none. Free with certificate_files_free(). */
CertificateFiles *certificate_files_find(const Config *config, GError **error);
void certificate_files_free(CertificateFiles *files);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CertificateFiles, certificate_files_free)
