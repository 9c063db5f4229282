/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-qemu.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void add(FakeQemu *qemu, guint64 id, int status, const guint8 *bytes, int length)
{
	if (qemu->reports->len > 0)
		g_string_append(qemu->reports, " | ");
	g_string_append_printf(qemu->reports, "%" G_GUINT64_FORMAT, id);
	if (status != usb_redir_success)
		g_string_append_printf(qemu->reports, "!%d", status);
	else
		g_string_append_c(qemu->reports, ':');
	for (int i = 0; i < length; i++)
		g_string_append_printf(qemu->reports, i > 0 ? " %02x" : "%02x", bytes[i]);
	qemu->n_reports++;
}

static void on_log(void *data, int level, const char *message)
{
	if (level <= usbredirparser_error)
		g_error("hotseat sends what is no usbredir: %s", message);
}

static int read_bytes(void *data, uint8_t *bytes, int count)
{
	FakeQemu *qemu = data;
	ssize_t n = recv(qemu->fd, bytes, (size_t)count, MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return 0;
	qemu->is_over |= n <= 0;
	return n <= 0 ? -1 : (int)n;
}

static int write_bytes(void *data, uint8_t *bytes, int count)
{
	FakeQemu *qemu = data;
	ssize_t n = send(qemu->fd, bytes, (size_t)count, MSG_DONTWAIT | MSG_NOSIGNAL);

	return n < 0 && errno == EAGAIN ? 0 : (int)n;
}

static void on_hello(void *data, struct usb_redir_hello_header *hello)
{
	((FakeQemu *)data)->has_hello = TRUE;
}

static void on_device(void *data, struct usb_redir_device_connect_header *device)
{
	((FakeQemu *)data)->device = *device;
}

static void on_interfaces(void *data, struct usb_redir_interface_info_header *interfaces)
{
	((FakeQemu *)data)->interfaces = *interfaces;
}

static void on_endpoints(void *data, struct usb_redir_ep_info_header *endpoints)
{
	((FakeQemu *)data)->endpoints = *endpoints;
}

static void on_configuration(
	void *data, uint64_t id, struct usb_redir_configuration_status_header *status)
{
	((FakeQemu *)data)->configuration_status = status->status;
}

static void on_alternate(
	void *data, uint64_t id, struct usb_redir_alt_setting_status_header *status)
{
	((FakeQemu *)data)->alternate_status = status->status;
}

static void on_interrupt_status(
	void *data, uint64_t id, struct usb_redir_interrupt_receiving_status_header *status)
{
	((FakeQemu *)data)->interrupt_status = status->status;
}

static void on_control(void *data, uint64_t id, struct usb_redir_control_packet_header *header,
	uint8_t *bytes, int length)
{
	FakeQemu *qemu = data;

	qemu->control_status = header->status;
	g_byte_array_set_size(qemu->control, 0);
	g_byte_array_append(qemu->control, bytes, (guint)length);
	usbredirparser_free_packet_data(qemu->parser, bytes);
}

static void on_bulk(void *data, uint64_t id, struct usb_redir_bulk_packet_header *header,
	uint8_t *bytes, int length)
{
	FakeQemu *qemu = data;

	g_assert_cmpint(header->length, ==, length);
	add(qemu, id, header->status, bytes, length);
	usbredirparser_free_packet_data(qemu->parser, bytes);
}

static void on_interrupt(void *data, uint64_t id, struct usb_redir_interrupt_packet_header *header,
	uint8_t *bytes, int length)
{
	FakeQemu *qemu = data;

	add(qemu, 0, header->status, bytes, length);
	usbredirparser_free_packet_data(qemu->parser, bytes);
}

static void make_parser(FakeQemu *qemu, int kind)
{
	static const int caps[] = { usb_redir_cap_connect_device_version, usb_redir_cap_filter,
		usb_redir_cap_device_disconnect_ack, usb_redir_cap_ep_info_max_packet_size,
		usb_redir_cap_64bits_ids, usb_redir_cap_32bits_bulk_length,
		usb_redir_cap_bulk_receiving };
	guint n = kind == FAKE_QEMU_OLD ? 4 : G_N_ELEMENTS(caps);
	guint32 bits[USB_REDIR_CAPS_SIZE] = { 0 };

	for (guint i = 0; i < n; i++)
		usbredirparser_caps_set_cap(bits, caps[i]);
	qemu->parser = usbredirparser_create();
	qemu->parser->priv = qemu;
	qemu->parser->log_func = on_log;
	qemu->parser->read_func = read_bytes;
	qemu->parser->write_func = write_bytes;
	qemu->parser->hello_func = on_hello;
	qemu->parser->device_connect_func = on_device;
	qemu->parser->interface_info_func = on_interfaces;
	qemu->parser->ep_info_func = on_endpoints;
	qemu->parser->configuration_status_func = on_configuration;
	qemu->parser->alt_setting_status_func = on_alternate;
	qemu->parser->interrupt_receiving_status_func = on_interrupt_status;
	qemu->parser->control_packet_func = on_control;
	qemu->parser->bulk_packet_func = on_bulk;
	qemu->parser->interrupt_packet_func = on_interrupt;
	usbredirparser_init(qemu->parser, "fake QEMU", bits, USB_REDIR_CAPS_SIZE, 0);
}

void fake_qemu_run(FakeQemu *qemu)
{
	for (int i = 0; i < 4 && !qemu->is_over; i++) {
		usbredirparser_do_write(qemu->parser);
		if (!redir_read(qemu->redir, qemu->now_us))
			qemu->is_over = TRUE;
		usbredirparser_do_read(qemu->parser);
	}
}

FakeQemu *fake_qemu_new(ProtocolMode mode, int kind)
{
	FakeQemu *qemu = g_new0(FakeQemu, 1);
	int fds[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), ==, 0);
	qemu->fd = fds[0];
	qemu->queue = g_new0(Queue, 1);
	queue_init(qemu->queue);
	qemu->now_us = G_USEC_PER_SEC;
	qemu->control = g_byte_array_new();
	qemu->reports = g_string_new(NULL);
	qemu->configuration_status = qemu->alternate_status = qemu->interrupt_status = -1;
	make_parser(qemu, kind);
	qemu->redir = redir_new(fds[1], mode, qemu->queue);
	fake_qemu_run(qemu);
	return qemu;
}

