/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/remote.h"

#include "cli/client.h"
#include "common/wipe.h"

#include <string.h>

/* data of a message: the fingerprint of the certificate that was rejected */
#define SEEN "hotseat-seen"

Remote *remote_new(Endpoint *endpoint, guint timeout_s)
{
	Remote *remote = g_new0(Remote, 1);

	remote->endpoint = endpoint;
	/* a proxy would see the secret */
	remote->session = soup_session_new_with_options("user-agent", "hotseat/" HOTSEAT_VERSION,
		"timeout", timeout_s, "proxy-resolver", NULL, NULL);
	/* short answers need no compression, and a compressed answer could expand to a huge one */
	soup_session_remove_feature_by_type(remote->session, SOUP_TYPE_CONTENT_DECODER);
	/* with an empty list of trusted authorities, on_certificate() is called for every
	 * certificate */
	if (endpoint->fingerprint != NULL)
		soup_session_set_tls_database(remote->session, NULL);
	return remote;
}

void remote_free(Remote *remote)
{
	if (remote == NULL)
		return;
	g_object_unref(remote->session);
	g_free(remote);
}

static char *fingerprint_of(GTlsCertificate *certificate)
{
	g_autoptr(GByteArray) der = NULL;

	g_object_get(certificate, "certificate", &der, NULL);
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256, der->data, der->len);
}

/* Called before any part of the request is sent. */
static gboolean on_certificate(SoupMessage *message, GTlsCertificate *certificate,
	GTlsCertificateFlags flags, gpointer wanted)
{
	char *seen = fingerprint_of(certificate);

	g_object_set_data_full(G_OBJECT(message), SEEN, seen, g_free);
	return g_str_equal(seen, wanted);
}

SoupMessage *remote_message(Remote *remote, const char *path, const char *body, GError **error)
{
	g_autofree char *url = g_strconcat(remote->endpoint->url, path, NULL);
	const char *fingerprint = remote->endpoint->fingerprint;
	WIPED char *secret = NULL;
	SoupMessage *message;

	if (!endpoint_secret(remote->endpoint, &secret, error))
		return NULL;
	message = soup_message_new(body == NULL ? "GET" : "POST", url);
	/* the secret must be sent only to this host */
	soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
	if (secret != NULL)
		soup_message_headers_append(
			soup_message_get_request_headers(message), "X-Secret", secret);
	if (body != NULL) {
		g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));

		soup_message_set_request_body_from_bytes(message, "application/json", bytes);
	}
	if (fingerprint != NULL)
		g_signal_connect_data(message, "accept-certificate", G_CALLBACK(on_certificate),
			g_strdup(fingerprint), (GClosureNotify)(void (*)(void))g_free, 0);
	return message;
}

/* --- the answer --- */

typedef struct {
	SoupMessage *message;
	GCancellable *cancel;
	RemoteDone done;
	gpointer data;
	char body[CLIENT_ANSWER_MAX + 1];
} Exchange;

/* Takes exchange. */
static void finish(Exchange *exchange, const GError *cause)
{
	exchange->done(
		exchange->message, cause == NULL ? exchange->body : NULL, cause, exchange->data);
	g_object_unref(exchange->message);
	g_clear_object(&exchange->cancel);
	g_free(exchange);
}

static void on_body(GObject *stream, GAsyncResult *result, gpointer data)
{
	Exchange *exchange = data;
	g_autoptr(GError) cause = NULL;
	gsize length = 0;

	g_input_stream_read_all_finish(G_INPUT_STREAM(stream), result, &length, &cause);
	if (cause == NULL && length > CLIENT_ANSWER_MAX)
		g_set_error_literal(&cause, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "too long");
	exchange->body[MIN(length, CLIENT_ANSWER_MAX)] = '\0';
	finish(exchange, cause);
}

static void on_answer(GObject *session, GAsyncResult *result, gpointer data)
{
	Exchange *exchange = data;
	g_autoptr(GError) cause = NULL;
	g_autoptr(GInputStream) stream =
		soup_session_send_finish(SOUP_SESSION(session), result, &cause);

	if (stream == NULL)
		finish(exchange, cause);
	else
		g_input_stream_read_all_async(stream, exchange->body, sizeof exchange->body,
			G_PRIORITY_DEFAULT, exchange->cancel, on_body, exchange);
}

