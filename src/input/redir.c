/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/redir-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How many times redir_read() reads from the socket. */
#define READS_MAX 4

const guint8 redir_endpoint_numbers[REDIR_ENDPOINTS] = { HID_ENDPOINT_BOOT, HID_ENDPOINT_MAIN };

void redir_fail(Redir *redir, const char *why)
{
	if (!redir->over)
		redir->error = why;
	redir->over = TRUE;
}

/* ---- out */

static gboolean put(Redir *redir, const void *bytes, gsize length)
{
	if (redir->out_length + length > REDIR_OUT_MAX) {
		redir_fail(redir, "it does not read the answers");
		return FALSE;
	}
	memcpy(redir->out + redir->out_length, bytes, length);
	redir->out_length += length;
	return TRUE;
}

static int write_packet(void *data, uint8_t *bytes, int length)
{
	return put(data, bytes, (gsize)length) ? length : -1;
}

/* Appends the parser's packets to those that already wait. */
static void take_parsers(Redir *redir)
{
	if (usbredirparser_do_write(redir->parser) < 0)
		redir_fail(redir, "it does not read the answers");
}

static gboolean has_long_ids(const Redir *redir)
{
	return redir->hello && usbredirparser_peer_has_cap(redir->parser, usb_redir_cap_64bits_ids);
}

/* Writes a packet with a report, like usbredirparser_send_bulk_packet(), but without allocating.
 * All numbers are little-endian. */
static void put_report(Redir *redir, guint type, guint64 id, const void *header,
	gsize header_length, const guint8 *report, gsize length)
{
	guint8 packet[sizeof(struct usb_redir_header) + 16 + HID_PACKET_MAIN];
	guint32 words[2] = { GUINT32_TO_LE(type),
		GUINT32_TO_LE((guint32)(header_length + length)) };
	guint64 long_id = GUINT64_TO_LE(id);
	guint32 short_id = GUINT32_TO_LE((guint32)id);
	gsize at = sizeof words;

	memcpy(packet, words, sizeof words);
	if (has_long_ids(redir)) {
		memcpy(packet + at, &long_id, sizeof long_id);
		at += sizeof long_id;
	} else {
		memcpy(packet + at, &short_id, sizeof short_id);
		at += sizeof short_id;
	}
	memcpy(packet + at, header, header_length);
	at += header_length;
	if (length > 0)
		memcpy(packet + at, report, length);
	put(redir, packet, at + length);
}

/* The last field is only sent to peers that support it; reports are too short to need it. */
static gsize bulk_header_length(const Redir *redir)
{
	if (redir->hello &&
		usbredirparser_peer_has_cap(redir->parser, usb_redir_cap_32bits_bulk_length))
		return sizeof(struct usb_redir_bulk_packet_header);
	return G_STRUCT_OFFSET(struct usb_redir_bulk_packet_header, length_high);
}

void redir_put_bulk(Redir *redir, guint64 id, guint8 endpoint, guint8 status, const guint8 *report,
	gsize length)
{
	struct usb_redir_bulk_packet_header header = {
		.endpoint = endpoint, .status = status, .length = GUINT16_TO_LE((guint16)length)
	};

	put_report(redir, usb_redir_bulk_packet, id, &header, bulk_header_length(redir), report,
		length);
}

static void put_interrupt(Redir *redir, guint8 endpoint, const guint8 *report, gsize length)
{
	struct usb_redir_interrupt_packet_header header = { .endpoint = endpoint,
		.status = usb_redir_success,
		.length = GUINT16_TO_LE((guint16)length) };

	put_report(redir, usb_redir_interrupt_packet, 0, &header, sizeof header, report, length);
}

static void send_out(Redir *redir)
{
	ssize_t n;

	if (redir->out_length == 0)
		return;
	n = send(redir->fd, redir->out, redir->out_length, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		redir_fail(redir, g_strerror(errno));
		return;
	}
	if (redir->mode == PROTOCOL_PACED)
		redir_note_fetch(redir);
	redir->out_length -= (gsize)n;
	memmove(redir->out, redir->out + n, redir->out_length);
}

