/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A daemon on another machine: its URL, the secret for it, and how it is authenticated.
 */
#pragma once

#include "cli/cli.h"

typedef struct {
	char *url;	   /* "http://HOST[:PORT]" or https, without a trailing slash */
	char *secret_file; /* NULL: no secret is sent */
	char *fingerprint; /* 64 hex digits in lower case; NULL: the system's certificates decide */
	gboolean warned;   /* it was reported that other users can read the secret */
} Endpoint;

/*
 * url: "http://" may be missing. secret_file, fingerprint: NULL: none; the fingerprint is the
 * SHA-256 of a certificate in hex, in which colons, spaces and case are ignored. NULL and an error
 * of CLI_ERROR, CLI_USAGE.
 */
Endpoint *endpoint_new(
	const char *url, const char *secret_file, const char *fingerprint, GError **error);
/* Takes them from the command's options, otherwise from $HOTSEAT_URL, $HOTSEAT_SECRET_FILE and
 * $HOTSEAT_FINGERPRINT. The default for the secret's file is hotseat/secret in the user's folder
 * for configs, if it exists. */
Endpoint *endpoint_from_cli(const Cli *cli, GError **error);
void endpoint_free(Endpoint *endpoint);

/* Reads the secret again, and warns once, on stderr, if other users can read it. *secret is NULL if
 * no secret must be sent; otherwise free it with g_free(). FALSE and an error of CLI_ERROR on
 * failure. */
gboolean endpoint_secret(Endpoint *endpoint, char **secret, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Endpoint, endpoint_free)
