/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The conversation of hotseat setup, on simulated monitors whose buttons the person presses.
 */
#include <string.h>

#include "setup-person.h"

static void to_guest(SetupDesk *desk)
{
	sim_monitor_press(desk->monitors[0], HDMI1);
}

static void to_host(SetupDesk *desk)
{
	sim_monitor_press(desk->monitors[0], DP1);
}

#define WATCH "with the monitor's own buttons"
#define BACK  "Switch it back"

/* -- monitors --------------------------------------------------------------------------------- */

static void test_buttons(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = WATCH, .times = 2 },
		{ .times = 2, .act = to_guest },
		{ .expect = "It shows HDMI-1 (0x11) now. " BACK, .times = 2 },
		{ .times = 1, .act = to_host },
		{ 0 },
	};

	desk_add_monitor(desk, &aoc, TRUE);
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	g_assert_cmpuint(desk->interview.missing->len, ==, 0);
	desk_assert_said(
		desk, "It shows DisplayPort-1 (0x0f) now. I assume that this is this computer's");
	desk_assert_text(desk, "    - name: \"2778X\"\n      monitor: AOC 2778X\n"
			       "      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
	desk_assert_text(desk, "    - name: keyboard\n      vendor: 0x28da\n");
	desk_assert_text(desk, "    - name: mouse\n      vendor: 0x046d\n");
	desk_assert_text(desk, "    domain: win10\n");
	desk_assert_nothing_set(desk);
}

/* Once may be chance: what was read once only is not taken. */
static void test_twice(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = WATCH, .times = 1, .act = to_guest },
		{ .times = 1, .act = to_host },
		{ .answer = "none" },
		{ 0 },
	};

	desk_add_monitor(desk, &aoc, TRUE);
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	desk_assert_said(desk, "2778X stays with the host.");
	g_assert_cmpuint(desk->interview.draft->config->displays->len, ==, 0);
}

static void test_silent(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = "It has stopped answering", .times = 1 },
		{ .times = 1, .act = to_host },
		{ .expect = "Which input of 2778X shows win10?", .answer = "hdmi5" },
		{ .expect = "\"hdmi5\" is not an input. Answer with one", .answer = "" },
		{ .expect = "Answer with one of the numbers", .answer = "0x111" },
		{ .expect = "\"0x111\" is not an input", .answer = "dp1" },
		{ .expect = "That is the host's own input", .answer = "?" },
		{ .expect = "most monitors use the standard numbers", .answer = "2" },
		{ 0 },
	};

	sim_monitor_set_faults(
		desk_add_monitor(desk, &aoc, TRUE), (SimFaults){ .active_only = TRUE });
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	/* 1 VGA, 2 HDMI-1: without the host's */
	desk_assert_text(desk, "guest: hdmi1 # 0x11\n");
	desk_assert_nothing_set(desk);
}

/* An AOC says 0x05 where 0x0f has to be written: not among those it lists. */
static void test_reads_as(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "It reports 0x05 for that", .answer = "displayport" },
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = BACK, .times = 1, .act = to_host },
		{ .expect = "It reports 0x1b for that", .answer = "HDMI-1" },
		{ 0 },
	};

	sim_monitor_set_faults(
		desk_add_monitor(desk, &aoc, TRUE), (SimFaults){ .reads_xor = 0x0a });
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	desk_assert_text(desk, "      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
	desk_assert_text(desk, "      reads_as:\n          host: 0x05\n          guest: 0x1b\n");
	desk_assert_nothing_set(desk);
}

/* It does not report its input at all: setup asks for both. */
static void test_mute(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "It does not report its input. ", .answer = "0x0f" },
		{ .expect = "shows win10? (none", .answer = "0xfe" },
		{ 0 },
	};

	sim_monitor_set_faults(
		desk_add_monitor(desk, &aoc, TRUE), (SimFaults){ .refuse_reads = TRUE });
	desk_add_usual(desk);
	desk_look_and_run(desk, NULL, script);
	desk_assert_text(desk, "      host: dp1 # 0x0f\n      guest: 0xfe\n");
}

