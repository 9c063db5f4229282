/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which codes hotseat setup writes: for monitors that report something else than they take, that
 * list what they do not have, and that the monitor database knows.
 */
#include <string.h>

#include "setup-person.h"

#define WATCH "with the monitor's own buttons"
#define BACK  "Switch it back"

static void to_guest(SetupDesk *desk)
{
	sim_monitor_press(desk->monitors[0], HDMI1);
}

static void to_host(SetupDesk *desk)
{
	sim_monitor_press(desk->monitors[0], DP1);
}

/* -- monitors that report something else than they show ---------------------------------------- */

/* as Samsung's: HDMI is 0x05, which it does not list */
static const SimFaults own_code = { .misread = HDMI1, .misread_as = 0x05 };
static const SimFaults zero_for_hdmi = { .misread = HDMI1, .misread_as = 0x00 };
static const SimFaults zero = { .tells_zero = TRUE };

static void desk_new_reporting(
	SetupDesk *desk, const SimMonitorSpec *spec, const char *capabilities, SimFaults faults)
{
	desk_new(desk);
	sim_monitor_set_faults(desk_add_monitor(desk, spec, TRUE), faults);
	desk_add_usual(desk);
	desk_look(desk, capabilities);
}

static void desk_begin(SetupDesk *desk, const SimMonitorSpec *spec, const char *capabilities)
{
	desk_add_monitor(desk, spec, TRUE);
	desk_add_usual(desk);
	desk_look(desk, capabilities);
}

/* 0x00 is not an input, and reads as one for both */
static void test_always_zero(void)
{
	static const Line script[] = {
		{ .expect = "it reports 0x00, which is not an input. 1  HDMI-1 (0x11) 2  HDMI-2 "
			    "(0x12)",
			.answer = "dp1" },
		{ .expect = WATCH, .times = 3 },
		{ .times = 3, .act = to_guest },
		{ .answer = "" },
		{ .expect = "Which input", .answer = "hdmi1" },
		{ .expect = "It is an LG monitor", .answer = "standard" },
		{ 0 },
	};
	SetupDesk desk;

	desk_new_reporting(&desk, &lg, "(vcp(10 12 60(11 12 0F 10) F4))", zero);
	g_assert_true(desk_run(&desk, script));
	desk_assert_text(&desk, "      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
	desk_assert_text(&desk, "      reads_as:\n          host: 0x00\n          guest: 0x00\n");
	desk_assert_nothing_set(&desk);
	desk_free(&desk);
}

/* as an AOC over USB-C */
static void test_zero_once(void)
{
	static const Line script[] = {
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = "It reports 0x00 now, which is not an input. " BACK,
			.times = 1,
			.act = to_host },
		{ .expect = "Which input", .answer = "hdmi1" },
		{ 0 },
	};
	SetupDesk desk;

	desk_new_reporting(&desk, &aoc, CAPS, zero_for_hdmi);
	g_assert_true(desk_run(&desk, script));
	desk_assert_text(&desk, "      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
	desk_assert_text(&desk, "      reads_as:\n          guest: 0x00\n");
	desk_free(&desk);
}

/* What it reports is offered before what it lists, and Enter takes it. */
static void test_reported_first(void)
{
	static const SimMonitorSpec samsung = {
		.manufacturer = "SAM", .model = "LS32A70", .input = DP1
	};
	static const Line script[] = {
		{ .expect = "It reports 0x0f for that, which is not in its list. 1  "
			    "DisplayPort-1 (0x0f), as it reports 2  VGA-1 (0x01) 3  DVI-1 (0x03)",
			.answer = "" },
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = "It shows Composite-1 (0x05) now. " BACK, .times = 1, .act = to_host },
		{ .expect = "1  Composite-1 (0x05), as it reports 2  VGA-1 (0x01)", .answer = "1" },
		{ 0 },
	};
	SetupDesk desk;

	desk_new_reporting(&desk, &samsung, "(vcp(10 12 60(01 03)))", own_code);
	g_assert_true(desk_run(&desk, script));
	desk_assert_text(&desk, "      host: dp1 # 0x0f\n      guest: composite1 # 0x05\n");
	desk_assert_nothing_set(&desk);
	desk_free(&desk);
}

