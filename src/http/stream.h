/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes of a connection, plain or under TLS, on a non-blocking socket.
 */
#pragma once

#include "tls/credentials.h"

#include <glib.h>

typedef struct Stream Stream;

typedef enum {
	STREAM_READY,
	STREAM_WANTS_READ, /* call again when the socket can be read */
	STREAM_WANTS_WRITE,
	STREAM_NOT_TLS, /* the client does not use TLS; the answer is plain */
	STREAM_BROKEN,
} StreamState;

/* Results other than a number of bytes: */
enum {
	STREAM_AGAIN = -1,  /* try again when the socket is ready */
	STREAM_FAILED = -2, /* the connection has failed */
};

/* Takes ownership of the socket. credentials: takes a reference; NULL: plain. */
Stream *stream_new(int fd, TlsCredentials *credentials);
void stream_free(Stream *stream);

int stream_fd(const Stream *stream);

/* Does the TLS handshake. Call it before reading, until it returns STREAM_READY. */
StreamState stream_set_up(Stream *stream);

/* Like recv(2) and send(2); 0: the client sends no more. After STREAM_AGAIN, repeat the call with
 * the same bytes. */
gssize stream_read(Stream *stream, void *bytes, gsize length);
gssize stream_write(Stream *stream, const void *bytes, gsize length);

/* Are bytes buffered, for which the socket does not become ready? */
gboolean stream_pending(const Stream *stream);

/* Ends the sending direction. */
void stream_shut(Stream *stream);

/* The implementation of a stream. */
typedef struct {
	StreamState (*set_up)(Stream *stream);
	gssize (*read)(Stream *stream, void *bytes, gsize length);
	gssize (*write)(Stream *stream, const void *bytes, gsize length);
	gboolean (*pending)(const Stream *stream);
	void (*shut)(Stream *stream);
	void (*finish)(Stream *stream); /* frees everything except the socket and the struct */
} StreamOps;

struct Stream {
	const StreamOps *ops;
	int fd;
};

extern const StreamOps stream_plain;
/* stream-tls.c: fd as above */
Stream *stream_tls_new(int fd, TlsCredentials *credentials);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stream, stream_free)
