/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The conversation of hotseat setup, on simulated monitors whose buttons the person presses.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "setup-person.h"
#include "setup/start.h"

#define CAPS  "(vcp(10 12 60(01 0F 11 12)))"
#define DP1   0x0f
#define HDMI1 0x11

static const SimMonitorSpec aoc = { .manufacturer = "AOC", .model = "2778X", .input = DP1 };
static const SimMonitorSpec dell = {
	.manufacturer = "DEL", .model = "U2719D", .serial = "ABC123", .input = DP1
};
static const SimMonitorSpec lg = { .manufacturer = "GSM", .model = "LG HDR 4K", .input = DP1 };

static void to_guest(Desk *desk)
{
	sim_monitor_press(desk->monitors[0], HDMI1);
}

static void to_host(Desk *desk)
{
	sim_monitor_press(desk->monitors[0], DP1);
}

/* Keyboard and mouse, one of each, and a guest with a graphics card. */
static void add_usual(Desk *desk)
{
	desk_add_device(desk, "3-1", "28da:1101", NULL, "G.Skill KM780", "keyboard");
	desk_add_device(desk, "3-2", "046d:c08b", "123", "Logitech G502", "mouse");
	desk_add_guest(desk, "win10", TRUE, NULL);
}

static void assert_missing(Desk *desk, const char *text)
{
	for (guint i = 0; i < desk->interview.missing->len; i++)
		if (strstr(desk->interview.missing->pdata[i], text) != NULL)
			return;
	for (guint i = 0; i < desk->interview.missing->len; i++)
		g_test_message("missing: %s", (char *)desk->interview.missing->pdata[i]);
	g_error("\"%s\" is not said to be missing", text);
}

#define WATCH "with the monitor's own buttons"
#define BACK  "Switch it back"

/* -- monitors --------------------------------------------------------------------------------- */