/* ---- reports */

static void answer_request(
	Redir *redir, guint8 number, RedirEndpoint *endpoint, const guint8 *report, gsize length)
{
	redir_put_bulk(redir, endpoint->ids[0], number, usb_redir_success, report, length);
	endpoint->n--;
	memmove(endpoint->ids, endpoint->ids + 1, endpoint->n * sizeof endpoint->ids[0]);
}

static void pull(Redir *redir, guint8 number, RedirEndpoint *endpoint)
{
	guint8 report[HID_PACKET_MAIN];

	while (endpoint->n > 0 && queue_has(redir->queue, number)) {
		gsize length = queue_fetch(redir->queue, number, report);

		if (length > 0)
			answer_request(redir, number, endpoint, report, length);
	}
}

/* Sends nothing while the socket has no room; then motion is summed in the queue. */
static void pace(Redir *redir, guint8 number, const RedirEndpoint *endpoint)
{
	guint8 report[HID_PACKET_MAIN];
	gsize length;

	if (!endpoint->started || redir->out_length > 0 || redir->now_us < redir->next_us)
		return;
	length = queue_fetch(redir->queue, number, report);
	if (length == 0)
		return;
	put_interrupt(redir, number, report, length);
	redir->next_us = redir->now_us + REDIR_PACE_US;
}

/* Firmware needs repeated reports for key repeat while a key is down (HID 1.11, 7.2.4). */
static void repeat_boot_report(Redir *redir)
{
	RedirEndpoint *endpoint = &redir->endpoints[0];
	guint8 report[HID_PACKET_BOOT];
	gint64 every_us = redir->device.idle[0] * 4000;

	if (!redir->queue->boot || every_us == 0 || redir->mode != PROTOCOL_PULL ||
		queue_is_released(redir->queue)) {
		redir->repeat_us = G_MAXINT64;
		return;
	}
	if (redir->repeat_us == G_MAXINT64)
		redir->repeat_us = redir->now_us + every_us;
	if (redir->now_us < redir->repeat_us || endpoint->n == 0)
		return;
	redir->repeat_us = redir->now_us + every_us;
	answer_request(redir, HID_ENDPOINT_BOOT, endpoint, report,
		hid_boot_report(&redir->queue->state, report));
}

/* ---- guests that hang */

static gboolean is_stuck(const Redir *redir)
{
	guint i = redir->queue->boot ? 0 : 1;

	if (redir->mode == PROTOCOL_PACED)
		return redir->out_length > 0;
	/* a guest that has stopped making requests, but has got everything, does not hang */
	return queue_has(redir->queue, redir_endpoint_numbers[i]) && !redir->queue->repeats &&
	       redir->endpoints[i].n == 0;
}

void redir_note_fetch(Redir *redir)
{
	redir->stuck_since_us = G_MAXINT64;
}

/* ---- */

gboolean redir_flush(Redir *redir, gint64 now_us)
{
	redir->now_us = now_us;
	for (guint i = 0; i < REDIR_ENDPOINTS && redir->device.configuration != 0; i++) {
		if (redir->mode == PROTOCOL_PULL)
			pull(redir, redir_endpoint_numbers[i], &redir->endpoints[i]);
		else
			pace(redir, redir_endpoint_numbers[i], &redir->endpoints[i]);
	}
	repeat_boot_report(redir);
	send_out(redir);
	if (redir->stuck_since_us == G_MAXINT64 && is_stuck(redir))
		redir->stuck_since_us = now_us;
	return !redir->over;
}

gboolean redir_is_blocked(const Redir *redir)
{
	return redir->out_length > 0;
}

gint64 redir_deadline(const Redir *redir)
{
	gint64 deadline = redir->endpoints[0].n > 0 ? redir->repeat_us : G_MAXINT64;

	for (guint i = 0; i < REDIR_ENDPOINTS; i++)
		if (redir->mode == PROTOCOL_PACED && redir->endpoints[i].started &&
			redir->out_length == 0 &&
			queue_has(redir->queue, redir_endpoint_numbers[i]))
			deadline = MIN(deadline, redir->next_us);
	return deadline;
}

