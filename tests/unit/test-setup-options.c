/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat setup without a conversation: what is obvious, what the options say, and what a config
 * says that there was before.
 */
#include <glib/gstdio.h>

#include "setup-person.h"
#include "setup/start.h"

static void desk_new_without_person(SetupDesk *desk)
{
	desk_new(desk);
	desk->options.yes = TRUE;
	desk->interview.asks = FALSE;
}

/* All that is missing is said at once, each with its option. */
static void test_nothing_obvious(void)
{
	SetupDesk desk;

	desk_new_without_person(&desk);
	desk_add_monitor(&desk, &aoc, TRUE);
	desk_add_guest(&desk, "win10", TRUE, NULL);
	desk_add_guest(&desk, "win11", TRUE, NULL);
	desk_add_device(&desk, "3-1", "28da:1101", NULL, "KM780", "keyboard");
	desk_add_device(&desk, "3-3", "28da:1101", NULL, "KM780", "keyboard");
	desk_look_and_run(&desk, CAPS, NULL);
	desk_assert_missing(&desk, "--guest DOMAIN");
	desk_assert_missing(&desk, "--device PORT");
	desk_assert_missing(&desk, "--display 4=HOST,GUEST");
	desk_assert_missing(&desk, "it lists VGA-1 (0x01), DisplayPort-1 (0x0f), HDMI-1 (0x11)");
	desk_free(&desk);
}

static void test_obvious(void)
{
	SetupDesk desk;

	desk_new_without_person(&desk);
	desk_add_monitor(&desk, &aoc, TRUE);
	desk_add_usual(&desk);
	desk_look(&desk, "(vcp(60(0F 12)))");
	g_assert_true(desk_run(&desk, NULL));
	g_assert_cmpuint(desk.interview.missing->len, ==, 0);
	desk_assert_text(&desk, "      host: dp1 # 0x0f\n      guest: hdmi2 # 0x12\n");
	desk_assert_nothing_set(&desk);
	desk_free(&desk);
}

static void test_options(void)
{
	static const char *guests[] = { "win11", NULL };
	static const char *displays[] = { "u2719d=dp1,0x1b", "DP-3=0xd0,0x90", NULL };
	static const char *devices[] = { "3-3", "046d:c08b", NULL };
	SetupDesk desk;

	desk_new_without_person(&desk);
	desk.options.guests = guests;
	desk.options.displays = displays;
	desk.options.devices = devices;
	desk.options.http = "[fe80::1]:81";
	desk_add_monitor(&desk, &aoc, TRUE);
	desk_add_monitor(&desk, &dell, TRUE);
	desk_add_monitor(&desk, &lg, TRUE);
	desk_add_usual(&desk);
	desk_add_guest(&desk, "win11", TRUE, NULL);
	desk_add_device(&desk, "3-3", "28da:1101", NULL, "KM780", "keyboard");
	desk_look_and_run(&desk, CAPS, NULL);
	g_assert_cmpuint(desk.interview.missing->len, ==, 0);
	g_assert_cmpuint(desk.interview.draft->config->displays->len, ==, 2);
	desk_assert_text(&desk, "domain: win11\n");
	desk_assert_text(&desk, "      monitor: DEL U2719D\n      host: dp1 # 0x0f\n"
				"      guest: usbc # 0x1b\n");
	desk_assert_text(&desk, "      feature: 0xf4\n      source_address: 0x50\n");
	desk_assert_text(&desk, "      port: \"3-3\"\n");
	desk_assert_text(&desk, "    address: \"[fe80::1]:81\"\n");
	desk_free(&desk);
}

static void test_wrong_options(void)
{
	static const char *guests[] = { "win12", NULL };
	static const char *displays[] = { "EIZO=dp1,hdmi1", "AOC=dp1", "AOC=dp1,hdmi9", "AOC",
		NULL };
	static const char *devices[] = { "1234:5678", "28da:1101", NULL };
	static const char *one_guest[] = { "win10", NULL };
	SetupDesk desk;

	desk_new_without_person(&desk);
	desk.options.guests = guests;
	desk.options.devices = devices;
	desk_add_monitor(&desk, &aoc, TRUE);
	desk_add_usual(&desk);
	desk_add_device(&desk, "3-3", "28da:1101", NULL, "KM780", "keyboard");
	desk_look_and_run(&desk, CAPS, NULL);
	desk_assert_missing(&desk, "--guest win12: libvirt has no such domain");
	desk_assert_missing(&desk, "--device 1234:5678: no such device");
	desk_assert_missing(&desk, "--device 28da:1101: several devices match");
	desk.options.guests = one_guest;
	desk.options.displays = displays;
	g_assert_true(desk_run(&desk, NULL));
	desk_assert_missing(&desk, "--display EIZO=dp1,hdmi1: no monitor matches \"EIZO\"");
	desk_assert_missing(&desk, "it needs HOST,GUEST: an input for the host");
	desk_assert_missing(&desk, "\"hdmi9\" is not an input");
	desk_assert_missing(&desk, "--display AOC: it needs MONITOR=HOST,GUEST");
	desk_free(&desk);
}

