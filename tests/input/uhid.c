/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs in a virtual machine, as root: the kernel's HID parser (uhid) gets the descriptors and
 * reports of the emulated device, and its event nodes say what it makes of them. TAP.
 */
#include "input/hid.h"
#include "wire.h"

#include <fcntl.h>
#include <linux/input.h>
#include <linux/uhid.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* a test that takes longer hangs, which ends the program */
#define HANGS_S	  60
#define NODES_MAX 8
#define WAIT_MS	  5000

typedef struct {
	int fd;
	int nodes[NODES_MAX];
	guint n_nodes, wanted;
	guint8 feature; /* as the kernel sets it */
	int leds;	/* of the last output report; -1: none */
	HidState state;
	GString *came; /* "key30+ rel0+5 ", in the order of the nodes */
} Device;

static guint tests;

static G_NORETURN void fail(const char *what, const char *came, const char *wanted)
{
	printf("not ok %u - %s: \"%s\" came instead of \"%s\"\n", tests + 1, what, came, wanted);
	exit(1);
}

static void done(const char *what)
{
	printf("ok %u - %s\n", ++tests, what);
	fflush(stdout);
	alarm(HANGS_S);
}

/* ---- the device */

static void send_event(const Device *device, const struct uhid_event *event)
{
	if (write(device->fd, event, sizeof *event) < 0)
		wire_die("/dev/uhid");
}

static void answer_get(const Device *device, const struct uhid_event *event)
{
	struct uhid_event answer = { .type = UHID_GET_REPORT_REPLY };

	answer.u.get_report_reply.id = event->u.get_report.id;
	answer.u.get_report_reply.size = 2;
	answer.u.get_report_reply.data[0] = event->u.get_report.rnum;
	answer.u.get_report_reply.data[1] = device->feature;
	send_event(device, &answer);
}

static void answer_set(Device *device, const struct uhid_event *event)
{
	struct uhid_event answer = { .type = UHID_SET_REPORT_REPLY };

	answer.u.set_report_reply.id = event->u.set_report.id;
	if (event->u.set_report.rtype == UHID_FEATURE_REPORT)
		device->feature = event->u.set_report.data[1];
	send_event(device, &answer);
}

/* What the kernel wants of the device. */
static void serve(Device *device)
{
	struct uhid_event event = { 0 };

	if (read(device->fd, &event, sizeof event) <= 0)
		return;
	if (event.type == UHID_GET_REPORT)
		answer_get(device, &event);
	else if (event.type == UHID_SET_REPORT)
		answer_set(device, &event);
	else if (event.type == UHID_OUTPUT)
		device->leds = event.u.output.data[event.u.output.size - 1];
}

static void send_report(Device *device, const guint8 *report, gsize length)
{
	struct uhid_event event = { .type = UHID_INPUT2 };

	event.u.input2.size = (guint16)length;
	memcpy(event.u.input2.data, report, length);
	send_event(device, &event);
}

/* ---- its event nodes */

static void note(Device *device, const struct input_event *event)
{
	/* 2: the kernel repeats a key that a busy computer holds for long */
	if (event->type == EV_KEY && event->value != 2)
		g_string_append_printf(
			device->came, "key%u%s ", event->code, event->value != 0 ? "+" : "-");
	else if (event->type == EV_REL)
		g_string_append_printf(device->came, "rel%u%+d ", event->code, event->value);
}

static void read_nodes(Device *device)
{
	struct input_event events[64];
	ssize_t n;

	for (guint i = 0; i < device->n_nodes; i++)
		while ((n = read(device->nodes[i], events, sizeof events)) > 0)
			for (gsize k = 0; k < (gsize)n / sizeof *events; k++)
				note(device, &events[k]);
}

/* Waits a little for what happens. */
static void turn(Device *device)
{
	struct pollfd p = { .fd = device->fd, .events = POLLIN };

	if (poll(&p, 1, 1) > 0)
		serve(device);
	read_nodes(device);
}

static void expect(Device *device, const char *what, const char *wanted)
{
	for (int i = 0; i < WAIT_MS && strcmp(device->came->str, wanted) != 0; i++)
		turn(device);
	if (strcmp(device->came->str, wanted) != 0)
		fail(what, device->came->str, wanted);
	g_string_truncate(device->came, 0);
}

static void open_nodes(Device *device, const char *name)
{
	device->n_nodes = 0;
	for (int i = 0; i < 32; i++) {
		g_autofree char *path = g_strdup_printf("/dev/input/event%d", i);
		int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		char found[100] = "";

		if (fd >= 0 && ioctl(fd, EVIOCGNAME(sizeof found - 1), found) > 0 &&
			g_str_has_prefix(found, name) && device->n_nodes < NODES_MAX)
			device->nodes[device->n_nodes++] = fd;
		else if (fd >= 0)
			close(fd);
	}
}

