/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat doctor on devices that move via input; and the list of event devices. libvirt's test
 * driver cannot have USB controllers: its XML is made here.
 */
#include "doctor-desk.h"

#include "device/events.h"
#include "device/found.h"
#include "tree.h"

#include <libvirt/libvirt.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define INPUT	"devices:\n  - {name: keyboard, vendor: 0x28da, product: 0x1101, via: input}\n"
#define LAPTOP	"devices:\n  - {name: laptop, input: AT keyboard, via: input}\n"
#define SOCKET	"/run/hotseat-input/control"
#define CONTROL "hotseat-inputd.socket"

static const char *devices = ""; /* of the domain */

char *virDomainGetXMLDesc(virDomainPtr domain, unsigned int flags)
{
	char *xml = NULL;

	g_assert_cmpint(asprintf(&xml, "<domain><devices>%s</devices></domain>", devices), >, 0);
	return xml;
}

static int listener = -1;

static void listen_for_hotseatd(const DoctorDesk *desk)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	g_autofree char *folder = g_strconcat(desk->root, "/run/hotseat-input", NULL);

	if (listener >= 0)
		close(listener);
	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	g_snprintf(address.sun_path, sizeof address.sun_path, "%s" SOCKET, desk->root);
	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	unlink(address.sun_path);
	g_assert_cmpint(bind(listener, (struct sockaddr *)&address, sizeof address), ==, 0);
	g_assert_cmpint(listen(listener, 1), ==, 0);
}

static void begin(DoctorDesk *desk, const char *config)
{
	g_autofree char *text = g_strconcat(GUEST DISPLAY, config, NULL);

	devices = "<controller type='usb' model='qemu-xhci'/>";
	make(desk, "/config.yaml", text);
	listen_for_hotseatd(desk);
}

static void test_fine(DoctorDesk *desk, gconstpointer unused)
{
	begin(desk, INPUT);
	examine(desk);
	assert_count(desk, FINDING_OK, "input", 2);
	assert_count(desk, FINDING_PROBLEM, "input", 0);
	assert_count(desk, FINDING_WARNING, "input", 0);
	/* and it is not looked at as one that QEMU takes */
	assert_count(desk, FINDING_OK, "devices", 0);
}

static void test_no_input(DoctorDesk *desk, gconstpointer unused)
{
	begin(desk, DEVICE);
	examine(desk);
	assert_count(desk, FINDING_OK, "input", 0);
	assert_count(desk, FINDING_WARNING, "input", 0);
	assert_count(desk, FINDING_PROBLEM, "input", 0);
}

static void test_not_listening(DoctorDesk *desk, gconstpointer unused)
{
	g_setenv("XDG_RUNTIME_DIR", "/nonexistent", TRUE);
	begin(desk, INPUT);
	/* its file stays */
	close(listener);
	listener = -1;
	assert_finds_root(desk, FINDING_PROBLEM, "input", "hotseat-inputd does not listen",
		"systemctl enable --now " CONTROL);
}

static void test_absent(DoctorDesk *desk, gconstpointer unused)
{
	begin(desk, LAPTOP);
	assert_finds(desk, FINDING_PROBLEM, "input", "matches its description", NULL);
	begin(desk, "devices:\n  - {port: 9-9, via: input, optional: true}\n");
	assert_finds(desk, FINDING_WARNING, "input", "matches its description", NULL);
	begin(desk, "devices:\n  - {input: /dev/input/by-id/kbd, via: input}\n");
	assert_finds(desk, FINDING_PROBLEM, "input", "matches its description", NULL);
	make(desk, "/dev/input/by-id/kbd", "");
	examine(desk);
	assert_count(desk, FINDING_PROBLEM, "input", 0);
}

/* A link in class/input, as the kernel has it: to the node's folder in that of the USB device. */
static void add_usb_node(
	DoctorDesk *desk, const char *node, const char *capability, const char *bits)
{
	g_autofree char *folder = g_strdup_printf("/sys/devices/pci/3-1/3-1:1.0/input/%s", node);
	g_autofree char *name = g_strconcat(folder, "/device/name", NULL);
	g_autofree char *what = g_strconcat(folder, "/device/capabilities/", capability, NULL);
	g_autofree char *from = g_strconcat(desk->root, "/sys/class/input/", node, NULL);
	g_autofree char *to = g_strconcat(desk->root, folder, NULL);

	make(desk, "/sys/devices/pci/3-1/idVendor", "28da\n");
	make(desk, "/sys/class/input/unused", "");
	make(desk, name, "USB thing\n");
	make(desk, what, bits);
	g_assert_cmpint(symlink(to, from), ==, 0);
}

/* What reports positions alone cannot be forwarded; a keyboard's volume knob is no reason. */
static void test_unfit(DoctorDesk *desk, gconstpointer unused)
{
	begin(desk, INPUT);
	add_usb_node(desk, "event1", "abs", "1000003\n");
	assert_finds(desk, FINDING_PROBLEM, "input", "reports absolute positions", NULL);
	assert_count(desk, FINDING_OK, "input", 1);
	add_usb_node(desk, "event2", "key", "feffffdfffefffff fffffffffffffffe\n");
	examine(desk);
	assert_count(desk, FINDING_PROBLEM, "input", 0);
	assert_count(desk, FINDING_OK, "input", 2);
	begin(desk, "devices:\n  - {input: Touchscreen, via: input}\n");
	make(desk, "/sys/class/input/event3/device/name", "Touchscreen\n");
	make(desk, "/sys/class/input/event3/device/capabilities/abs", "60000000000000\n");
	assert_finds(desk, FINDING_PROBLEM, "input", "reports absolute positions", NULL);
}