void remote_send(
	Remote *remote, SoupMessage *message, GCancellable *cancel, RemoteDone done, gpointer data)
{
	Exchange *exchange = g_new0(Exchange, 1);

	exchange->message = g_object_ref(message);
	exchange->cancel = g_object_ref(cancel);
	exchange->done = done;
	exchange->data = data;
	soup_session_send_async(
		remote->session, message, G_PRIORITY_DEFAULT, cancel, on_answer, exchange);
}

/* --- what went wrong --- */

static const struct {
	GQuark (*domain)(void);
	gint code; /* -1: any */
	CliExit status;
	const char *format; /* format with the URL and the cause, or with only the URL */
} reasons[] = {
	{ g_io_error_quark, G_IO_ERROR_CONNECTION_REFUSED, CLI_ABSENT,
		"nothing listens at %s; check that hotseatd is running there, and its "
		"http.address" },
	{ g_io_error_quark, G_IO_ERROR_TIMED_OUT, CLI_ABSENT,
		"%s does not answer in time; check that the host is awake, and that its firewall "
		"accepts the port" },
	{ g_io_error_quark, G_IO_ERROR_HOST_UNREACHABLE, CLI_ABSENT,
		"no route to %s: %s; check this computer's network" },
	{ g_io_error_quark, G_IO_ERROR_NETWORK_UNREACHABLE, CLI_ABSENT,
		"no route to %s: %s; check this computer's network" },
	{ g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED, CLI_ABSENT,
		"%s closed the connection before it answered; hotseatd may be restarting, or "
		"expect https://" },
	{ g_io_error_quark, G_IO_ERROR_PARTIAL_INPUT, CLI_ABSENT,
		"%s closed the connection before it answered; hotseatd may be restarting" },
	{ g_io_error_quark, G_IO_ERROR_MESSAGE_TOO_LARGE, CLI_FAILED,
		"the answer of %s is too long; check that hotseatd listens there" },
	{ g_resolver_error_quark, G_RESOLVER_ERROR_TEMPORARY_FAILURE, CLI_ABSENT,
		"cannot look up the host name in %s: %s; use the host's address instead" },
	{ g_resolver_error_quark, -1, CLI_USAGE,
		"unknown host name in %s: %s; use the host's address instead" },
	{ g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, CLI_FAILED,
		"this system does not trust the certificate of %s, so the secret was not sent; use "
		"--fingerprint with what `hotseat certificate show` prints on the host" },
	{ g_tls_error_quark, -1, CLI_FAILED,
		"TLS with %s failed: %s; check whether hotseatd uses TLS there, or use http://" },
};

/* As `hotseat certificate show` prints it. Free with g_free(). */
static char *spell_fingerprint(const char *digits)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; digits[i] != '\0'; i++) {
		if (i > 0 && i % 2 == 0)
			g_string_append_c(text, ':');
		g_string_append_c(text, g_ascii_toupper(digits[i]));
	}
	return g_string_free(text, FALSE);
}

static GError *explain_pin(const Remote *remote, const char *seen)
{
	g_autofree char *spelt = spell_fingerprint(seen);

	return g_error_new(CLI_ERROR, CLI_FAILED,
		"the certificate of %s does not match the fingerprint, so the secret was not sent: "
		"%s; compare it with `hotseat certificate show` on the host",
		remote->endpoint->url, spelt);
}

GError *remote_explain(const Remote *remote, SoupMessage *message, const GError *cause)
{
	const char *seen = g_object_get_data(G_OBJECT(message), SEEN);
	const char *url = remote->endpoint->url;

	if (seen != NULL && !g_str_equal(seen, remote->endpoint->fingerprint))
		return explain_pin(remote, seen);
	for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++) {
		g_auto(GStrv) parts = NULL;
		g_autofree char *text = NULL, *said = NULL;

		if (cause->domain != reasons[i].domain() ||
			(reasons[i].code >= 0 && cause->code != reasons[i].code))
			continue;
		parts = g_strsplit(reasons[i].format, "%s", 3);
		said = g_strdup(cause->message);
		/* GnuTLS's messages end with a full stop */
		if (g_str_has_suffix(said, "."))
			said[strlen(said) - 1] = '\0';
		text = g_strconcat(
			parts[0], url, parts[1], parts[2] != NULL ? said : NULL, parts[2], NULL);
		return g_error_new_literal(CLI_ERROR, (gint)reasons[i].status, text);
	}
	return g_error_new(CLI_ERROR, CLI_FAILED,
		"request to %s failed: %s; check that hotseatd listens there", url, cause->message);
}
