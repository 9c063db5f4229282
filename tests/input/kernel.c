/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs inside of the test's guest, as root: hotseat-inputd with the kernel's own event nodes, of
 * devices that uinput makes. This program types, is the host's desktop (which reads the same
 * nodes), hotseatd, and QEMU. Usage: kernel HOTSEAT_INPUTD. TAP.
 */
#include "input/hid-usages.h"
#include "wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT   49201
#define FOLDER "/tmp"
/* a test that takes longer hangs, which ends the program */
#define HANGS_S 120
#define WAIT_NS (5 * G_GINT64_CONSTANT(1000000000))

/* A device of uinput's, and the desktop's descriptor of its event node. */
typedef struct {
	int uinput, node;
	char name[40];
} Made;

static Wire wire;
static Made keyboard, mouse;
static guint8 pressed[1 + HID_KEYS_BYTES]; /* in the guest: modifiers, keys */
static gint64 moved[HID_AXES];
static GString *in_guest, *at_host; /* what came: "30+ 30- " */
static gboolean notes_repeats;
static guint tests, orders, dropped;
static const char *program;
static guint *presses_seen; /* on either side; the typist waits for it */

/* ---- devices */

static int open_node(int uinput)
{
	char name[64] = "", path[300];
	struct dirent *entry;
	int node = -1;
	DIR *dir;

	if (ioctl(uinput, UI_GET_SYSNAME(sizeof name), name) < 0)
		wire_die("UI_GET_SYSNAME");
	snprintf(path, sizeof path, "/sys/devices/virtual/input/%s", name);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (g_str_has_prefix(entry->d_name, "event")) {
			snprintf(path, sizeof path, "/dev/input/%s", entry->d_name);
			for (int i = 0;
				i < 500 && (node = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0;
				i++)
				usleep(10000);
		}
	if (dir != NULL)
		closedir(dir);
	if (node < 0)
		wire_die(path);
	return node;
}

static void make(Made *made, const char *name, const guint16 *types, guint keys_from, guint keys_to)
{
	struct uinput_setup setup = {
		.id = { .bustype = BUS_USB, .vendor = 0x1234, .product = 1 }
	};

	made->uinput = open("/dev/uinput", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (made->uinput < 0)
		wire_die("/dev/uinput");
	g_strlcpy(setup.name, name, sizeof setup.name);
	g_strlcpy(made->name, name, sizeof made->name);
	for (; *types != 0; types++)
		ioctl(made->uinput, UI_SET_EVBIT, *types);
	for (guint code = keys_from; code <= keys_to; code++)
		ioctl(made->uinput, UI_SET_KEYBIT, code);
	for (guint led = 0; led < 5; led++)
		ioctl(made->uinput, UI_SET_LEDBIT, led);
	for (guint axis = 0; axis <= REL_HWHEEL_HI_RES; axis++)
		if (axis == REL_X || axis == REL_Y || axis == REL_WHEEL || axis == REL_WHEEL_HI_RES)
			ioctl(made->uinput, UI_SET_RELBIT, axis);
	for (guint axis = ABS_X; axis <= ABS_Y; axis++)
		ioctl(made->uinput, UI_SET_ABSBIT, axis);
	if (ioctl(made->uinput, UI_DEV_SETUP, &setup) < 0 || ioctl(made->uinput, UI_DEV_CREATE) < 0)
		wire_die(name);
	made->node = open_node(made->uinput);
}

static void make_keyboard(void)
{
	static const guint16 types[] = { EV_KEY, EV_LED, EV_REP, 0 };

	make(&keyboard, "test keyboard", types, 1, 248);
}

static void make_mouse(void)
{
	static const guint16 types[] = { EV_KEY, EV_REL, 0 };

	make(&mouse, "test mouse", types, BTN_LEFT, BTN_TASK);
}

static void unmake(Made *made)
{
	close(made->node);
	close(made->uinput);
}

static void emit(const Made *made, guint type, guint code, int value)
{
	struct input_event events[] = {
		{ .type = (guint16)type, .code = (guint16)code, .value = value }, { .type = EV_SYN }
	};

	if (write(made->uinput, events, sizeof events) != sizeof events)
		wire_die("uinput");
}

/* code: down, -code: up */
static void type(int code)
{
	emit(&keyboard, EV_KEY, (guint)ABS(code), code > 0);
}

static void tap(int code)
{
	type(code);
	type(-code);
}

/* ---- the desktop, and the guest */

static void read_host(const Made *made)
{
	struct input_event events[64];
	ssize_t n;

	while ((n = read(made->node, events, sizeof events)) > 0)
		for (gsize i = 0; i < (gsize)n / sizeof *events; i++) {
			/* a slow machine repeats keys that are only tapped */
			if (events[i].type == EV_KEY && events[i].value == 1)
				++*presses_seen;
			if (events[i].type == EV_KEY && (events[i].value != 2 || notes_repeats))
				g_string_append_printf(at_host, "%u%s ", events[i].code,
					events[i].value == 0   ? "-"
					: events[i].value == 1 ? "+"
							       : "=");
			else if (events[i].type == EV_SYN && events[i].code == SYN_DROPPED)
				dropped++;
			else if (events[i].type == EV_REL)
				g_string_append_printf(
					at_host, "rel%u%+d ", events[i].code, events[i].value);
		}
}

static void look_at_key(const guint8 *report, guint code)
{
	guint usage = hid_keyboard_usage(code);
	guint bit, at;
	gboolean now, before;

	if (usage == 0)
		return;
	bit = usage >= 0xe0 ? usage - 0xe0 : usage - HID_KEYS_FIRST;
	at = usage >= 0xe0 ? 0 : 1 + bit / 8;
	now = (report[1 + at] >> bit % 8 & 1) != 0;
	before = (pressed[at] >> bit % 8 & 1) != 0;
	if (now && !before)
		++*presses_seen;
	if (now != before)
		g_string_append_printf(in_guest, "%u%s ", code, now ? "+" : "-");
}

static void look_at_report(const guint8 *report)
{
	if (report[0] == HID_ID_KEYBOARD) {
		for (guint code = 1; code < 256; code++)
			look_at_key(report, code);
		memcpy(pressed, report + 1, sizeof pressed);
	} else if (report[0] == HID_ID_MOUSE) {
		for (int i = 0; i < HID_AXES; i++)
			moved[i] += (gint16)(report[3 + 2 * i] | report[4 + 2 * i] << 8);
	}
}

static void read_guest(void)
{
	guint8 report[256];

	while (wire_try_report(&wire, report) > 0) {
		look_at_report(report);
		wire_ask(&wire);
	}
}

static void read_all(void)
{
	read_host(&keyboard);
	read_guest();
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
	if (in_guest->len + at_host->len > 0) {
		printf("not ok %u - %s: left over at the host \"%s\", in the guest \"%s\"\n",
			tests + 1, what, at_host->str, in_guest->str);
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
	memset(pressed, 0, sizeof pressed);
}

/* ---- tests */

static void test_listening(void)
{
	tap(KEY_A);
	expect("at the host", at_host, "30+ 30- ");
	done("while the host has the keyboard, keys go to the host alone");
}

static void test_there(void)
{
	type(KEY_LEFTSHIFT);
	expect("at the host", at_host, "42+ ");
	move("keyboard", "g");
	expect("released at the host", at_host, "42- ");
	tap(KEY_A);
	type(-KEY_LEFTSHIFT);
	tap(KEY_LEFTSHIFT);
	expect("in the guest", in_guest, "30+ 30- 42+ 42- ");
	done("in the guest, the host gets nothing, and a key that was held is released where it "
	     "was pressed");
}

static void test_back(void)
{
	gulong held[8] = { 0 };

	type(KEY_B);
	expect("in the guest", in_guest, "48+ ");
	move("keyboard", "host");
	expect("released in the guest", in_guest, "48- ");
	notes_repeats = TRUE;
	/* longer than the kernel waits before it repeats a key */
	read_for(600);
	check("the host sees a key repeated that was pressed in the guest", at_host->len == 0);
	notes_repeats = FALSE;
	type(-KEY_B);
	tap(KEY_A);
	expect("at the host", at_host, "48- 30+ 30- ");
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
		emit(&mouse, EV_REL, REL_X, i);
		/* the kernel keeps 64 events for a reader */
		read_for(2);
	}
	emit(&mouse, EV_REL, REL_WHEEL_HI_RES, -240);
	for (int i = 0; i < 500 && (moved[HID_X] != 4950 || moved[HID_WHEEL] != -2); i++)
		read_for(10);
	check("motion arrives whole", moved[HID_X] == 4950 && moved[HID_WHEEL] == -2);
	read_host(&mouse);
	check("the host gets no motion", at_host->len == 0);
	move("mouse", "host");
	read_host(&mouse);
	expect("a blank screen wakes up", at_host, "rel0+1 rel0-1 ");
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
		emit(&mouse, EV_REL, REL_X, 1);
	read_for(200);
	check("a mouse that moves at the host wakes hotseat-inputd up", wake_ups() == before);
	read_host(&mouse);
	g_string_truncate(at_host, 0);
	done("a mouse that moves at the host does not wake it up");
}

static void test_hotkey(void)
{
	tap(KEY_SCROLLLOCK);
	type(KEY_SCROLLLOCK);
	wire_wait_for(wire.control, "hotkey", "action=toggle");
	move("keyboard", "g");
	expect("at the host", at_host, "70+ 70- 70+ 70- ");
	type(-KEY_SCROLLLOCK);
	tap(KEY_A);
	expect("in the guest", in_guest, "30+ 30- ");
	usleep(600000);
	tap(KEY_SCROLLLOCK);
	type(KEY_SCROLLLOCK);
	wire_wait_for(wire.control, "hotkey", "action=toggle");
	move("keyboard", "host");
	type(-KEY_SCROLLLOCK);
	expect("in the guest", in_guest, "70+ 70- ");
	expect("at the host", at_host, "70- ");
	done("the hotkey works on both sides, and its last key reaches none on the way back");
}

static void test_unplugged(void)
{
	move("keyboard", "g");
	type(KEY_A);
	expect("in the guest", in_guest, "30+ ");
	unmake(&keyboard);
	wire_wait_for(wire.control, "device", "presence=absent");
	keyboard.node = -1;
	expect("released in the guest", in_guest, "30- ");
	make_keyboard();
	wire_wait_for(wire.control, "device", "presence=present");
	tap(KEY_A);
	expect("in the guest", in_guest, "30+ 30- ");
	move("keyboard", "host");
	done("unplugged and plugged in again, the keyboard goes on in the guest");
}

static Made open_by_name(const char *name)
{
	Made made = { .node = -1 };

	for (int i = 0; i < 32 && made.node < 0; i++) {
		g_autofree char *path = g_strdup_printf("/dev/input/event%d", i);
		char found[100] = "";

		made.node = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (made.node >= 0)
			ioctl(made.node, EVIOCGNAME(sizeof found - 1), found);
		if (made.node >= 0 && strcmp(found, name) != 0) {
			close(made.node);
			made.node = -1;
		}
	}
	return made;
}

static void test_kept(void)
{
	Made own = open_by_name("hotseat keys of the host");

	check("hotseat-inputd's own keyboard is there", own.node >= 0);
	move("keyboard", "g");
	tap(KEY_MUTE);
	for (int i = 0; i < 500 && at_host->len < 10; i++) {
		read_host(&own);
		usleep(10000);
	}
	expect("at the host", at_host, "113+ 113- ");
	move("keyboard", "host");
	close(own.node);
	done("a key that stays with the host reaches it while a guest has the keyboard");
}

static void test_tablet(void)
{
	static const guint16 types[] = { EV_KEY, EV_ABS, 0 };
	Made tablet;

	make(&tablet, "test tablet", types, BTN_LEFT, BTN_LEFT);
	wire_wait_for(wire.control, "device", "presence=unfit");
	unmake(&tablet);
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
	expect("in the guest", in_guest, "30+ 30- ");
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

			for (int i = 0; (int)(n - *(volatile guint *)presses_seen) >= UNSEEN_MAX &&
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

/* "30+ 30- ": adds the presses, and checks that each has its release. */
static void count(const GString *came, guint *presses, guint *unreleased)
{
	g_auto(GStrv) events = g_strsplit(came->str, " ", -1);
	gboolean down[256] = { 0 };

	for (char **event = events; *event != NULL && **event != '\0'; event++) {
		char *kind = NULL;
		guint code = (guint)g_ascii_strtoull(*event, &kind, 10);

		if (*kind == '+')
			(*presses)++;
		if (*kind != '=')
			down[code & 0xff] = *kind == '+';
	}
	for (guint code = 0; code < 256; code++)
		*unreleased += down[code] ? 1 : 0;
}

static void test_round_trips(guint trips)
{
	guint n = 0, host = 0, guest = 0, stuck = 0;
	int result;
	pid_t typist;

	*presses_seen = dropped = 0;
	typist = start_typing(&result);
	for (guint i = 0; i < 2 * trips; i++) {
		move("keyboard", i % 2 == 0 ? "g" : "host");
		read_for((guint)rand() % 8);
	}
	kill(typist, SIGTERM);
	check("the typist's count", read(result, &n, sizeof n) == sizeof n);
	waitpid(typist, NULL, 0);
	read_for(300);
	count(at_host, &host, &stuck);
	count(in_guest, &guest, &stuck);
	printf("# %u round trips, %u presses: %u at the host, %u in the guest, %u dropped\n", trips,
		n, host, guest, dropped);
	check("this program reads fast enough", dropped == 0);
	check("each press is on one side", host + guest == n);
	check("each press is released there", stuck == 0);
	g_string_truncate(at_host, 0);
	g_string_truncate(in_guest, 0);
	close(result);
	done("round trips while typing: each press on exactly one side, and released "
	     "there");
}

static void test_killed(void)
{
	move("keyboard", "g");
	type(KEY_A);
	expect("in the guest", in_guest, "30+ ");
	kill(wire.pid, SIGKILL);
	waitpid(wire.pid, NULL, 0);
	close(wire.socket);
	close(wire.control);
	type(-KEY_A);
	tap(KEY_B);
	for (int i = 0; i < 500 && at_host->len < 12; i++) {
		read_host(&keyboard);
		usleep(10000);
	}
	check("the host types on", strcmp(at_host->str, "30- 48+ 48- ") == 0);
	g_string_truncate(at_host, 0);
	start();
	move("keyboard", "g");
	tap(KEY_A);
	expect("in the guest", in_guest, "30+ 30- ");
	move("keyboard", "host");
	done("killed while the guest has the keyboard: the host types on, and it can begin again");
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	program = argv[1];
	presses_seen = mmap(NULL, sizeof *presses_seen, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	in_guest = g_string_new(NULL);
	at_host = g_string_new(NULL);
	make_keyboard();
	make_mouse();
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
	printf("1..%u\n", tests);
	return 0;
}
