/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-qemu.h"

#include "assert-has.h"

#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define KEY_A_DOWN "01 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
#define KEYS_UP	   "01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"

static void assert_reports(FakeQemu *qemu, const char *expected)
{
	g_autofree char *reports = NULL;

	fake_qemu_run(qemu);
	reports = fake_qemu_take_reports(qemu);
	g_assert_cmpstr(reports, ==, expected);
}

static FakeQemu *configured(ProtocolMode mode, int kind)
{
	FakeQemu *qemu = fake_qemu_new(mode, kind);

	fake_qemu_configure(qemu);
	g_assert_cmpint(qemu->configuration_status, ==, usb_redir_success);
	return qemu;
}

static void test_device(void)
{
	static const guint8 types[] = {
		[PROTOCOL_PULL] = usb_redir_type_bulk, [PROTOCOL_PACED] = usb_redir_type_interrupt
	};

	for (ProtocolMode mode = PROTOCOL_PULL; mode <= PROTOCOL_PACED; mode++) {
		FakeQemu *qemu = fake_qemu_new(mode, FAKE_QEMU_NEW);

		g_assert_true(qemu->has_hello && redir_has_hello(qemu->redir));
		g_assert_cmpint(qemu->device.speed, ==, usb_redir_speed_high);
		g_assert_cmphex(qemu->device.vendor_id, ==, HID_VENDOR);
		g_assert_cmpuint(qemu->interfaces.interface_count, ==, 2);
		g_assert_cmpuint(qemu->interfaces.interface_subclass[0], ==, 1);
		g_assert_cmpuint(qemu->interfaces.interface_subclass[1], ==, 0);
		g_assert_cmpuint(qemu->endpoints.type[17], ==, types[mode]);
		g_assert_cmpuint(qemu->endpoints.type[18], ==, types[mode]);
		g_assert_cmpuint(qemu->endpoints.interface[18], ==, 1);
		g_assert_cmpuint(qemu->endpoints.max_packet_size[18], ==, 32);
		g_assert_cmpuint(qemu->endpoints.type[1], ==, usb_redir_type_invalid);
		fake_qemu_free(qemu);
	}
}

static void test_states(void)
{
	FakeQemu *qemu = fake_qemu_new(PROTOCOL_PULL, FAKE_QEMU_NEW);

	g_assert_cmpint(redir_state(qemu->redir), ==, PROTOCOL_CONNECTED);
	fake_qemu_configure(qemu);
	g_assert_cmpint(redir_state(qemu->redir), ==, PROTOCOL_CONFIGURED);
	/* Linux opens the boot keyboard too, and nothing ever comes from there */
	fake_qemu_ask(qemu, 5, HID_ENDPOINT_BOOT);
	g_assert_cmpint(redir_state(qemu->redir), ==, PROTOCOL_CONFIGURED);
	fake_qemu_ask(qemu, 6, HID_ENDPOINT_MAIN);
	g_assert_cmpint(redir_state(qemu->redir), ==, PROTOCOL_READY);
	usbredirparser_send_reset(qemu->parser);
	fake_qemu_run(qemu);
	g_assert_cmpint(redir_state(qemu->redir), ==, PROTOCOL_CONNECTED);
	fake_qemu_free(qemu);
}

/* Exactly what is asked for, with the id of the request. */
static void test_pull(void)
{
	for (int kind = FAKE_QEMU_NEW; kind <= FAKE_QEMU_OLD; kind++) {
		FakeQemu *qemu = configured(PROTOCOL_PULL, kind);

		queue_key(qemu->queue, KEY_A, TRUE);
		queue_key(qemu->queue, KEY_A, FALSE);
		queue_move(qemu->queue, HID_X, 5);
		assert_reports(qemu, "");
		g_assert_cmpint(redir_stuck_since(qemu->redir), ==, qemu->now_us);
		fake_qemu_ask(qemu, 7, HID_ENDPOINT_MAIN);
		assert_reports(qemu, "7:" KEY_A_DOWN);
		fake_qemu_ask(qemu, 8, HID_ENDPOINT_MAIN);
		fake_qemu_ask(qemu, 9, HID_ENDPOINT_MAIN);
		fake_qemu_ask(qemu, 10, HID_ENDPOINT_MAIN);
		assert_reports(qemu, "8:" KEYS_UP " | 9:04 00 00 05 00 00 00 00 00 00 00");
		g_assert_cmpint(redir_stuck_since(qemu->redir), ==, G_MAXINT64);
		queue_key(qemu->queue, BTN_LEFT, TRUE);
		g_assert_true(redir_flush(qemu->redir, qemu->now_us));
		assert_reports(qemu, "10:04 01 00 00 00 00 00 00 00 00 00");
		fake_qemu_free(qemu);
	}
}

