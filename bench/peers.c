/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * peers HOTSEAT_INPUTD [KEYD] - what hotseat-inputd costs with real event nodes, compared with the
 * minimum for any program (read, write) and with keyd: from uinput's keyboard to the socket, or to
 * keyd's keyboard. Runs inside the test's guest, as root; see peers.sh. The machine is emulated:
 * the ratios are meaningful, the microseconds only in comparison.
 */
#include "../tests/input/wire.h"
#include "floor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT	   49203
#define FOLDER	   "/tmp/peers"
#define VENDOR	   0x1234
#define KEY_PACKET (WIRE_HEADER + WIRE_BULK_HEADER + 2 + HID_KEYS_BYTES)
#define REPORTS	   4000
#define SETTLE_US  1500000

typedef struct {
	const char *name;
	guint16 product; /* of its keyboard */
	int keyboard;	 /* uinput's */
	int out;	 /* an event node; -1: reports come at wire */
	Wire wire;
} Subject;

typedef struct {
	double p50, p99, p999, cpu; /* microseconds; cpu: for a report */
} Times;

/* ---- keyboards */

static int make_keyboard(const char *name, guint16 product)
{
	struct uinput_setup setup = {
		.id = { .bustype = BUS_USB, .vendor = VENDOR, .product = product }
	};
	int fd = open("/dev/uinput", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	g_strlcpy(setup.name, name, sizeof setup.name);
	ioctl(fd, UI_SET_EVBIT, EV_KEY);
	for (guint code = 1; code < 200; code++)
		ioctl(fd, UI_SET_KEYBIT, code);
	if (fd < 0 || ioctl(fd, UI_DEV_SETUP, &setup) < 0 || ioctl(fd, UI_DEV_CREATE) < 0)
		wire_die("uinput");
	return fd;
}

/* Tries for five seconds. */
static int open_node(const char *name)
{
	for (int i = 0; i < 500; i++) {
		g_autofree char *path = g_strdup_printf("/dev/input/event%d", i % 16);
		int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		char found[100] = "";

		if (fd >= 0 && ioctl(fd, EVIOCGNAME(sizeof found - 1), found) >= 0 &&
			strcmp(found, name) == 0)
			return fd;
		if (fd >= 0)
			close(fd);
		g_usleep(10000);
	}
	wire_die(name);
}

static void press(const Subject *subject, int value)
{
	struct input_event events[] = { { .type = EV_KEY, .code = KEY_A, .value = value },
		{ .type = EV_SYN } };

	if (write(subject->keyboard, events, sizeof events) != sizeof events)
		wire_die("uinput");
}

/* ---- the floor */

static void start_floor(Subject *subject, const char *unused)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int node = open_node(subject->name), accepted;

	if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1) != 0 ||
		getsockname(listener, (struct sockaddr *)&address, &length) != 0 ||
		ioctl(node, EVIOCGRAB, 1UL) != 0)
		wire_die("the floor");
	subject->wire.socket = wire_connect_to_port(ntohs(address.sin_port));
	accepted = accept(listener, NULL, NULL);
	(void)setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	subject->wire.pid = fork();
	if (subject->wire.pid == 0)
		floor_loop(node, accepted, KEY_PACKET);
	close(node);
	close(accepted);
	close(listener);
}

/* ---- hotseat-inputd, and keyd */

static void start_hotseat(Subject *subject, const char *program)
{
	Wire *wire = &subject->wire;
	g_autofree char *configure = g_strdup_printf(
		"configure\nversion=1\nid=1\nguest=g\nport=%u\ndevice=d\ninput=%s\n", PORT,
		subject->name);

	g_mkdir_with_parents(FOLDER, 0700);
	wire->pid = fork();
	if (wire->pid == 0) {
		execl(program, program, "--control", FOLDER "/control", "--listen", "49203", NULL);
		wire_die(program);
	}
	wire->control = wire_connect_to_control(FOLDER);
	wire_wait_for(wire->control, "welcome", "");
	wire_order(wire->control, configure, -1);
	wire_wait_for(wire->control, "result", "id=1");
	wire_order(wire->control, "expect\nid=2\nguest=g\nuid=0\n", -1);
	wire_wait_for(wire->control, "result", "id=2");
	wire_be_qemu(wire, PORT);
	wire_wait_for(wire->control, "guest", "state=ready");
	wire_order(wire->control, "move\nid=3\ndevice=d\nto=g\n", -1);
	wire_wait_for(wire->control, "result", "id=3");
}

