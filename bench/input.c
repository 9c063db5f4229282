/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * input HOTSEAT_INPUTD [MILLIONS] - what hotseat-inputd costs between an event node and QEMU's
 * socket, beside the least that any program could cost: read, write, and nothing between them. The
 * event node is one end of a socket pair, and this program is QEMU: it asks for each report. Then
 * MILLIONS (10) of reports, none of which may be lost or out of order; and how often an idle
 * hotseat-inputd wakes up.
 */
#include "input/hid.h"
#include "input/protocol.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <usbredirproto.h>

/* the kernel's header, usbredir's, and a report */
#define HEADER	     sizeof(struct usb_redir_header)
#define BULK_HEADER  sizeof(struct usb_redir_bulk_packet_header)
#define MOUSE_PACKET (HEADER + BULK_HEADER + 11)

typedef struct {
	pid_t pid;
	int node;      /* the event node's end that stands for the device */
	int socket;    /* QEMU's end */
	int control;   /* -1: none */
	gboolean asks; /* reports come when they are asked for */
	guint64 id;
	guint8 buffer[1 << 16];
	gsize length;
} Bench;

static G_NORETURN void die(const char *what)
{
	fprintf(stderr, "bench/input: %s: %s\n", what, strerror(errno));
	exit(1);
}

static gint64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (gint64)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void send_all(int fd, const void *bytes, gsize length)
{
	if (send(fd, bytes, length, MSG_NOSIGNAL) != (gssize)length)
		die("send");
}

/* ---- QEMU's side */

static void send_packet(Bench *bench, guint32 type, const void *body, guint32 length)
{
	guint8 packet[256];
	struct usb_redir_header header = { .type = type, .length = length, .id = ++bench->id };

	memcpy(packet, &header, sizeof header);
	memcpy(packet + sizeof header, body, length);
	send_all(bench->socket, packet, sizeof header + length);
}

static void ask(Bench *bench)
{
	struct usb_redir_bulk_packet_header header = { .endpoint = HID_ENDPOINT_MAIN,
		.length = HID_PACKET_MAIN };

	if (bench->asks)
		send_packet(bench, usb_redir_bulk_packet, &header, sizeof header);
}

static void say_hello(Bench *bench)
{
	struct {
		guint32 type, length, id;
		char version[64];
		guint32 caps;
	} hello = { usb_redir_hello, 68, 0, "bench",
		1u << usb_redir_cap_connect_device_version |
			1u << usb_redir_cap_ep_info_max_packet_size |
			1u << usb_redir_cap_64bits_ids | 1u << usb_redir_cap_32bits_bulk_length };

	send_all(bench->socket, &hello, sizeof hello);
}

static void receive_more(Bench *bench)
{
	ssize_t n = recv(bench->socket, bench->buffer + bench->length,
		sizeof bench->buffer - bench->length, 0);

	if (n <= 0)
		die("the connection is over");
	bench->length += (gsize)n;
}

static void skip(Bench *bench, gsize n)
{
	bench->length -= n;
	memmove(bench->buffer, bench->buffer + n, bench->length);
}

/* The next report into report; its length. Other packets are skipped. first: hellos have short
 * headers. */
static gsize next_report(Bench *bench, guint8 *report)
{
	for (;;) {
		struct usb_redir_header header;

		while (bench->length < HEADER)
			receive_more(bench);
		memcpy(&header, bench->buffer, HEADER);
		while (bench->length < HEADER + header.length)
			receive_more(bench);
		if (header.type == usb_redir_bulk_packet) {
			gsize n = header.length - BULK_HEADER;

			memcpy(report, bench->buffer + HEADER + BULK_HEADER, n);
			skip(bench, HEADER + header.length);
			return n;
		}
		skip(bench, HEADER + header.length);
	}
}

/* ---- hotseatd's side */

static void order(int control, const char *text, int fd)
{
	struct iovec part = { (char *)text, strlen(text) };
	_Alignas(struct cmsghdr) char rights[CMSG_SPACE(sizeof fd)] = { 0 };
	struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd >= 0) {
		struct cmsghdr *c = (struct cmsghdr *)(void *)rights;

		header.msg_control = rights;
		header.msg_controllen = sizeof rights;
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(c), &fd, sizeof fd);
	}
	if (sendmsg(control, &header, 0) < 0)
		die("the control socket");
}