gint64 redir_stuck_since(const Redir *redir)
{
	return redir->stuck_since_us;
}

/* ---- what comes in */

/* The parser asks for exactly what it needs next. */
static int read_packet(void *data, uint8_t *bytes, int wanted)
{
	Redir *redir = data;
	gsize n = MIN((gsize)wanted, redir->in_length - redir->in_at);

	if (redir->over)
		return -1;
	memcpy(bytes, redir->in + redir->in_at, n);
	redir->in_at += n;
	if (!redir_frame_pass(&redir->frame, bytes, n, has_long_ids(redir), REDIR_PACKET_MAX)) {
		redir_fail(redir, "it sends a packet that is too long");
		return -1;
	}
	return (int)n;
}

static gboolean receive(Redir *redir)
{
	ssize_t n = recv(redir->fd, redir->in, sizeof redir->in, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return FALSE;
	if (n <= 0) {
		redir_fail(redir, n == 0 ? NULL : g_strerror(errno));
		return FALSE;
	}
	/* QEMU does not switch Nagle's algorithm off: a delayed acknowledgement delays its
	 * requests. Fails for other sockets, which do not need it. */
	(void)setsockopt(redir->fd, IPPROTO_TCP, TCP_QUICKACK, &(int){ 1 }, sizeof(int));
	redir->in_at = 0;
	redir->in_length = (gsize)n;
	return TRUE;
}

gboolean redir_read(Redir *redir, gint64 now_us)
{
	gboolean more = TRUE;

	redir->now_us = now_us;
	/* the rest is read in the next call, so that a guest that keeps writing does not delay
	 * others */
	for (guint i = 0; i < READS_MAX && more && !redir->over && receive(redir); i++) {
		more = redir->in_length == sizeof redir->in;
		if (usbredirparser_do_read(redir->parser) != 0)
			redir_fail(redir, "it does not speak usbredir");
		take_parsers(redir);
	}
	return redir_flush(redir, now_us);
}

/* ---- life */

Redir *redir_new(int fd, ProtocolMode mode, Queue *queue)
{
	/* QEMU's xHCI requires the last three */
	static const int caps[] = { usb_redir_cap_connect_device_version, usb_redir_cap_filter,
		usb_redir_cap_device_disconnect_ack, usb_redir_cap_ep_info_max_packet_size,
		usb_redir_cap_64bits_ids, usb_redir_cap_32bits_bulk_length };
	guint32 bits[USB_REDIR_CAPS_SIZE] = { 0 };
	Redir *redir = g_new0(Redir, 1);

	redir->fd = fd;
	redir->mode = mode;
	redir->queue = queue;
	redir->repeat_us = redir->stuck_since_us = G_MAXINT64;
	usb_device_init(&redir->device, queue);
	for (gsize i = 0; i < G_N_ELEMENTS(caps); i++)
		usbredirparser_caps_set_cap(bits, caps[i]);
	redir->parser = usbredirparser_create();
	redir->parser->priv = redir;
	redir->parser->read_func = read_packet;
	redir->parser->write_func = write_packet;
	redir_set_callbacks(redir);
	usbredirparser_init(redir->parser, "hotseat-inputd", bits, USB_REDIR_CAPS_SIZE,
		usbredirparser_fl_usb_host);
	take_parsers(redir);
	send_out(redir);
	return redir;
}

void redir_free(Redir *redir)
{
	if (redir == NULL)
		return;
	usbredirparser_destroy(redir->parser);
	close(redir->fd);
	g_free(redir);
}

int redir_fd(const Redir *redir)
{
	return redir->fd;
}

const char *redir_error(const Redir *redir)
{
	return redir->error;
}

gboolean redir_has_hello(const Redir *redir)
{
	return redir->hello;
}

ProtocolState redir_state(const Redir *redir)
{
	if (redir->device.configuration == 0)
		return PROTOCOL_CONNECTED;
	return redir->fetched ? PROTOCOL_READY : PROTOCOL_CONFIGURED;
}

guint8 redir_leds(const Redir *redir)
{
	return redir->device.leds;
}