/* A guest is slow when more waits than it fetches, and hangs only when it fetches nothing. */
static void test_stuck(void)
{
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);

	for (int i = 0; i < 10; i++)
		queue_key(qemu->queue, KEY_A, i % 2 == 0);
	for (guint64 i = 1; i < 10; i++) {
		qemu->now_us += G_USEC_PER_SEC;
		g_assert_true(redir_flush(qemu->redir, qemu->now_us));
		fake_qemu_ask(qemu, i, HID_ENDPOINT_MAIN);
		g_assert_cmpint(redir_stuck_since(qemu->redir), ==, qemu->now_us);
	}
	/* what waits is dropped by then; it hangs until it asks */
	queue_reset(qemu->queue);
	qemu->now_us += G_USEC_PER_SEC;
	g_assert_true(redir_flush(qemu->redir, qemu->now_us));
	g_assert_cmpint(redir_stuck_since(qemu->redir), ==, qemu->now_us - G_USEC_PER_SEC);
	fake_qemu_ask(qemu, 10, HID_ENDPOINT_MAIN);
	g_assert_cmpint(redir_stuck_since(qemu->redir), ==, G_MAXINT64);
	fake_qemu_free(qemu);
}

static void test_refused_requests(void)
{
	FakeQemu *qemu = fake_qemu_new(PROTOCOL_PULL, FAKE_QEMU_NEW);

	fake_qemu_ask(qemu, 1, HID_ENDPOINT_MAIN);
	assert_reports(qemu, "1!4");
	fake_qemu_configure(qemu);
	fake_qemu_ask(qemu, 2, 0x83);
	assert_reports(qemu, "2!4");
	for (guint64 id = 10; id < 10 + REDIR_REQUESTS_MAX; id++)
		fake_qemu_ask(qemu, id, HID_ENDPOINT_MAIN);
	assert_reports(qemu, "");
	/* in order: QEMU aborts when a later request is answered first */
	fake_qemu_ask(qemu, 3, HID_ENDPOINT_MAIN);
	assert_reports(qemu, "10!4");
	queue_key(qemu->queue, KEY_A, TRUE);
	assert_reports(qemu, "11:" KEY_A_DOWN);
	g_assert_false(qemu->is_over);
	fake_qemu_free(qemu);
}

/* SeaBIOS with EHCI, on the boot keyboard's endpoint. */
static void test_many_requests(void)
{
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);

	for (guint64 id = 10; id < 10 + 110; id++)
		fake_qemu_ask(qemu, id, HID_ENDPOINT_BOOT);
	assert_reports(qemu, "");
	fake_qemu_free(qemu);
}

/* All answers to open requests have room, whatever QEMU reads meanwhile. */
static void test_many_before_reset(void)
{
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);

	for (guint64 id = 1; id <= 2 * REDIR_REQUESTS_MAX; id++)
		fake_qemu_ask(qemu, id, id % 2 == 0 ? HID_ENDPOINT_BOOT : HID_ENDPOINT_MAIN);
	usbredirparser_send_reset(qemu->parser);
	fake_qemu_run(qemu);
	g_assert_false(qemu->is_over);
	g_assert_cmpint(redir_state(qemu->redir), ==, PROTOCOL_CONNECTED);
	fake_qemu_free(qemu);
}