static void test_lg(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = BACK, .times = 1, .act = to_host },
		{ .expect = "It is an LG monitor.", .answer = "?" },
		{ .expect = "source address 0x50", .answer = "lg" },
		{ 0 },
	};

	desk_add_monitor(desk, &lg, TRUE);
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	desk_assert_text(desk, "      feature: 0xf4\n      source_address: 0x50\n"
			       "      host: 0xd0\n      guest: 0x90\n");
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
	SetupDesk desk;

	desk_new(&desk);
	desk_add_monitor(&desk, &aoc, connectors);
	desk_add_monitor(&desk, &aoc, connectors);
	desk_add_usual(&desk);
	desk_look_and_run(&desk, CAPS, script);
	if (connectors) {
		desk_assert_text(&desk, "          connector: DP-1\n      host: dp1 # 0x0f\n"
					"      guest: hdmi1");
		desk_assert_text(&desk, "          connector: DP-2\n      host: dp1 # 0x0f\n"
					"      guest: hdmi2");
	} else {
		desk_assert_text(&desk, "    # Only the bus distinguishes it from another one.");
		desk_assert_text(&desk, "      bus: 4\n");
		desk_assert_text(&desk, "    - name: \"2778X (2)\"\n      bus: 6\n");
	}
	desk_free(&desk);
}

/* One monitor with both its cables in this computer is one display. */
static void test_two_cables(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "look the same", .answer = "2" },
		{ .expect = WATCH, .answer = "hdmi1" },
		{ 0 },
	};

	desk_add_monitor(desk, &aoc, TRUE);
	sim_i2c_plug(desk->sim, 6, "HDMI-A-1", desk->monitors[0], HDMI1);
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	g_assert_cmpuint(desk->interview.draft->config->displays->len, ==, 1);
	desk_assert_text(desk, "          connector: DP-1\n");
}

/* Nor does another product code at the other input make two of it. */
static void test_two_cables_differ(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "look the same", .answer = "2" },
		{ .expect = WATCH, .answer = "hdmi1" },
		{ 0 },
	};

	desk_add_monitor(desk, &aoc, TRUE);
	sim_i2c_plug(desk->sim, 6, "HDMI-A-1", desk->monitors[0], HDMI1);
	sim_i2c_set_product(desk->sim, 6, 1);
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	g_assert_cmpuint(desk->interview.draft->config->displays->len, ==, 1);
}

/* With a serial number there is nothing to ask. */
static void test_two_cables_serial(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = { { .expect = WATCH, .answer = "hdmi1" }, { 0 } };

	desk_add_monitor(desk, &dell, TRUE);
	sim_i2c_plug(desk->sim, 6, "card1-HDMI-A-1", desk->monitors[0], HDMI1);
	sim_i2c_set_product(desk->sim, 6, 1);
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	g_assert_cmpuint(desk->interview.draft->config->displays->len, ==, 1);
	desk_assert_said(desk, "2 cables: DP-1 of card0");
	desk_assert_text(desk, "      monitor: DEL U2719D\n");
}

/* One that only a guest's card has a cable to cannot be reached while the guest runs. */
static void test_guests_monitor(SetupDesk *desk, gconstpointer unused)
{
	static const char domain[] =
		"<domain type='kvm'><name>win10</name><devices>"
		"<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0x02' "
		"slot='0x00' function='0x0'/></source></hostdev></devices></domain>";
	static const Line script[] = { { .expect = WATCH, .answer = "hdmi1" }, { 0 } };
	g_autoptr(GError) error = NULL;
	FoundGuest *guest;

	desk_add_monitor(desk, &aoc, TRUE);
	desk->monitors[1] = sim_monitor_new(desk->sim, &dell);
	sim_i2c_plug(desk->sim, 6, "card1-HDMI-A-1", desk->monitors[1], HDMI1);
	desk_add_usual(desk);
	guest = desk->interview.found.guests->pdata[0];
	guest->now = domain_parse("win10", domain, &error);
	g_assert_no_error(error);
	desk_look_and_run(desk, CAPS, script);
	g_assert_cmpuint(desk->interview.draft->config->displays->len, ==, 1);
	desk_assert_said(desk, "it is connected only to a guest's graphics card");
	desk_assert_text(desk, "      monitor: AOC 2778X\n");
}

/* Twins with one text for all, and a number for each: the number tells them apart. */
static void test_numbered_twins(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = WATCH, .answer = "hdmi1" },
		{ .expect = WATCH, .answer = "hdmi2" },
		{ 0 },
	};
	SimMonitorSpec one = { .manufacturer = "ACR",
		.model = "XB271HU",
		.serial = "T123",
		.number = 77,
		.input = DP1 };
	SimMonitorSpec other = one;

	other.number = 78;
	desk_add_monitor(desk, &one, TRUE);
	desk_add_monitor(desk, &other, TRUE);
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	desk_assert_text(desk, "          serial: T123\n          number: 77\n      host");
	desk_assert_text(desk, "          serial: T123\n          number: 78\n      host");
}

