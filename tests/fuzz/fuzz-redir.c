/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest's side of a USB redirection: any bytes, in both modes, while keys are pressed. The
 * answers stay within their bounds, and what is pressed at the end is what the queue says.
 */
#include "input/redir.h"

#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Throws away what hotseat answers. */
static void drain(int fd)
{
	char buffer[4096];

	while (recv(fd, buffer, sizeof buffer, MSG_DONTWAIT) > 0)
		;
}

static void run(const guint8 *data, gsize size, ProtocolMode mode)
{
	g_autofree Queue *queue = g_new0(Queue, 1);
	gint64 now_us = 0;
	gboolean ok = TRUE;
	Redir *redir;
	int fds[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), ==, 0);
	queue_init(queue);
	redir = redir_new(fds[1], mode, queue);
	for (gsize at = 0; ok && at < size;) {
		gsize n = MIN(size - at, 97);

		g_assert_cmpint(send(fds[0], data + at, n, 0), ==, (gssize)n);
		at += n;
		now_us += 500;
		queue_key(queue, KEY_A + (guint)(at % 7), at % 3 == 0);
		queue_move(queue, HID_X, (gint64)at);
		ok = redir_read(redir, now_us);
		drain(fds[0]);
		g_assert_true(ok || redir_state(redir) <= PROTOCOL_READY);
	}
	redir_free(redir);
	close(fds[0]);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	run(data, size, PROTOCOL_PULL);
	run(data, size, PROTOCOL_PACED);
	return 0;
}
