/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs inside the test's guest, as root: hotseat-inputd with a touchpad that uinput makes. This
 * program is the fingers, udev, the host's desktop (which reads the same node), hotseatd, and QEMU.
 * Usage: touchpad HOTSEAT_INPUTD. TAP.
 */
#include "touchpad-device.h"
#include "wire.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT	49202
#define FOLDER	"/tmp/touchpad"
#define WAIT_NS (5 * G_GINT64_CONSTANT(1000000000))
/* a test that takes longer hangs, which ends the program */
#define HANGS_S	 120
#define FRAME_MS 10

static Wire wire;
static TouchpadDevice pad;
static gint64 moved[HID_AXES]; /* in the guest */
static guint buttons;	       /* down in the guest */
static GString *clicks;	       /* in the guest: "left+ left- " */
static guint tests, orders;

/* ---- the guest */

static void look_at_buttons(guint now)
{
	static const char *const names[] = { "left", "right", "middle" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (((now ^ buttons) >> i & 1) != 0)
			g_string_append_printf(
				clicks, "%s%s ", names[i], (now >> i & 1) != 0 ? "+" : "-");
	buttons = now;
}

static void read_guest(void)
{
	guint8 report[256];

	while (wire_try_report(&wire, report) > 0) {
		if (report[0] == HID_ID_MOUSE) {
			look_at_buttons(report[1] | (guint)report[2] << 8);
			for (int i = 0; i < HID_AXES; i++)
				moved[i] += (gint16)(report[3 + 2 * i] | report[4 + 2 * i] << 8);
		}
		wire_ask(&wire);
	}
}

static void read_for(guint ms)
{
	gint64 end = wire_now_ns() + ms * G_GINT64_CONSTANT(1000000);

	do {
		read_guest();
		usleep(2000);
	} while (wire_now_ns() < end);
}

/* ---- checking */

static void check(const char *what, gboolean ok)
{
	if (ok)
		return;
	printf("# moved %d %d, wheels %d %d, clicks \"%s\"\n", (int)moved[HID_X], (int)moved[HID_Y],
		(int)moved[HID_WHEEL], (int)moved[HID_PAN], clicks->str);
	printf("not ok %u - %s\n", tests + 1, what);
	exit(1);
}

static void expect_clicks(const char *wanted)
{
	gint64 end = wire_now_ns() + WAIT_NS;
	g_autofree char *what = g_strdup_printf("clicks are \"%s\"", wanted);

	while (strcmp(clicks->str, wanted) != 0 && wire_now_ns() < end)
		read_for(5);
	check(what, strcmp(clicks->str, wanted) == 0);
	g_string_truncate(clicks, 0);
}

static void forget(void)
{
	read_for(400); /* longer than libinput waits for the end of a tap */
	memset(moved, 0, sizeof moved);
	g_string_truncate(clicks, 0);
	touchpad_device_read(&pad);
}

static void done(const char *what)
{
	forget();
	printf("ok %u - %s\n", ++tests, what);
	fflush(stdout);
	alarm(HANGS_S);
}

/* ---- hotseatd */

static const char *move(const char *to)
{
	g_autofree char *text = NULL, *id = NULL;

	orders++;
	text = g_strdup_printf("move\nid=%u\ndevice=touchpad\nto=%s\n", 100 + orders, to);
	id = g_strdup_printf("id=%u\n", 100 + orders);
	wire_order(wire.control, text, -1);
	return wire_wait_for(wire.control, "result", id);
}

static void start(const char *program)
{
	wire.pid = fork();
	if (wire.pid == 0) {
		execl(program, program, "-v", "--control", FOLDER "/control", "--listen", "49202",
			NULL);
		wire_die(program);
	}
	wire.control = wire_connect_to_control(FOLDER);
	wire_wait_for(wire.control, "welcome", "");
	wire_order(wire.control,
		"configure\nversion=1\nid=1\nguest=g\nport=49202\n"
		"device=touchpad\ninput=test touchpad\n",
		-1);
	wire_wait_for(wire.control, "result", "id=1");
	wire_order(wire.control, "expect\nid=2\nguest=g\nuid=0\n", -1);
	wire_wait_for(wire.control, "result", "id=2");
	wire_be_qemu(&wire, PORT);
	wire_wait_for(wire.control, "guest", "state=ready");
}

/* ---- fingers */

/* Moves n fingers by so many units for each of so many frames. */
static void slide(guint n, int dx, int dy, guint frames)
{
	for (guint finger = 0; finger < n; finger++)
		touchpad_device_touch(&pad, finger, 1000 + 600 * (int)finger, 1000);
	touchpad_device_end_frame(&pad);
	for (guint i = 0; i < frames; i++) {
		read_for(FRAME_MS);
		for (guint finger = 0; finger < n; finger++)
			touchpad_device_slide(&pad, finger, dx, dy);
		touchpad_device_end_frame(&pad);
	}
}

static void lift(guint n)
{
	read_for(FRAME_MS);
	for (guint finger = 0; finger < n; finger++)
		touchpad_device_lift(&pad, finger);
	touchpad_device_end_frame(&pad);
}

/* ---- tests */

static void test_described_late(void)
{
	touchpad_device_make(&pad);
	wire_wait_for(wire.control, "device", "presence=unfit");
	/* the folder is looked at again after its nodes change */
	touchpad_device_describe(&pad);
	wire_wait_for(wire.control, "device", "presence=present");
	done("a touchpad is there as soon as udev has described it");
}

static gint64 wake_ups(void)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", wire.pid);
	g_autofree char *text = NULL;
	const char *line;

	check("its status", g_file_get_contents(path, &text, NULL, NULL));
	line = strstr(text, "\nvoluntary_ctxt_switches:");
	return g_ascii_strtoll(strchr(line, ':') + 1, NULL, 10);
}

