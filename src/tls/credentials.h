/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The certificate and the key that the config names, ready for use by a server.
 */
#pragma once

#include "config/config.h"

#include <gnutls/gnutls.h>

typedef struct TlsCredentials TlsCredentials;

/* Reads and checks both. Problems are appended to problems, with the place in the config that names
 * the file. NULL: there is an error, or the config has no http.tls. */
TlsCredentials *tls_credentials_new(const Config *config, GPtrArray *problems);
TlsCredentials *tls_credentials_ref(TlsCredentials *credentials);
void tls_credentials_unref(TlsCredentials *credentials);

/* A new non-blocking server session with TLS 1.2 or newer. It must not outlive credentials. Free
 * with gnutls_deinit(). */
gnutls_session_t tls_credentials_session(TlsCredentials *credentials);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsCredentials, tls_credentials_unref)
