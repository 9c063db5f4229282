/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat switch in a libvirt hook: hotseat notices it, and does not wait.
 */
#include "cli-run.h"
#include "cli/hook.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
	int pid, parent;
	const char *comm;
	const char *cmdline; /* '|' between words */
} Process;

static void make_process(const char *proc, const Process *process)
{
	g_autofree char *folder = g_strdup_printf("%s/%d", proc, process->pid);
	g_autofree char *stat = g_build_filename(folder, "stat", NULL);
	g_autofree char *comm = g_build_filename(folder, "comm", NULL);
	g_autofree char *cmdline = g_build_filename(folder, "cmdline", NULL);
	g_autofree char *stat_text =
		g_strdup_printf("%d (%s) S %d 1 1", process->pid, process->comm, process->parent);
	g_autofree char *comm_text = g_strdup_printf("%s\n", process->comm);
	g_autofree char *words = g_strdup(process->cmdline);
	gsize length = strlen(words) + 1;

	g_strdelimit(words, "|", '\0');
	g_mkdir_with_parents(folder, 0700);
	g_assert_true(g_file_set_contents(stat, stat_text, -1, NULL));
	g_assert_true(g_file_set_contents(comm, comm_text, -1, NULL));
	g_assert_true(g_file_set_contents(cmdline, words, (gssize)length, NULL));
}

static void remove_tree(const char *path)
{
	g_autofree char *line = NULL;
	g_autofree char *quoted = g_shell_quote(path);

	line = g_strdup_printf("rm -r %s", quoted);
	g_assert_true(g_spawn_command_line_sync(line, NULL, NULL, NULL, NULL));
}