static void test_two_guests(SetupDesk *desk, gconstpointer unused)
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
		{ .expect = "at http://192.168.122.1", .answer = "" },
		{ .expect = "Encrypt that with TLS?", .answer = "" },
		{ 0 },
	};

	desk_add_monitor(desk, &aoc, TRUE);
	desk_add_monitor(desk, &dell, TRUE);
	desk_add_usual(desk);
	desk_add_guest(desk, "linux", FALSE, "192.168.122.1");
	desk_add_guest(desk, "other", TRUE, NULL);
	desk_look_and_run(desk, CAPS, script);
	desk_assert_said(desk, "linux has no graphics card passed through");
	desk_assert_text(desk, "    - name: win10\n      domain: win10\n");
	desk_assert_text(desk,
		"      monitor: AOC 2778X\n      inputs:\n          host: dp1 # 0x0f\n"
		"          win10: hdmi1 # 0x11\n          linux: hdmi1 # 0x11\n");
	desk_assert_text(desk,
		"      monitor: DEL U2719D\n      inputs:\n          host: dp1 # 0x0f\n"
		"          linux: hdmi2 # 0x12\n");
	/* they could listen to each other: TLS is what is proposed */
	desk_assert_text(desk, "    tls:\n        certificate: certificate.pem\n");
}

/* -- http ------------------------------------------------------------------------------------- */

static void test_http(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "http://192.168.122.1:5001? [yes]", .answer = "maybe" },
		{ .expect = "Answer yes or no", .answer = "" },
		{ .expect = "plain HTTP is fine. [no]", .answer = "" },
		{ 0 },
	};

	desk_add_guest(desk, "win10", TRUE, "192.168.122.1");
	desk_add_device(desk, "3-1", "046d:c52b", NULL, "Acme keyboard with a touchpad", "both");
	desk_look_and_run(desk, CAPS, script);
	g_assert_cmpstr(desk->interview.draft->config->http_host, ==, "192.168.122.1");
	g_assert_cmpuint(desk->interview.draft->config->http_port, ==, 5001);
	g_assert_null(desk->interview.draft->config->http_certificate.path);
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
		SetupDesk desk;

		desk_new(&desk);
		desk.options.tls = way > 0;
		desk.options.http = way == 1 ? "192.168.1.1:80" : NULL;
		desk.interview.asks = way != 1;
		desk_add_guest(&desk, "win10", TRUE, way == 3 ? NULL : "192.168.122.1");
		desk_add_device(
			&desk, "3-1", "046d:c52b", NULL, "Acme keyboard with a touchpad", "both");
		desk_look(&desk, CAPS);
		g_assert_true(desk_run(&desk, way == 0 ? script : way == 2 ? no_http : NULL));
		if (way < 2)
			desk_assert_text(&desk, "    tls:\n        certificate: certificate.pem\n"
						"        key: key.pem\n");
		else
			desk_assert_missing(&desk, "--tls: the HTTP API is off");
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
		SetupDesk desk;

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

#define ADD(path, test) g_test_add(path, SetupDesk, NULL, desk_set_up, test, desk_tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/setup/buttons", test_buttons);
	ADD("/setup/twice", test_twice);
	ADD("/setup/silent", test_silent);
	ADD("/setup/reads-as", test_reads_as);
	ADD("/setup/mute", test_mute);
	ADD("/setup/lg", test_lg);
	g_test_add_data_func("/setup/twins", GINT_TO_POINTER(TRUE), test_twins);
	g_test_add_data_func("/setup/twins-by-bus", GINT_TO_POINTER(FALSE), test_twins);
	ADD("/setup/two-cables", test_two_cables);
	ADD("/setup/two-cables/differ", test_two_cables_differ);
	ADD("/setup/two-cables/serial", test_two_cables_serial);
	ADD("/setup/guests-monitor", test_guests_monitor);
	ADD("/setup/numbered-twins", test_numbered_twins);
	ADD("/setup/two-guests", test_two_guests);
	ADD("/setup/http", test_http);
	g_test_add_func("/setup/tls", test_tls);
	g_test_add_func("/setup/leave", test_leave);
	return g_test_run();
}
