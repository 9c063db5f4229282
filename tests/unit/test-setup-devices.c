/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat setup: which devices move. What only looks like a keyboard is never taken unasked, nor is
 * what the computer itself needs.
 */
#include "setup-person.h"

#include <string.h>

/* All keys of a keyboard, in a kernel of 64 bits */
#define ALL_KEYS "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe"

/* -- devices ---------------------------------------------------------------------------------- */

static void test_press(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "Press a key", .presses = TRUE, .press = 1 },
		{ .expect = "Other USB devices", .answer = "headset" },
		{ 0 },
	};

	desk_add_usual(desk);
	desk_add_device(desk, "3-3", "28da:1101", NULL, "G.Skill KM780", "keyboard");
	desk_add_device(desk, "3-4", "0951:16a4", NULL, "HyperX headset", "other");
	desk_look_and_run(desk, CAPS, script);
	desk_assert_text(desk, "    - name: keyboard\n      vendor: 0x28da\n      product: 0x1101\n"
			       "      port: \"3-3\"\n");
	desk_assert_text(desk, "    - name: HyperX headset\n      vendor: 0x0951\n"
			       "      product: 0x16a4\n      optional: true\n");
}

/* Nothing of it can be seen: it is chosen from a list. Serials tell twins apart. */
static void test_unseen(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "Press a key", .presses = TRUE, .press = TALK_PRESS_UNSEEN },
		{ .expect = "Which is the keyboard?", .answer = "9" },
		{ .expect = "The numbers go from 1 to 3", .answer = "2" },
		{ .expect = "Other USB devices", .answer = "" },
		{ 0 },
	};

	desk_add_usual(desk);
	desk_add_device(desk, "3-3", "28da:1101", "S3", "G.Skill KM780", "keyboard");
	desk_look_and_run(desk, CAPS, script);
	desk_assert_text(desk, "      product: 0x1101\n      serial: S3\n");
}

/* What is connected to it is seen when a key is pressed; then it is the mouse, too. */
static void test_receiver(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "Press a key", .presses = TRUE, .press = 0 },
		{ 0 },
	};

	desk_add_guest(desk, "win10", TRUE, NULL);
	desk_add_device(desk, "3-1", "046d:c52b", NULL, "Logitech Receiver", "both");
	desk_look_and_run(desk, CAPS, script);
	g_assert_cmpuint(desk->interview.draft->config->devices->len, ==, 1);
	desk_assert_text(desk, "    - name: keyboard and mouse\n");
}

/* -- what only looks like a keyboard ------------------------------------------------------------
 */

typedef struct {
	const char *id, *name, *usage;
} Doubtful;

static const Doubtful doubtful[] = {
	{ "1050:0010", "Acme Key", "keyboard" },
	{ "1234:0001", "Acme FIDO2 Token", "keyboard" },
	{ "1234:0002", "Barcode Scanner HID", "keyboard" },
	{ "1d6b:0104", "Acme over IP", "keyboard" },
	{ "1234:0003", "Acme Wireless Receiver", "keyboard" },
	{ "28de:1142", "Acme Pad", "keyboard" },
	{ "1234:0004", "Rodent 3000", "mouse first" },
	{ "1234:0005", "Key with a card", "card" },
	{ "1234:0006", "Acme Keys and a disk", "disk" },
};

static void add_doubtful(SetupDesk *desk, const Doubtful *one)
{
	gboolean mouse = g_str_equal(one->usage, "mouse first");

	desk_add_device(desk, "3-1", one->id, NULL, one->name, mouse ? "both" : "keyboard");
	if (mouse)
		desk_put(desk, "bus/usb/devices/3-1/3-1:1.0/bInterfaceProtocol", "02");
	if (mouse)
		desk_put(desk, "bus/usb/devices/3-1/3-1:1.1/bInterfaceProtocol", "01");
	if (g_str_equal(one->usage, "card"))
		desk_put(desk, "bus/usb/devices/3-1/3-1:1.2/bInterfaceClass", "0b");
	if (g_str_equal(one->usage, "disk"))
		desk_put(desk, "bus/usb/devices/3-1/3-1:1.2/bInterfaceClass", "08");
}