/* -- codes of two bytes ------------------------------------------------------------------------ */

static void test_two_bytes(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "Which input of 2778X shows this computer?", .answer = "0xff0" },
		{ .expect = "\"0xff0\" is not an input", .answer = "0x10000" },
		{ .expect = "\"0x10000\" is not an input", .answer = "0xff09" },
		{ .expect = "shows win10? (none", .answer = "0xFF11" },
		{ 0 },
	};

	sim_monitor_set_faults(
		desk_add_monitor(desk, &aoc, TRUE), (SimFaults){ .refuse_reads = TRUE });
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	desk_assert_text(desk, "      host: 0xff09\n      guest: 0xff11\n");
}

/* typed while the monitor is watched, and by option */
static void test_two_bytes_elsewhere(void)
{
	static const Line script[] = {
		{ .expect = WATCH, .answer = "0xff09" },
		{ 0 },
	};
	static const char *displays[] = { "4=0xff0f,65289", NULL };
	SetupDesk desk;

	desk_new(&desk);
	desk_begin(&desk, &aoc, CAPS);
	g_assert_true(desk_run(&desk, script));
	desk_assert_text(&desk, "      host: dp1 # 0x0f\n      guest: 0xff09\n");
	desk_free(&desk);

	desk_new(&desk);
	desk.options.displays = displays;
	desk_begin(&desk, &aoc, CAPS);
	g_assert_true(desk_run(&desk, NULL));
	desk_assert_text(&desk, "      host: 0xff0f\n      guest: 0xff09\n");
	desk_free(&desk);
}

static void test_parse(void)
{
	static const struct {
		const char *text;
		int code;
	} cases[] = { { "0x01", 0x01 }, { "0xff", 0xff }, { "0x0f0f", 0x0f0f },
		{ "0xff09", 0xff09 }, { "0x1", 0x01 }, { "17", 17 }, { "65289", 0xff09 },
		{ "hdmi1", 0x11 }, { "0x00", -1 }, { "0x0000", -1 }, { "0", -1 }, { "0x111", -1 },
		{ "0x1ff", -1 }, { "0x10000", -1 }, { "65536", -1 }, { "-1", -1 }, { "", -1 },
		{ "0x", -1 } };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].text);
		g_assert_cmpint(input_parse(cases[i].text, 0x60), ==, cases[i].code);
	}
	g_assert_cmpint(input_parse("hdmi1", 0xf4), ==, -1);
}

/* -- the monitor database ---------------------------------------------------------------------- */