/* nodes: how many the kernel makes of it. */
static void make(Device *device, guint interface, const char *name, guint nodes)
{
	struct uhid_event event = { .type = UHID_CREATE2 };
	struct uhid_create2_req *create = &event.u.create2;
	gsize length;
	const guint8 *descriptor = hid_report_descriptor(interface, &length);

	*device = (Device){ .leds = -1, .came = g_string_new(NULL) };
	device->fd = open("/dev/uhid", O_RDWR | O_CLOEXEC);
	if (device->fd < 0)
		wire_die("/dev/uhid");
	g_strlcpy((char *)create->name, name, sizeof create->name);
	create->rd_size = (guint16)length;
	memcpy(create->rd_data, descriptor, length);
	create->bus = BUS_USB;
	create->vendor = HID_VENDOR;
	create->product = HID_PRODUCT;
	send_event(device, &event);
	for (int i = 0; i < WAIT_MS / 10 && device->n_nodes < nodes; i++) {
		for (guint k = 0; k < device->n_nodes; k++)
			close(device->nodes[k]);
		for (int k = 0; k < 10; k++)
			turn(device);
		open_nodes(device, name);
	}
	if (device->n_nodes != nodes) {
		g_autofree char *found = g_strdup_printf("%u nodes", device->n_nodes);
		g_autofree char *wanted = g_strdup_printf("%u nodes", nodes);

		fail(name, found, wanted);
	}
}

/* ---- tests */

static void set_key(Device *device, guint code, gboolean down)
{
	static const gint16 none[HID_AXES];
	guint8 report[HID_PACKET_MAIN];
	HidKind kind;

	if (!hid_state_set(&device->state, code, down, &kind))
		fail("a report", "none", "one");
	send_report(device, report, hid_report(&device->state, kind, none, report));
}

static void test_all_keys(Device *device)
{
	guint n = 0;

	for (guint code = 1; code < KEY_CNT; code++) {
		g_autofree char *wanted = g_strdup_printf("key%u+ key%u- ", code, code);

		if (!hid_has_key(code))
			continue;
		n++;
		set_key(device, code, TRUE);
		set_key(device, code, FALSE);
		expect(device, "a key or button", wanted);
	}
	printf("# %u keys and buttons\n", n);
	done("the kernel's parser finds every key and button, and no other");
}

static void test_many_keys(Device *device)
{
	g_autoptr(GString) wanted = g_string_new(NULL);

	for (guint code = KEY_Q; code <= KEY_P; code++) {
		set_key(device, code, TRUE);
		g_string_append_printf(wanted, "key%u+ ", code);
	}
	for (guint code = KEY_Q; code <= KEY_P; code++) {
		set_key(device, code, FALSE);
		g_string_append_printf(wanted, "key%u- ", code);
	}
	expect(device, "ten keys", wanted->str);
	done("ten keys are down at once");
}

static void test_motion(Device *device)
{
	static const gint16 far[HID_AXES] = { 32767, -32767, 120, -30 };
	static const gint16 back[HID_AXES] = { -1, 1, -240, 30 };
	guint8 report[HID_PACKET_MAIN];

	if (device->feature != (1 | 1 << 2))
		fail("wheels", "coarse", "fine steps for both");
	send_report(device, report, hid_report(&device->state, HID_MOUSE, far, report));
	expect(device, "motion", "rel0+32767 rel1-32767 rel8+1 rel11+120 rel12-30 ");
	send_report(device, report, hid_report(&device->state, HID_MOUSE, back, report));
	expect(device, "motion", "rel0-1 rel1+1 rel8-2 rel11-240 rel12+30 ");
	done("motion has 16 bits, and both wheels fine steps");
}

static gboolean has_leds(int node)
{
	guint8 bits[2] = { 0 };

	return ioctl(node, EVIOCGBIT(EV_LED, sizeof bits), bits) > 0 && bits[0] != 0;
}

/* The kernel's text console sets others, with the keys that were pressed. */
static void set_led(Device *device, int value)
{
	struct input_event events[] = { { .type = EV_LED, .code = LED_CAPSL, .value = value },
		{ .type = EV_SYN } };

	for (guint i = 0; i < device->n_nodes; i++)
		if (has_leds(device->nodes[i]) &&
			write(device->nodes[i], events, sizeof events) < 0)
			wire_die("LEDs");
	for (int i = 0;
		i < WAIT_MS && (device->leds < 0 || (device->leds >> LED_CAPSL & 1) != value); i++)
		turn(device);
	if (device->leds < 0 || (device->leds >> LED_CAPSL & 1) != value)
		fail("LEDs", "none", "caps lock's");
}

static void test_leds(Device *device)
{
	set_led(device, 0);
	set_led(device, 1);
	set_led(device, 0);
	done("LEDs arrive in an output report");
}

static void test_boot(Device *device)
{
	guint8 report[HID_PACKET_BOOT];
	HidKind kind;

	hid_state_set(&device->state, KEY_LEFTSHIFT, TRUE, &kind);
	hid_state_set(&device->state, KEY_A, TRUE, &kind);
	send_report(device, report, hid_boot_report(&device->state, report));
	expect(device, "the boot keyboard", "key42+ key30+ ");
	hid_state_set(&device->state, KEY_A, FALSE, &kind);
	send_report(device, report, hid_boot_report(&device->state, report));
	expect(device, "the boot keyboard", "key30- ");
	done("the boot keyboard's reports are what its descriptor says");
}

int main(void)
{
	Device device, boot;

	alarm(HANGS_S);
	/* the kernel keeps all kinds of keys in one node */
	make(&device, 1, "hotseat main", 2);
	test_all_keys(&device);
	test_many_keys(&device);
	test_motion(&device);
	test_leds(&device);
	make(&boot, 0, "hotseat boot", 1);
	test_boot(&boot);
	printf("1..%u\n", tests);
	return 0;
}
