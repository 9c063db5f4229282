/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A certificate that hotseat signs itself, and what clients know a certificate by.
 */
#pragma once

#include "config/config.h"

/* A long time, because users would forget to renew it; clients pin it, so it ends when it is
 * replaced. */
#define CERTIFICATE_YEARS 10

/* The names that the files get when the config has none. */
#define CERTIFICATE_FILE "certificate.pem"
#define KEY_FILE	 "key.pem"

typedef struct {
	char *certificate, *key; /* paths */
	char *pem;		 /* the certificate: the first, if there are several, and no key */
	char *fingerprint;	 /* as certificate_fingerprint() */
} CertificateFiles;

/* A key on P-256 and a certificate signed with it, CN hotseat, for the host (a name or an address;
 * NULL or an address that stands for all: the machine's name) and localhost. Both in PEM; free with
 * g_free(). FALSE and an error, and both are untouched. */
gboolean certificate_make(const char *host, char **certificate, char **key, GError **error);

/* SHA-256 of the certificate (the first, if there are several) as "AB:CD:…"; free with g_free(). */
char *certificate_fingerprint(const char *pem, GError **error);
/* The same certificate alone, in PEM: without others, and without a key, which may stand in the
 * same file. Free with g_free(). */
char *certificate_alone(const char *pem, GError **error);
/* SHA-256 of its public key, as curl's --pinnedpubkey wants it ("sha256//…"). Free with g_free().
 */
char *certificate_key_pin(const char *pem, GError **error);

/* Makes both and writes them to where the config names them, else beside it, the key with mode
 * 0600, for the owner of the config. Those that are there stay unless replace is set. Returns what
 * was written, or NULL and an error. */
CertificateFiles *certificate_files_make(const Config *config, gboolean replace, GError **error);
/* Those that are there. */
CertificateFiles *certificate_files_find(const Config *config, GError **error);
void certificate_files_free(CertificateFiles *files);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CertificateFiles, certificate_files_free)