/* The only one there is, and no press comes of it: Enter takes none. */
static void test_doubtful(void)
{
	static const Line script[] = {
		{ .expect = "Press a key", .presses = TRUE, .press = TALK_PRESS_UNSEEN },
		{ .expect = "Which is the keyboard? [2]", .answer = "" },
		{ .expect = "Other USB devices", .answer = "" },
		{ 0 },
	};
	static const Line mouse[] = {
		{ .expect = "Press a key", .presses = TRUE, .press = TALK_PRESS_UNSEEN },
		{ .expect = "Which is the keyboard? [2]", .answer = "" },
		{ 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(doubtful); i++) {
		gboolean is_mouse = g_str_equal(doubtful[i].usage, "mouse first");
		SetupDesk desk;

		g_test_message("%s", doubtful[i].name);
		desk_new(&desk);
		desk_add_guest(&desk, "win10", TRUE, NULL);
		add_doubtful(&desk, &doubtful[i]);
		desk_look(&desk, CAPS);
		g_assert_true(desk_run(&desk, is_mouse ? mouse : script));
		desk_assert_said(&desk, "cannot move as a USB device, but can move via: input");
		if (is_mouse)
			desk_assert_text(&desk, "    - name: mouse\n");
		else
			g_assert_cmpuint(desk.interview.draft->config->devices->len, ==, 0);
		desk_free(&desk);
	}
}

/* With --yes it is said to be missing. */
static void test_doubtful_yes(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(doubtful); i++) {
		SetupDesk desk;

		g_test_message("%s", doubtful[i].name);
		desk_new(&desk);
		desk.interview.asks = FALSE;
		desk_add_guest(&desk, "win10", TRUE, NULL);
		add_doubtful(&desk, &doubtful[i]);
		desk_look_and_run(&desk, CAPS, NULL);
		desk_assert_missing(&desk, "which is the keyboard: ");
		desk_assert_missing(&desk, "; --device PORT");
		g_assert_cmpuint(desk.interview.draft->config->devices->len, ==,
			g_str_equal(doubtful[i].usage, "mouse first") ? 1 : 0);
		desk_free(&desk);
	}
}

/* Beside a real keyboard it is no reason to ask with --yes. */
static void test_certain_among(SetupDesk *desk, gconstpointer unused)
{
	desk->interview.asks = FALSE;
	desk_add_usual(desk);
	desk_add_device(desk, "3-4", "1050:0407", NULL, "Acme Key", "keyboard");
	desk_look_and_run(desk, CAPS, NULL);
	g_assert_cmpuint(desk->interview.missing->len, ==, 0);
	desk_assert_text(desk, "    - name: keyboard\n      vendor: 0x28da\n");
	g_assert_cmpuint(desk->interview.draft->config->devices->len, ==, 2);
}

/* -- those that are not on USB ---------------------------------------------------------------- */

static void add_event(SetupDesk *desk, int n, const char *name, const char *bus, const char *uniq)
{
	static const struct {
		const char *file, *text;
	} files[] = {
		{ "capabilities/key", ALL_KEYS },
		{ "capabilities/led", "7" },
	};
	g_autofree char *folder = g_strdup_printf("class/input/event%d/device", n);
	g_autofree char *name_file = g_strconcat(folder, "/name", NULL);
	g_autofree char *bus_file = g_strconcat(folder, "/id/bustype", NULL);
	g_autofree char *uniq_file = g_strconcat(folder, "/uniq", NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *file = g_build_filename(folder, files[i].file, NULL);

		desk_put(desk, file, files[i].text);
	}
	desk_put(desk, name_file, name);
	desk_put(desk, bus_file, bus);
	desk_put(desk, uniq_file, uniq);
}

