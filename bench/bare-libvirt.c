/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bare-libvirt DOMAIN VENDOR:PRODUCT... - the minimum cost of moving USB devices with libvirt: an
 * open connection, a domain that is already looked up, and one call after another.
 *
 * Reads lines: "guest" attaches the devices, "host" detaches them. Answers each with
 * CLOCK_MONOTONIC in ns before the first call and after the last one.
 */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static long long now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int move(virDomainPtr domain, const char *device, int to_guest)
{
	char xml[256];
	snprintf(xml, sizeof xml,
		"<hostdev mode='subsystem' type='usb'><source><vendor id='0x%.4s'/>"
		"<product id='0x%.4s'/></source></hostdev>",
		device, device + 5);
	return to_guest ? virDomainAttachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE)
			: virDomainDetachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE);
}

int main(int argc, char **argv)
{
	char line[32];
	if (argc < 3)
		return fprintf(stderr, "bare-libvirt DOMAIN VENDOR:PRODUCT...\n"), 2;
	virConnectPtr connection = virConnectOpen("qemu:///system");
	virDomainPtr domain = connection ? virDomainLookupByName(connection, argv[1]) : NULL;
	if (!domain)
		return 1;
	while (fgets(line, sizeof line, stdin)) {
		long long start = now();
		for (int i = 2; i < argc; i++)
			if (move(domain, argv[i], !strncmp(line, "guest", 5)) < 0)
				return 1;
		printf("%lld %lld\n", start, now());
		fflush(stdout);
	}
	virDomainFree(domain);
	virConnectClose(connection);
	return 0;
}
