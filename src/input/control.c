/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Most packets that wait for the client: enough for many reports about each device and guest. */
#define WAITING_MAX 2048

struct Control {
	Loop *loop;
	LoopWatch listener;
	LoopWatch client;
	gboolean is_connected;
	int client_uid;
	const ControlEvents *events;
	gpointer data;
	GQueue waiting; /* GBytes *: packets that the client has no room for yet */
	char packet[PROTOCOL_MESSAGE_MAX + 1];
};

static void free_bytes(gpointer data)
{
	g_bytes_unref(data);
}

static void disconnect(Control *control, gboolean hung_up)
{
	if (!control->is_connected)
		return;
	control->is_connected = FALSE;
	loop_unwatch(&control->client);
	close(control->client.fd);
	g_queue_clear_full(&control->waiting, free_bytes);
	control->events->gone(control->data, hung_up);
}

/* ---- out */

static GBytes *format(const ProtocolMessage *message)
{
	g_autoptr(GError) error = NULL;
	gsize length;
	char *packet = protocol_message_format(message, &length, &error);

	if (packet == NULL) {
		g_warning("cannot report to hotseatd: %s", error->message);
		return NULL;
	}
	return g_bytes_new_take(packet, length);
}

/* FALSE and errno; EAGAIN: the socket has no room. */
static gboolean send_packet(int fd, GBytes *packet)
{
	gsize length;
	const void *bytes = g_bytes_get_data(packet, &length);

	return send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length;
}

/* The kernel keeps few packets (net.unix.max_dgram_qlen, by default 10), so a busy client gets the
 * others later. */
static void send_waiting(Control *control)
{
	while (!g_queue_is_empty(&control->waiting)) {
		if (!send_packet(control->client.fd, g_queue_peek_head(&control->waiting))) {
			if (errno != EAGAIN && errno != EINTR)
				disconnect(control, FALSE);
			return;
		}
		g_bytes_unref(g_queue_pop_head(&control->waiting));
	}
	loop_watch_change(&control->client, EPOLLIN);
}

void control_send(Control *control, const ProtocolMessage *message)
{
	GBytes *packet;

	if (!control->is_connected || (packet = format(message)) == NULL)
		return;
	if (g_queue_get_length(&control->waiting) == WAITING_MAX) {
		g_bytes_unref(packet);
		g_warning("hotseatd does not read its messages: disconnected");
		disconnect(control, TRUE);
		return;
	}
	g_queue_push_tail(&control->waiting, packet);
	if (g_queue_get_length(&control->waiting) == 1)
		loop_watch_change(&control->client, EPOLLIN | EPOLLOUT);
	send_waiting(control);
}

/* ---- in */

/* The first descriptor of the packet; others are closed. -1: none. */
static int take_fd(struct msghdr *header)
{
	int first = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
		gsize n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (gsize i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
			if (first < 0)
				first = fd;
			else
				close(fd);
		}
	}
	return first;
}

static void dispatch(Control *control, gsize length, int fd)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ProtocolMessage) message =
		protocol_message_parse(control->packet, length, &error);

	if (message != NULL) {
		control->events->message(control->data, message, fd);
		return;
	}
	g_warning("hotseatd sent an unknown message: %s; install the same version "
		  "of both",
		error->message);
	if (fd >= 0)
		close(fd);
	disconnect(control, TRUE);
}

static void on_client(gpointer data, guint32 events)
{
	Control *control = data;
	_Alignas(struct cmsghdr) char rights[CMSG_SPACE(4 * sizeof(int))];
	struct iovec part = { control->packet, sizeof control->packet };
	struct msghdr header = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = rights,
		.msg_controllen = sizeof rights };
	ssize_t n;

	if ((events & EPOLLOUT) != 0)
		send_waiting(control);
	if (!control->is_connected || (events & ~(guint32)EPOLLOUT) == 0)
		return;
	n = recvmsg(control->client.fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		disconnect(control, FALSE);
	else
		dispatch(control, (gsize)n, take_fd(&header));
}

/* ---- connecting */

static gboolean is_owner(int listener, uid_t uid)
{
	struct sockaddr_un address = { 0 };
	socklen_t length = sizeof address;
	struct stat file;

	return getsockname(listener, (struct sockaddr *)&address, &length) == 0 &&
	       address.sun_path[0] != '\0' && stat(address.sun_path, &file) == 0 &&
	       file.st_uid == uid;
}

static const char *why_refused(const Control *control, int fd, struct ucred *peer)
{
	socklen_t length = sizeof *peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, peer, &length) != 0)
		return "its user is unknown";
	if (peer->uid != 0 && peer->uid != getuid() && !is_owner(control->listener.fd, peer->uid))
		return "only hotseatd's user may connect";
	if (control->is_connected)
		return "another hotseatd is connected; stop one of them";
	return NULL;
}

static void send_refused(int fd, const char *why)
{
	ProtocolMessage refused = { .verb = PROTOCOL_REFUSED, .error = (char *)why };
	g_autoptr(GBytes) packet = format(&refused);

	(void)send_packet(fd, packet);
}

static void on_listener(gpointer data, guint32 events)
{
	Control *control = data;
	int fd = accept4(control->listener.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred peer = { 0 };
	const char *why;

	if (fd < 0)
		return;
	why = why_refused(control, fd, &peer);
	if (why != NULL) {
		g_warning("refused a connection to the control socket: %s", why);
		send_refused(fd, why);
		close(fd);
		return;
	}
	control->is_connected = TRUE;
	control->client_uid = (int)peer.uid;
	control->client = (LoopWatch){ .fd = fd, .ready = on_client, .data = control };
	loop_watch(control->loop, &control->client, EPOLLIN);
	control->events->connected(control->data);
}

Control *control_new(Loop *loop, int listener, const ControlEvents *events, gpointer data)
{
	Control *control = g_new0(Control, 1);

	control->loop = loop;
	control->events = events;
	control->data = data;
	control->listener = (LoopWatch){ .fd = listener, .ready = on_listener, .data = control };
	loop_watch(loop, &control->listener, EPOLLIN);
	return control;
}

void control_free(Control *control)
{
	loop_unwatch(&control->listener);
	if (control->is_connected) {
		loop_unwatch(&control->client);
		close(control->client.fd);
	}
	g_queue_clear_full(&control->waiting, free_bytes);
	g_free(control);
}

gboolean control_is_connected(const Control *control)
{
	return control->is_connected;
}

int control_client_uid(const Control *control)
{
	return control->client_uid;
}