static void test_ancestors(void)
{
	static const struct {
		Process all[5];
		const char *hook;
	} cases[] = {
		{ { { 9, 8, "hotseat", "hotseat|switch|guest" },
			  { 8, 7, "qemu",
				  "/bin/bash|/etc/libvirt/hooks/qemu|win10|started|begin|-" },
			  { 7, 1, "libvirtd", "/usr/sbin/libvirtd|--timeout|120" } },
			"/etc/libvirt/hooks/qemu" },
		/* a dispatcher's script, and brackets in a name */
		{ { { 9, 8, "hotseat", "hotseat|switch|guest" },
			  { 8, 7, "sh) S 1 (", "sh|-c|hotseat switch guest" },
			  { 7, 6, "seat.sh",
				  "/bin/sh|/etc/libvirt/hooks/qemu.d/win10/started/begin/seat.sh" },
			  { 6, 5, "qemu", "/bin/sh|/etc/libvirt/hooks/qemu|win10" },
			  { 5, 1, "virtqemud", "/usr/sbin/virtqemud" } },
			"/etc/libvirt/hooks/qemu.d/win10/started/begin/seat.sh" },
		/* a program of another language, which has no path */
		{ { { 9, 8, "hotseat", "hotseat|switch|guest" }, { 8, 7, "qemu", "qemu|win10" },
			  { 7, 1, "virtqemud", "/usr/sbin/virtqemud" } },
			"virtqemud" },
		/* NixOS's daemon */
		{ { { 9, 8, "hotseat", "hotseat|switch|guest" }, { 8, 7, "qemu", "qemu|win10" },
			  { 7, 1, ".libvirtd-wrapp", "/nix/store/x/sbin/libvirtd" } },
			".libvirtd-wrapp" },
		{ { { 9, 8, "hotseat", "hotseat|switch|guest" }, { 8, 7, "bash", "-bash" },
			  { 7, 1, "sshd", "sshd: anna" } },
			NULL },
		/* someone edits a hook, and switches from the editor; or tries the hook out */
		{ { { 9, 8, "hotseat", "hotseat|switch|guest" },
			  { 8, 7, "vim", "vim|/etc/libvirt/hooks/qemu" },
			  { 7, 1, "bash", "-bash" } },
			NULL },
		{ { { 9, 8, "hotseat", "hotseat|switch|guest" },
			  { 8, 7, "qemu", "/bin/sh|/etc/libvirt/hooks/qemu|win10|started|begin" },
			  { 7, 1, "bash", "-bash" } },
			NULL },
		/* a program that is only called like one */
		{ { { 9, 8, "hotseat", "hotseat|switch|guest" },
			  { 8, 1, "libvirtdbus", "libvirt-dbus" } },
			NULL },
		/* a circle, and one that cannot be read */
		{ { { 9, 8, "hotseat", "hotseat" }, { 8, 9, "bash", "bash" } }, NULL },
		{ { { 9, 8, "hotseat", "hotseat" } }, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *proc = g_dir_make_tmp("proc-XXXXXX", NULL);
		g_autofree char *hook = NULL;

		for (gsize k = 0; k < 5 && cases[i].all[k].pid != 0; k++)
			make_process(proc, &cases[i].all[k]);
		hook = hook_of_process(proc, 9);
		g_assert_cmpstr(hook, ==, cases[i].hook);
		remove_tree(proc);
	}
}

static void make_script(const char *path, const char *text)
{
	g_assert_true(
		g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

/* Runs a script as one called daemon does that runs hooks. */
static int run_hook_of(const char *daemon, Run *run, HttpDesk *desk, const char *words)
{
	g_autofree char *dir = g_dir_make_tmp("hook-XXXXXX", NULL);
	g_autofree char *parent = g_build_filename(dir, daemon, NULL);
	g_autofree char *folder = g_build_filename(dir, "libvirt", "hooks", NULL);
	g_autofree char *script = g_build_filename(folder, "qemu", NULL);
	g_autofree char *text = g_strdup_printf("#!/bin/sh\n\"$HOTSEAT\" %s\nexit $?\n", words);
	g_autofree char *call =
		g_strdup_printf("#!/bin/sh\n\"%s\" win10 started begin -\nexit $?\n", script);
	int status;

	g_mkdir_with_parents(folder, 0700);
	make_script(script, text);
	make_script(parent, call);
	status = run_program(run, desk, desk->path, parent, "");
	remove_tree(dir);
	return status;
}

static int run_hook(Run *run, HttpDesk *desk, const char *words)
{
	return run_hook_of("libvirtd", run, desk, words);
}

static void test_does_not_wait(void)
{
	HttpDesk desk;
	Run run;

	http_desk_init(&desk);
	g_assert_cmpint(run_hook(&run, &desk, "switch guest"), ==, CLI_OK);
	assert_has(run.err, "hotseat: not waiting for the switch: ");
	assert_has(run.err, "/libvirt/hooks/qemu) has ended; ");
	assert_has(run.err, "--no-wait");
	assert_has(run.err, "follow: true");
	assert_has(run.out, "The switch to guest begins when the guest has started.\n");
	/* it has not begun, and does when libvirt says that the start is over */
	g_assert_cmpstr(desk.keyboard->at, ==, "host");
	guest_started(&desk.guest->base);
	fake_run(&desk.time, 1000);
	g_assert_cmpstr(desk.keyboard->at, ==, "guest");
	run_clear(&run);
	/* who has read that is not told again */
	g_assert_cmpint(run_hook(&run, &desk, "switch --no-wait host"), ==, CLI_OK);
	g_assert_cmpstr(run.err, ==, "");
	g_assert_cmpstr(run.out, ==, "The switch to host has begun.\n");
	run_clear(&run);
	g_assert_cmpint(run_hook(&run, &desk, "switch --json --no-wait host"), ==, CLI_OK);
	assert_object(run.out);
	run_clear(&run);
	g_assert_cmpint(run_hook(&run, &desk, "switch --no-wait moon"), ==, CLI_USAGE);
	assert_has(run.err, "unknown target \"moon\"; expected");
	run_clear(&run);
	http_desk_clear(&desk);
}

/* Without libvirt, the same script waits. */
static void test_by_hand(void)
{
	HttpDesk desk;
	Run run;

	http_desk_init(&desk);
	g_assert_cmpint(run_hook_of("bash", &run, &desk, "switch guest"), ==, CLI_OK);
	g_assert_cmpstr(run.err, ==, "");
	g_assert_cmpstr(desk.keyboard->at, ==, "guest");
	run_clear(&run);
	http_desk_clear(&desk);
}

/* Elsewhere it begins at once, or when the guest has started. */
static void test_no_wait(void)
{
	HttpDesk desk;
	Run run;

	http_desk_init(&desk);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch guest --no-wait"), ==, CLI_OK);
	g_assert_cmpstr(run.out, ==, "The switch to guest has begun.\n");
	g_assert_cmpstr(run.err, ==, "");
	run_clear(&run);
	fake_run(&desk.time, 1000);
	g_assert_cmpstr(desk.keyboard->at, ==, "guest");
	fake_guest_becomes(desk.guest, GUEST_OFF);
	fake_run(&desk.time, 1000);
	g_assert_cmpint(run_words(&run, &desk, desk.path, "switch guest --no-wait"), ==, CLI_OK);
	g_assert_cmpstr(run.out, ==, "The switch to guest begins when the guest has started.\n");
	run_clear(&run);
	fake_run(&desk.time, 30000);
	g_assert_cmpstr(desk.keyboard->at, ==, "host");
	guest_started(&desk.guest->base);
	fake_run(&desk.time, 1000);
	g_assert_cmpstr(desk.keyboard->at, ==, "guest");
	http_desk_clear(&desk);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/libvirt-hook/ancestors", test_ancestors);
	g_test_add_func("/libvirt-hook/does-not-wait", test_does_not_wait);
	g_test_add_func("/libvirt-hook/by-hand", test_by_hand);
	g_test_add_func("/libvirt-hook/no-wait", test_no_wait);
	return g_test_run();
}
