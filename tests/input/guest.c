/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In the test's guest: all its event nodes are read, and every event goes out on the virtio-serial
 * port that is the argument, with the kernel's time. Commands come in there, a line each:
 *	list			a record for each event node: how many keys it has
 *	led NODE LED 0|1	sets an LED
 *	ping NUMBER		comes back
 * A record is a struct record, little-endian. Types from 0xf0 on are its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define NODES 32
#define MAGIC 0x48535431u

enum { NODE_CAME = 0xf0, NODE_GONE, LISTED, PONG, STARTED };

struct record {
	uint64_t ns; /* CLOCK_MONOTONIC */
	uint32_t magic;
	uint16_t node, type, code, pad;
	int32_t value;
};

static int port;
static int nodes[NODES];

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void send_all(const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n > 0) {
		ssize_t done = write(port, at, n);

		if (done > 0) {
			at += done;
			n -= (size_t)done;
		} else if (errno == EAGAIN) {
			struct pollfd p = { .fd = port, .events = POLLOUT };

			poll(&p, 1, 100);
		} else {
			return;
		}
	}
}

static void report(int node, int type, int code, int value)
{
	struct record r = { now_ns(), MAGIC, (uint16_t)node, (uint16_t)type, (uint16_t)code, 0,
		value };

	send_all(&r, sizeof r);
}

static void look_for_nodes(void)
{
	for (int i = 0; i < NODES; i++) {
		char path[40];
		int clock = CLOCK_MONOTONIC;

		snprintf(path, sizeof path, "/dev/input/event%d", i);
		if (nodes[i] >= 0 || (nodes[i] = open(path, O_RDWR | O_NONBLOCK)) < 0)
			continue;
		ioctl(nodes[i], EVIOCSCLOCKID, &clock);
		report(i, NODE_CAME, 0, 0);
	}
}

static void list_nodes(void)
{
	for (int i = 0; i < NODES; i++) {
		unsigned char keys[KEY_MAX / 8 + 1] = { 0 }, relative[4] = { 0 };
		int n = 0;

		if (nodes[i] < 0)
			continue;
		ioctl(nodes[i], EVIOCGBIT(EV_KEY, sizeof keys), keys);
		ioctl(nodes[i], EVIOCGBIT(EV_REL, sizeof relative), relative);
		for (size_t b = 0; b < sizeof keys; b++)
			n += __builtin_popcount(keys[b]);
		report(i, LISTED, n, relative[0] | relative[1] << 8);
	}
}

static void obey(const char *line)
{
	int a, b, c;

	if (sscanf(line, "ping %d", &a) == 1) {
		report(0, PONG, 0, a);
	} else if (strcmp(line, "list") == 0) {
		list_nodes();
	} else if (sscanf(line, "led %d %d %d", &a, &b, &c) == 3 && a >= 0 && a < NODES) {
		struct input_event events[2] = {
			{ .type = EV_LED, .code = (uint16_t)b, .value = c }, { .type = EV_SYN }
		};

		if (write(nodes[a], events, sizeof events) < 0)
			perror("led");
	}
}

static void read_commands(void)
{
	static char line[512];
	static size_t have;
	ssize_t n = read(port, line + have, sizeof line - 1 - have);
	char *at = line, *end;

	if (n <= 0)
		return;
	have += (size_t)n;
	line[have] = '\0';
	while ((end = strchr(at, '\n')) != NULL) {
		*end = '\0';
		obey(at);
		at = end + 1;
	}
	have = strlen(at);
	memmove(line, at, have + 1);
}

static void read_node(int i)
{
	struct input_event events[64];
	struct record records[64];
	ssize_t n = read(nodes[i], events, sizeof events);
	size_t count = 0;

	if (n <= 0 && errno != EAGAIN) {
		close(nodes[i]);
		nodes[i] = -1;
		report(i, NODE_GONE, 0, 0);
		return;
	}
	for (size_t e = 0; n > 0 && e < (size_t)n / sizeof *events; e++)
		if (events[e].type == EV_KEY || events[e].type == EV_REL ||
			(events[e].type == EV_SYN && events[e].code == SYN_DROPPED))
			records[count++] = (struct record){
				(uint64_t)events[e].input_event_sec * 1000000000u +
					(uint64_t)events[e].input_event_usec * 1000u,
				MAGIC, (uint16_t)i, events[e].type, events[e].code, 0,
				events[e].value
			};
	send_all(records, count * sizeof *records);
}

int main(int argc, char **argv)
{
	if (argc < 2 || (port = open(argv[1], O_RDWR | O_NONBLOCK)) < 0)
		return 1;
	memset(nodes, 0xff, sizeof nodes);
	report(0, STARTED, 0, 0);
	for (;;) {
		struct pollfd fds[NODES + 1] = { { .fd = port, .events = POLLIN } };

		look_for_nodes();
		for (int i = 0; i < NODES; i++)
			fds[i + 1] = (struct pollfd){ .fd = nodes[i], .events = POLLIN };
		poll(fds, NODES + 1, 100);
		for (int i = 0; i < NODES; i++)
			if (fds[i + 1].revents != 0)
				read_node(i);
		if ((fds[0].revents & POLLIN) != 0)
			read_commands();
		else if ((fds[0].revents & POLLHUP) != 0)
			usleep(20000);
	}
}