static void test_http_option(void)
{
	g_assert_true(interview_http_fits("192.168.122.1:5001"));
	g_assert_true(interview_http_fits("none"));
	g_assert_false(interview_http_fits("here"));
	g_assert_false(interview_http_fits(""));
}

/* -- from a file ------------------------------------------------------------------------------ */

static void start(SetupDesk *desk, const char *name)
{
	g_autofree char *path =
		g_build_filename(g_getenv("G_TEST_SRCDIR"), "../config", name, NULL);

	desk->options.from = path;
	g_assert_true(start_with(&desk->interview, path));
	desk->options.from = "the file";
}

/* Bus 4 is a monitor's; bus 6 is not there, and one monitor is left for it. */
static void test_from_virtkvm(void)
{
	SetupDesk desk;

	desk_new_without_person(&desk);
	desk_add_monitor(&desk, &aoc, TRUE);
	desk.monitors[1] = sim_monitor_new(desk.sim, &dell);
	sim_i2c_plug(desk.sim, 9, "DP-2", desk.monitors[1], DP1);
	desk_add_device(&desk, "3-1", "28da:1101", NULL, "KM780", "keyboard");
	desk_add_guest(&desk, "win10", TRUE, "192.168.122.1");
	desk_look(&desk, CAPS);
	start(&desk, "virtkvm.yaml");
	g_assert_true(desk_run(&desk, NULL));
	g_assert_cmpuint(desk.interview.missing->len, ==, 0);
	desk_assert_text(&desk, "    - name: \"2778X\"\n      monitor: AOC 2778X\n"
				"      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
	desk_assert_text(&desk, "    - name: U2719D\n      monitor: DEL U2719D\n");
	desk_assert_text(&desk, "    - name: keyboard\n      vendor: 0x28da\n");
	desk_assert_said(&desk, "is not plugged in now");
	desk_assert_text(&desk, "      vendor: 0x046d\n      product: 0xc08d\n");
	desk_assert_text(&desk, "    address: \"127.0.0.1:5001\"\n");
	desk_assert_text(&desk, "        - echo switch to guest\n");
	g_assert_cmpstr(desk.interview.draft->config->http_secret, ==, "xxxxxxxxxxxxxxxx");
	/* what the file has moves as before */
	g_assert_false(config_has_via(desk.interview.draft->config, VIA_INPUT));
	desk_free(&desk);
}

/* Two displays without their buses, and two monitors: which is which is no guess. */
static void test_from_lost(void)
{
	static const Line script[] = {
		{ .expect = "Which monitor is the display \"display 1\"?", .answer = "U2719D" },
		{ .expect = "Which monitor is the display \"display 2\"?", .answer = "AOC" },
		{ 0 },
	};

	for (int asks = 0; asks < 2; asks++) {
		SetupDesk desk;

		desk_new_without_person(&desk);
		desk.interview.asks = asks;
		desk.monitors[0] = sim_monitor_new(desk.sim, &aoc);
		desk.monitors[1] = sim_monitor_new(desk.sim, &dell);
		sim_i2c_plug(desk.sim, 10, "DP-1", desk.monitors[0], DP1);
		sim_i2c_plug(desk.sim, 11, "DP-2", desk.monitors[1], DP1);
		desk_add_guest(&desk, "win10", TRUE, NULL);
		desk_look(&desk, CAPS);
		start(&desk, "virtkvm.yaml");
		g_assert_true(desk_run(&desk, asks ? script : NULL));
		if (asks) {
			desk_assert_text(&desk, "    - name: U2719D\n      monitor: DEL U2719D\n");
			desk_assert_text(&desk, "      monitor: AOC 2778X\n");
		} else {
			desk_assert_missing(&desk, "which monitor the display \"display 1\" is");
			desk_assert_missing(&desk, "--display MONITOR=0x0f,GUEST");
		}
		desk_free(&desk);
	}
}

/* Twins that the file does not tell apart. */
static void test_from_twins(void)
{
	static const char *devices[] = { "3-3", NULL };

	for (int given = 0; given < 2; given++) {
		SetupDesk desk;

		desk_new_without_person(&desk);
		if (given)
			desk.options.devices = devices;
		desk_add_device(&desk, "3-1", "28da:1101", NULL, "KM780", "keyboard");
		desk_add_device(&desk, "3-3", "28da:1101", NULL, "KM780", "keyboard");
		desk_add_guest(&desk, "win10", TRUE, NULL);
		desk_look(&desk, CAPS);
		start(&desk, "virtkvm-fork.yaml");
		g_assert_true(desk_run(&desk, NULL));
		if (given)
			desk_assert_text(&desk, "      product: 0x1101\n      port: \"3-3\"\n"
						"      optional: true\n");
		else
			desk_assert_missing(&desk,
				"(28da:1101, port 3-1), KM780 (28da:1101, port 3-3); "
				"--device PORT");
		g_assert_cmpuint(desk.interview.draft->config->devices->len, ==, 3);
		desk_free(&desk);
	}
}

/* -- finding it ------------------------------------------------------------------------------- */

static void put_file(const char *root, const char *path, const char *text)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	g_autofree char *folder = g_path_get_dirname(full);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_set_contents(full, text, -1, NULL));
}

