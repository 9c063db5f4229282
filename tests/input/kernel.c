/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs inside the test's guest, as root: hotseat-inputd with the kernel's own event nodes, of
 * devices that uinput makes. This program types, is the host's desktop (which reads the same
 * nodes), hotseatd, and QEMU. Usage: kernel HOTSEAT_INPUTD. TAP.
 */
#include "made.h"
#include "sides.h"
#include "wire.h"

#include <linux/input.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT   49201
#define FOLDER "/tmp"
/* a test that takes longer hangs, which ends the program */
#define HANGS_S 120
#define WAIT_NS (5 * G_GINT64_CONSTANT(1000000000))

static Wire wire;
static Made keyboard, mouse;
static Sides sides;
static guint tests, orders;
static const char *program;

/* code: down, -code: up */
static void type(int code)
{
	made_emit(&keyboard, EV_KEY, (guint)ABS(code), code > 0);
}

static void tap(int code)
{
	type(code);
	type(-code);
}

static void read_all(void)
{
	sides_read_host(&sides, &keyboard);
	sides_read_guest(&sides, &wire);
}

/* Reads on for so long, for what must not come. */
static void read_for(guint ms)
{
	gint64 end = wire_now_ns() + ms * G_GINT64_CONSTANT(1000000);

	while (wire_now_ns() < end) {
		read_all();
		usleep(2000);
	}
}

static void expect(const char *what, GString *came, const char *wanted)
{
	gint64 end = wire_now_ns() + WAIT_NS;

	while (strcmp(came->str, wanted) != 0 && wire_now_ns() < end) {
		read_all();
		usleep(1000);
	}
	if (strcmp(came->str, wanted) != 0) {
		printf("not ok %u - %s: \"%s\" came instead of \"%s\"\n", tests + 1, what,
			came->str, wanted);
		exit(1);
	}
	g_string_truncate(came, 0);
}

static void check(const char *what, gboolean ok)
{
	if (ok)
		return;
	printf("not ok %u - %s\n", tests + 1, what);
	exit(1);
}

static void done(const char *what)
{
	read_for(20);
	if (sides.in_guest->len + sides.at_host->len > 0) {
		printf("not ok %u - %s: left over at the host \"%s\", in the guest \"%s\"\n",
			tests + 1, what, sides.at_host->str, sides.in_guest->str);
		exit(1);
	}
	printf("ok %u - %s\n", ++tests, what);
	fflush(stdout);
	alarm(HANGS_S);
}

/* ---- hotseatd */

static const char *move(const char *device, const char *to)
{
	g_autofree char *text = NULL, *id = NULL;

	orders++;
	text = g_strdup_printf("move\nid=%u\ndevice=%s\nto=%s\n", 100 + orders, device, to);
	id = g_strdup_printf("id=%u\n", 100 + orders);
	wire_order(wire.control, text, -1);
	return wire_wait_for(wire.control, "result", id);
}

static guint8 node_leds(void)
{
	guint8 bits[2] = { 0 };

	ioctl(keyboard.node, EVIOCGLED(sizeof bits), bits);
	return bits[0];
}

static void wait_for_leds(const char *what, guint8 wanted)
{
	gint64 end = wire_now_ns() + WAIT_NS;

	while (node_leds() != wanted && wire_now_ns() < end) {
		read_all();
		usleep(1000);
	}
	if (node_leds() != wanted) {
		printf("not ok %u - %s: LEDs %02x instead of %02x\n", tests + 1, what, node_leds(),
			wanted);
		exit(1);
	}
}

static void set_led(guint led, int value)
{
	struct input_event events[] = { { .type = EV_LED, .code = (guint16)led, .value = value },
		{ .type = EV_SYN } };

	if (write(keyboard.node, events, sizeof events) < 0)
		wire_die("LEDs");
}

