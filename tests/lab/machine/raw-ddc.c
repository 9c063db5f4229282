/* SPDX-License-Identifier: GPL-3.0-or-later */
/* raw-ddc BUS FEATURE VALUE [N] - DDC/CI Set VCP, nothing but the 7 bytes.
 * With N: does it N times, VALUE and its predecessor alternating, and prints
 * one line for each: "<us open+ioctl> <us write> <us close>". */
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return fprintf(stderr, "raw-ddc BUS FEATURE VALUE [N]\n"), 2;
	int feature = strtol(argv[2], 0, 16), value = strtol(argv[3], 0, 16);
	int n = argc > 4 ? atoi(argv[4]) : 1;
	char dev[32];
	snprintf(dev, sizeof dev, "/dev/i2c-%d", atoi(argv[1]));
	for (int i = 0; i < n; i++) {
		unsigned char p[7] = { 0x51, 0x84, 0x03, feature, value >> 8, value, 0x6e };
		for (int j = 0; j < 6; j++)
			p[6] ^= p[j];
		double t0 = now();
		int fd = open(dev, O_RDWR);
		if (fd < 0 || ioctl(fd, I2C_SLAVE, 0x37) < 0)
			return perror(dev), 1;
		double t1 = now();
		if (write(fd, p, 7) != 7)
			return perror("write"), 1;
		double t2 = now();
		close(fd);
		double t3 = now();
		if (argc > 4) {
			printf("%.0f %.0f %.0f\n", t1 - t0, t2 - t1, t3 - t2);
			usleep(60000);
		}
	}
	return 0;
}
