/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is a keyboard that someone types on, what only looks like one, and what users call things:
 * one device at a time, as sysfs shows it.
 */
#include "device/found.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tree.h"

/* The keys of event nodes, in a kernel of 64 bits: all of a keyboard; the same without letters;
 * those of a mouse; some letters only. */
#define ALL    "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe"
#define MEDIA  "3f000303ff 0 0 483ffff17aff32d bfd4444600000000 1 130ff38b17d000 0 0 0"
#define BUTTON "1f0000 0 0 0 0"
#define PART   "50000000"

#define NO	 JUDGED_NO
#define POSSIBLE JUDGED_POSSIBLE
#define CERTAIN	 JUDGED_CERTAIN

typedef struct {
	const char *id, *name;
	/* class/subclass/protocol of each, and behind '=' the node that the host made of it: a for
	 * ALL, m for MEDIA, b for BUTTON, p for PART, A for ALL with lights, D for ALL with lights
	 * of what is connected to a receiver, f for none, of an interface that speaks FIDO */
	const char *interfaces;
	const char *kind;
	Judgement typed, moved;
} Case;

static const Case cases[] = {
	/* keyboards, with event nodes and without */
	{ "28da:1101", "Acme KM780", "03/01/01", "keyboard", CERTAIN, NO },
	{ "28da:1101", "Acme KM780", "03/01/01=A 03/00/00=m", "keyboard", CERTAIN, NO },
	{ "05ac:0250", "Acme Tastatur", "03/01/01=a 03/00/00", "keyboard", CERTAIN, NO },
	{ "1234:0001", "Acme keyboard", "03/00/00=a", "keyboard", CERTAIN, NO },
	{ "17ef:6009", "Acme Keyboard with a point", "03/01/01=A 03/01/02=b", "keyboard, mouse",
		CERTAIN, POSSIBLE },
	{ "1532:0203", "Acme Widow", "03/01/01 03/00/01 03/01/02", "keyboard, mouse", POSSIBLE,
		POSSIBLE },
	{ "1234:0001", "Acme 60", "03/01/01=a", "keyboard", POSSIBLE, NO },
	{ "1234:0001", "Acme 20", "03/01/01=p", "keyboard", POSSIBLE, NO },
	{ "046a:00a1", "Acme Smart Card Keyboard", "03/01/01=A 0b/00/00", "keyboard", POSSIBLE,
		NO },
	/* a little known maker's, which could be a scanner */
	{ "1234:0001", "Acme 60", "03/01/01=A 03/00/00=m", "keyboard", POSSIBLE, NO },
	{ "1234:0001", "USB Adapter", "03/01/01", "keyboard", POSSIBLE, NO },
	{ "1234:0001", "Acme keyboard 60", "03/01/01=A", "keyboard", CERTAIN, NO },
	{ "3434:0121", "Acme Q3", "03/01/01=A 03/00/00 03/00/00=m", "keyboard", CERTAIN, NO },
	{ "046a:0011", "Acme GmbH", "03/01/01=A", "keyboard", CERTAIN, NO },
	/* what says that it is one, and has no letters */
	{ "1234:0001", "Acme Knob", "03/01/01=m", "keyboard", NO, NO },
	/* security keys */
	{ "1050:0407", "Acme Key", "03/01/01 03/00/00 0b/00/00", "security key", POSSIBLE, NO },
	{ "1050:0010", "Acme OTP", "03/01/01=A", "security key", POSSIBLE, NO },
	{ "20a0:42b2", "Acme Key", "03/01/01 0b/00/00", "security key", POSSIBLE, NO },
	{ "1234:0001", "Thing", "03/01/01=A 0b/00/00", "security key", POSSIBLE, NO },
	{ "1234:0001", "Acme FIDO2", "03/00/00", "security key", NO, NO },
	{ "1234:0001", "ACME U2F+OTP", "03/01/01", "security key", POSSIBLE, NO },
	{ "1234:0001", "Acme Thing", "03/01/01=A 03/00/00=f", "security key", POSSIBLE, NO },
	{ "1234:0001", "Acme Thing", "03/00/00=f 03/01/01", "security key", POSSIBLE, NO },
	{ "1234:0001", "Acme Keyboard", "03/01/01=A 03/00/00=f", "keyboard", POSSIBLE, NO },
	/* receivers, and mice with keys */
	{ "1b1c:1b00", "Acme WIRELESS Receiver", "03/01/02 03/00/00 03/01/01", "mouse, keyboard",
		POSSIBLE, CERTAIN },
	{ "046d:c539", "Acme Rodent", "03/01/02=b 03/01/01=A", "mouse, keyboard", POSSIBLE,
		CERTAIN },
	{ "046d:c52b", "USB Receiver", "03/01/01 03/01/02 03/00/00", "keyboard, mouse", POSSIBLE,
		POSSIBLE },
	{ "046d:c52b", "USB Receiver", "03/01/01=D 03/01/02=b 03/00/00", "keyboard, mouse",
		POSSIBLE, POSSIBLE },
	{ "1234:0001", "Acme Gaming Mouse", "03/01/01=A 03/01/02=b", "keyboard, mouse", POSSIBLE,
		CERTAIN },
	{ "1234:0001", "Acme Bluetooth", "03/01/01 03/01/02", "keyboard, mouse", POSSIBLE,
		POSSIBLE },
	{ "1234:0001", "2.4G Dongle", "03/01/01=A", "keyboard", POSSIBLE, NO },
	{ "1234:0001", "Acme", "03/01/01 03/00/00 03/00/00 03/00/00 03/00/00", "keyboard", POSSIBLE,
		NO },
	/* gamepads */
	{ "28de:1142", "Acme Controller", "03/01/01 03/00/00 03/00/00 03/00/00 03/00/00", "gamepad",
		POSSIBLE, NO },
	{ "28de:1102", "Acme Controller", "03/01/01 03/01/02 03/00/00", "gamepad", POSSIBLE,
		POSSIBLE },
	{ "1234:0001", "Acme Gamepad", "03/01/01", "gamepad", POSSIBLE, NO },
	{ "045e:028e", "Controller", "ff/5d/01 ff/5d/03", "gamepad", NO, NO },
	{ "1234:0001", "Acme Xbox Adapter", "ff/ff/ff", "gamepad", NO, NO },
	{ "1234:0001", "Acme Pad", "ff/5d/01+g ff/5d/03", "gamepad", NO, NO },
	/* scanners and readers */
	{ "05e0:1200", "Acme", "03/01/01=A", "scanner", POSSIBLE, NO },
	{ "1234:0001", "Acme Bar Code Scanner", "03/01/01", "scanner", POSSIBLE, NO },
	{ "ffff:0035", "Acme USB Reader", "03/01/01", "scanner", POSSIBLE, NO },
	{ "1234:0001", "BF SCAN SCAN KEYBOARD", "03/01/01=A", "scanner", POSSIBLE, NO },
	{ "20a0:0006", "flirc", "03/01/01=A 03/00/00", "keyboard", POSSIBLE, NO },
	/* what another computer types on */
	{ "1d6b:0104", "Composite Thing", "03/01/01 03/00/00 08/06/50", "KVM", POSSIBLE, NO },
	{ "1234:0001", "NanoKVM", "03/01/01 03/01/02", "KVM", POSSIBLE, POSSIBLE },
	{ "046b:ff10", "Acme Virtual Keyboard and Mouse", "03/01/01=A 03/01/02=b", "KVM", POSSIBLE,
		POSSIBLE },
	{ "1234:0001", "Thing", "03/01/01=A 08/06/50", "keyboard", POSSIBLE, NO },
	/* boards that can be anything */
	{ "2341:8036", "Acme Leonardo", "02/02/00 0a/00/00 03/01/01", "keyboard", POSSIBLE, NO },
	{ "1234:0001", "Thing", "03/01/01=A 02/02/01", "keyboard", POSSIBLE, NO },
	/* sound and pictures */
	{ "1038:2253", "Acme Nova", "01/01/00 01/02/00 03/00/00=m", "headset", NO, NO },
	{ "1234:0001", "Acme Headset", "01/01/00", "headset", NO, NO },
	{ "1234:0001", "Acme DAC", "01/01/00", "sound device", NO, NO },
	{ "1234:0001", "Acme Cam", "0e/01/00 0e/02/00 01/01/00", "webcam", NO, NO },
	{ "1234:0001", "Acme Cam", "0e/01/00 03/00/00", "webcam", NO, NO },
	{ "1234:0001", "Acme Phone", "06/01/01", "camera", NO, NO },
	/* others */
	{ "1234:0001", "Acme Rodent", "03/01/02", "mouse", NO, CERTAIN },
	{ "1234:0001", "Wheel Mouse", "03/01/02=b", "mouse", NO, CERTAIN },
	{ "056a:00de", "Acme Bamboo", "03/01/02=b", "tablet", NO, CERTAIN },
	{ "1234:0001", "Stick", "08/06/50", "disk", NO, NO },
	{ "1234:0001", "Ethernet", "02/06/00 0a/00/00", "network adapter", NO, NO },
	{ "1234:0001", "Ethernet", "ff/ff/00+net", "network adapter", NO, NO },
	{ "1234:0001", "Ethernet", "e0/01/03", "network adapter", NO, NO },
	{ "1234:0001", "Stick with its driver", "08/06/50 ff/ff/ff+ieee80211", "network adapter",
		NO, NO },
	{ "1234:0001", "Radio", "e0/01/01", "Bluetooth adapter", NO, NO },
	{ "1234:0001", "Serial", "ff/00/00+tty", "serial adapter", NO, NO },
	{ "1234:0001", "Serial", "02/02/01 0a/00/00", "serial adapter", NO, NO },
	{ "051d:0002", "Acme", "03/00/00", "UPS", NO, NO },
	{ "1234:0001", "Acme Back-UPS 700", "03/00/00", "UPS", NO, NO },
	{ "1234:0001", "Upstream", "03/00/00", "controller", NO, NO },
	{ "2feb:0003", "Acme A15", "03/01/01=A 03/01/02=b", "tablet", POSSIBLE, POSSIBLE },
	{ "1234:0001", "Slot", "0b/00/00", "smart-card reader", NO, NO },
	{ "1234:0001", "Printer", "07/01/02", "printer", NO, NO },
	{ "1234:0001", "Display", "03/00/00", "controller", NO, NO },
	{ "1234:0001", "Thing", "ff/00/00", "other", NO, NO },
};