static void start(void)
{
	wire.pid = fork();
	if (wire.pid == 0) {
		/* As its unit can do. Between a few of its system calls a key that is released goes
		 * unnoticed (see grab_released() in node.c): an emulated processor must not run
		 * the typist there. */
		if (sched_setscheduler(
			    0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 10 }) != 0)
			wire_die("SCHED_FIFO");
		execl(program, program, "-v", "--control", FOLDER "/control", "--listen", "49201",
			NULL);
		wire_die(program);
	}
	wire.control = wire_connect_to_control(FOLDER);
	wire_wait_for(wire.control, "welcome", "");
	wire_order(wire.control,
		"configure\nversion=1\nid=1\nkeep=mute\nguest=g\nport=49201\n"
		"device=keyboard\ninput=test keyboard\ndevice=mouse\ninput=test mouse\n"
		"device=tablet\ninput=test tablet\nhotkey=scrolllock scrolllock\naction=toggle\n",
		-1);
	wire_wait_for(wire.control, "result", "id=1");
	wire_order(wire.control, "expect\nid=2\nguest=g\nuid=0\n", -1);
	wire_wait_for(wire.control, "result", "id=2");
	wire_be_qemu(&wire, PORT);
	wire_wait_for(wire.control, "guest", "state=ready");
}

/* ---- tests */

static void test_listening(void)
{
	tap(KEY_A);
	expect("at the host", sides.at_host, "30+ 30- ");
	done("while the host has the keyboard, keys go to the host alone");
}

static void test_there(void)
{
	type(KEY_LEFTSHIFT);
	expect("at the host", sides.at_host, "42+ ");
	move("keyboard", "g");
	expect("released at the host", sides.at_host, "42- ");
	tap(KEY_A);
	type(-KEY_LEFTSHIFT);
	tap(KEY_LEFTSHIFT);
	expect("in the guest", sides.in_guest, "30+ 30- 42+ 42- ");
	done("in the guest, the host gets nothing, and a key that was held is released where it "
	     "was pressed");
}

static void test_back(void)
{
	gulong held[8] = { 0 };

	type(KEY_B);
	expect("in the guest", sides.in_guest, "48+ ");
	move("keyboard", "host");
	expect("released in the guest", sides.in_guest, "48- ");
	sides.notes_repeats = TRUE;
	/* longer than the kernel waits before it repeats a key */
	read_for(600);
	check("the host sees a key repeated that was pressed in the guest",
		sides.at_host->len == 0);
	sides.notes_repeats = FALSE;
	type(-KEY_B);
	tap(KEY_A);
	expect("at the host", sides.at_host, "48- 30+ 30- ");
	ioctl(keyboard.node, EVIOCGKEY(sizeof held), held);
	for (gsize i = 0; i < G_N_ELEMENTS(held); i++)
		check("the kernel thinks that a key is down", held[i] == 0);
	done("on the way back a held key is released in the guest, and not repeated at the host");
}

static void test_leds(void)
{
	set_led(LED_CAPSL, 1);
	move("keyboard", "g");
	wait_for_leds("the guest's", 0);
	wire_set_leds(&wire, 1 << LED_SCROLLL);
	wait_for_leds("the guest's", 1 << LED_SCROLLL);
	set_led(LED_NUML, 1); /* the host's wish, for later */
	wait_for_leds("the guest's still", 1 << LED_SCROLLL);
	read_for(50);
	wait_for_leds("the guest's still", 1 << LED_SCROLLL);
	move("keyboard", "host");
	wait_for_leds("the host's", 1 << LED_CAPSL | 1 << LED_NUML);
	done("LEDs are those of the side that has the keyboard");
}

