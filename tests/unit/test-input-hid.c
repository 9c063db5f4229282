/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/hid-usages.h"
#include "input/hid.h"
#include "input/usb-device.h"

#include <string.h>

static char *hex(const guint8 *bytes, gsize length)
{
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < length; i++)
		g_string_append_printf(s, i > 0 ? " %02x" : "%02x", bytes[i]);
	return g_string_free(s, FALSE);
}

static void assert_report(const HidState *state, HidKind kind, const char *expected)
{
	static const gint16 motion[HID_AXES] = { 1, -2, 3, -32767 };
	guint8 bytes[HID_PACKET_MAIN];
	gsize length = hid_report(state, kind, motion, bytes);
	g_autofree char *text = hex(bytes, length);

	g_assert_cmpstr(text, ==, expected);
}

/* Keys that are down, the kind of the last one's report, and the report. */
static void test_reports(void)
{
	static const struct {
		guint16 keys[6];
		HidKind kind;
		const char *report;
	} cases[] = {
		{ { KEY_A }, HID_KEYBOARD,
			"01 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
			"00" },
		{ { KEY_LEFTCTRL, KEY_RIGHTMETA, KEY_B, KEY_KPRIGHTPAREN }, HID_KEYBOARD,
			"01 81 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
			"08" },
		{ { KEY_VOLUMEUP, KEY_SEND }, HID_CONSUMER, "02 e9 00 8c 02 00 00 00 00" },
		{ { KEY_MUTE, KEY_NEXTSONG, KEY_CALC, KEY_PLAYPAUSE }, HID_CONSUMER,
			"02 e2 00 b5 00 92 01 cd 00" },
		{ { KEY_POWER, KEY_WAKEUP }, HID_SYSTEM, "03 05" },
		{ { BTN_LEFT }, HID_MOUSE, "04 01 00 01 00 fe ff 03 00 01 80" },
		{ { BTN_RIGHT, BTN_TASK, BTN_MOUSE + 15 }, HID_MOUSE,
			"04 82 80 01 00 fe ff 03 00 01 80" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		HidState state = { 0 };
		HidState empty = { 0 };
		HidKind kind = HID_KINDS;

		for (gsize k = 0; k < 6 && cases[i].keys[k] != 0; k++)
			g_assert_true(hid_state_set(&state, cases[i].keys[k], TRUE, &kind));
		g_assert_cmpint(kind, ==, cases[i].kind);
		assert_report(&state, kind, cases[i].report);
		for (gsize k = 0; k < 6 && cases[i].keys[k] != 0; k++)
			g_assert_true(hid_state_set(&state, cases[i].keys[k], FALSE, &kind));
		g_assert_cmpint(memcmp(state.keys, empty.keys, sizeof state.keys), ==, 0);
		g_assert_cmpuint(state.modifiers | state.system | state.buttons, ==, 0);
		g_assert_cmpint(
			memcmp(state.consumer, empty.consumer, sizeof state.consumer), ==, 0);
	}
}

static void test_no_change(void)
{
	HidState state = { 0 };
	HidKind kind;

	g_assert_false(hid_state_set(&state, KEY_A, FALSE, &kind));
	g_assert_true(hid_state_set(&state, KEY_A, TRUE, &kind));
	g_assert_false(hid_state_set(&state, KEY_A, TRUE, &kind));
	g_assert_false(hid_state_set(&state, KEY_UNKNOWN, TRUE, &kind));
	g_assert_false(hid_state_set(&state, KEY_MAX, TRUE, &kind));
	g_assert_false(hid_state_set(&state, 100000, TRUE, &kind));
	g_assert_false(hid_state_set(&state, BTN_MOUSE + HID_BUTTONS, TRUE, &kind));
}

/* A fifth media key has no place, and its release changes nothing. */
static void test_too_many_media_keys(void)
{
	static const guint keys[] = { KEY_MUTE, KEY_CALC, KEY_MAIL, KEY_SEARCH };
	HidState state = { 0 };
	HidKind kind;

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
		g_assert_true(hid_state_set(&state, keys[i], TRUE, &kind));
	g_assert_false(hid_state_set(&state, KEY_VOLUMEUP, TRUE, &kind));
	g_assert_false(hid_state_set(&state, KEY_VOLUMEUP, FALSE, &kind));
	g_assert_true(hid_state_set(&state, KEY_CALC, FALSE, &kind));
	g_assert_true(hid_state_set(&state, KEY_VOLUMEUP, TRUE, &kind));
	assert_report(&state, HID_CONSUMER, "02 e2 00 e9 00 8a 01 21 02");
}

static void test_boot(void)
{
	static const guint keys[] = { KEY_LEFTSHIFT, KEY_F, KEY_E, KEY_D, KEY_C, KEY_B, KEY_A,
		KEY_G };
	static const char *const reports[] = { "02 00 00 00 00 00 00 00", "02 00 09 00 00 00 00 00",
		"02 00 08 09 00 00 00 00", "02 00 07 08 09 00 00 00", "02 00 06 07 08 09 00 00",
		"02 00 05 06 07 08 09 00", "02 00 04 05 06 07 08 09", "02 00 01 01 01 01 01 01" };
	HidState state = { 0 };
	HidKind kind;

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		guint8 bytes[HID_PACKET_BOOT];
		g_autofree char *text = NULL;

		g_assert_true(hid_state_set(&state, keys[i], TRUE, &kind));
		text = hex(bytes, hid_boot_report(&state, bytes));
		g_assert_cmpstr(text, ==, reports[i]);
	}
}