static void test_buttons(void)
{
	static const Line script[] = {
		{ .expect = WATCH, .times = 2 },
		{ .times = 2, .act = to_guest },
		{ .expect = "It shows HDMI-1 (0x11) now. " BACK, .times = 2 },
		{ .times = 1, .act = to_host },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	desk_add_monitor(&desk, &aoc, TRUE);
	add_usual(&desk);
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	g_assert_cmpuint(desk.interview.missing->len, ==, 0);
	desk_assert_said(
		&desk, "It shows DisplayPort-1 (0x0f) now, which I take for this computer's");
	desk_assert_text(&desk, "    - name: \"2778X\"\n      monitor: AOC 2778X\n"
				"      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
	desk_assert_text(&desk, "    - name: keyboard\n      vendor: 0x28da\n");
	desk_assert_text(&desk, "    - name: mouse\n      vendor: 0x046d\n");
	desk_assert_text(&desk, "    domain: win10\n");
	desk_assert_nothing_set(&desk);
	desk_free(&desk);
}

/* Once may be chance: what was read once only is not taken. */
static void test_twice(void)
{
	static const Line script[] = {
		{ .expect = WATCH, .times = 1, .act = to_guest },
		{ .times = 1, .act = to_host },
		{ .answer = "none" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	desk_add_monitor(&desk, &aoc, TRUE);
	add_usual(&desk);
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	desk_assert_said(&desk, "2778X stays with the host.");
	g_assert_cmpuint(desk.interview.draft->config->displays->len, ==, 0);
	desk_free(&desk);
}

static void test_silent(void)
{
	static const Line script[] = {
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = "It has stopped answering", .times = 1 },
		{ .times = 1, .act = to_host },
		{ .expect = "Which input of 2778X shows win10?", .answer = "hdmi5" },
		{ .expect = "\"hdmi5\" is no input", .answer = "0x111" },
		{ .expect = "\"0x111\" is no input", .answer = "dp1" },
		{ .expect = "That is the host's own input", .answer = "?" },
		{ .expect = "most number them as the standard", .answer = "2" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	sim_monitor_set_faults(
		desk_add_monitor(&desk, &aoc, TRUE), (SimFaults){ .active_only = TRUE });
	add_usual(&desk);
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	/* 1 VGA, 2 HDMI-1: without the host's */
	desk_assert_text(&desk, "guest: hdmi1 # 0x11\n");
	desk_assert_nothing_set(&desk);
	desk_free(&desk);
}

/* An AOC says 0x05 where 0x0f has to be written: not among those it lists. */
static void test_reads_as(void)
{
	static const Line script[] = {
		{ .expect = "It says 0x05 for that", .answer = "displayport" },
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = BACK, .times = 1, .act = to_host },
		{ .expect = "It says 0x1b for that", .answer = "HDMI-1" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	sim_monitor_set_faults(
		desk_add_monitor(&desk, &aoc, TRUE), (SimFaults){ .reads_xor = 0x0a });
	add_usual(&desk);
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	desk_assert_text(&desk, "      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
	desk_assert_text(&desk, "      reads_as:\n          host: 0x05\n          guest: 0x1b\n");
	desk_assert_nothing_set(&desk);
	desk_free(&desk);
}

/* It does not tell its input at all: both are asked for. */
static void test_mute(void)
{
	static const Line script[] = {
		{ .expect = "It does not say which input it shows. ", .answer = "0x0f" },
		{ .expect = "shows win10? (none", .answer = "0xfe" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	sim_monitor_set_faults(
		desk_add_monitor(&desk, &aoc, TRUE), (SimFaults){ .refuse_reads = TRUE });
	add_usual(&desk);
	desk_look(&desk, NULL);
	g_assert_true(desk_run(&desk, script));
	desk_assert_text(&desk, "      host: dp1 # 0x0f\n      guest: 0xfe\n");
	desk_free(&desk);
}

static void test_lg(void)
{
	static const Line script[] = {
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = BACK, .times = 1, .act = to_host },
		{ .expect = "It is an LG monitor.", .answer = "?" },
		{ .expect = "source address 0x50", .answer = "lg" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	desk_add_monitor(&desk, &lg, TRUE);
	add_usual(&desk);
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	desk_assert_text(&desk, "      feature: 0xf4\n      source_address: 0x50\n"
				"      host: 0xd0\n      guest: 0x90\n");
	desk_free(&desk);
}

/* Twins: their connectors tell them apart; without them, their buses. */
static void test_twins(gconstpointer data)
{
	gboolean connectors = GPOINTER_TO_INT(data);
	static const Line script[] = {
		{ .expect = "look the same", .answer = "1" },
		{ .expect = WATCH, .answer = "hdmi1" },
		{ .expect = WATCH, .answer = "hdmi2" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	desk_add_monitor(&desk, &aoc, connectors);
	desk_add_monitor(&desk, &aoc, connectors);
	add_usual(&desk);
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	if (connectors) {
		desk_assert_text(&desk, "          connector: DP-1\n      host: dp1 # 0x0f\n"
					"      guest: hdmi1");
		desk_assert_text(&desk, "          connector: DP-2\n      host: dp1 # 0x0f\n"
					"      guest: hdmi2");
	} else {
		desk_assert_text(&desk, "    # Nothing but the bus tells it from another one.");
		desk_assert_text(&desk, "      bus: 4\n");
		desk_assert_text(&desk, "    - name: \"2778X (2)\"\n      bus: 6\n");
	}
	desk_free(&desk);
}

/* One monitor with both its cables in this computer is one display. */
static void test_two_cables(void)
{
	static const Line script[] = {
		{ .expect = "look the same", .answer = "2" },
		{ .expect = WATCH, .answer = "hdmi1" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	desk_add_monitor(&desk, &aoc, TRUE);
	sim_i2c_plug(desk.sim, 6, "HDMI-A-1", desk.monitors[0], HDMI1);
	add_usual(&desk);
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	g_assert_cmpuint(desk.interview.draft->config->displays->len, ==, 1);
	desk_assert_text(&desk, "          connector: DP-1\n");
	desk_free(&desk);
}

static void test_two_guests(void)
{
	static const Line script[] = {
		{ .expect = "Which of these guests", .answer = "nobody" },
		{ .expect = "\"nobody\" is none of these", .answer = "0" },
		{ .expect = "The numbers go from 1 to 3", .answer = "1 linux" },
		{ .expect = "switch 2778X to the input of win10", .answer = "" },
		{ .expect = "Which input of 2778X shows win10?", .answer = "hdmi1" },
		{ .expect = "to the input of linux", .answer = "same" },
		{ .expect = "to the input of win10", .answer = "none" },
		{ .expect = "to the input of linux", .answer = "0x12" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	desk_add_monitor(&desk, &aoc, TRUE);
	desk_add_monitor(&desk, &dell, TRUE);
	add_usual(&desk);
	desk_add_guest(&desk, "linux", FALSE, NULL);
	desk_add_guest(&desk, "other", TRUE, NULL);
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	desk_assert_said(&desk, "linux has no graphics card passed through");
	desk_assert_text(&desk, "    - name: win10\n      domain: win10\n");
	desk_assert_text(&desk,
		"      monitor: AOC 2778X\n      inputs:\n          host: dp1 # 0x0f\n"
		"          win10: hdmi1 # 0x11\n          linux: hdmi1 # 0x11\n");
	desk_assert_text(&desk,
		"      monitor: DEL U2719D\n      inputs:\n          host: dp1 # 0x0f\n"
		"          linux: hdmi2 # 0x12\n");
	desk_free(&desk);
}

/* -- devices ---------------------------------------------------------------------------------- */

static void test_press(void)
{
	static const Line script[] = {
		{ .expect = "Press a key", .presses = TRUE, .press = 1 },
		{ .expect = "Other USB devices", .answer = "headset" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	add_usual(&desk);
	desk_add_device(&desk, "3-3", "28da:1101", NULL, "G.Skill KM780", "keyboard");
	desk_add_device(&desk, "3-4", "0951:16a4", NULL, "HyperX headset", "other");
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	desk_assert_text(&desk,
		"    - name: keyboard\n      vendor: 0x28da\n      product: 0x1101\n"
		"      port: \"3-3\"\n");
	desk_assert_text(&desk, "    - name: HyperX headset\n      vendor: 0x0951\n"
				"      product: 0x16a4\n      optional: true\n");
	desk_free(&desk);
}

/* Nothing of it can be seen: it is chosen from a list. Serials tell twins apart. */
static void test_unseen(void)
{
	static const Line script[] = {
		{ .expect = "Press a key", .presses = TRUE, .press = TALK_PRESS_UNSEEN },
		{ .expect = "Which is the keyboard?", .answer = "9" },
		{ .expect = "The numbers go from 1 to 3", .answer = "2" },
		{ .expect = "Other USB devices", .answer = "" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	add_usual(&desk);
	desk_add_device(&desk, "3-3", "28da:1101", "S3", "G.Skill KM780", "keyboard");
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	desk_assert_text(&desk, "      product: 0x1101\n      serial: S3\n");
	desk_free(&desk);
}

static void test_receiver(void)
{
	Desk desk;

	desk_new(&desk);
	desk_add_guest(&desk, "win10", TRUE, NULL);
	desk_add_device(&desk, "3-1", "046d:c52b", NULL, "Logitech Receiver", "both");
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, NULL));
	g_assert_cmpuint(desk.interview.draft->config->devices->len, ==, 1);
	desk_assert_text(&desk, "    - name: keyboard and mouse\n");
	desk_free(&desk);
}

/* -- http ------------------------------------------------------------------------------------- */

static void test_http(void)
{
	static const Line script[] = {
		{ .expect = "http://192.168.122.1:5001? [yes]", .answer = "maybe" },
		{ .expect = "Answer yes or no", .answer = "" },
		{ .expect = "plain HTTP is fine. [no]", .answer = "" },
		{ 0 },
	};
	Desk desk;

	desk_new(&desk);
	desk_add_guest(&desk, "win10", TRUE, "192.168.122.1");
	desk_add_device(&desk, "3-1", "046d:c52b", NULL, "Logitech Receiver", "both");
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, script));
	g_assert_cmpstr(desk.interview.draft->config->http_host, ==, "192.168.122.1");
	g_assert_cmpuint(desk.interview.draft->config->http_port, ==, 5001);
	g_assert_null(desk.interview.draft->config->http_certificate.path);
	desk_free(&desk);
}

/* Over TLS, said at the question or by the option; without HTTP there is nothing to encrypt. */
static void test_tls(void)
{
	static const Line script[] = {
		{ .expect = "http://192.168.122.1:5001? [yes]", .answer = "" },
		{ .expect = "plain HTTP is fine. [no]", .answer = "yes" },
		{ 0 },
	};
	static const Line no_http[] = {
		{ .expect = "http://192.168.122.1:5001? [yes]", .answer = "no" },
		{ 0 },
	};

	for (int way = 0; way < 4; way++) {
		Desk desk;

		desk_new(&desk);
		desk.options.tls = way > 0;
		desk.options.http = way == 1 ? "192.168.1.1:80" : NULL;
		desk.interview.asks = way != 1;
		desk_add_guest(&desk, "win10", TRUE, way == 3 ? NULL : "192.168.122.1");
		desk_add_device(&desk, "3-1", "046d:c52b", NULL, "Logitech Receiver", "both");
		desk_look(&desk, CAPS);
		g_assert_true(desk_run(&desk, way == 0 ? script : way == 2 ? no_http : NULL));
		if (way < 2)
			desk_assert_text(&desk, "    tls:\n        certificate: certificate.pem\n"
						"        key: key.pem\n");
		else
			assert_missing(&desk, "--tls: there is no HTTP to be encrypted");
		desk_free(&desk);
	}
}

/* -- leaving ---------------------------------------------------------------------------------- */

/* At each question in turn: it ends there. */
static void test_leave(void)
{
	static const Line whole[] = {
		{ .expect = "Which of these guests", .answer = "1" },
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = BACK, .times = 1, .act = to_host },
		{ .expect = "LG monitor", .answer = "1" },
		{ .expect = "Press a key", .presses = TRUE, .press = 0 },
		{ .expect = "Other USB devices", .answer = "none" },
		{ .expect = "at http://", .answer = "yes" },
		{ .expect = "Encrypt that with TLS?", .answer = "no" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(whole); i++) {
		Line script[G_N_ELEMENTS(whole) + 1] = { 0 };
		Desk desk;

		memcpy(script, whole, sizeof whole[0] * (i + 1));
		script[i] = (Line){ .expect = whole[i].expect,
			.answer = LEAVE,
			.presses = whole[i].presses,
			.press = TALK_PRESS_END };
		desk_new(&desk);
		desk_add_monitor(&desk, &lg, TRUE);
		desk_add_device(&desk, "3-1", "28da:1101", NULL, "KM780", "keyboard");
		desk_add_device(&desk, "3-3", "28da:1101", NULL, "KM780", "keyboard");
		desk_add_guest(&desk, "linux", TRUE, "192.168.122.1");
		desk_add_guest(&desk, "win10", TRUE, NULL);
		desk_look(&desk, CAPS);
		g_assert_false(desk_run(&desk, script));
		desk_assert_nothing_set(&desk);
		desk_free(&desk);
	}
}

/* -- without asking --------------------------------------------------------------------------- */

static void desk_new_without_person(Desk *desk)
{
	desk_new(desk);
	desk->options.yes = TRUE;
	desk->interview.asks = FALSE;
}

/* All that is missing is said at once, each with its option. */
static void test_nothing_obvious(void)
{
	Desk desk;

	desk_new_without_person(&desk);
	desk_add_monitor(&desk, &aoc, TRUE);
	desk_add_guest(&desk, "win10", TRUE, NULL);
	desk_add_guest(&desk, "win11", TRUE, NULL);
	desk_add_device(&desk, "3-1", "28da:1101", NULL, "KM780", "keyboard");
	desk_add_device(&desk, "3-3", "28da:1101", NULL, "KM780", "keyboard");
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, NULL));
	assert_missing(&desk, "--guest DOMAIN");
	assert_missing(&desk, "--device PORT");
	assert_missing(&desk, "--display 4=HOST,GUEST");
	assert_missing(&desk, "it lists VGA-1 (0x01), DisplayPort-1 (0x0f), HDMI-1 (0x11)");
	desk_free(&desk);
}

static void test_obvious(void)
{
	Desk desk;

	desk_new_without_person(&desk);
	desk_add_monitor(&desk, &aoc, TRUE);
	add_usual(&desk);
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
	Desk desk;

	desk_new_without_person(&desk);
	desk.options.guests = guests;
	desk.options.displays = displays;
	desk.options.devices = devices;
	desk.options.http = "[fe80::1]:81";
	desk_add_monitor(&desk, &aoc, TRUE);
	desk_add_monitor(&desk, &dell, TRUE);
	desk_add_monitor(&desk, &lg, TRUE);
	add_usual(&desk);
	desk_add_guest(&desk, "win11", TRUE, NULL);
	desk_add_device(&desk, "3-3", "28da:1101", NULL, "KM780", "keyboard");
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, NULL));
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
	Desk desk;

	desk_new_without_person(&desk);
	desk.options.guests = guests;
	desk.options.devices = devices;
	desk_add_monitor(&desk, &aoc, TRUE);
	add_usual(&desk);
	desk_add_device(&desk, "3-3", "28da:1101", NULL, "KM780", "keyboard");
	desk_look(&desk, CAPS);
	g_assert_true(desk_run(&desk, NULL));
	assert_missing(&desk, "--guest win12: libvirt has no such domain");
	assert_missing(&desk, "--device 1234:5678: there is none");
	assert_missing(&desk, "--device 28da:1101: several are called that");
	desk.options.guests = one_guest;
	desk.options.displays = displays;
	g_assert_true(desk_run(&desk, NULL));
	assert_missing(&desk, "--display EIZO=dp1,hdmi1: no monitor is called \"EIZO\"");
	assert_missing(&desk, "it needs HOST,GUEST: an input for the host");
	assert_missing(&desk, "\"hdmi9\" is no input");
	assert_missing(&desk, "--display AOC: it needs MONITOR=HOST,GUEST");
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

static void start(Desk *desk, const char *name)
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
	Desk desk;

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
		Desk desk;

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
			assert_missing(&desk, "which monitor the display \"display 1\" is");
			assert_missing(&desk, "--display MONITOR=0x0f,GUEST");
		}
		desk_free(&desk);
	}
}

/* Twins that the file does not tell apart. */
static void test_from_twins(void)
{
	static const char *devices[] = { "3-3", NULL };

	for (int given = 0; given < 2; given++) {
		Desk desk;

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
			assert_missing(&desk, "(28da:1101, port 3-1), KM780 (28da:1101, port 3-3); "
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

static void test_find(void)
{
	static const char *const wanted[] = { "/srv/desk.yaml", "/home/ann/kvm/my.yml",
		"/home/ann/virtkvm/config.yaml" };
	g_autofree char *root = g_dir_make_tmp("hotseat-find-XXXXXX", NULL);
	g_autofree char *home = g_build_filename(root, "home/ann", NULL);
	StartPlaces places = { root, home };
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
	found = start_find(&places);
	g_assert_cmpuint(found->len, ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < found->len; i++)
		g_assert_true(g_str_has_suffix(found->pdata[i], wanted[i]));
	g_spawn_command_line_sync("true", NULL, NULL, NULL, NULL);
	{
		g_autofree char *command = g_strdup_printf("rm -r %s", root);

		g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/setup/buttons", test_buttons);
	g_test_add_func("/setup/twice", test_twice);
	g_test_add_func("/setup/silent", test_silent);
	g_test_add_func("/setup/reads-as", test_reads_as);
	g_test_add_func("/setup/mute", test_mute);
	g_test_add_func("/setup/lg", test_lg);
	g_test_add_data_func("/setup/twins", GINT_TO_POINTER(TRUE), test_twins);
	g_test_add_data_func("/setup/twins-by-bus", GINT_TO_POINTER(FALSE), test_twins);
	g_test_add_func("/setup/two-cables", test_two_cables);
	g_test_add_func("/setup/two-guests", test_two_guests);
	g_test_add_func("/setup/press", test_press);
	g_test_add_func("/setup/unseen", test_unseen);
	g_test_add_func("/setup/receiver", test_receiver);
	g_test_add_func("/setup/http", test_http);
	g_test_add_func("/setup/tls", test_tls);
	g_test_add_func("/setup/leave", test_leave);
	g_test_add_func("/setup/nothing-obvious", test_nothing_obvious);
	g_test_add_func("/setup/obvious", test_obvious);
	g_test_add_func("/setup/options", test_options);
	g_test_add_func("/setup/wrong-options", test_wrong_options);
	g_test_add_func("/setup/http-option", test_http_option);
	g_test_add_func("/setup/from-virtkvm", test_from_virtkvm);
	g_test_add_func("/setup/from-lost", test_from_lost);
	g_test_add_func("/setup/from-twins", test_from_twins);
	g_test_add_func("/setup/find", test_find);
	return g_test_run();
}