static void test_cancelled(void)
{
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);

	fake_qemu_ask(qemu, 1, HID_ENDPOINT_MAIN);
	fake_qemu_ask(qemu, 2, HID_ENDPOINT_MAIN);
	usbredirparser_send_cancel_data_packet(qemu->parser, 1);
	assert_reports(qemu, "1!1");
	queue_key(qemu->queue, KEY_A, TRUE);
	assert_reports(qemu, "2:" KEY_A_DOWN);
	/* QEMU drops an answer that crosses its cancellation: a release must not get lost */
	fake_qemu_ask(qemu, 3, HID_ENDPOINT_MAIN);
	queue_key(qemu->queue, KEY_A, FALSE);
	assert_reports(qemu, "3:" KEYS_UP);
	usbredirparser_send_cancel_data_packet(qemu->parser, 3);
	fake_qemu_run(qemu);
	g_assert_cmpint(redir_stuck_since(qemu->redir), ==, G_MAXINT64);
	fake_qemu_ask(qemu, 4, HID_ENDPOINT_MAIN);
	assert_reports(qemu, "4:" KEYS_UP);
	fake_qemu_free(qemu);
}

/* What was asked before a reset is answered, and before what is asked after it. */
static void test_reset(void)
{
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);

	fake_qemu_ask(qemu, 1, HID_ENDPOINT_MAIN);
	fake_qemu_ask(qemu, 2, HID_ENDPOINT_BOOT);
	fake_qemu_ask(qemu, 3, HID_ENDPOINT_MAIN);
	usbredirparser_send_reset(qemu->parser);
	assert_reports(qemu, "2!1 | 1!1 | 3!1");
	fake_qemu_configure(qemu);
	fake_qemu_ask(qemu, 4, HID_ENDPOINT_MAIN);
	fake_qemu_configure(qemu);
	assert_reports(qemu, "4!1");
	fake_qemu_free(qemu);
}

/* At most one report a millisecond; what moves meanwhile is summed. */
static void test_paced(void)
{
	FakeQemu *qemu = configured(PROTOCOL_PACED, FAKE_QEMU_NEW);
	struct usb_redir_start_interrupt_receiving_header start = { HID_ENDPOINT_MAIN };

	queue_move(qemu->queue, HID_X, 1);
	assert_reports(qemu, "");
	usbredirparser_send_start_interrupt_receiving(qemu->parser, 4, &start);
	assert_reports(qemu, "0:04 00 00 01 00 00 00 00 00 00 00");
	g_assert_cmpint(qemu->interrupt_status, ==, usb_redir_success);
	g_assert_cmpint(redir_state(qemu->redir), ==, PROTOCOL_READY);
	g_assert_cmpint(redir_deadline(qemu->redir), ==, G_MAXINT64);
	queue_move(qemu->queue, HID_X, 2);
	qemu->now_us += REDIR_PACE_US - 1;
	assert_reports(qemu, "");
	g_assert_cmpint(redir_deadline(qemu->redir), ==, qemu->now_us + 1);
	queue_move(qemu->queue, HID_Y, -1);
	qemu->now_us += 1;
	assert_reports(qemu, "0:04 00 00 02 00 ff ff 00 00 00 00");
	/* in the other mode QEMU would ask */
	fake_qemu_ask(qemu, 5, HID_ENDPOINT_MAIN);
	assert_reports(qemu, "5!4");
	fake_qemu_free(qemu);
}

static void test_control(void)
{
	static const UsbSetup leds = { 0x21, 9, 0x0201, 1, 2 };
	static const UsbSetup descriptor = { 0x80, 6, 0x0100, 0, 18 };
	static const UsbSetup unknown = { 0xc0, 6, 0x0100, 0, 18 };
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);

	fake_qemu_control(qemu, &leds, "01 03");
	g_assert_cmpint(qemu->control_status, ==, usb_redir_success);
	g_assert_cmphex(redir_leds(qemu->redir), ==, 3);
	fake_qemu_control(qemu, &descriptor, "");
	g_assert_cmpint(qemu->control_status, ==, usb_redir_success);
	g_assert_cmpuint(qemu->control->len, ==, 18);
	fake_qemu_control(qemu, &unknown, "");
	g_assert_cmpint(qemu->control_status, ==, usb_redir_stall);
	g_assert_cmpuint(qemu->control->len, ==, 0);
	fake_qemu_free(qemu);
}

