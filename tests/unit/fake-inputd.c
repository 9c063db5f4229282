/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-inputd.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void fake_inputd_listen(FakeInputd *inputd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	g_assert_cmpuint(strlen(inputd->path), <, sizeof address.sun_path);
	strcpy(address.sun_path, inputd->path);
	inputd->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(inputd->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
	g_assert_cmpint(listen(inputd->listener, 1), ==, 0);
}

void fake_inputd_init(FakeInputd *inputd)
{
	inputd->folder = g_dir_make_tmp("hotseat-input-XXXXXX", NULL);
	inputd->path = g_build_filename(inputd->folder, "control", NULL);
	inputd->peer = -1;
	fake_inputd_listen(inputd);
}

void fake_inputd_clear(FakeInputd *inputd)
{
	if (inputd->peer >= 0)
		close(inputd->peer);
	if (inputd->listener >= 0)
		close(inputd->listener);
	g_unlink(inputd->path);
	g_assert_cmpint(g_rmdir(inputd->folder), ==, 0);
	g_free(inputd->folder);
	g_free(inputd->path);
}

void fake_inputd_settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void wait_readable(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	while (poll(&poll_fd, 1, 0) <= 0)
		g_main_context_iteration(NULL, FALSE);
}

void fake_inputd_accept(FakeInputd *inputd)
{
	wait_readable(inputd->listener);
	inputd->peer = accept4(inputd->listener, NULL, NULL, SOCK_CLOEXEC);
	g_assert_cmpint(inputd->peer, >=, 0);
}

void fake_inputd_hang_up(FakeInputd *inputd)
{
	close(inputd->peer);
	inputd->peer = -1;
}

void fake_inputd_is_hung_up_on(FakeInputd *inputd)
{
	char byte;

	fake_inputd_settle();
	g_assert_cmpint(recv(inputd->peer, &byte, 1, MSG_DONTWAIT), ==, 0);
}

void fake_inputd_say(FakeInputd *inputd, const char *packet)
{
	g_assert_cmpint(send(inputd->peer, packet, strlen(packet), 0), ==, (gssize)strlen(packet));
	fake_inputd_settle();
}

void fake_inputd_read(FakeInputd *inputd, char *packet, gsize size)
{
	gssize length;

	wait_readable(inputd->peer);
	length = recv(inputd->peer, packet, size - 1, 0);
	g_assert_cmpint(length, >, 0);
	packet[length] = '\0';
}

void fake_inputd_hears(FakeInputd *inputd, const char *expected)
{
	char packet[4096];

	fake_inputd_read(inputd, packet, sizeof packet);
	g_assert_cmpstr(packet, ==, expected);
}
