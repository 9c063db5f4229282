/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/endpoint.h"

#include "cli/text.h"
#include "common/address.h"
#include "common/wipe.h"
#include "config/file.h"
#include "config/secrets.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define FINGERPRINT_DIGITS 64 /* of SHA-256 */

static const char *fault_of(GUri *uri)
{
	const char *scheme = g_uri_get_scheme(uri), *path = g_uri_get_path(uri);

	if (!g_str_equal(scheme, "http") && !g_str_equal(scheme, "https"))
		return "use http:// or https://";
	/* every user can see command lines */
	if (g_uri_get_userinfo(uri) != NULL)
		return "it must not contain a secret; write the secret to a file, for "
		       "--secret-file";
	if (g_uri_get_host(uri) == NULL || *g_uri_get_host(uri) == '\0')
		return "it has no host; write http://HOST:PORT";
	if (!address_is_host(g_uri_get_host(uri)))
		return "its host has invalid characters; write http://HOST:PORT";
	if ((*path != '\0' && !g_str_equal(path, "/")) || g_uri_get_query(uri) != NULL ||
		g_uri_get_fragment(uri) != NULL)
		return "it has text after the port; write http://HOST:PORT";
	return NULL;
}

static char *parse_url(const char *text, GError **error)
{
	g_autofree char *whole =
		strstr(text, "://") != NULL ? g_strdup(text) : g_strconcat("http://", text, NULL);
	g_autoptr(GError) cause = NULL;
	g_autoptr(GUri) uri = g_uri_parse(whole, G_URI_FLAGS_SCHEME_NORMALIZE, &cause);
	const char *fault = uri != NULL ? fault_of(uri) : cause->message;

	if (fault == NULL)
		return g_uri_join(G_URI_FLAGS_NONE, g_uri_get_scheme(uri), NULL,
			g_uri_get_host(uri), g_uri_get_port(uri), "", NULL, NULL);
	/* does not quote a text that contains a secret */
	if (uri != NULL && g_uri_get_userinfo(uri) != NULL)
		g_set_error(error, CLI_ERROR, CLI_USAGE, "the URL cannot be used: %s", fault);
	else
		g_set_error(
			error, CLI_ERROR, CLI_USAGE, "the URL %s cannot be used: %s", text, fault);
	return NULL;
}

static char *parse_fingerprint(const char *text, GError **error)
{
	GString *digits = g_string_new(NULL);
	const char *p = text;

	for (; g_ascii_isxdigit(*p) || *p == ':' || g_ascii_isspace(*p); p++)
		if (g_ascii_isxdigit(*p))
			g_string_append_c(digits, g_ascii_tolower(*p));
	if (*p == '\0' && digits->len == FINGERPRINT_DIGITS)
		return g_string_free(digits, FALSE);
	g_string_free(digits, TRUE);
	g_set_error(error, CLI_ERROR, CLI_USAGE,
		"%s is not a SHA-256 fingerprint; it has %d hex digits, as `hotseat certificate "
		"show` prints it on the host",
		text, FINGERPRINT_DIGITS);
	return NULL;
}

Endpoint *endpoint_new(
	const char *url, const char *secret_file, const char *fingerprint, GError **error)
{
	g_autoptr(Endpoint) endpoint = g_new0(Endpoint, 1);

	endpoint->secret_file = g_strdup(secret_file);
	endpoint->url = parse_url(url, error);
	if (endpoint->url == NULL)
		return NULL;
	if (fingerprint == NULL)
		return g_steal_pointer(&endpoint);
	/* a user who gives one expects it to be used */
	if (!g_str_has_prefix(endpoint->url, "https:")) {
		g_set_error(error, CLI_ERROR, CLI_USAGE,
			"%s has no certificate to compare the fingerprint with; use https://, or "
			"leave out the fingerprint",
			endpoint->url);
		return NULL;
	}
	endpoint->fingerprint = parse_fingerprint(fingerprint, error);
	return endpoint->fingerprint != NULL ? g_steal_pointer(&endpoint) : NULL;
}

void endpoint_free(Endpoint *endpoint)
{
	if (endpoint == NULL)
		return;
	g_free(endpoint->url);
	g_free(endpoint->secret_file);
	g_free(endpoint->fingerprint);
	g_free(endpoint);
}

/* NULL: neither is given. Borrowed. */
static const char *given(const Cli *cli, const char *option, const char *variable)
{
	const char *value = cli_value(cli, option);

	if (value == NULL)
		value = g_getenv(variable);
	return value != NULL && *value != '\0' ? value : NULL;
}

Endpoint *endpoint_from_cli(const Cli *cli, GError **error)
{
	const char *url = given(cli, "--url", "HOTSEAT_URL");
	const char *secret_file = given(cli, "--secret-file", "HOTSEAT_SECRET_FILE");
	const char *fingerprint = given(cli, "--fingerprint", "HOTSEAT_FINGERPRINT");
	g_autofree char *usual =
		g_build_filename(g_get_user_config_dir(), "hotseat", "secret", NULL);

	if (cli->socket_option != NULL || url == NULL) {
		g_set_error_literal(error, CLI_ERROR, CLI_USAGE,
			url == NULL
				? "no daemon given; use --url http://HOST:PORT"
				: "--socket and --url exclude each other; leave one of them out");
		return NULL;
	}
	if (secret_file == NULL && g_file_test(usual, G_FILE_TEST_EXISTS))
		secret_file = usual;
	return endpoint_new(url, secret_file, fingerprint, error);
}

static void warn_of_readers(Endpoint *endpoint)
{
	g_autofree char *clean = text_clean(endpoint->secret_file);

	if (!endpoint->warned)
		fprintf(stderr, "hotseat: other users can read the secret; run: chmod o= %s\n",
			clean);
	endpoint->warned = TRUE;
}

gboolean endpoint_secret(Endpoint *endpoint, char **secret, GError **error)
{
	WIPED char *text = NULL;
	g_autofree char *reason = NULL;
	const char *fault = NULL;
	gsize length;
	guint mode;

	*secret = NULL;
	if (endpoint->secret_file == NULL)
		return TRUE;
	/* do not block on pipes and similar files */
	text = file_read(endpoint->secret_file, O_NONBLOCK, &length, &mode, &reason);
	if (text != NULL) {
		secret_chomp(text, length);
		fault = secret_fault(text);
	}
	if (text == NULL || fault != NULL) {
		g_set_error(error, CLI_ERROR, CLI_USAGE, "%s: %s", endpoint->secret_file,
			text == NULL ? reason : fault);
		return FALSE;
	}
	if (mode & S_IROTH)
		warn_of_readers(endpoint);
	*secret = g_steal_pointer(&text);
	return TRUE;
}