static void test_at_host(void)
{
	gint64 before;

	/* deadlines of what was done before */
	read_for(2500);
	before = wake_ups();
	slide(1, 30, 0, 20);
	lift(1);
	read_for(200);
	check("a touchpad that is used at the host wakes hotseat-inputd up", wake_ups() == before);
	check("nothing arrives in the guest", moved[HID_X] == 0 && clicks->len == 0);
	check("the host gets all of it", touchpad_device_read(&pad) > 40);
	done("while the host has the touchpad, it has it alone");
}

static void test_motion(void)
{
	move("g");
	forget();
	slide(1, 40, 0, 30);
	lift(1);
	read_for(400);
	check("right is right", moved[HID_X] > 50);
	check("and not up or down", ABS(moved[HID_Y]) <= 2);
	memset(moved, 0, sizeof moved);
	slide(1, 0, -40, 30);
	lift(1);
	read_for(400);
	check("up is up", moved[HID_Y] < -50 && ABS(moved[HID_X]) <= 2);
	check("neither is a click or scrolling",
		clicks->len == 0 && moved[HID_WHEEL] == 0 && moved[HID_PAN] == 0);
	check("the host gets nothing", touchpad_device_read(&pad) == 0);
	done("a finger moves the guest's pointer");
}

static void test_scroll(void)
{
	slide(2, 0, 40, 40);
	lift(2);
	read_for(400);
	check("two fingers that go down scroll down", moved[HID_WHEEL] < -2);
	check("and do not move the pointer", ABS(moved[HID_X]) <= 2 && ABS(moved[HID_Y]) <= 2);
	check("nor scroll aside", moved[HID_PAN] == 0);
	memset(moved, 0, sizeof moved);
	slide(2, 40, 0, 40);
	lift(2);
	read_for(400);
	check("two fingers that go right scroll right", moved[HID_PAN] > 2);
	check("and not up or down", moved[HID_WHEEL] == 0);
	done("two fingers scroll in the guest");
}

static void test_taps(void)
{
	static const char *const wanted[] = { "left+ left- ", "right+ right- ",
		"middle+ middle- " };

	for (guint n = 1; n <= G_N_ELEMENTS(wanted); n++) {
		slide(n, 0, 0, 0);
		lift(n);
		expect_clicks(wanted[n - 1]);
		forget();
	}
	done("taps with one, two and three fingers are clicks");
}

static void test_held_button(void)
{
	slide(1, 0, 0, 3);
	touchpad_device_press(&pad, TRUE);
	expect_clicks("left+ ");
	move("host");
	expect_clicks("left- ");
	check("no finger is left at the host", !touchpad_device_is_touched(&pad));
	touchpad_device_press(&pad, FALSE);
	lift(1);
	done("a button that is held on the way back is released in the guest");
}

static void test_released_at_host(void)
{
	slide(1, 10, 0, 3);
	check("a finger is there", touchpad_device_is_touched(&pad));
	touchpad_device_read(&pad);
	move("g");
	check("the host sees it lifted", touchpad_device_read_lifts(&pad) == 1);
	lift(1);
	move("host");
	done("a finger that is on it when it leaves is lifted at the host");
}

static void test_grabbed(void)
{
	const char *answer;

	ioctl(pad.node, EVIOCGRAB, 1);
	wire_order(wire.control, "move\nid=99\ndevice=touchpad\nto=g\n", -1);
	answer = wire_wait_for(wire.control, "result", "id=99\n");
	check("the answer names the reason", strstr(answer, "another program has grabbed") != NULL);
	ioctl(pad.node, EVIOCGRAB, 0);
	move("g");
	done("a touchpad that another program has grabbed is not moved, and says so");
}

static void test_round_trips(void)
{
	for (guint i = 0; i < 50; i++) {
		move(i % 2 == 0 ? "host" : "g");
		slide(1, 20, 0, 3);
		lift(1);
		check(i % 2 == 0 ? "the host has it" : "the guest has it",
			(touchpad_device_read(&pad) > 0) == (i % 2 == 0));
	}
	done("after each of 50 moves one side has it");
}

static void test_unplugged(void)
{
	slide(1, 0, 0, 3);
	touchpad_device_press(&pad, TRUE);
	expect_clicks("left+ ");
	touchpad_device_unmake(&pad);
	wire_wait_for(wire.control, "device", "presence=absent");
	expect_clicks("left- ");
	touchpad_device_make(&pad);
	touchpad_device_describe(&pad);
	wire_wait_for(wire.control, "device", "presence=present");
	slide(1, 40, 0, 30);
	lift(1);
	read_for(400);
	check("it goes on", moved[HID_X] > 50);
	move("host");
	done("unplugged and plugged in again, the touchpad goes on in the guest");
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	clicks = g_string_new(NULL);
	g_mkdir_with_parents(FOLDER, 0700);
	alarm(HANGS_S);
	start(argv[1]);
	test_described_late();
	test_at_host();
	test_motion();
	test_scroll();
	test_taps();
	test_held_button();
	test_released_at_host();
	test_grabbed();
	test_round_trips();
	test_unplugged();
	printf("1..%u\n", tests);
	kill(wire.pid, SIGTERM);
	waitpid(wire.pid, NULL, 0);
	return 0;
}
