/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/stream.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static gssize outcome(gssize length)
{
	if (length >= 0)
		return length;
	return errno == EAGAIN || errno == EINTR ? STREAM_AGAIN : STREAM_FAILED;
}

static StreamState plain_set_up(Stream *stream)
{
	return STREAM_READY;
}

static gssize plain_read(Stream *stream, void *bytes, gsize length)
{
	return outcome(recv(stream->fd, bytes, length, MSG_DONTWAIT));
}

static gssize plain_write(Stream *stream, const void *bytes, gsize length)
{
	return outcome(send(stream->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT));
}

static gboolean plain_pending(const Stream *stream)
{
	return FALSE;
}

static void plain_shut(Stream *stream)
{
	shutdown(stream->fd, SHUT_WR);
}

static void plain_finish(Stream *stream)
{
}

const StreamOps stream_plain = {
	.set_up = plain_set_up,
	.read = plain_read,
	.write = plain_write,
	.pending = plain_pending,
	.shut = plain_shut,
	.finish = plain_finish,
};

Stream *stream_new(int fd, TlsCredentials *credentials)
{
	Stream *stream;

	if (credentials != NULL)
		return stream_tls_new(fd, credentials);
	stream = g_new0(Stream, 1);
	stream->ops = &stream_plain;
	stream->fd = fd;
	return stream;
}

void stream_free(Stream *stream)
{
	if (stream == NULL)
		return;
	stream->ops->finish(stream);
	close(stream->fd);
	g_free(stream);
}

int stream_fd(const Stream *stream)
{
	return stream->fd;
}

StreamState stream_set_up(Stream *stream)
{
	return stream->ops->set_up(stream);
}

gssize stream_read(Stream *stream, void *bytes, gsize length)
{
	return stream->ops->read(stream, bytes, length);
}

gssize stream_write(Stream *stream, const void *bytes, gsize length)
{
	return stream->ops->write(stream, bytes, length);
}

gboolean stream_pending(const Stream *stream)
{
	return stream->ops->pending(stream);
}

void stream_shut(Stream *stream)
{
	stream->ops->shut(stream);
}
