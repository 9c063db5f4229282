/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

G_NORETURN void wire_die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

gint64 wire_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (gint64)t.tv_sec * 1000000000 + t.tv_nsec;
}

void wire_send(int fd, const void *bytes, gsize length)
{
	if (send(fd, bytes, length, MSG_NOSIGNAL) != (gssize)length)
		wire_die("send");
}

/* ---- QEMU's side */

static void send_packet(Wire *wire, guint32 type, const void *body, guint32 length)
{
	guint8 packet[256];
	struct usb_redir_header header = { .type = type, .length = length, .id = ++wire->id };

	memcpy(packet, &header, sizeof header);
	memcpy(packet + sizeof header, body, length);
	wire_send(wire->socket, packet, sizeof header + length);
}

void wire_ask(Wire *wire)
{
	struct usb_redir_bulk_packet_header header = { .endpoint = HID_ENDPOINT_MAIN,
		.length = HID_PACKET_MAIN };

	if (wire->asks)
		send_packet(wire, usb_redir_bulk_packet, &header, sizeof header);
}

static void say_hello(Wire *wire)
{
	struct {
		guint32 type, length, id;
		char version[64];
		guint32 caps;
	} hello = { usb_redir_hello, 68, 0, "wire",
		1u << usb_redir_cap_connect_device_version |
			1u << usb_redir_cap_ep_info_max_packet_size |
			1u << usb_redir_cap_64bits_ids | 1u << usb_redir_cap_32bits_bulk_length };

	wire_send(wire->socket, &hello, sizeof hello);
}

static void receive_more(Wire *wire)
{
	ssize_t n = recv(
		wire->socket, wire->buffer + wire->length, sizeof wire->buffer - wire->length, 0);

	if (n <= 0)
		wire_die("the connection is over");
	wire->length += (gsize)n;
}

static void skip(Wire *wire, gsize n)
{
	wire->length -= n;
	memmove(wire->buffer, wire->buffer + n, wire->length);
}

static gboolean has_packet(const Wire *wire)
{
	struct usb_redir_header header;

	if (wire->length < WIRE_HEADER)
		return FALSE;
	memcpy(&header, wire->buffer, WIRE_HEADER);
	return wire->length >= WIRE_HEADER + header.length;
}

/* Of the packet that has come: the report's length; 0: it is an answer to a control request. */
static gsize take_packet(Wire *wire, guint8 *report)
{
	struct usb_redir_header header;
	gsize n = 0;

	memcpy(&header, wire->buffer, WIRE_HEADER);
	if (header.type == usb_redir_bulk_packet) {
		n = header.length - WIRE_BULK_HEADER;
		memcpy(report, wire->buffer + WIRE_HEADER + WIRE_BULK_HEADER, n);
	}
	skip(wire, WIRE_HEADER + header.length);
	return n;
}

gsize wire_next_report(Wire *wire, guint8 *report)
{
	gsize n = 0;

	while (n == 0) {
		while (!has_packet(wire))
			receive_more(wire);
		n = take_packet(wire, report);
	}
	return n;
}

static gboolean has_more(const Wire *wire)
{
	struct pollfd p = { .fd = wire->socket, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

gsize wire_try_report(Wire *wire, guint8 *report)
{
	gsize n = 0;

	while (n == 0) {
		while (!has_packet(wire)) {
			if (!has_more(wire))
				return 0;
			receive_more(wire);
		}
		n = take_packet(wire, report);
	}
	return n;
}

/* ---- hotseatd's side */

void wire_order(int control, const char *text, int fd)
{
	struct iovec part = { (char *)text, strlen(text) };
	_Alignas(struct cmsghdr) char rights[CMSG_SPACE(sizeof fd)] = { 0 };
	struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd >= 0) {
		struct cmsghdr *c = (struct cmsghdr *)(void *)rights;

		header.msg_control = rights;
		header.msg_controllen = sizeof rights;
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(c), &fd, sizeof fd);
	}
	if (sendmsg(control, &header, 0) < 0)
		wire_die("the control socket");
}

const char *wire_wait_for(int control, const char *begin, const char *part)
{
	static char packet[PROTOCOL_MESSAGE_MAX + 1];

	for (;;) {
		ssize_t n = recv(control, packet, PROTOCOL_MESSAGE_MAX, 0);

		if (n <= 0)
			wire_die(begin);
		packet[n] = '\0';
		if (g_str_has_prefix(packet, begin) && strstr(packet, part) != NULL)
			return packet;
		if (strstr(packet, "\nerror=") != NULL) {
			fprintf(stderr, "hotseat-inputd said: %s", packet);
			exit(1);
		}
	}
}

int wire_connect(const struct sockaddr *address, socklen_t length, int type)
{
	for (int i = 0; i < 500; i++) {
		int fd = socket(address->sa_family, type | SOCK_CLOEXEC, 0);

		if (connect(fd, address, length) == 0)
			return fd;
		close(fd);
		usleep(10000);
	}
	wire_die("connect");
}

guint wire_free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, length) != 0 ||
		getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		wire_die("a port");
	close(fd);
	return ntohs(address.sin_port);
}

int wire_connect_to_port(guint port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((guint16)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = wire_connect((struct sockaddr *)&address, sizeof address, SOCK_STREAM);

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	return fd;
}

int wire_connect_to_control(const char *folder)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	g_snprintf(address.sun_path, sizeof address.sun_path, "%s/control", folder);
	return wire_connect((struct sockaddr *)&address, sizeof address, SOCK_SEQPACKET);
}

void wire_be_qemu(Wire *wire, guint port)
{
	wire->asks = TRUE;
	wire->length = 0;
	wire->socket = wire_connect_to_port(port);
	say_hello(wire);
	while (wire->length < 12 + 64 + 4)
		receive_more(wire);
	skip(wire, 12 + 64 + 4); /* its hello, which has a short header */
	send_packet(wire, usb_redir_set_configuration, (guint8[]){ 1 }, 1);
	wire_ask(wire);
}

void wire_set_leds(Wire *wire, guint8 leds)
{
	struct usb_redir_control_packet_header header = { .request = 9,
		.requesttype = 0x21,
		.value = 0x0200 | HID_ID_KEYBOARD,
		.index = 1,
		.length = 2 };
	guint8 body[sizeof header + 2];

	memcpy(body, &header, sizeof header);
	body[sizeof header] = HID_ID_KEYBOARD;
	body[sizeof header + 1] = leds;
	send_packet(wire, usb_redir_control_packet, body, sizeof body);
}
