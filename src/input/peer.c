/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/peer.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* TCP_ESTABLISHED of the kernel's net/tcp_states.h */
#define STATE_ESTABLISHED 1

static gboolean is_same(guint address, guint port, PeerEnd end)
{
	/* the kernel prints the four bytes as a number in this machine's byte order */
	return g_ntohl(address) == end.address && port == end.port;
}

int peer_find(const char *text, PeerEnd near, PeerEnd far)
{
	for (const char *line = strchr(text, '\n'); line != NULL; line = strchr(line, '\n')) {
		guint address[2], port[2], state, uid;

		line++;
		if (sscanf(line, " %*u: %8x:%4x %8x:%4x %2x %*s %*s %*s %u", &address[0], &port[0],
			    &address[1], &port[1], &state, &uid) == 6 &&
			state == STATE_ESTABLISHED && is_same(address[0], port[0], near) &&
			is_same(address[1], port[1], far))
			return (int)uid;
	}
	return -1;
}

gboolean peer_may_be_expected(int uid, int client, int own)
{
	return uid != client || client == 0 || client == own;
}

static gboolean to_end(const struct sockaddr_in *address, PeerEnd *end)
{
	end->address = g_ntohl(address->sin_addr.s_addr);
	end->port = g_ntohs(address->sin_port);
	return address->sin_family == AF_INET;
}

int peer_uid(int fd)
{
	/* The unit gives hotseat-inputd an empty network namespace; its sockets are from that of
	 * process 1. */
	static const char *const tables[] = { "/proc/1/net/tcp", "/proc/self/net/tcp" };
	struct sockaddr_in own = { 0 }, other = { 0 };
	socklen_t own_length = sizeof own, other_length = sizeof other;
	PeerEnd near, far;
	int uid = -1;

	if (getsockname(fd, (struct sockaddr *)&own, &own_length) != 0 ||
		getpeername(fd, (struct sockaddr *)&other, &other_length) != 0 ||
		!to_end(&other, &near) || !to_end(&own, &far))
		return -1;
	for (gsize i = 0; i < G_N_ELEMENTS(tables) && uid < 0; i++) {
		g_autofree char *text = NULL;

		if (g_file_get_contents(tables[i], &text, NULL, NULL))
			uid = peer_find(text, near, far);
	}
	return uid;
}