static void start_keyd(Subject *subject, const char *program)
{
	g_autofree char *config =
		g_strdup_printf("[ids]\n%04x:%04x\n\n[main]\n", VENDOR, subject->product);

	if (g_mkdir_with_parents("/etc/keyd", 0755) != 0 ||
		g_mkdir_with_parents("/var/run", 0755) != 0 ||
		!g_file_set_contents("/etc/keyd/default.conf", config, -1, NULL))
		wire_die("/etc/keyd");
	subject->wire.pid = fork();
	if (subject->wire.pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execl(program, program, NULL);
		wire_die(program);
	}
	subject->out = open_node("keyd virtual keyboard");
}

/* ---- measuring */

static void wait_for_event(int node)
{
	struct pollfd p = { .fd = node, .events = POLLIN };
	struct input_event event;

	for (;;) {
		while (read(node, &event, sizeof event) == sizeof event)
			if (event.type == EV_KEY && event.value != 2)
				return;
		if (poll(&p, 1, 5000) <= 0)
			wire_die("no key came");
	}
}

static void wait_for_key(Subject *subject)
{
	guint8 report[256];

	if (subject->out >= 0) {
		wait_for_event(subject->out);
		return;
	}
	wire_next_report(&subject->wire, report);
}

/* Nanoseconds on a processor, from /proc/PID/schedstat. */
static gint64 cpu_ns(const Subject *subject)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/schedstat", subject->wire.pid);
	g_autofree char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) ? g_ascii_strtoll(text, NULL, 10) : 0;
}

static int compare(const void *a, const void *b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

	return (x > y) - (x < y);
}

static Times measure(Subject *subject, guint rate, guint n)
{
	g_autofree gint64 *times = g_new(gint64, n);
	gint64 at = wire_now_ns(), cpu = cpu_ns(subject);

	for (guint i = 0; i < n; i++) {
		struct timespec next = { at / 1000000000, at % 1000000000 };
		gint64 begun;

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
		begun = wire_now_ns();
		press(subject, i % 2 == 0);
		wait_for_key(subject);
		times[i] = wire_now_ns() - begun;
		wire_ask(&subject->wire);
		at += 1000000000 / rate;
	}
	cpu = cpu_ns(subject) - cpu;
	qsort(times, n, sizeof *times, compare);
	return (Times){ (double)times[n / 2] / 1e3, (double)times[n * 99 / 100] / 1e3,
		(double)times[(gsize)n * 999 / 1000] / 1e3, (double)cpu / n / 1e3 };
}

static void show(const Subject *subject, guint rate, Times t, Times floor)
{
	printf("%-16s %5u/s  p50 %7.1f  p99 %7.1f  p99.9 %7.1f us, processor %6.1f us; p50 %5.2f  "
	       "p99 %5.2f times the floor\n",
		subject->name, rate, t.p50, t.p99, t.p999, t.cpu, t.p50 / floor.p50,
		t.p99 / floor.p99);
	fflush(stdout);
}

static void begin(
	Subject *subject, void (*start)(Subject *subject, const char *program), const char *program)
{
	subject->out = subject->wire.control = -1;
	subject->keyboard = make_keyboard(subject->name, subject->product);
	start(subject, program);
}

int main(int argc, char **argv)
{
	static const guint rates[] = { 125, 1000, 8000 };
	Subject subjects[] = { { .name = "floor", .product = 1 },
		{ .name = "hotseat-inputd", .product = 2 }, { .name = "keyd", .product = 3 } };
	guint n = argc > 2 ? 3 : 2;

	if (argc < 2)
		return 2;
	begin(&subjects[0], start_floor, NULL);
	begin(&subjects[1], start_hotseat, argv[1]);
	if (n > 2)
		begin(&subjects[2], start_keyd, argv[2]);
	g_usleep(SETTLE_US);
	for (gsize i = 0; i < G_N_ELEMENTS(rates); i++) {
		Times floor = { 0 };

		for (guint s = 0; s < n; s++) {
			Times t = measure(&subjects[s], rates[i], MIN(4 * rates[i], REPORTS));

			floor = s == 0 ? t : floor;
			show(&subjects[s], rates[i], t, floor);
		}
	}
	for (guint s = 0; s < n; s++)
		kill(subjects[s].wire.pid, SIGTERM);
	return 0;
}
