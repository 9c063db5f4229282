/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * input HOTSEAT_INPUTD [MILLIONS] - the cost of hotseat-inputd between an event node and QEMU's
 * socket, compared with the minimum for any program: only a read and a write. The event node is one
 * end of a socket pair, and this program acts as QEMU, which requests each report. Then it sends
 * MILLIONS (10) of reports, none of which may be lost or out of order, and counts how often an idle
 * hotseat-inputd wakes up.
 */
#include "../tests/input/wire.h"
#include "floor.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* a report of the mouse, as QEMU gets it */
#define MOUSE_PACKET (WIRE_HEADER + WIRE_BULK_HEADER + 11)

static void start_program(Wire *wire, const char *program, const char *path, guint port)
{
	g_autofree char *number = g_strdup_printf("%u", port);

	wire->pid = fork();
	if (wire->pid != 0)
		return;
	execl(program, program, "--simulate", "--control", path, "--listen", number, NULL);
	wire_die(program);
}

static void plug_in(Wire *wire, guint port)
{
	g_autofree char *configure = g_strdup_printf(
		"configure\nversion=1\nid=1\nguest=g\nport=%u\ndevice=d\ninput=x\n", port);
	g_autofree char *expect = g_strdup_printf("expect\nid=2\nguest=g\nuid=%u\n", getuid());
	int pair[2];

	wire_wait_for(wire->control, "welcome", "");
	wire_order(wire->control, configure, -1);
	wire_wait_for(wire->control, "result", "id=1");
	wire_order(wire->control, expect, -1);
	wire_wait_for(wire->control, "result", "id=2");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		wire_die("socketpair");
	wire->node = pair[0];
	wire_order(wire->control, "plug\ndevice=d\n", pair[1]);
	close(pair[1]);
	wire_wait_for(wire->control, "device", "presence=present");
}

static Wire *start_hotseat(const char *program, const char *folder)
{
	Wire *wire = g_new0(Wire, 1);
	g_autofree char *path = g_build_filename(folder, "control", NULL);
	guint port = wire_free_port();

	start_program(wire, program, path, port);
	wire->control = wire_connect_to_control(folder);
	plug_in(wire, port);
	wire_be_qemu(wire, port);
	wire_wait_for(wire->control, "guest", "state=ready");
	wire_order(wire->control, "move\nid=3\ndevice=d\nto=g\n", -1);
	wire_wait_for(wire->control, "result", "id=3");
	return wire;
}

/* ---- the floor */

static Wire *start_floor(void)
{
	Wire *wire = g_new0(Wire, 1);
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int pair[2], accepted;

	if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1) != 0 ||
		getsockname(listener, (struct sockaddr *)&address, &length) != 0 ||
		socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
		wire_die("the floor");
	wire->socket = wire_connect_to_port(ntohs(address.sin_port));
	accepted = accept(listener, NULL, NULL);
	(void)setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	wire->control = -1;
	wire->node = pair[0];
	wire->pid = fork();
	if (wire->pid == 0) {
		close(pair[0]);
		floor_loop(pair[1], accepted, MOUSE_PACKET);
	}
	close(pair[1]);
	close(accepted);
	close(listener);
	return wire;
}

static void stop(Wire *wire)
{
	kill(wire->pid, SIGTERM);
	waitpid(wire->pid, NULL, 0);
	close(wire->node);
	close(wire->socket);
	if (wire->control >= 0)
		close(wire->control);
	g_free(wire);
}

/* ---- measuring */

/* Nanoseconds on a processor, from /proc/PID/schedstat. */
static gint64 cpu_ns(const Wire *wire)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/schedstat", wire->pid);
	g_autofree char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) ? g_ascii_strtoll(text, NULL, 10) : 0;
}

static void emit(const Wire *wire, guint type, guint code, int value)
{
	struct input_event events[] = {
		{ .type = (guint16)type, .code = (guint16)code, .value = value }, { .type = EV_SYN }
	};

	wire_send(wire->node, events, sizeof events);
}

static int compare(const void *a, const void *b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

	return (x > y) - (x < y);
}

typedef struct {
	double p50, p99, p999, cpu; /* microseconds; cpu: for a report */
} Times;

static Times measure(Wire *wire, guint rate, guint n)
{
	g_autofree gint64 *times = g_new(gint64, n);
	gint64 at = wire_now_ns(), cpu = cpu_ns(wire);
	guint8 report[256];

	for (guint i = 0; i < n; i++) {
		struct timespec next = { at / 1000000000, at % 1000000000 };
		gint64 begun;

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
		begun = wire_now_ns();
		emit(wire, EV_REL, REL_X, 1);
		wire_next_report(wire, report);
		times[i] = wire_now_ns() - begun;
		wire_ask(wire);
		at += 1000000000 / rate;
	}
	cpu = cpu_ns(wire) - cpu;
	qsort(times, n, sizeof *times, compare);
	return (Times){ (double)times[n / 2] / 1e3, (double)times[n * 99 / 100] / 1e3,
		(double)times[(gsize)n * 999 / 1000] / 1e3, (double)cpu / n / 1e3 };
}