/* It knows the codes and their connectors: no need to press buttons. */
static void test_known(SetupDesk *desk, gconstpointer unused)
{
	static const SimMonitorSpec u2723qe = {
		.manufacturer = "DEL", .model = "DELL U2723QE", .input = DP1
	};
	static const Line script[] = {
		{ .expect = "The monitor database says: Its inputs are USB-C 0x1b, DisplayPort "
			    "0x0f, HDMI 0x11. It shows DisplayPort (0x0f) now. I assume that this "
			    "is this computer's input. 1  USB-C (0x1b) 2  HDMI (0x11) Which input "
			    "of "
			    "DELL U2723QE shows win10?",
			.answer = "hdmi (0x11)" },
		{ 0 },
	};

	desk_begin(desk, &u2723qe, NULL);
	g_assert_true(desk_run(desk, script));
	desk_assert_text(desk, "      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
	desk_assert_nothing_set(desk);
}

/* A code of two bytes, which the monitor reports and lists without the high one. */
static void test_known_two_bytes(SetupDesk *desk, gconstpointer unused)
{
	static const SimMonitorSpec p2719hc = {
		.manufacturer = "DEL", .model = "DELL P2719HC", .input = DP1
	};
	static const Line script[] = {
		{ .expect = "It shows DisplayPort (0x0f0f) now. I assume that this is this "
			    "computer's input. 1  USB-C (0x0f1b) 2  HDMI (0x0f11) Which",
			.answer = "2" },
		{ 0 },
	};

	desk_begin(desk, &p2719hc, "(vcp(10 60(0F 11 1B)))");
	g_assert_true(desk_run(desk, script));
	desk_assert_text(desk, "      host: 0x0f0f\n      guest: 0x0f11\n");
}

/* It says what the inputs read as, and which of those listed are not there. */
static void test_known_readings(void)
{
	static const SimMonitorSpec acer = {
		.manufacturer = "ACR", .model = "ED320QR", .input = 0x11
	};
	static const SimMonitorSpec samsung = {
		.manufacturer = "SAM", .model = "C27HG7x", .input = 0x09
	};
	static const Line acer_script[] = {
		{ .expect = "It shows HDMI-2 (0x0f) now", .answer = "1" },
		{ 0 },
	};
	static const Line samsung_script[] = {
		{ .expect = "1  HDMI-1 (0x05) 2  HDMI-2 (0x06) Which", .answer = "2" },
		{ 0 },
	};
	SetupDesk desk;

	desk_new(&desk);
	desk_begin(&desk, &acer, "(vcp(10 60(01 0F 11)))");
	g_assert_true(desk_run(&desk, acer_script));
	desk_assert_text(&desk, "      host: dp1 # 0x0f\n      guest: vga1 # 0x01\n");
	desk_assert_text(&desk, "      reads_as:\n          host: 0x11\n          guest: 0x0f\n");
	desk_free(&desk);

	desk_new(&desk);
	desk_begin(&desk, &samsung, "(vcp(10 60(11 12 0F)))");
	g_assert_true(desk_run(&desk, samsung_script));
	desk_assert_text(&desk, "      host: tuner1 # 0x09\n      guest: composite2 # 0x06\n");
	desk_free(&desk);
}

/* One that reports the input of the cable that asks: to watch it would be in vain. */
static void test_known_own_input(SetupDesk *desk, gconstpointer unused)
{
	static const SimMonitorSpec z27n = {
		.manufacturer = "HWP", .model = "HP Z27n", .input = DP1
	};
	static const Line script[] = {
		{ .expect = "It reports the input of the cable over which it is asked, whatever it "
			    "shows. It "
			    "shows DisplayPort-1 (0x0f) now",
			.answer = "hdmi1" },
		{ 0 },
	};

	desk_begin(desk, &z27n, CAPS);
	g_assert_true(desk_run(desk, script));
	desk_assert_text(desk, "      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
}

/* without a person: two inputs are known, of which it shows one */
static void test_known_obvious(SetupDesk *desk, gconstpointer unused)
{
	static const SimMonitorSpec samsung = {
		.manufacturer = "SAM", .model = "S34J55x", .input = 0x05
	};

	desk->options.yes = TRUE;
	desk->interview.asks = FALSE;
	desk_begin(desk, &samsung, "(vcp(10 60(11 12 0F)))");
	g_assert_true(desk_run(desk, NULL));
	g_assert_cmpuint(desk->interview.missing->len, ==, 0);
	desk_assert_text(desk, "      host: composite1 # 0x05\n      guest: dp1 # 0x0f\n");
}

/* LG's own way is what Enter chooses where models with this name need it; the standard's is not
 * asked about where it is known to work. */
static void test_known_lg(void)
{
	static const SimMonitorSpec gl850 = {
		.manufacturer = "GSM", .model = "27GL850", .input = DP1
	};
	static const Line own[] = {
		{ .expect = "Its inputs use their own feature, 0xf4.",
			.times = 2,
			.act = to_guest },
		{ .expect = BACK, .times = 1, .act = to_host },
		{ .expect = "The monitor database says that models with this name need it.",
			.answer = "" },
		{ 0 },
	};
	static const Line standard[] = {
		{ .expect = "1  HDMI-1 (0x11) 2  HDMI-2 (0x12) Which", .answer = "1" },
		{ 0 },
	};
	SetupDesk desk;

	desk_new(&desk);
	desk_begin(&desk, &lg, CAPS);
	g_assert_true(desk_run(&desk, own));
	desk_assert_text(&desk, "      feature: 0xf4\n      source_address: 0x50\n"
				"      host: 0xd0\n      guest: 0x90\n");
	desk_free(&desk);

	desk_new(&desk);
	desk_begin(&desk, &gl850, NULL);
	g_assert_true(desk_run(&desk, standard));
	desk_assert_text(&desk, "      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
	desk_free(&desk);
}

/* Further features are offered, and written only where the user says yes. */
static void test_known_also(void)
{
	static const SimMonitorSpec u4924dw = {
		.manufacturer = "DEL", .model = "DELL U4924DW", .input = DP1
	};
	static const Line one[] = {
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = BACK, .times = 1, .act = to_host },
		{ .expect = "Also set feature 0xe7 to 0xff00 at each switch of DELL U4924DW? That "
			    "does: next USB host.",
			.answer = "yes" },
		{ .expect = "Also set feature 0xe5 to 0xf000 at each switch of DELL U4924DW? That "
			    "does: swap the pictures.",
			.answer = "" },
		{ 0 },
	};
	static const Line none[] = {
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = BACK, .times = 1, .act = to_host },
		{ .expect = "Also set feature 0xe7", .answer = "no" },
		{ .expect = "Also set feature 0xe5", .answer = "no" },
		{ 0 },
	};
	static const char also[] = "      also:\n          - feature: 0xe7\n"
				   "            source_address: 0x51\n            values:\n"
				   "                guest: 0xff00\n                host: 0xff00\n";

	for (int i = 0; i < 2; i++) {
		g_autofree char *text = NULL;
		SetupDesk desk;

		desk_new(&desk);
		desk_begin(&desk, &u4924dw, CAPS);
		g_assert_true(desk_run(&desk, i == 0 ? one : none));
		text = draft_text(desk.interview.draft, DRAFT_SECRET_FILE);
		if (i == 0)
			desk_assert_text(&desk, also);
		else
			g_assert_null(strstr(text, "also:"));
		g_assert_null(strstr(text, "0xe5"));
		desk_assert_nothing_set(&desk);
		desk_free(&desk);
	}
}

/* A monitor that listens on its active input only is read over its other cable, while the host has
 * both. */
static void test_second_cable(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = WATCH, .times = 2, .act = to_guest },
		{ .expect = "It shows HDMI-1 (0x11) now. " BACK, .times = 1, .act = to_host },
		{ 0 },
	};

	sim_monitor_set_faults(
		desk_add_monitor(desk, &dell, TRUE), (SimFaults){ .active_only = TRUE });
	sim_i2c_plug(desk->sim, 6, "card1-HDMI-A-1", desk->monitors[0], HDMI1);
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, script);
	desk_assert_text(desk, "guest: hdmi1 # 0x11\n");
	desk_assert_nothing_set(desk);
}

#define ADD(path, test) g_test_add(path, SetupDesk, NULL, desk_set_up, test, desk_tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/setup-inputs/always-zero", test_always_zero);
	g_test_add_func("/setup-inputs/zero-once", test_zero_once);
	g_test_add_func("/setup-inputs/reported-first", test_reported_first);
	ADD("/setup-inputs/two-bytes", test_two_bytes);
	g_test_add_func("/setup-inputs/two-bytes-elsewhere", test_two_bytes_elsewhere);
	g_test_add_func("/setup-inputs/parse", test_parse);
	ADD("/setup-inputs/known", test_known);
	ADD("/setup-inputs/known-two-bytes", test_known_two_bytes);
	g_test_add_func("/setup-inputs/known-readings", test_known_readings);
	ADD("/setup-inputs/known-own-input", test_known_own_input);
	ADD("/setup-inputs/known-obvious", test_known_obvious);
	g_test_add_func("/setup-inputs/known-lg", test_known_lg);
	g_test_add_func("/setup-inputs/known-also", test_known_also);
	ADD("/setup-inputs/second-cable", test_second_cable);
	return g_test_run();
}