static void test_mouse(void)
{
	move("mouse", "g");
	for (int i = 0; i < 100; i++) {
		made_emit(&mouse, EV_REL, REL_X, i);
		/* the kernel keeps 64 events for a reader */
		read_for(2);
	}
	made_emit(&mouse, EV_REL, REL_WHEEL_HI_RES, -240);
	for (int i = 0; i < 500 && (sides.moved[HID_X] != 4950 || sides.moved[HID_WHEEL] != -2);
		i++)
		read_for(10);
	check("motion arrives whole", sides.moved[HID_X] == 4950 && sides.moved[HID_WHEEL] == -2);
	sides_read_host(&sides, &mouse);
	check("the host gets no motion", sides.at_host->len == 0);
	move("mouse", "host");
	sides_read_host(&sides, &mouse);
	expect("a blank screen wakes up", sides.at_host, "rel0+1 rel0-1 ");
	done("motion arrives whole, and the host's screen wakes up on the way back");
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

static void test_quiet(void)
{
	gint64 before;

	/* deadlines of what was done before */
	read_for(2500);
	before = wake_ups();
	for (int i = 0; i < 100; i++)
		made_emit(&mouse, EV_REL, REL_X, 1);
	read_for(200);
	check("a mouse that moves at the host wakes hotseat-inputd up", wake_ups() == before);
	sides_read_host(&sides, &mouse);
	g_string_truncate(sides.at_host, 0);
	done("a mouse that moves at the host does not wake it up");
}

static void test_hotkey(void)
{
	tap(KEY_SCROLLLOCK);
	type(KEY_SCROLLLOCK);
	wire_wait_for(wire.control, "hotkey", "action=toggle");
	move("keyboard", "g");
	expect("at the host", sides.at_host, "70+ 70- 70+ 70- ");
	type(-KEY_SCROLLLOCK);
	tap(KEY_A);
	expect("in the guest", sides.in_guest, "30+ 30- ");
	usleep(600000);
	tap(KEY_SCROLLLOCK);
	type(KEY_SCROLLLOCK);
	wire_wait_for(wire.control, "hotkey", "action=toggle");
	move("keyboard", "host");
	type(-KEY_SCROLLLOCK);
	expect("in the guest", sides.in_guest, "70+ 70- ");
	expect("at the host", sides.at_host, "70- ");
	done("the hotkey works on both sides, and its last key reaches none on the way back");
}

static void test_unplugged(void)
{
	move("keyboard", "g");
	type(KEY_A);
	expect("in the guest", sides.in_guest, "30+ ");
	made_unplug(&keyboard);
	wire_wait_for(wire.control, "device", "presence=absent");
	expect("released in the guest", sides.in_guest, "30- ");
	made_keyboard(&keyboard);
	wire_wait_for(wire.control, "device", "presence=present");
	tap(KEY_A);
	expect("in the guest", sides.in_guest, "30+ 30- ");
	move("keyboard", "host");
	done("unplugged and plugged in again, the keyboard goes on in the guest");
}

static void test_kept(void)
{
	Made own = { .node = made_open("hotseat host keys") };

	check("hotseat-inputd's own keyboard is there", own.node >= 0);
	move("keyboard", "g");
	tap(KEY_MUTE);
	for (int i = 0; i < 500 && sides.at_host->len < 10; i++) {
		sides_read_host(&sides, &own);
		usleep(10000);
	}
	expect("at the host", sides.at_host, "113+ 113- ");
	move("keyboard", "host");
	close(own.node);
	done("a key that stays with the host reaches it while a guest has the keyboard");
}

static void test_tablet(void)
{
	Made tablet;

	made_tablet(&tablet);
	wire_wait_for(wire.control, "device", "presence=unfit");
	made_unplug(&tablet);
	done("a device with absolute positions is refused");
}

static void test_grabbed(void)
{
	const char *answer;
	g_autofree char *text = g_strdup("move\nid=99\ndevice=keyboard\nto=g\n");

	ioctl(keyboard.node, EVIOCGRAB, 1);
	wire_order(wire.control, text, -1);
	answer = wire_wait_for(wire.control, "result", "id=99\n");
	check("the answer names the reason", strstr(answer, "another program has grabbed") != NULL);
	ioctl(keyboard.node, EVIOCGRAB, 0);
	move("keyboard", "g");
	tap(KEY_A);
	expect("in the guest", sides.in_guest, "30+ 30- ");
	move("keyboard", "host");
	done("a keyboard that another program has grabbed is not moved, and says so");
}

/* ---- round trips */

#define TYPED_KEYS 26

static const guint16 typed[TYPED_KEYS] = { KEY_A, KEY_B, KEY_C, KEY_D, KEY_E, KEY_F, KEY_G, KEY_H,
	KEY_I, KEY_J, KEY_K, KEY_L, KEY_M, KEY_N, KEY_O, KEY_P, KEY_Q, KEY_R, KEY_S, KEY_T, KEY_U,
	KEY_V, KEY_W, KEY_X, KEY_Y, KEY_Z };

/* Presses that no side has got yet; the kernel keeps 64 events for a reader. */
#define UNSEEN_MAX 8

/* Types all keys in turns until it is stopped, and exits with nothing down; how often is in the
 * pipe. */
static pid_t start_typing(int *result)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) != 0)
		wire_die("pipe");
	*result = ends[0];
	pid = fork();
	if (pid == 0) {
		sigset_t stop;
		guint n = 0;

		sigemptyset(&stop);
		sigaddset(&stop, SIGTERM);
		sigprocmask(SIG_BLOCK, &stop, NULL);
		for (;; n++) {
			struct timespec none = { 0 };

			for (int i = 0; (int)(n - *(volatile guint *)sides.presses) >= UNSEEN_MAX &&
					i < 50000;
				i++)
				usleep(100);
			type(typed[n % TYPED_KEYS]);
			usleep((guint)rand() % 4000);
			type(-typed[n % TYPED_KEYS]);
			usleep((guint)rand() % 4000);
			if (sigtimedwait(&stop, NULL, &none) == SIGTERM)
				break;
		}
		n++;
		_exit(write(ends[1], &n, sizeof n) != sizeof n);
	}
	close(ends[1]);
	return pid;
}