static void show(const char *what, guint rate, Times t)
{
	printf("%-16s %5u/s  p50 %6.1f  p99 %6.1f  p99.9 %6.1f us, processor %5.1f us\n", what,
		rate, t.p50, t.p99, t.p999, t.cpu);
}

static void compare_with_floor(const char *program, const char *folder)
{
	static const guint rates[] = { 125, 1000, 8000 };
	Wire *floor = start_floor(), *hotseat = start_hotseat(program, folder);

	for (gsize i = 0; i < G_N_ELEMENTS(rates); i++) {
		guint n = rates[i] * 4;
		Times least = measure(floor, rates[i], n), own = measure(hotseat, rates[i], n);

		show("floor", rates[i], least);
		show("hotseat-inputd", rates[i], own);
		printf("%-16s %5u/s  p50 %6.2f  p99 %6.2f times the floor\n", "", rates[i],
			own.p50 / least.p50, own.p99 / least.p99);
	}
	stop(floor);
	stop(hotseat);
}

/* ---- all of them */

typedef struct {
	gint64 sum;
	guint keys; /* reports of the keyboard */
	gboolean down;
	guint reports;
} Seen;

static void look(Seen *seen, const guint8 *report)
{
	seen->reports++;
	if (report[0] == HID_ID_MOUSE) {
		seen->sum += (gint16)(report[3] | report[4] << 8);
		return;
	}
	/* KEY_A is alternately pressed and released, with 1000 steps of motion before each */
	if ((report[2] & 1) == seen->down || seen->sum != 1000 * (gint64)(seen->keys + 1)) {
		fprintf(stderr, "bench/input: key %u came at %" G_GINT64_FORMAT "\n", seen->keys,
			seen->sum);
		exit(1);
	}
	seen->down = !seen->down;
	seen->keys++;
}

static void take(Wire *wire, Seen *seen)
{
	guint8 report[256];

	wire_next_report(wire, report);
	look(seen, report);
	wire_ask(wire);
}

static void take_if_there(Wire *wire, Seen *seen)
{
	guint8 report[256];

	if (wire_try_report(wire, report) == 0)
		return;
	look(seen, report);
	wire_ask(wire);
}

static void send_many(const char *program, const char *folder, guint millions)
{
	Wire *wire = start_hotseat(program, folder);
	gint64 n = (gint64)millions * 1000000, begun = wire_now_ns();
	Seen seen = { 0 };
	gboolean down = FALSE;

	for (gint64 i = 1; i <= n; i++) {
		emit(wire, EV_REL, REL_X, 1);
		if (i % 1000 == 0) {
			down = !down;
			emit(wire, EV_KEY, KEY_A, down);
			/* as many keys wait as the queue can hold */
			while (seen.keys + 32 < i / 1000)
				take(wire, &seen);
		}
		take_if_there(wire, &seen);
	}
	while (seen.keys < n / 1000 || seen.sum < n)
		take(wire, &seen);
	printf("%u million steps of motion and %u keys: all there and in order, in %u reports and "
	       "%.1f s\n",
		millions, seen.keys, seen.reports, (double)(wire_now_ns() - begun) / 1e9);
	stop(wire);
}

static gint64 wake_ups(const Wire *wire)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", wire->pid);
	g_autofree char *text = NULL;
	const char *line;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	line = strstr(text, "\nvoluntary_ctxt_switches:");
	return line != NULL ? g_ascii_strtoll(strchr(line, ':') + 1, NULL, 10) : 0;
}

static void sit_idle(const char *program, const char *folder)
{
	Wire *wire = start_hotseat(program, folder);
	gint64 before;

	/* deadlines of what was done before */
	sleep(3);
	before = wake_ups(wire);
	sleep(5);
	printf("idle for 5 s with a guest: %" G_GINT64_FORMAT " wake-ups\n",
		wake_ups(wire) - before);
	stop(wire);
}

int main(int argc, char **argv)
{
	g_autofree char *folder = g_dir_make_tmp("hotseat-wire-XXXXXX", NULL);

	if (argc < 2 || folder == NULL)
		return 2;
	compare_with_floor(argv[1], folder);
	send_many(argv[1], folder, argc > 2 ? (guint)atoi(argv[2]) : 10);
	sit_idle(argv[1], folder);
	rmdir(folder);
	return 0;
}