static void test_alternate_setting(void)
{
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);
	struct usb_redir_set_alt_setting_header set = { .interface = 1, .alt = 1 };
	struct usb_redir_set_configuration_header configuration = { 2 };

	usbredirparser_send_set_alt_setting(qemu->parser, 2, &set);
	fake_qemu_run(qemu);
	g_assert_cmpint(qemu->alternate_status, ==, usb_redir_stall);
	set.alt = 0;
	usbredirparser_send_set_alt_setting(qemu->parser, 2, &set);
	fake_qemu_run(qemu);
	g_assert_cmpint(qemu->alternate_status, ==, usb_redir_success);
	usbredirparser_send_set_configuration(qemu->parser, 1, &configuration);
	fake_qemu_run(qemu);
	g_assert_cmpint(qemu->configuration_status, ==, usb_redir_stall);
	fake_qemu_free(qemu);
}

/* In a firmware's menu a key that is held is repeated, if the firmware asked for that. */
static void test_firmware(void)
{
	static const UsbSetup boot = { 0x21, 11, 0, 0, 0 };
	static const UsbSetup idle = { 0x21, 10, 0x0a00, 0, 0 }; /* 40 ms */
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);

	fake_qemu_control(qemu, &boot, "");
	fake_qemu_control(qemu, &idle, "");
	fake_qemu_ask(qemu, 1, HID_ENDPOINT_BOOT);
	g_assert_cmpint(redir_state(qemu->redir), ==, PROTOCOL_READY);
	queue_key(qemu->queue, KEY_A, TRUE);
	assert_reports(qemu, "1:00 00 04 00 00 00 00 00");
	fake_qemu_ask(qemu, 2, HID_ENDPOINT_BOOT);
	g_assert_cmpint(redir_deadline(qemu->redir), ==, qemu->now_us + 40000);
	qemu->now_us += 39999;
	assert_reports(qemu, "");
	qemu->now_us += 1;
	assert_reports(qemu, "2:00 00 04 00 00 00 00 00");
	fake_qemu_ask(qemu, 3, HID_ENDPOINT_BOOT);
	queue_key(qemu->queue, KEY_A, FALSE);
	assert_reports(qemu, "3:00 00 00 00 00 00 00 00");
	g_assert_cmpint(redir_deadline(qemu->redir), ==, G_MAXINT64);
	fake_qemu_free(qemu);
}

static void assert_over(FakeQemu *qemu, const char *why)
{
	g_assert_false(redir_read(qemu->redir, qemu->now_us));
	if (why == NULL)
		g_assert_null(redir_error(qemu->redir));
	else
		assert_has(redir_error(qemu->redir), why);
	fake_qemu_free(qemu);
}

static void send_raw(FakeQemu *qemu, const void *bytes, gsize length)
{
	g_assert_cmpint(send(qemu->fd, bytes, length, 0), ==, (gssize)length);
}

/* What no QEMU sends ends the connection, and takes no memory before. */
static void test_hostile(void)
{
	static const guint32 header[] = { usb_redir_control_packet, 128 << 20, 1, 0 };
	static const guint32 unknown[] = { 9999, 4, 1, 0, 0 };
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);

	send_raw(qemu, header, sizeof header);
	assert_over(qemu, "it sends a packet that is too long");
	qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);
	send_raw(qemu, unknown, sizeof unknown);
	assert_over(qemu, "it does not speak usbredir");
	qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);
	shutdown(qemu->fd, SHUT_WR);
	assert_over(qemu, NULL);
	qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);
	usbredirparser_send_filter_reject(qemu->parser);
	usbredirparser_do_write(qemu->parser);
	assert_over(qemu, "its filter refuses the device");
}

/* A packet of any type and length is answered or ends the connection. The library calls whatever is
 * set for a type, and looks only at the length before. */
