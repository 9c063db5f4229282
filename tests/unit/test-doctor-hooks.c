/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the doctor finds in libvirt's hooks.
 */
#include "doctor-desk.h"

#include <string.h>

#define HOOKS "/etc/libvirt/hooks/"

static void test_none(DoctorDesk *desk, gconstpointer unused)
{
	make(desk, "/config.yaml", GUEST DISPLAY);
	examine(desk);
	assert_count(desk, FINDING_WARNING, "hooks", 0);
	make(desk, HOOKS "qemu",
		"#!/bin/sh\n# hotseat switch guest\n  #curl http://kvm/switch\n"
		"hotseat status\nhotseat switch --no-wait guest\nvirsh list\nddcutil detect\n"
		"curl -d '{\"to\":\"guest\",\"wait\":false}' http://127.0.0.1:5001/switch\n"
		"systemctl start /no/such/file\n");
	make(desk, HOOKS "qemu.d/win11/notes.txt", "hotseat switch guest\n");
	examine(desk);
	assert_count(desk, FINDING_WARNING, "hooks", 0);
}

static void test_waits(DoctorDesk *desk, gconstpointer unused)
{
	static const char *const lines[] = {
		"hotseat switch guest",
		"[ \"$2\" = started ] && /usr/bin/hotseat --socket /run/x switch guest",
		"timeout 30 hotseat switch \"$1\" &",
		"out=$(hotseat switch toggle)",
		"curl -X POST -d '{\"to\":\"guest\"}' http://192.168.122.1:5001/switch",
		"curl --unix-socket /run/hotseat/hotseat.sock -d @body http://x/switch",
	};

	make(desk, "/config.yaml", GUEST DISPLAY);
	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *text =
			g_strdup_printf("#!/bin/bash\n\nif true; then\n\t%s\nfi\n", lines[i]);

		make(desk, HOOKS "qemu", text);
		assert_finds(desk, FINDING_WARNING, "hooks", "line 4: the hook waits", NULL);
		assert_count(desk, FINDING_WARNING, "hooks", 1);
	}
}

/* In the folders of a dispatcher, and in the scripts that a hook calls. */
static void test_elsewhere(DoctorDesk *desk, gconstpointer unused)
{
	const Finding *finding;

	make(desk, "/config.yaml", GUEST DISPLAY);
	make(desk, HOOKS "qemu", "#!/bin/sh\n/usr/local/bin/vfio-startup \"$1\"\n");
	make(desk, HOOKS "qemu.d/win11/started/begin/seat.sh", "#!/bin/sh\nhotseat switch guest\n");
	make(desk, "/usr/local/bin/vfio-startup",
		"#!/bin/sh\nvirsh attach-device win11 /etc/k.xml\n/usr/local/bin/vfio-startup\n");
	examine(desk);
	assert_count(desk, FINDING_WARNING, "hooks", 2);
	finding = pick(desk, FINDING_WARNING, "hooks", "line 2: the hook waits");
	g_assert_cmpstr(finding->thing, ==, HOOKS "qemu.d/win11/started/begin/seat.sh");
	g_assert_nonnull(strstr(finding->advice, "follow: true"));
	finding = pick(desk, FINDING_WARNING, "hooks", "line 2: the hook moves");
	g_assert_cmpstr(finding->thing, ==, "/usr/local/bin/vfio-startup");
}

static void test_moves(DoctorDesk *desk, gconstpointer unused)
{
	make(desk, "/config.yaml", GUEST DISPLAY);
	make(desk, HOOKS "qemu.d/seat",
		"#!/usr/bin/env bash\nddcutil --bus 4 setvcp 60 0x11\n"
		"virsh -c qemu:///system detach-device win11 --file k.xml\n");
	assert_finds(desk, FINDING_WARNING, "hooks", "line 2: the hook moves", NULL);
	assert_finds(desk, FINDING_WARNING, "hooks", "line 3: the hook moves", NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST("hooks/none", test_none);
	TEST("hooks/waits", test_waits);
	TEST("hooks/elsewhere", test_elsewhere);
	TEST("hooks/moves", test_moves);
	return g_test_run();
}
