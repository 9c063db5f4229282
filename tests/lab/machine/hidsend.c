/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hidsend DEV HOLD_MS HEX... - writes each HEX report to a /dev/hidgN, HOLD_MS
 * apart. Prints, for each, CLOCK_MONOTONIC in ns when it was written (the time
 * its host took it is within a polling interval after that). Fails with 1 when
 * a report is not taken within 20 s: no host polls the device. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TAKEN_MS = 20000 };

int main(int argc, char **argv)
{
	if (argc < 4)
		return fprintf(stderr, "hidsend DEV HOLD_MS HEX...\n"), 2;
	int fd = open(argv[1], O_RDWR | O_NONBLOCK);
	if (fd < 0)
		return perror(argv[1]), 1;
	for (int i = 3; i < argc; i++) {
		unsigned char r[64];
		int n = 0;
		for (char *p = argv[i]; p[0] && p[1] && n < 64; p += 2) {
			char b[3] = { p[0], p[1], 0 };
			r[n++] = strtol(b, 0, 16);
		}
		if (i > 3)
			usleep(atoi(argv[2]) * 1000);
		struct pollfd pf = { fd, POLLOUT, 0 };
		struct timespec t;
		if (poll(&pf, 1, TAKEN_MS) != 1 || write(fd, r, n) != n)
			return fprintf(stderr, "%s: no host takes the report\n", argv[1]), 1;
		clock_gettime(CLOCK_MONOTONIC, &t);
		printf("%lld\n", t.tv_sec * 1000000000LL + t.tv_nsec);
	}
	/* the last one is only queued: wait until it is taken */
	struct pollfd pf = { fd, POLLOUT, 0 };
	if (poll(&pf, 1, TAKEN_MS) != 1)
		return fprintf(stderr, "%s: no host takes the report\n", argv[1]), 1;
	return 0;
}
