/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A daemon on another machine: where it listens, what it is told, and how it is known.
 */
#pragma once

#include "cli/cli.h"

typedef struct {
	char *url;	   /* "http://HOST[:PORT]" or https, no slash at its end */
	char *secret_file; /* NULL: no secret is sent */
	char *fingerprint; /* 64 hex digits in lower case; NULL: the system says whom to trust */
	gboolean warned;   /* that others can read the secret */
} Endpoint;

/*
 * url: "http://" may be missing. secret_file, fingerprint: NULL: none; the fingerprint is the
 * SHA-256 of a certificate in hex, in which colons, spaces and case are ignored. NULL and an error
 * of CLI_ERROR, CLI_USAGE.
 */
Endpoint *endpoint_new(
	const char *url, const char *secret_file, const char *fingerprint, GError **error);
/* From the command's options, else $HOTSEAT_URL, $HOTSEAT_SECRET_FILE and $HOTSEAT_FINGERPRINT. The
 * secret's file is by default hotseat/secret in the user's folder for configs, if it is there. */
Endpoint *endpoint_from_cli(const Cli *cli, GError **error);
void endpoint_free(Endpoint *endpoint);

/* Reads the secret again, and warns once, on stderr, if other users can read it. *secret is NULL if
 * none must be sent; otherwise free it with g_free(). FALSE and an error of CLI_ERROR. */
gboolean endpoint_secret(Endpoint *endpoint, char **secret, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Endpoint, endpoint_free)