static void test_every_packet(void)
{
	for (guint32 type = usb_redir_hello; type <= usb_redir_buffered_bulk_packet; type++) {
		if (type > usb_redir_bulk_receiving_status && type < usb_redir_control_packet)
			continue;
		for (guint32 length = 0; length <= 80; length++) {
			guint8 packet[16 + 80] = { 0 };
			FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);

			memcpy(packet, (guint32[]){ type, length, 1, 0 }, 16);
			send_raw(qemu, packet, 16 + length);
			fake_qemu_run(qemu);
			fake_qemu_free(qemu);
		}
	}
}

/* One that writes and writes is read in parts, so that others are not kept waiting. */
static void test_writes_and_writes(void)
{
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);
	struct usb_redir_header packet = { .type = usb_redir_cancel_data_packet, .id = 1 };
	guint8 all[16 * 4096];
	int left = 0;

	for (gsize i = 0; i < sizeof all / 16; i++)
		memcpy(all + 16 * i, &packet, 16);
	send_raw(qemu, all, sizeof all);
	g_assert_true(redir_read(qemu->redir, qemu->now_us));
	g_assert_cmpint(ioctl(redir_fd(qemu->redir), FIONREAD, &left), ==, 0);
	g_assert_cmpint(left, >, 0);
	fake_qemu_free(qemu);
}

/* One that asks and asks and reads no answer. */
static void test_does_not_read(void)
{
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);
	struct usb_redir_control_packet_header header = { .endpoint = 0x80,
		.request = 6,
		.requesttype = 0x81,
		.value = 0x2200,
		.index = 1,
		.length = 255 };
	gboolean ok = TRUE;

	for (int i = 0; i < 100000 && ok; i++) {
		usbredirparser_send_control_packet(qemu->parser, 1, &header, NULL, 0);
		usbredirparser_do_write(qemu->parser);
		ok = redir_read(qemu->redir, qemu->now_us);
	}
	g_assert_false(ok);
	assert_over(qemu, "it does not read the answers");
}

/* Byte by byte it is the same. */
static void test_in_pieces(void)
{
	FakeQemu *qemu = configured(PROTOCOL_PULL, FAKE_QEMU_NEW);
	struct __attribute__((packed)) {
		guint32 type, length;
		guint64 id;
		guint8 endpoint, status;
		guint16 size;
		guint32 stream;
		guint16 high;
	} ask = { usb_redir_bulk_packet, 10, 0x123456789a, HID_ENDPOINT_MAIN, 0, 32, 0, 0 };

	queue_key(qemu->queue, KEY_A, TRUE);
	for (gsize i = 0; i < sizeof ask; i++) {
		send_raw(qemu, (const char *)&ask + i, 1);
		fake_qemu_run(qemu);
	}
	assert_reports(qemu, "78187493530:" KEY_A_DOWN);
	fake_qemu_free(qemu);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/redir/device", test_device);
	g_test_add_func("/redir/states", test_states);
	g_test_add_func("/redir/pull", test_pull);
	g_test_add_func("/redir/stuck", test_stuck);
	g_test_add_func("/redir/reset", test_reset);
	g_test_add_func("/redir/refused-requests", test_refused_requests);
	g_test_add_func("/redir/many-requests", test_many_requests);
	g_test_add_func("/redir/many-before-reset", test_many_before_reset);
	g_test_add_func("/redir/cancelled", test_cancelled);
	g_test_add_func("/redir/paced", test_paced);
	g_test_add_func("/redir/control", test_control);
	g_test_add_func("/redir/alternate-setting", test_alternate_setting);
	g_test_add_func("/redir/firmware", test_firmware);
	g_test_add_func("/redir/hostile", test_hostile);
	g_test_add_func("/redir/every-packet", test_every_packet);
	g_test_add_func("/redir/writes-and-writes", test_writes_and_writes);
	g_test_add_func("/redir/does-not-read", test_does_not_read);
	g_test_add_func("/redir/in-pieces", test_in_pieces);
	return g_test_run();
}