/* One way is recommended for each device, and why; hotkeys are in the file. */
static void test_via(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "Press a key", .presses = TRUE, .press = 0 },
		{ .expect = "Other USB devices", .answer = "headset" },
		{ .expect = "that are not USB devices", .answer = "laptop" },
		{ 0 },
	};
	g_autofree char *event = NULL;

	desk_add_usual(desk);
	desk_add_device(desk, "3-4", "0951:16a4", NULL, "HyperX headset", "other");
	event = g_build_filename(desk->sysfs, "class/input/event0/device", NULL);
	put_file(event, "name", "laptop keyboard\n");
	put_file(event, "id/bustype", "0011\n");
	put_file(event, "capabilities/key", "feffffdfffefffff fffffffffffffffe\n");
	desk_look_and_run(desk, CAPS, script);
	desk_assert_said(desk, "It moves via input: a switch takes milliseconds");
	desk_assert_said(desk, "It moves via usb: only keyboards and mice can be forwarded.");
	desk_assert_said(desk, "Both Ctrl keys together move the seat");
	desk_assert_text(desk, "      product: 0x1101\n      via: input\n");
	desk_assert_text(desk, "      input: laptop keyboard\n      via: input\n");
	desk_assert_text(desk, "hotkeys:\n    toggle: [\"leftctrl+rightctrl\"]\n"
			       "    panic: [\"ctrl+alt+shift+esc\"]\n");
}

static void test_find(void)
{
	static const char *const wanted[] = { "/srv/desk.yaml", "/home/ann/kvm/my.yml",
		"/home/ann/virtkvm/config.yaml" };
	g_autofree char *root = g_dir_make_tmp("hotseat-find-XXXXXX", NULL);
	g_autofree char *home = g_build_filename(root, "home/ann", NULL);
	ImportPlaces places = { root, home };
	g_autoptr(GPtrArray) found = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
		put_file(root, wanted[i], "");
	put_file(root, "srv/other.yaml", "");
	put_file(root, "etc/systemd/system/desk.service",
		"[Service]\nExecStart=/usr/bin/virtkvm --config /srv/desk.yaml\n");
	put_file(root, "etc/systemd/system/other.service",
		"[Service]\nExecStart=/usr/bin/other --config=/srv/other.yaml\n");
	put_file(root, "home/ann/.config/systemd/user/kvm.service",
		"[Service]\nExecStart=python3 -m virtkvm --config=%h/kvm/my.yml\n");
	found = import_find(&places);
	g_assert_cmpuint(found->len, ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < found->len; i++)
		g_assert_true(g_str_has_suffix(found->pdata[i], wanted[i]));
	g_spawn_command_line_sync("true", NULL, NULL, NULL, NULL);
	{
		g_autofree char *command = g_strdup_printf("rm -r %s", root);

		g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
	}
}

#define ADD(path, test) g_test_add(path, SetupDesk, NULL, desk_set_up, test, desk_tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/setup/nothing-obvious", test_nothing_obvious);
	g_test_add_func("/setup/obvious", test_obvious);
	g_test_add_func("/setup/options", test_options);
	g_test_add_func("/setup/wrong-options", test_wrong_options);
	g_test_add_func("/setup/http-option", test_http_option);
	g_test_add_func("/setup/from-virtkvm", test_from_virtkvm);
	g_test_add_func("/setup/from-lost", test_from_lost);
	g_test_add_func("/setup/from-twins", test_from_twins);
	ADD("/setup/via", test_via);
	g_test_add_func("/setup/find", test_find);
	return g_test_run();
}
