/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "floor.h"

#include "../tests/input/wire.h"

#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

void floor_loop(int node, int socket, guint32 length)
{
	static guint8 packet[FLOOR_MAX];
	struct epoll_event event = { .events = EPOLLIN };
	struct usb_redir_header header = { .type = usb_redir_bulk_packet,
		.length = length - (guint32)WIRE_HEADER };
	int epoll = epoll_create1(0);
	struct input_event events[64];

	memcpy(packet, &header, sizeof header);
	epoll_ctl(epoll, EPOLL_CTL_ADD, node, &event);
	while (epoll_wait(epoll, &event, 1, -1) > 0) {
		if (read(node, events, sizeof events) <= 0)
			_exit(0);
		wire_send(socket, packet, length);
	}
	_exit(1);
}
