/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/redir-private.h"

#include <stdlib.h>
#include <string.h>

static RedirEndpoint *endpoint_of(Redir *redir, guint8 number)
{
	for (guint i = 0; i < REDIR_ENDPOINTS; i++)
		if (redir_endpoint_numbers[i] == number)
			return &redir->endpoints[i];
	return NULL;
}

/* Answers the requests in order. Some host controllers (EHCI) cancel requests from before a reset
 * only later, and QEMU aborts if a later request of an endpoint is answered before an earlier one.
 */
static void cancel_requests(Redir *redir)
{
	for (guint i = 0; i < REDIR_ENDPOINTS; i++) {
		RedirEndpoint *endpoint = &redir->endpoints[i];

		for (guint k = 0; k < endpoint->n; k++)
			redir_put_bulk(redir, endpoint->ids[k], redir_endpoint_numbers[i],
				usb_redir_cancelled, NULL, 0);
		endpoint->n = 0;
		endpoint->started = FALSE;
	}
	redir->fetched = FALSE;
	redir_note_fetch(redir);
}

static void send_info(Redir *redir)
{
	struct usb_redir_interface_info_header interfaces = { .interface_count = HID_INTERFACES };
	struct usb_redir_ep_info_header endpoints = { 0 };
	static const guint8 packets[REDIR_ENDPOINTS] = { HID_PACKET_BOOT, HID_PACKET_MAIN };

	memset(endpoints.type, usb_redir_type_invalid, sizeof endpoints.type);
	/* the index in the array is the endpoint's number, plus 16 for IN endpoints */
	endpoints.type[0] = endpoints.type[16] = usb_redir_type_control;
	endpoints.max_packet_size[0] = endpoints.max_packet_size[16] = 64;
	for (guint8 i = 0; i < REDIR_ENDPOINTS; i++) {
		guint at = 16 + (redir_endpoint_numbers[i] & 0x0fu);

		interfaces.interface[i] = i;
		interfaces.interface_class[i] = 3; /* HID */
		interfaces.interface_subclass[i] = interfaces.interface_protocol[i] = i == 0;
		endpoints.type[at] = redir->mode == PROTOCOL_PULL ? usb_redir_type_bulk
								  : usb_redir_type_interrupt;
		endpoints.interval[at] = 1;
		endpoints.interface[at] = i;
		endpoints.max_packet_size[at] = packets[i];
	}
	usbredirparser_send_interface_info(redir->parser, &interfaces);
	usbredirparser_send_ep_info(redir->parser, &endpoints);
}

static void on_hello(void *data, struct usb_redir_hello_header *hello)
{
	Redir *redir = data;
	struct usb_redir_device_connect_header connect = { .speed = usb_redir_speed_high,
		.vendor_id = HID_VENDOR,
		.product_id = HID_PRODUCT,
		.device_version_bcd = 0x0100 };

	if (redir->hello) {
		redir_fail(redir, "it sent hello twice");
		return;
	}
	redir->hello = TRUE;
	send_info(redir);
	usbredirparser_send_device_connect(redir->parser, &connect);
}

static void on_reset(void *data)
{
	Redir *redir = data;

	cancel_requests(redir);
	usb_device_reset(&redir->device);
}

static void on_set_configuration(
	void *data, uint64_t id, struct usb_redir_set_configuration_header *set)
{
	Redir *redir = data;
	gboolean ok = usb_device_configure(&redir->device, set->configuration);
	struct usb_redir_configuration_status_header status = { .status = ok ? usb_redir_success
									     : usb_redir_stall,
		.configuration = redir->device.configuration };

	if (ok) {
		cancel_requests(redir);
		send_info(redir);
	}
	usbredirparser_send_configuration_status(redir->parser, id, &status);
}

static void on_get_configuration(void *data, uint64_t id)
{
	Redir *redir = data;
	struct usb_redir_configuration_status_header status = { .status = usb_redir_success,
		.configuration = redir->device.configuration };

	usbredirparser_send_configuration_status(redir->parser, id, &status);
}

static void on_set_alternate(void *data, uint64_t id, struct usb_redir_set_alt_setting_header *set)
{
	Redir *redir = data;
	struct usb_redir_alt_setting_status_header status = {
		.status = set->alt == 0 ? usb_redir_success : usb_redir_stall,
		.interface = set->interface
	};

	usbredirparser_send_alt_setting_status(redir->parser, id, &status);
}

static void on_get_alternate(void *data, uint64_t id, struct usb_redir_get_alt_setting_header *get)
{
	Redir *redir = data;
	struct usb_redir_alt_setting_status_header status = { .status = usb_redir_success,
		.interface = get->interface };

	usbredirparser_send_alt_setting_status(redir->parser, id, &status);
}