/* A laptop: its own keyboard is named and offered, and the security key is not taken for it. */
static void test_laptop(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "Press a key", .presses = TRUE, .press = TALK_PRESS_UNSEEN },
		{ .expect = "Built-in keys (keyboard, PS/2) is not on USB", .answer = "" },
		{ .expect = "Other USB devices", .answer = "" },
		{ .expect = "Buds (keyboard, Bluetooth)", .answer = "built-in" },
		{ 0 },
	};

	desk_add_guest(desk, "win10", TRUE, NULL);
	desk_add_device(desk, "3-1", "1050:0407", NULL, "Acme Key", "keyboard");
	add_event(desk, 0, "Built-in keys", "0011", "");
	add_event(desk, 1, "Buds", "0005", "11:22:33:44:55:66");
	desk_look_and_run(desk, CAPS, script);
	desk_assert_said(desk, "this computer keeps them, and forwards their events");
	desk_assert_text(desk, "      input: Built-in keys\n      via: input\n");
	g_assert_cmpuint(desk->interview.draft->config->devices->len, ==, 1);
}

/* Where another keyboard is, one that is not called a keyboard may be anything. */
static void test_another_elsewhere(void)
{
	for (int i = 0; i < 2; i++) {
		SetupDesk desk;

		desk_new(&desk);
		desk.interview.asks = FALSE;
		desk_add_guest(&desk, "win10", TRUE, NULL);
		desk_add_device(&desk, "3-1", "1234:0001", NULL,
			i == 0 ? "Acme 3000" : "Acme Keyboard", "keyboard");
		add_event(&desk, 0, "Built-in keys", "0018", "");
		desk_look_and_run(&desk, CAPS, NULL);
		g_assert_cmpuint(desk.interview.missing->len, ==, i == 0 ? 1 : 0);
		if (i == 0)
			desk_assert_said(&desk, "Built-in keys (keyboard, I2C) is not on USB: it "
						"cannot move as a USB device, but can move via: "
						"input; name it with --device.");
		desk_free(&desk);
	}
}

/* --device names one, by name or by address. */
static void test_event_option(SetupDesk *desk, gconstpointer unused)
{
	static const char *devices[] = { "Built-in keys", "11:22:33:44:55:66", NULL };

	desk->interview.asks = FALSE;
	desk->options.devices = devices;
	desk_add_guest(desk, "win10", TRUE, NULL);
	add_event(desk, 0, "Built-in keys", "0011", "");
	add_event(desk, 1, "Buds", "0005", "11:22:33:44:55:66");
	desk_look_and_run(desk, CAPS, NULL);
	g_assert_cmpuint(desk->interview.missing->len, ==, 0);
	desk_assert_text(desk, "      input: Built-in keys\n      via: input\n");
	desk_assert_text(desk, "      uniq: \"11:22:33:44:55:66\"\n      via: input\n");
}

/* One that the file has keeps its comment; of a USB device that is named so, nothing is said. */
static void test_event_kept(void)
{
	static const char *const buses[] = { "0011", "0003" };

	for (gsize i = 0; i < G_N_ELEMENTS(buses); i++) {
		g_autofree char *text = NULL;
		ConfigDevice *device;
		SetupDesk desk;

		desk_new(&desk);
		desk.interview.asks = FALSE;
		desk_add_guest(&desk, "win10", TRUE, NULL);
		add_event(&desk, 0, "Built-in keys", buses[i], "");
		device = draft_add_device(desk.interview.draft, "keyboard");
		device->via = VIA_INPUT;
		device->input = g_strdup("Built-in keys");
		desk_look_and_run(&desk, CAPS, NULL);
		text = draft_text(desk.interview.draft, DRAFT_SECRET_FILE);
		g_assert_true((strstr(text, "because it is not a USB device") != NULL) == (i == 0));
		desk_free(&desk);
	}
}

/* -- what the computer needs itself ----------------------------------------------------------- */