void fake_qemu_free(FakeQemu *qemu)
{
	redir_free(qemu->redir);
	usbredirparser_destroy(qemu->parser);
	close(qemu->fd);
	g_free(qemu->queue);
	g_byte_array_unref(qemu->control);
	g_string_free(qemu->reports, TRUE);
	g_free(qemu);
}

void fake_qemu_configure(FakeQemu *qemu)
{
	struct usb_redir_set_configuration_header set = { 1 };

	usbredirparser_send_set_configuration(qemu->parser, 1, &set);
	fake_qemu_run(qemu);
}

void fake_qemu_ask(FakeQemu *qemu, guint64 id, guint8 endpoint)
{
	struct usb_redir_bulk_packet_header header = { .endpoint = endpoint,
		.length = HID_PACKET_MAIN };

	usbredirparser_send_bulk_packet(qemu->parser, id, &header, NULL, 0);
	fake_qemu_run(qemu);
}

void fake_qemu_control(FakeQemu *qemu, const UsbSetup *setup, const char *data)
{
	struct usb_redir_control_packet_header header = { .endpoint = setup->type & 0x80,
		.request = setup->request,
		.requesttype = setup->type,
		.value = setup->value,
		.index = setup->index,
		.length = setup->length };
	guint8 bytes[64];
	gsize n = (strlen(data) + 1) / 3;

	for (gsize i = 0; i < n; i++)
		bytes[i] = (guint8)g_ascii_strtoull(data + 3 * i, NULL, 16);
	qemu->control_status = -1;
	usbredirparser_send_control_packet(qemu->parser, 77, &header, n > 0 ? bytes : NULL, (int)n);
	fake_qemu_run(qemu);
}

char *fake_qemu_take_reports(FakeQemu *qemu)
{
	char *reports = g_strdup(qemu->reports->str);

	g_string_truncate(qemu->reports, 0);
	return reports;
}
