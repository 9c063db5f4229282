/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The certificate and the key that the config names, ready to serve.
 */
#pragma once

#include "config/config.h"

#include <gnutls/gnutls.h>

typedef struct TlsCredentials TlsCredentials;

/* Reads and checks both; what is wrong is appended to problems, with the place where the config
 * names the file. NULL: there is an error, or the config has no http.tls. */
TlsCredentials *tls_credentials_new(const Config *config, GPtrArray *problems);
TlsCredentials *tls_credentials_ref(TlsCredentials *credentials);
void tls_credentials_unref(TlsCredentials *credentials);

/* A server's session, non-blocking, of TLS 1.2 or newer. It must not outlive credentials. Free with
 * gnutls_deinit(). */
gnutls_session_t tls_credentials_session(TlsCredentials *credentials);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsCredentials, tls_credentials_unref)