static void put(const char *folder, const char *file, const char *text)
{
	g_autofree char *path = g_build_filename(folder, file, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void put_node(const char *folder, char node)
{
	const char *keys = strchr("aAD", node) != NULL ? ALL
			   : node == 'm'	       ? MEDIA
			   : node == 'b'	       ? BUTTON
						       : PART;
	const char *hid = node == 'D' ? "0003:1.2/0003:1.3/input/input1" : "0003:1.2/input/input1";
	g_autofree char *input = g_build_filename(folder, hid, NULL);

	put(input, "capabilities/key", keys);
	put(input, "capabilities/rel", node == 'b' ? "903" : "0");
	put(input, "capabilities/led", strchr("AD", node) != NULL ? "7" : "0");
}

/* "03/01/01=a" or "ff/00/00+net" */
static void put_interface(const char *device, guint number, const char *text)
{
	g_autofree char *name = g_strdup_printf("3-1:1.%u", number);
	g_autofree char *folder = g_build_filename(device, name, NULL);
	g_auto(GStrv) codes = g_strsplit_set(text, "/=+", -1);

	put(folder, "bInterfaceClass", codes[0]);
	put(folder, "bInterfaceSubClass", codes[1]);
	put(folder, "bInterfaceProtocol", codes[2]);
	if (g_str_has_suffix(text, "=f"))
		put(folder, "0003:1.2/report_descriptor", "\x06\xd0\xf1\x09\x01\xa1\x01");
	else if (strchr(text, '=') != NULL)
		put_node(folder, *codes[3]);
	else if (g_strcmp0(codes[3], "g") == 0) {
		/* BTN_GAMEPAD */
		put(folder, "input/input1/capabilities/key", "7cdb000000000000 0 0 0 0");
	} else if (codes[3] != NULL) {
		g_autofree char *within = g_build_filename(codes[3], "name", NULL);

		put(folder, within, "");
	}
}

static GPtrArray *look(const Case *one)
{
	static const TreeFile nothing[] = { { NULL, NULL } };
	g_autofree char *root = tree_new("bus/usb/devices/3-1", nothing);
	g_autofree char *device = g_build_filename(root, "bus/usb/devices/3-1", NULL);
	g_auto(GStrv) ids = g_strsplit(one->id, ":", 2);
	g_auto(GStrv) interfaces = g_strsplit(one->interfaces, " ", -1);
	GPtrArray *devices;

	put(device, "idVendor", ids[0]);
	put(device, "idProduct", ids[1]);
	put(device, "devnum", "7");
	put(device, "product", one->name);
	for (guint i = 0; interfaces[i] != NULL; i++)
		put_interface(device, i, interfaces[i]);
	devices = devices_look(root, FALSE);
	tree_remove(root);
	return devices;
}

static void test_cases(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) devices = look(&cases[i]);
		const FoundDevice *device = devices->pdata[0];

		g_test_message("%s: %s", cases[i].name, cases[i].interfaces);
		g_assert_cmpuint(devices->len, ==, 1);
		g_assert_cmpstr(found_device_kind(device), ==, cases[i].kind);
		g_assert_cmpint(device->typed.judgement, ==, cases[i].typed);
		g_assert_cmpint(device->moved.judgement, ==, cases[i].moved);
		/* a doubt has a reason, and nothing else has one */
		g_assert_true((device->typed.why != NULL) == (cases[i].typed == POSSIBLE));
		g_assert_true((device->moved.why != NULL) == (cases[i].moved == POSSIBLE));
	}
}

/* What is more than its keys goes to the guest itself. */
static void test_via(void)
{
	static const struct {
		const char *kind;
		DeviceVia via;
	} ways[] = {
		{ "keyboard", VIA_INPUT },
		{ "mouse", VIA_INPUT },
		{ "mouse, keyboard", VIA_INPUT },
		{ "security key", VIA_USB },
		{ "gamepad", VIA_USB },
		{ "KVM", VIA_USB },
		{ "headset", VIA_USB },
		{ "disk", VIA_USB },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) devices = look(&cases[i]);
		const FoundDevice *device = devices->pdata[0];
		const char *why;

		for (gsize j = 0; j < G_N_ELEMENTS(ways); j++)
			if (g_str_equal(cases[i].kind, ways[j].kind))
				g_assert_cmpint(found_device_via(device, &why), ==, ways[j].via);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/judge/cases", test_cases);
	g_test_add_func("/judge/via", test_via);
	return g_test_run();
}