static void test_take(void)
{
	static const struct {
		HidAxis axis;
		guint8 multipliers;
		gint64 left, rest;
		gint16 taken;
	} cases[] = {
		{ HID_X, 0, 5, 0, 5 },
		{ HID_Y, 0, -40000, -7233, -32767 },
		{ HID_WHEEL, 0, 120, 0, 1 },
		{ HID_WHEEL, 0, 119, 119, 0 },
		{ HID_WHEEL, 0, -250, -10, -2 },
		{ HID_WHEEL, 1, -250, 0, -250 },
		{ HID_WHEEL, 4, 119, 119, 0 },
		{ HID_PAN, 4, 119, 0, 119 },
		{ HID_PAN, 1, 240, 0, 2 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 all[HID_AXES] = { 0 };
		gint64 left = cases[i].left;

		all[cases[i].axis] = left;
		g_assert_cmpint(hid_can_take(all, cases[i].multipliers), ==, cases[i].taken != 0);
		g_assert_cmpint(
			hid_take(&left, cases[i].axis, cases[i].multipliers), ==, cases[i].taken);
		g_assert_cmpint(left, ==, cases[i].rest);
	}
}

/* The bits of a report's fields, as its descriptor says, by walking over the items. */
static guint report_bits(const guint8 *items, gsize length, guint8 main_tag, guint8 wanted_id)
{
	guint size = 0, count = 0, bits = 0, id = 0;

	for (gsize i = 0; i < length;) {
		gsize n = (items[i] & 3) == 3 ? 4 : items[i] & 3;
		guint value = n > 0 ? items[i + 1] : 0;

		if ((items[i] & 0xfc) == 0x74)
			size = value;
		else if ((items[i] & 0xfc) == 0x94)
			count = value;
		else if ((items[i] & 0xfc) == 0x84)
			id = value;
		else if ((items[i] & 0xfc) == main_tag && id == wanted_id)
			bits += size * count;
		i += 1 + n;
	}
	return bits;
}

static void test_descriptors(void)
{
	gsize length;
	const guint8 *bytes = hid_configuration_descriptor(&length);
	const guint8 *report;
	gsize report_length;

	g_assert_cmpuint((guint)(bytes[2] | bytes[3] << 8), ==, length);
	for (guint i = 0; i < HID_INTERFACES; i++) {
		const guint8 *hid = hid_hid_descriptor(i, &length);

		g_assert_cmphex(hid[1], ==, 0x21);
		report = hid_report_descriptor(i, &report_length);
		g_assert_cmpuint((guint)(hid[7] | hid[8] << 8), ==, report_length);
	}
	g_assert_null(hid_hid_descriptor(HID_INTERFACES, &length));
	g_assert_null(hid_report_descriptor(HID_INTERFACES, &length));
	/* input is 0x80, output 0x90, feature 0xb0 */
	report = hid_report_descriptor(0, &report_length);
	g_assert_cmpuint(report_bits(report, report_length, 0x80, 0), ==, 8 * 8);
	g_assert_cmpuint(report_bits(report, report_length, 0x90, 0), ==, 8);
	report = hid_report_descriptor(1, &report_length);
	g_assert_cmpuint(report_bits(report, report_length, 0x80, HID_ID_KEYBOARD), ==, 8 * 24);
	g_assert_cmpuint(report_bits(report, report_length, 0x90, HID_ID_KEYBOARD), ==, 8);
	g_assert_cmpuint(report_bits(report, report_length, 0x80, HID_ID_CONSUMER), ==, 8 * 8);
	g_assert_cmpuint(report_bits(report, report_length, 0x80, HID_ID_SYSTEM), ==, 8);
	g_assert_cmpuint(report_bits(report, report_length, 0x80, HID_ID_MOUSE), ==, 8 * 10);
	g_assert_cmpuint(report_bits(report, report_length, 0xb0, HID_ID_MOUSE), ==, 8);
}

/* No two keys have the same usage, and all fit into their reports. */
static void test_usages(void)
{
	gboolean seen[2][0x400] = { 0 };

	for (guint code = 0; code < KEY_CNT; code++) {
		guint keyboard = hid_keyboard_usage(code), consumer = hid_consumer_usage(code);

		g_assert_true(keyboard == 0 || consumer == 0);
		g_assert_cmpuint(consumer, <=, HID_CONSUMER_LAST);
		g_assert_true(keyboard == 0 || keyboard >= 0xe0 ||
			      (keyboard >= HID_KEYS_FIRST &&
				      keyboard < HID_KEYS_FIRST + 8 * HID_KEYS_BYTES));
		g_assert_false(keyboard != 0 && seen[0][keyboard]);
		g_assert_false(consumer != 0 && seen[1][consumer]);
		seen[0][keyboard] = seen[1][consumer] = TRUE;
	}
}

static void test_control(void)
{
	static const struct {
		const char *what;
		UsbSetup setup;
		const char *sent, *reply; /* reply NULL: it stalls */
	} cases[] = {
		{ "device", { 0x80, 6, 0x0100, 0, 8 }, "", "12 01 00 02 00 00 00 40" },
		{ "no such descriptor", { 0x80, 6, 0x0700, 0, 8 }, "", NULL },
		{ "no such configuration", { 0x80, 6, 0x0201, 0, 8 }, "", NULL },
		{ "languages", { 0x80, 6, 0x0300, 0, 255 }, "", "04 03 09 04" },
		{ "serial", { 0x80, 6, 0x0303, 0x0409, 255 }, "", "04 03 31 00" },
		{ "no such string", { 0x80, 6, 0x0304, 0x0409, 255 }, "", NULL },
		{ "report descriptor's begin", { 0x81, 6, 0x2200, 1, 4 }, "", "05 01 09 06" },
		{ "no such interface", { 0x81, 6, 0x2200, 2, 4 }, "", NULL },
		{ "interface beyond a byte", { 0xa1, 2, 0, 0x0101, 1 }, "", NULL },
		{ "status", { 0x80, 0, 0, 0, 2 }, "", "01 00" },
		{ "configuration", { 0x80, 8, 0, 0, 1 }, "", "00" },
		{ "clear halt", { 0x02, 1, 0, 0x82, 0 }, "", "" },
		{ "LEDs of the boot keyboard", { 0x21, 9, 0x0200, 0, 1 }, "02", "" },
		{ "are the same", { 0xa1, 1, 0x0201, 1, 2 }, "", "01 02" },
		{ "LEDs", { 0x21, 9, 0x0201, 1, 2 }, "01 ff", "" },
		{ "five of them", { 0xa1, 1, 0x0200, 0, 1 }, "", "1f" },
		{ "LEDs without a byte", { 0x21, 9, 0x0201, 1, 1 }, "01", NULL },
		{ "multipliers", { 0x21, 9, 0x0304, 1, 2 }, "04 05", "" },
		{ "are kept", { 0xa1, 1, 0x0304, 1, 2 }, "", "04 05" },
		{ "no such feature", { 0xa1, 1, 0x0301, 1, 2 }, "", NULL },
		{ "input of the boot keyboard", { 0xa1, 1, 0x0100, 0, 8 }, "",
			"00 00 04 00 00 00 00 00" },
		{ "input of the mouse", { 0xa1, 1, 0x0104, 1, 64 }, "",
			"04 00 00 00 00 00 00 00 00 00 00" },
		{ "no such report", { 0xa1, 1, 0x0105, 1, 64 }, "", NULL },
		{ "idle", { 0x21, 10, 0x7d00, 0, 0 }, "", "" },
		{ "is kept", { 0xa1, 2, 0, 0, 1 }, "", "7d" },
		{ "protocol", { 0xa1, 3, 0, 0, 1 }, "", "01" },
		{ "boot protocol", { 0x21, 11, 0, 0, 0 }, "", "" },
		{ "is kept", { 0xa1, 3, 0, 0, 1 }, "", "00" },
		{ "no such protocol", { 0x21, 11, 2, 0, 0 }, "", NULL },
		{ "vendor's request", { 0xc0, 1, 0, 0, 8 }, "", NULL },
	};
	g_autofree Queue *queue = g_new0(Queue, 1);
	UsbDevice device;

	queue_init(queue);
	usb_device_init(&device, queue);
	queue_key(queue, KEY_A, TRUE);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		guint8 reply[USB_REPLY_MAX], sent[8] = { 0 };
		gsize length = 0, n = (strlen(cases[i].sent) + 1) / 3;
		g_autofree char *text = NULL;

		g_test_message("%s", cases[i].what);
		g_assert_cmpuint(n, <=, sizeof sent);
		for (gsize k = 0; k < MIN(n, sizeof sent); k++)
			sent[k] = (guint8)g_ascii_strtoull(cases[i].sent + 3 * k, NULL, 16);
		if (!usb_device_control(&device, &cases[i].setup, sent, n, reply, &length)) {
			g_assert_null(cases[i].reply);
			continue;
		}
		text = hex(reply, length);
		g_assert_cmpstr(text, ==, cases[i].reply);
	}
	g_assert_true(queue->boot);
	g_assert_false(usb_device_configure(&device, 2));
	g_assert_true(usb_device_configure(&device, 1));
	usb_device_reset(&device);
	g_assert_false(queue->boot);
	g_assert_cmpuint(queue->multipliers, ==, 0);
	g_assert_cmpuint(device.configuration, ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hid/reports", test_reports);
	g_test_add_func("/hid/no-change", test_no_change);
	g_test_add_func("/hid/too-many-media-keys", test_too_many_media_keys);
	g_test_add_func("/hid/boot", test_boot);
	g_test_add_func("/hid/take", test_take);
	g_test_add_func("/hid/descriptors", test_descriptors);
	g_test_add_func("/hid/usages", test_usages);
	g_test_add_func("/hid/control", test_control);
	return g_test_run();
}