/* Reads messages until one begins and goes on like that. */
static void wait_for(int control, const char *begin, const char *part)
{
	static char packet[PROTOCOL_MESSAGE_MAX + 1];

	for (;;) {
		ssize_t n = recv(control, packet, PROTOCOL_MESSAGE_MAX, 0);

		if (n <= 0)
			die(begin);
		packet[n] = '\0';
		if (g_str_has_prefix(packet, begin) && strstr(packet, part) != NULL)
			return;
		if (strstr(packet, "error=") != NULL) {
			fprintf(stderr, "bench/input: %s", packet);
			exit(1);
		}
	}
}

static int connect_to(const struct sockaddr *address, socklen_t length, int type)
{
	for (int i = 0; i < 500; i++) {
		int fd = socket(address->sa_family, type | SOCK_CLOEXEC, 0);

		if (connect(fd, address, length) == 0)
			return fd;
		close(fd);
		usleep(10000);
	}
	die("connect");
}

static guint free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, length) != 0 ||
		getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		die("a port");
	close(fd);
	return ntohs(address.sin_port);
}

static int connect_to_port(guint port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((guint16)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = connect_to((struct sockaddr *)&address, sizeof address, SOCK_STREAM);

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	return fd;
}

static void start_program(Bench *bench, const char *program, const char *path, guint port)
{
	g_autofree char *number = g_strdup_printf("%u", port);

	bench->pid = fork();
	if (bench->pid != 0)
		return;
	execl(program, program, "--simulate", "--control", path, "--listen", number, NULL);
	die(program);
}

static void plug_in(Bench *bench, guint port)
{
	g_autofree char *configure = g_strdup_printf(
		"configure\nversion=1\nid=1\nguest=g\nport=%u\ndevice=d\ninput=x\n", port);
	g_autofree char *expect = g_strdup_printf("expect\nid=2\nguest=g\nuid=%u\n", getuid());
	int pair[2];

	wait_for(bench->control, "welcome", "");
	order(bench->control, configure, -1);
	wait_for(bench->control, "result", "id=1");
	order(bench->control, expect, -1);
	wait_for(bench->control, "result", "id=2");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		die("socketpair");
	bench->node = pair[0];
	order(bench->control, "plug\ndevice=d\n", pair[1]);
	close(pair[1]);
	wait_for(bench->control, "device", "presence=present");
}

static Bench *start_hotseat(const char *program, const char *folder)
{
	Bench *bench = g_new0(Bench, 1);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	guint port = free_port();

	g_snprintf(address.sun_path, sizeof address.sun_path, "%s/control", folder);
	start_program(bench, program, address.sun_path, port);
	bench->control = connect_to((struct sockaddr *)&address, sizeof address, SOCK_SEQPACKET);
	plug_in(bench, port);
	bench->asks = TRUE;
	bench->socket = connect_to_port(port);
	say_hello(bench);
	while (bench->length < 12 + 64 + 4)
		receive_more(bench);
	skip(bench, 12 + 64 + 4); /* its hello, which has a short header */
	send_packet(bench, usb_redir_set_configuration, (guint8[]){ 1 }, 1);
	ask(bench);
	wait_for(bench->control, "guest", "state=ready");
	order(bench->control, "move\nid=3\ndevice=d\nto=g\n", -1);
	wait_for(bench->control, "result", "id=3");
	return bench;
}

/* ---- the floor */

static G_NORETURN void bare_loop(int node, int socket)
{
	static guint8 packet[MOUSE_PACKET];
	struct epoll_event event = { .events = EPOLLIN };
	struct usb_redir_header header = { .type = usb_redir_bulk_packet,
		.length = MOUSE_PACKET - HEADER };
	int epoll = epoll_create1(0);
	struct input_event events[64];

	memcpy(packet, &header, sizeof header);
	epoll_ctl(epoll, EPOLL_CTL_ADD, node, &event);
	while (epoll_wait(epoll, &event, 1, -1) > 0) {
		if (read(node, events, sizeof events) <= 0)
			_exit(0);
		send_all(socket, packet, sizeof packet);
	}
	_exit(1);
}

static Bench *start_floor(void)
{
	Bench *bench = g_new0(Bench, 1);
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int pair[2], accepted;

	if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1) != 0 ||
		getsockname(listener, (struct sockaddr *)&address, &length) != 0 ||
		socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
		die("the floor");
	bench->socket = connect_to_port(ntohs(address.sin_port));
	accepted = accept(listener, NULL, NULL);
	(void)setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	bench->control = -1;
	bench->node = pair[0];
	bench->pid = fork();
	if (bench->pid == 0) {
		close(pair[0]);
		bare_loop(pair[1], accepted);
	}
	close(pair[1]);
	close(accepted);
	close(listener);
	return bench;
}