static void set_started(Redir *redir, guint64 id, guint8 number, gboolean started)
{
	RedirEndpoint *endpoint = endpoint_of(redir, number);
	gboolean ok = endpoint != NULL && redir->mode == PROTOCOL_PACED;
	struct usb_redir_interrupt_receiving_status_header status = {
		.status = ok ? usb_redir_success : usb_redir_inval, .endpoint = number
	};

	usbredirparser_send_interrupt_receiving_status(redir->parser, id, &status);
	if (!ok)
		return;
	endpoint->started = started;
	if (started)
		redir->fetched = TRUE;
}

static void on_start_interrupt(
	void *data, uint64_t id, struct usb_redir_start_interrupt_receiving_header *start)
{
	set_started(data, id, start->endpoint, TRUE);
}

static void on_stop_interrupt(
	void *data, uint64_t id, struct usb_redir_stop_interrupt_receiving_header *stop)
{
	set_started(data, id, stop->endpoint, FALSE);
}

static void on_cancel(void *data, uint64_t id)
{
	Redir *redir = data;

	for (guint i = 0; i < REDIR_ENDPOINTS; i++) {
		RedirEndpoint *endpoint = &redir->endpoints[i];

		for (guint k = 0; k < endpoint->n; k++) {
			if (endpoint->ids[k] != id)
				continue;
			endpoint->n--;
			memmove(endpoint->ids + k, endpoint->ids + k + 1,
				(endpoint->n - k) * sizeof endpoint->ids[0]);
			redir_put_bulk(
				redir, id, redir_endpoint_numbers[i], usb_redir_cancelled, NULL, 0);
			return;
		}
	}
	/* it has been answered already, and QEMU drops that answer */
	queue_repeat(redir->queue);
}

static void on_control(void *data, uint64_t id, struct usb_redir_control_packet_header *header,
	uint8_t *bytes, int length)
{
	Redir *redir = data;
	UsbSetup setup = { header->requesttype, header->request, header->value, header->index,
		header->length };
	struct usb_redir_control_packet_header answer = *header;
	guint8 reply[USB_REPLY_MAX];
	gsize n = 0;
	gboolean ok = usb_device_control(&redir->device, &setup, bytes, (gsize)length, reply, &n);
	gboolean in = (header->requesttype & 0x80) != 0;

	answer.status = ok ? usb_redir_success : usb_redir_stall;
	answer.length = !ok ? 0 : in ? (guint16)n : header->length;
	if (ok && in && n > 0)
		usbredirparser_send_control_packet(redir->parser, id, &answer, reply, (int)n);
	else
		usbredirparser_send_control_packet(redir->parser, id, &answer, NULL, 0);
	usbredirparser_free_packet_data(redir->parser, bytes);
}

/* Refuses the oldest request, because QEMU aborts if a later one is answered first. */
static void make_room(Redir *redir, guint8 number, RedirEndpoint *endpoint)
{
	if (endpoint->n < REDIR_REQUESTS_MAX)
		return;
	redir_put_bulk(redir, endpoint->ids[0], number, usb_redir_stall, NULL, 0);
	endpoint->n--;
	memmove(endpoint->ids, endpoint->ids + 1, endpoint->n * sizeof endpoint->ids[0]);
}

/* QEMU asks for a report. */
static void on_bulk(void *data, uint64_t id, struct usb_redir_bulk_packet_header *header,
	uint8_t *bytes, int length)
{
	Redir *redir = data;
	RedirEndpoint *endpoint = endpoint_of(redir, header->endpoint);

	usbredirparser_free_packet_data(redir->parser, bytes);
	if (endpoint == NULL || redir->mode != PROTOCOL_PULL || redir->device.configuration == 0) {
		redir_put_bulk(redir, id, header->endpoint, usb_redir_stall, NULL, 0);
		return;
	}
	make_room(redir, header->endpoint, endpoint);
	endpoint->ids[endpoint->n++] = id;
	if (header->endpoint != (redir->queue->boot ? HID_ENDPOINT_BOOT : HID_ENDPOINT_MAIN))
		return;
	redir->fetched = TRUE;
	redir_note_fetch(redir);
}

static void on_interrupt(void *data, uint64_t id, struct usb_redir_interrupt_packet_header *header,
	uint8_t *bytes, int length)
{
	Redir *redir = data;

	usbredirparser_free_packet_data(redir->parser, bytes);
}

static void on_filter(void *data, struct usbredirfilter_rule *rules, int n)
{
	free(rules);
}

static void on_reject(void *data)
{
	redir_fail(data, "its filter refuses the device");
}

static void on_log(void *data, int level, const char *message)
{
}

static void on_nothing(void *data)
{
}

/* -- what no guest asks of this device; the library calls each without looking whether it is set */

static void refuse(void *data)
{
	redir_fail(data, "it requests something that a keyboard and mouse do not have");
}