static void add_harm(SetupDesk *desk)
{
	desk_add_usual(desk);
	desk_add_device(desk, "3-5", "0781:5581", NULL, "Acme Stick", "other");
	desk_put(desk, "bus/usb/devices/3-5/3-5:1.0/bInterfaceClass", "08");
	desk_link(desk, "class/block/sdb", "../../bus/usb/devices/3-5/3-5:1.0/sdb");
	desk_put(desk, "bus/usb/devices/3-5/3-5:1.0/sdb/dev", "8:16");
	desk_put(desk, "../proc/self/mountinfo",
		"30 1 8:16 / /media/my\\040stick rw - ext4 /dev/sdb rw");
	desk_add_device(desk, "3-6", "0bda:8153", NULL, "Acme Ethernet", "other");
	desk_put(desk, "bus/usb/devices/3-6/3-6:1.0/bInterfaceClass", "ff");
	desk_link(desk, "class/net/eth1", "../../bus/usb/devices/3-6/3-6:1.0/net/eth1");
	desk_put(desk, "bus/usb/devices/3-6/3-6:1.0/net/eth1/mtu", "1500");
	desk_put(desk, "../proc/self/net/route",
		"Iface Destination Gateway Flags RefCnt Use Metric Mask\n"
		"eth1 00000000 0101A8C0 0003 0 0 0 00000000");
}

static void test_harm(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "Acme Ethernet (network adapter), 0bda:8153; must stay here: the "
			    "default route goes through it (eth1)",
			.answer = "stick ethernet" },
		{ .expect = "goes through it (eth1). Should it move anyway? [no]", .answer = "" },
		{ 0 },
	};

	add_harm(desk);
	desk_look_and_run(desk, CAPS, script);
	desk_assert_said(desk, "Acme Stick (disk), 0781:5581; must stay here: its file system is "
			       "mounted at /media/my stick");
	desk_assert_said(desk, "Acme Stick is not used: its file system is mounted");
	g_assert_cmpuint(desk->interview.draft->config->devices->len, ==, 2);
}

static void test_harm_wanted(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "Other USB devices", .answer = "ethernet" },
		{ .expect = "Should it move anyway? [no]", .answer = "yes" },
		{ 0 },
	};

	add_harm(desk);
	desk_look_and_run(desk, CAPS, script);
	desk_assert_text(desk, "    - name: Acme Ethernet\n");
}

/* Nobody is there to be asked. */
static void test_harm_option(void)
{
	static const struct {
		const char *name, *missing;
	} cases[] = {
		{ "3-5", "--device 3-5: its file system is mounted at /media/my stick; unmount" },
		{ "0bda:8153", "--device 0bda:8153: the default route goes through it (eth1); " },
		{ "3-7", "--device 3-7: it is a hub; name the devices behind it: 3-7.1, 3-7.3" },
		{ "05e3:0608", "--device 05e3:0608: it is a hub; " },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *devices[] = { cases[i].name, NULL };
		SetupDesk desk;

		desk_new(&desk);
		desk.interview.asks = FALSE;
		desk.options.devices = devices;
		add_harm(&desk);
		desk_add_device(&desk, "3-7", "05e3:0608", NULL, "Hub", "none");
		desk_put(&desk, "bus/usb/devices/3-7/bDeviceClass", "09");
		desk_add_device(&desk, "3-7.1", "1234:0001", NULL, "One", "none");
		desk_add_device(&desk, "3-7.3", "1234:0003", NULL, "Three", "none");
		desk_look_and_run(&desk, CAPS, NULL);
		g_assert_cmpuint(desk.interview.draft->config->devices->len, ==, 0);
		desk_assert_missing(&desk, cases[i].missing);
		desk_free(&desk);
	}
}

#define ADD(path, test) g_test_add(path, SetupDesk, NULL, desk_set_up, test, desk_tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/setup/press", test_press);
	ADD("/setup/unseen", test_unseen);
	ADD("/setup/receiver", test_receiver);
	g_test_add_func("/setup/doubtful", test_doubtful);
	g_test_add_func("/setup/doubtful/yes", test_doubtful_yes);
	ADD("/setup/doubtful/beside-a-keyboard", test_certain_among);
	ADD("/setup/laptop", test_laptop);
	g_test_add_func("/setup/another-elsewhere", test_another_elsewhere);
	ADD("/setup/event-option", test_event_option);
	g_test_add_func("/setup/event-kept", test_event_kept);
	ADD("/setup/harm", test_harm);
	ADD("/setup/harm/wanted", test_harm_wanted);
	g_test_add_func("/setup/harm/option", test_harm_option);
	return g_test_run();
}