static void stop(Bench *bench)
{
	kill(bench->pid, SIGTERM);
	waitpid(bench->pid, NULL, 0);
	close(bench->node);
	close(bench->socket);
	if (bench->control >= 0)
		close(bench->control);
	g_free(bench);
}

/* ---- measuring */

/* Nanoseconds on a processor, of /proc/PID/schedstat. */
static gint64 cpu_ns(const Bench *bench)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/schedstat", bench->pid);
	g_autofree char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) ? g_ascii_strtoll(text, NULL, 10) : 0;
}

static void emit(const Bench *bench, guint type, guint code, int value)
{
	struct input_event events[] = {
		{ .type = (guint16)type, .code = (guint16)code, .value = value }, { .type = EV_SYN }
	};

	send_all(bench->node, events, sizeof events);
}

static int compare(const void *a, const void *b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

	return (x > y) - (x < y);
}

typedef struct {
	double p50, p99, p999, cpu; /* microseconds; cpu: for a report */
} Times;

static Times measure(Bench *bench, guint rate, guint n)
{
	g_autofree gint64 *times = g_new(gint64, n);
	gint64 at = now_ns(), cpu = cpu_ns(bench);
	guint8 report[256];

	for (guint i = 0; i < n; i++) {
		struct timespec next = { at / 1000000000, at % 1000000000 };
		gint64 begun;

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
		begun = now_ns();
		emit(bench, EV_REL, REL_X, 1);
		next_report(bench, report);
		times[i] = now_ns() - begun;
		ask(bench);
		at += 1000000000 / rate;
	}
	cpu = cpu_ns(bench) - cpu;
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
	Bench *floor = start_floor(), *hotseat = start_hotseat(program, folder);

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
	/* KEY_A goes down and up in turns, and 1000 steps of motion before each */
	if ((report[2] & 1) == seen->down || seen->sum != 1000 * (gint64)(seen->keys + 1)) {
		fprintf(stderr, "bench/input: key %u came at %" G_GINT64_FORMAT "\n", seen->keys,
			seen->sum);
		exit(1);
	}
	seen->down = !seen->down;
	seen->keys++;
}

static void take(Bench *bench, Seen *seen)
{
	guint8 report[256];

	next_report(bench, report);
	look(seen, report);
	ask(bench);
}

static gboolean has_more(Bench *bench)
{
	struct pollfd p = { .fd = bench->socket, .events = POLLIN };

	return bench->length > 0 || poll(&p, 1, 0) > 0;
}

static void send_many(const char *program, const char *folder, guint millions)
{
	Bench *bench = start_hotseat(program, folder);
	gint64 n = (gint64)millions * 1000000, begun = now_ns();
	Seen seen = { 0 };
	gboolean down = FALSE;

	for (gint64 i = 1; i <= n; i++) {
		emit(bench, EV_REL, REL_X, 1);
		if (i % 1000 == 0) {
			down = !down;
			emit(bench, EV_KEY, KEY_A, down);
			/* as many keys wait as the queue takes */
			while (seen.keys + 32 < i / 1000)
				take(bench, &seen);
		}
		if (has_more(bench))
			take(bench, &seen);
	}
	while (seen.keys < n / 1000 || seen.sum < n)
		take(bench, &seen);
	printf("%u million steps of motion and %u keys: all there and in order, in %u reports and "
	       "%.1f s\n",
		millions, seen.keys, seen.reports, (double)(now_ns() - begun) / 1e9);
	stop(bench);
}

static gint64 wake_ups(const Bench *bench)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", bench->pid);
	g_autofree char *text = NULL;
	const char *line;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	line = strstr(text, "\nvoluntary_ctxt_switches:");
	return line != NULL ? g_ascii_strtoll(strchr(line, ':') + 1, NULL, 10) : 0;
}

static void sit_idle(const char *program, const char *folder)
{
	Bench *bench = start_hotseat(program, folder);
	gint64 before;

	/* deadlines of what was done before */
	sleep(3);
	before = wake_ups(bench);
	sleep(5);
	printf("idle for 5 s with a guest: %" G_GINT64_FORMAT " wake-ups\n",
		wake_ups(bench) - before);
	stop(bench);
}

int main(int argc, char **argv)
{
	g_autofree char *folder = g_dir_make_tmp("hotseat-bench-XXXXXX", NULL);

	if (argc < 2 || folder == NULL)
		return 2;
	compare_with_floor(argv[1], folder);
	send_many(argv[1], folder, argc > 2 ? (guint)atoi(argv[2]) : 10);
	sit_idle(argv[1], folder);
	rmdir(folder);
	return 0;
}
