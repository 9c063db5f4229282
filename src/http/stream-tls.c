/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/stream.h"

#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/* The first byte of every TLS connection: a record of the handshake (RFC 8446, 5.1). No method of
 * HTTP begins with it. */
#define TLS_HANDSHAKE 0x16

typedef struct {
	Stream base;
	TlsCredentials *credentials; /* the session does not hold a reference to them */
	gnutls_session_t session;
	gboolean begun;	 /* the client speaks TLS */
	gboolean unsent; /* a record waits for the socket */
} TlsStream;

static void tls_finish(Stream *stream)
{
	TlsStream *tls = (TlsStream *)stream;

	gnutls_deinit(tls->session);
	tls_credentials_unref(tls->credentials);
}

/* Does the client use TLS? Looks at its first byte without reading it. */
static StreamState look(TlsStream *tls)
{
	guint8 first;
	gssize length = recv(tls->base.fd, &first, 1, MSG_PEEK | MSG_DONTWAIT);

	if (length < 0)
		return STREAM_WANTS_READ;
	if (length == 0)
		return STREAM_BROKEN;
	return first == TLS_HANDSHAKE ? STREAM_READY : STREAM_NOT_TLS;
}

/* The handshake ends with a message by the client. A client that uses Nagle's algorithm delays its
 * request until that is acknowledged, which the kernel would do after 40 ms. */
static void acknowledge(int fd)
{
	static const int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static StreamState tls_set_up(Stream *stream)
{
	TlsStream *tls = (TlsStream *)stream;
	StreamState state = tls->begun ? STREAM_READY : look(tls);
	int code;

	if (state == STREAM_NOT_TLS) {
		tls_finish(stream);
		stream->ops = &stream_plain;
	}
	if (state != STREAM_READY)
		return state;
	tls->begun = TRUE;
	do
		code = gnutls_handshake(tls->session);
	while (code == GNUTLS_E_INTERRUPTED || code == GNUTLS_E_WARNING_ALERT_RECEIVED);
	if (code == GNUTLS_E_SUCCESS) {
		acknowledge(tls->base.fd);
		return STREAM_READY;
	}
	if (code == GNUTLS_E_AGAIN)
		return gnutls_record_get_direction(tls->session) == 0 ? STREAM_WANTS_READ
								      : STREAM_WANTS_WRITE;
	/* sends the reason, if the socket accepts it */
	gnutls_alert_send_appropriate(tls->session, code);
	return STREAM_BROKEN;
}

static gssize outcome(gssize length)
{
	if (length == GNUTLS_E_AGAIN || length == GNUTLS_E_INTERRUPTED ||
		length == GNUTLS_E_WARNING_ALERT_RECEIVED)
		return STREAM_AGAIN;
	return length < 0 ? STREAM_FAILED : length;
}

static gssize tls_read(Stream *stream, void *bytes, gsize length)
{
	TlsStream *tls = (TlsStream *)stream;
	gssize got = gnutls_record_recv(tls->session, bytes, length);

	/* many clients close without notice; a request contains its own length */
	return got == GNUTLS_E_PREMATURE_TERMINATION ? 0 : outcome(got);
}

static gssize tls_write(Stream *stream, const void *bytes, gsize length)
{
	TlsStream *tls = (TlsStream *)stream;
	/* NULL continues a record that waits for the socket; gnutls knows its length */
	gssize sent = gnutls_record_send(
		tls->session, tls->unsent ? NULL : bytes, tls->unsent ? 0 : length);

	tls->unsent = sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED;
	return outcome(sent);
}

static gboolean tls_pending(const Stream *stream)
{
	return gnutls_record_check_pending(((const TlsStream *)stream)->session) > 0;
}

static void tls_shut(Stream *stream)
{
	TlsStream *tls = (TlsStream *)stream;

	/* everything was sent, so there is room for these few bytes; otherwise they can be lost */
	gnutls_bye(tls->session, GNUTLS_SHUT_WR);
	shutdown(stream->fd, SHUT_WR);
}

static const StreamOps stream_tls = {
	.set_up = tls_set_up,
	.read = tls_read,
	.write = tls_write,
	.pending = tls_pending,
	.shut = tls_shut,
	.finish = tls_finish,
};

Stream *stream_tls_new(int fd, TlsCredentials *credentials)
{
	TlsStream *tls = g_new0(TlsStream, 1);

	tls->base = (Stream){ .ops = &stream_tls, .fd = fd };
	tls->credentials = tls_credentials_ref(credentials);
	tls->session = tls_credentials_session(credentials);
	gnutls_transport_set_int(tls->session, fd);
	return &tls->base;
}
