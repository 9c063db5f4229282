/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the doctor finds in libvirt's hooks.
 */
#include "doctor-desk.h"

#include <glib/gstdio.h>
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
		"systemctl start /no/such/file\n"
		"echo \"hotseat switch guest\" >>/tmp/log\nlogger hotseat switch\n"
		"systemctl restart hotseat-switcher\ngit switch hotseat\n");
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
		"su - anna -c 'hotseat switch guest'",
		"su anna -c \"/usr/bin/hotseat switch guest\"",
		"subprocess.run([\"hotseat\", \"switch\", sys.argv[1]])",
		"subprocess.run(['/usr/bin/hotseat', '--socket', path, 'switch', 'guest'])",
		"os.system(\"hotseat switch guest\")",
		"\"$HOTSEAT\" switch guest",
		"${hotseat_bin} switch guest",
		"hotseat \\\n\t\tswitch guest",
		"echo \"$(hotseat switch guest)\"",
		"echo moving; hotseat switch guest",
		"requests.post(\"http://192.168.122.1:5001/switch\", json={\"to\": \"guest\"})",
		"curl -X POST \\\n\t\t-d '{\"to\":\"guest\"}' \\\n\t\thttp://127.0.0.1:5001/switch",
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
		"#!/bin/sh\nvirsh attach-device win11 /etc/k.xml\n/usr/local/bin/vfio-startup\n"
		"exec /opt/more\n");
	make(desk, "/opt/more", "#!/usr/bin/env python3\nsubprocess.run(['/opt/last', 'x'])\n");
	make(desk, "/opt/last", "#!/bin/sh\n\nddcutil setvcp 60 17\n");
	examine(desk);
	assert_count(desk, FINDING_WARNING, "hooks", 3);
	finding = pick(desk, FINDING_WARNING, "hooks", "line 2: the hook waits");
	g_assert_cmpstr(finding->thing, ==, HOOKS "qemu.d/win11/started/begin/seat.sh");
	g_assert_nonnull(strstr(finding->advice, "follow: true"));
	finding = pick(desk, FINDING_WARNING, "hooks", "line 2: the hook moves");
	g_assert_cmpstr(finding->thing, ==, "/usr/local/bin/vfio-startup");
}

/* A dispatcher's shell runs it all the same. */
static void test_without_language(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *path = NULL;

	make(desk, "/config.yaml", GUEST DISPLAY);
	make(desk, HOOKS "qemu.d/win11/started/begin/seat", "hotseat switch guest\n");
	examine(desk);
	assert_count(desk, FINDING_WARNING, "hooks", 0);
	path = g_build_filename(desk->root, HOOKS "qemu.d/win11/started/begin/seat", NULL);
	g_assert_cmpint(g_chmod(path, 0700), ==, 0);
	assert_finds(desk, FINDING_WARNING, "hooks", "line 1: the hook waits", NULL);
}

static void test_moves(DoctorDesk *desk, gconstpointer unused)
{
	make(desk, "/config.yaml", GUEST DISPLAY);
	make(desk, HOOKS "qemu.d/seat",
		"#!/usr/bin/env bash\nddcutil --bus 4 setvcp 60 0x11\n"
		"virsh -c qemu:///system detach-device win11 --file k.xml\n");
	assert_finds(desk, FINDING_WARNING, "hooks", "line 2: the hook moves", NULL);
	assert_finds(desk, FINDING_WARNING, "hooks", "line 3: the hook moves", NULL);
	make(desk, HOOKS "qemu.d/python",
		"#!/usr/bin/env python3\n\n\n\ndomain.attachDeviceFlags(xml, 1)\n"
		"subprocess.run(['ddcutil', 'setvcp', '60', '0x11'])\n"
		"subprocess.call(['virsh', 'attach-device', name, path])\n");
	make(desk, HOOKS "qemu.d/other",
		"#!/bin/sh\n\n\n\n\n\n\nddccontrol -r 0x60 -w 17 dev:/dev/i2c-4\n"
		"virsh qemu-monitor-command win11 --hmp device_add usb-host,hostbus=3\n");
	for (guint line = 5; line <= 9; line++) {
		g_autofree char *text = g_strdup_printf("line %u: the hook moves", line);

		assert_finds(desk, FINDING_WARNING, "hooks", text, NULL);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST("hooks/none", test_none);
	TEST("hooks/waits", test_waits);
	TEST("hooks/elsewhere", test_elsewhere);
	TEST("hooks/without-language", test_without_language);
	TEST("hooks/moves", test_moves);
	return g_test_run();
}