static void on_start_iso(void *data, uint64_t id, struct usb_redir_start_iso_stream_header *start)
{
	refuse(data);
}

static void on_stop_iso(void *data, uint64_t id, struct usb_redir_stop_iso_stream_header *stop)
{
	refuse(data);
}

static void on_alloc_streams(
	void *data, uint64_t id, struct usb_redir_alloc_bulk_streams_header *alloc)
{
	refuse(data);
}

static void on_free_streams(
	void *data, uint64_t id, struct usb_redir_free_bulk_streams_header *streams)
{
	refuse(data);
}

static void on_start_bulk(
	void *data, uint64_t id, struct usb_redir_start_bulk_receiving_header *start)
{
	refuse(data);
}

static void on_stop_bulk(void *data, uint64_t id, struct usb_redir_stop_bulk_receiving_header *stop)
{
	refuse(data);
}

static void on_iso(void *data, uint64_t id, struct usb_redir_iso_packet_header *header,
	uint8_t *bytes, int length)
{
	Redir *redir = data;

	usbredirparser_free_packet_data(redir->parser, bytes);
	refuse(redir);
}

static void on_buffered_bulk(void *data, uint64_t id,
	struct usb_redir_buffered_bulk_packet_header *header, uint8_t *bytes, int length)
{
	Redir *redir = data;

	usbredirparser_free_packet_data(redir->parser, bytes);
	refuse(redir);
}

/* Packets that only the device's side sends; the library refuses these before it calls the
 * functions. */

static void on_device_connect(void *data, struct usb_redir_device_connect_header *connect)
{
	refuse(data);
}

static void on_interface_info(void *data, struct usb_redir_interface_info_header *info)
{
	refuse(data);
}

static void on_ep_info(void *data, struct usb_redir_ep_info_header *info)
{
	refuse(data);
}

static void on_configuration_status(
	void *data, uint64_t id, struct usb_redir_configuration_status_header *status)
{
	refuse(data);
}

static void on_alternate_status(
	void *data, uint64_t id, struct usb_redir_alt_setting_status_header *status)
{
	refuse(data);
}

static void on_iso_status(
	void *data, uint64_t id, struct usb_redir_iso_stream_status_header *status)
{
	refuse(data);
}

static void on_interrupt_status(
	void *data, uint64_t id, struct usb_redir_interrupt_receiving_status_header *status)
{
	refuse(data);
}

static void on_streams_status(
	void *data, uint64_t id, struct usb_redir_bulk_streams_status_header *status)
{
	refuse(data);
}

static void on_bulk_status(
	void *data, uint64_t id, struct usb_redir_bulk_receiving_status_header *status)
{
	refuse(data);
}

static void set_refusing_callbacks(struct usbredirparser *parser)
{
	parser->start_iso_stream_func = on_start_iso;
	parser->stop_iso_stream_func = on_stop_iso;
	parser->alloc_bulk_streams_func = on_alloc_streams;
	parser->free_bulk_streams_func = on_free_streams;
	parser->start_bulk_receiving_func = on_start_bulk;
	parser->stop_bulk_receiving_func = on_stop_bulk;
	parser->iso_packet_func = on_iso;
	parser->buffered_bulk_packet_func = on_buffered_bulk;
	parser->device_connect_func = on_device_connect;
	parser->device_disconnect_func = refuse;
	parser->interface_info_func = on_interface_info;
	parser->ep_info_func = on_ep_info;
	parser->configuration_status_func = on_configuration_status;
	parser->alt_setting_status_func = on_alternate_status;
	parser->iso_stream_status_func = on_iso_status;
	parser->interrupt_receiving_status_func = on_interrupt_status;
	parser->bulk_streams_status_func = on_streams_status;
	parser->bulk_receiving_status_func = on_bulk_status;
}

void redir_set_callbacks(Redir *redir)
{
	struct usbredirparser *parser = redir->parser;

	parser->log_func = on_log;
	parser->hello_func = on_hello;
	parser->reset_func = on_reset;
	parser->set_configuration_func = on_set_configuration;
	parser->get_configuration_func = on_get_configuration;
	parser->set_alt_setting_func = on_set_alternate;
	parser->get_alt_setting_func = on_get_alternate;
	parser->start_interrupt_receiving_func = on_start_interrupt;
	parser->stop_interrupt_receiving_func = on_stop_interrupt;
	parser->cancel_data_packet_func = on_cancel;
	parser->control_packet_func = on_control;
	parser->bulk_packet_func = on_bulk;
	parser->interrupt_packet_func = on_interrupt;
	parser->filter_filter_func = on_filter;
	parser->filter_reject_func = on_reject;
	parser->device_disconnect_ack_func = on_nothing;
	set_refusing_callbacks(parser);
}