static void test_round_trips(guint trips)
{
	guint n = 0, host = 0, guest = 0, stuck = 0;
	int result;
	pid_t typist;

	*sides.presses = sides.dropped = 0;
	typist = start_typing(&result);
	for (guint i = 0; i < 2 * trips; i++) {
		move("keyboard", i % 2 == 0 ? "g" : "host");
		read_for((guint)rand() % 8);
	}
	kill(typist, SIGTERM);
	check("the typist's count", read(result, &n, sizeof n) == sizeof n);
	waitpid(typist, NULL, 0);
	read_for(300);
	sides_count(sides.at_host, &host, &stuck);
	sides_count(sides.in_guest, &guest, &stuck);
	printf("# %u round trips, %u presses: %u at the host, %u in the guest, %u dropped\n", trips,
		n, host, guest, sides.dropped);
	check("this program reads fast enough", sides.dropped == 0);
	check("each press is on one side", host + guest == n);
	check("each press is released there", stuck == 0);
	g_string_truncate(sides.at_host, 0);
	g_string_truncate(sides.in_guest, 0);
	close(result);
	done("round trips while typing: each press on exactly one side, and released "
	     "there");
}

static void test_killed(void)
{
	move("keyboard", "g");
	type(KEY_A);
	expect("in the guest", sides.in_guest, "30+ ");
	kill(wire.pid, SIGKILL);
	waitpid(wire.pid, NULL, 0);
	close(wire.socket);
	close(wire.control);
	sides_unplug_guest(&sides);
	type(-KEY_A);
	tap(KEY_B);
	for (int i = 0; i < 500 && sides.at_host->len < 12; i++) {
		sides_read_host(&sides, &keyboard);
		usleep(10000);
	}
	check("the host types on", strcmp(sides.at_host->str, "30- 48+ 48- ") == 0);
	g_string_truncate(sides.at_host, 0);
	start();
	move("keyboard", "g");
	tap(KEY_A);
	expect("in the guest", sides.in_guest, "30+ 30- ");
	move("keyboard", "host");
	done("killed while the guest has the keyboard: the host types on, and it can begin again");
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	program = argv[1];
	sides_init(&sides);
	made_keyboard(&keyboard);
	made_mouse(&mouse);
	start();
	test_listening();
	test_there();
	test_back();
	test_leds();
	test_mouse();
	test_hotkey();
	test_unplugged();
	test_kept();
	test_tablet();
	test_grabbed();
	test_quiet();
	test_round_trips(argc > 2 ? (guint)atoi(argv[2]) : 1000);
	test_killed();
	kill(wire.pid, SIGTERM);
	waitpid(wire.pid, NULL, 0);
	printf("1..%u\n", tests);
	return 0;
}