/* -- event devices ---------------------------------------------------------------------------- */

/* Bitmaps of a real PS/2 keyboard, a Bluetooth mouse, a touchpad, a pen and a power button. */
static const TreeFile files[] = {
	{ "class/input/event10/device/name", "AT keyboard" },
	{ "class/input/event10/device/id/bustype", "0011" },
	{ "class/input/event10/device/capabilities/key",
		"402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe" },
	{ "class/input/event2/device/name", "MX Master" },
	{ "class/input/event2/device/uniq", "aa:bb:cc:dd:ee:ff" },
	{ "class/input/event2/device/id/bustype", "0005" },
	{ "class/input/event2/device/id/vendor", "046d" },
	{ "class/input/event2/device/id/product", "b012" },
	{ "class/input/event2/device/capabilities/key", "ffff0000 0 0 0 0" },
	{ "class/input/event2/device/capabilities/rel", "1943" },
	{ "class/input/event3/device/name", "SynPS/2 TouchPad" },
	{ "class/input/event3/device/uniq", "" },
	{ "class/input/event3/device/id/bustype", "0011" },
	{ "class/input/event3/device/capabilities/key", "e520 10000 0 0 0 0" },
	{ "class/input/event3/device/capabilities/abs", "660800011000003" },
	{ "class/input/event4/device/name", "Wacom Pen" },
	{ "class/input/event4/device/capabilities/key", "1c03 0 0 0 0 0" },
	{ "class/input/event4/device/capabilities/abs", "1000003000003" },
	{ "class/input/event5/device/name", "Power Button" },
	{ "class/input/event5/device/capabilities/key", "10000000000000 0" },
	{ "class/input/event6/device/name", "USB keyboard" },
	{ "class/input/event6/device/id/bustype", "0003" },
	{ "class/input/event6/device/capabilities/key", "feffffdfffefffff fffffffffffffffe" },
	{ "class/input/mouse0/device/name", "MX Master" },
	{ NULL, NULL },
};

static void test_events(void)
{
	static const struct {
		const char *node, *name, *uniq, *kind;
		gboolean usb;
	} expected[] = {
		{ "event2", "MX Master", "aa:bb:cc:dd:ee:ff", "mouse", FALSE },
		{ "event3", "SynPS/2 TouchPad", NULL, "touchpad", FALSE },
		{ "event6", "USB keyboard", NULL, "keyboard", TRUE },
		{ "event10", "AT keyboard", NULL, "keyboard", FALSE },
	};
	g_autofree char *root = tree_new("", files);
	g_autoptr(GPtrArray) events = events_look(root);
	g_autoptr(GPtrArray) unfit = events_look_unfit(root);

	g_assert_cmpuint(events->len, ==, G_N_ELEMENTS(expected));
	for (guint i = 0; i < events->len; i++) {
		const EventDevice *event = events->pdata[i];

		g_assert_cmpstr(event->node, ==, expected[i].node);
		g_assert_cmpstr(event->name, ==, expected[i].name);
		g_assert_cmpstr(event->uniq, ==, expected[i].uniq);
		g_assert_cmpstr(event_device_kind(event), ==, expected[i].kind);
		g_assert_cmpint(event->usb, ==, expected[i].usb);
	}
	g_assert_cmpuint(unfit->len, ==, 1);
	g_assert_cmpstr(((EventDevice *)unfit->pdata[0])->name, ==, "Wacom Pen");
	g_assert_cmpint(((EventDevice *)events->pdata[0])->vendor, ==, 0x046d);
	g_assert_cmpint(((EventDevice *)events->pdata[0])->product, ==, 0xb012);
	tree_remove(root);
}

/* One way for each device, and why. */
static void test_via(void)
{
	static const struct {
		FoundDevice device;
		int vendor;
		DeviceVia via;
		const char *why;
	} rows[] = {
		{ { .kind = FOUND_KEYBOARD, .keyboard = TRUE }, 0x046d, VIA_INPUT, "milliseconds" },
		{ { .kind = FOUND_MOUSE, .mouse = TRUE }, 0x046d, VIA_INPUT, "milliseconds" },
		{ { .kind = FOUND_CONTROLLER, .touchpad = TRUE }, 0x05ac, VIA_INPUT,
			"milliseconds" },
		{ { .kind = FOUND_CONTROLLER, .touchpad = TRUE, .gamepad = TRUE }, 0x054c, VIA_USB,
			"controller's driver" },
		{ { .kind = FOUND_CONTROLLER }, 0x045e, VIA_USB, "controller's driver" },
		{ { .kind = FOUND_MOUSE, .mouse = TRUE }, 0x056a, VIA_USB, "tablet's driver" },
		{ { .kind = FOUND_MOUSE, .mouse = TRUE, .tablet = TRUE }, 0x256c, VIA_USB,
			"tablet's driver" },
		{ { .kind = FOUND_AUDIO }, 0x0951, VIA_USB, "only keyboards and mice" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		UsbInfo info = { .vendor = rows[i].vendor };
		FoundDevice device = rows[i].device;
		const char *why;

		device.info = &info;
		g_assert_cmpint(found_device_via(&device, &why), ==, rows[i].via);
		g_assert_nonnull(strstr(why, rows[i].why));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST("input/fine", test_fine);
	TEST("input/no-input", test_no_input);
	TEST("input/not-listening", test_not_listening);
	TEST("input/absent", test_absent);
	TEST("input/unfit", test_unfit);
	g_test_add_func("/find/events", test_events);
	g_test_add_func("/find/via", test_via);
	return g_test_run();
}
