/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands to paste that have to do with libvirt, and which daemon of it a machine uses.
 */
#include "guest/advice.h"
#include "tree.h"

static void test_virsh(void)
{
	static const struct {
		const char *uri, *virsh;
	} rows[] = {
		{ "qemu:///system", "virsh -c qemu:///system" },
		{ "qemu+ssh://root@desk/system", "virsh -c qemu+ssh://root@desk/system" },
		{ "qemu:///system?socket=/x", "virsh -c 'qemu:///system?socket=/x'" },
	};
	g_autofree char *add = advice_add_ports("virsh", "Windows 11", FALSE);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *virsh = advice_virsh(rows[i].uri);

		g_assert_cmpstr(virsh, ==, rows[i].virsh);
	}
	g_assert_true(
		g_str_has_suffix(add, "| virsh attach-device 'Windows 11' /dev/stdin --config"));
}

static void test_session(void)
{
	g_assert_true(advice_is_session("qemu:///session"));
	g_assert_true(advice_is_session("qemu+unix:///session?socket=/run/user/1000/x"));
	g_assert_false(advice_is_session("qemu:///system"));
	g_assert_false(advice_is_session("test:///default"));
	g_assert_false(advice_is_session("desk"));
	g_assert_false(advice_is_session(NULL));
}

#define UNIT "[Socket]"

/* What is used counts before what is only installed; of two, the newer. */
static void test_daemon(void)
{
	static const struct {
		TreeFile files[4];
		const char *daemon;
	} rows[] = {
		{ { { NULL, NULL } }, NULL },
		{ { { "usr/lib/systemd/system/libvirtd.socket", UNIT }, { NULL, NULL } },
			"libvirtd" },
		{ { { "lib/systemd/system/virtqemud.socket", UNIT }, { NULL, NULL } },
			"virtqemud" },
		{ { { "etc/systemd/system/virtqemud.socket", UNIT }, { NULL, NULL } },
			"virtqemud" },
		{ { { "usr/lib/systemd/system/libvirtd.socket", UNIT },
			  { "usr/lib/systemd/system/virtqemud.socket", UNIT }, { NULL, NULL } },
			"virtqemud" },
		{ { { "usr/lib/systemd/system/virtqemud.socket", UNIT },
			  { "etc/systemd/system/sockets.target.wants/libvirtd.socket", UNIT },
			  { NULL, NULL } },
			"libvirtd" },
		{ { { "usr/lib/systemd/system/virtqemud.socket", UNIT },
			  { "run/libvirt/libvirt-sock", "" }, { NULL, NULL } },
			"libvirtd" },
		{ { { "run/libvirt/libvirt-sock", "" }, { "run/libvirt/virtqemud-sock", "" },
			  { NULL, NULL } },
			"virtqemud" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *root = tree_new("", rows[i].files);

		g_assert_cmpstr(advice_daemon(root), ==, rows[i].daemon);
		tree_remove(root);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/advice/virsh", test_virsh);
	g_test_add_func("/advice/session", test_session);
	g_test_add_func("/advice/daemon", test_daemon);
	return g_test_run();
}
