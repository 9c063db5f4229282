/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a scan does to the hardware, and what it must leave alone.
 */
#include "desk.h"

#include "display/climb.h"

#define MONITORS 9

/* So long that another bus's message would come in between, if it could. */
static void take_time(int bus, guint8 address, gboolean read, gpointer data)
{
	g_usleep(1000);
}

/* Nine monitors, each on a bus of its own, on as many cards as asked for. */
static Desk *many(guint cards)
{
	Desk *desk = desk_new();

	for (int i = 0; i < MONITORS; i++) {
		g_autofree char *serial = g_strdup_printf("A%d7", i);
		g_autofree char *connector = g_strdup_printf("card%u-DP-%d", (guint)i % cards, i);
		SimMonitor *monitor = desk_monitor(desk, i, "2778X", serial);

		sim_i2c_plug(desk->sim, i, connector, monitor, 0x0f);
	}
	sim_i2c_intercept(desk->sim, take_time, NULL);
	return desk;
}

static void test_one_transfer(gconstpointer depth)
{
	g_autoptr(Desk) desk = many(1);
	g_autoptr(ScanResult) result =
		scan_run(sim_i2c_system(desk->sim), (ScanDepth)GPOINTER_TO_INT(depth), NULL, NULL);

	g_assert_cmpuint(result->monitors->len, ==, MONITORS);
	g_assert_cmpuint(sim_i2c_peak(desk->sim, "card0"), ==, 1);
}

static void test_one_transfer_per_card(void)
{
	g_autoptr(Desk) desk = many(2);
	g_autoptr(ScanResult) result = scan_run(sim_i2c_system(desk->sim), SCAN_INPUT, NULL, NULL);

	g_assert_cmpuint(result->monitors->len, ==, MONITORS);
	g_assert_cmpuint(sim_i2c_peak(desk->sim, "card0"), ==, 1);
	g_assert_cmpuint(sim_i2c_peak(desk->sim, "card1"), ==, 1);
}

typedef struct {
	guint calls, done, all;
} Progress;

static void on_progress(const char *what, guint done, guint all, gpointer data)
{
	Progress *progress = data;

	g_assert_cmpuint(done, <=, all);
	if (progress->calls++ == 0)
		g_assert_cmpuint(done, ==, 0);
	else
		g_assert_cmpuint(done, >=, progress->done);
	progress->done = done;
	progress->all = all;
}

/* Who waits sees how far it is, and at last what was found, on the first bus too. */
static void test_progress(void)
{
	g_autoptr(Desk) desk = many(1);
	Progress progress = { 0 };
	g_autoptr(ScanResult) result =
		scan_run(sim_i2c_system(desk->sim), SCAN_INPUT, on_progress, &progress);
	g_autofree char *label = found_monitor_label(result->monitors->pdata[0]);

	g_assert_cmpuint(progress.all, ==, MONITORS);
	g_assert_cmpuint(progress.done, ==, MONITORS);
	g_assert_cmpuint(progress.calls, ==, MONITORS + 1);
	g_assert_cmpstr(label, ==, "AOC 2778X A07 on DP-0 (/dev/i2c-0)");
}

/* The daemon: it scans for the first, and then switches all at once. */
static void test_switching(void)
{
	g_autoptr(Desk) desk = many(1);
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	Resource *displays[MONITORS];
	Outcome outcomes[MONITORS] = { 0 };

	for (int i = 0; i < MONITORS; i++) {
		g_autofree char *serial = g_strdup_printf("A%d7", i);
		ConfigDisplay config = config_display(-1);

		config.match.serial = serial;
		displays[i] = desk_display(desk, &config);
		displays[i]->ops->apply(displays[i], "guest", cancel, outcome_done, &outcomes[i]);
		outcome_wait(&outcomes[0]);
	}
	for (int i = 0; i < MONITORS; i++) {
		outcome_wait(&outcomes[i]);
		g_assert_no_error(outcomes[i].error);
		g_assert_cmpstr(outcomes[i].at, ==, "guest");
		outcome_clear(&outcomes[i]);
		resource_free(displays[i]);
	}
	g_assert_cmpuint(sim_i2c_peak(desk->sim, "card0"), ==, 1);
}

/* The kernel knows the monitor, and no user may ask it: it is listed, with the reason. */
static void test_unasked(void)
{
	g_autoptr(Desk) desk = desk_new();
	SimMonitor *monitor = desk_monitor(desk, 4, "2778X", "1234");
	g_autoptr(ScanResult) result = NULL;
	const FoundMonitor *found;

	sim_i2c_plug(desk->sim, 4, "card0-DP-1", monitor, 0x0f);
	sim_i2c_know_edid(desk->sim, 4);
	sim_i2c_set_bus_fault(desk->sim, 4, SIM_BUS_FORBIDDEN);
	result = scan_run(sim_i2c_system(desk->sim), SCAN_INPUT, NULL, NULL);
	g_assert_cmpuint(result->monitors->len, ==, 1);
	found = result->monitors->pdata[0];
	g_assert_cmpuint(result->buses, ==, 1);
	g_assert_cmpuint(result->refused->len, ==, 1);
	g_assert_cmpint(((const RefusedBus *)result->refused->pdata[0])->bus, ==, 4);
	g_assert_cmpint(found->bus, ==, -1);
	g_assert_cmpstr(found->connector, ==, "DP-1");
	g_assert_cmpstr(found->edid.model, ==, "2778X");
	g_assert_cmpstr(found->trouble, ==,
		((const RefusedBus *)result->refused->pdata[0])->error->message);
}

enum { NEIGHBOUR = 9 };

static const I2cOps *real_ops;

/* A pause leaves the card to its other buses. */
static void pause_without_card(I2cSystem *system, gint64 us, GCancellable *cancel)
{
	g_autoptr(GError) error = NULL;
	I2cBus *neighbour = real_ops->open(system, NEIGHBOUR, 0, &error);

	g_assert_no_error(error);
	/* the neighbour's own scan may be using the card, and ends */
	real_ops->lock_card(neighbour, 10000, &error);
	g_assert_no_error(error);
	real_ops->unlock_card(neighbour);
	real_ops->close(neighbour);
	real_ops->sleep_us(system, us, cancel);
}

static void test_pauses(void)
{
	g_autoptr(Desk) desk = desk_new();
	SimMonitor *monitor = desk_monitor(desk, 4, "2778X", "1234");
	I2cSystem *system = sim_i2c_system(desk->sim);
	ConfigDisplay config = config_display(4);
	g_autoptr(Resource) display = desk_display(desk, &config);
	g_autoptr(ScanResult) result = NULL;
	g_auto(Outcome) outcome = { 0 };
	I2cOps ops = *system->ops;

	sim_i2c_plug(desk->sim, NEIGHBOUR, NULL, NULL, 0);
	real_ops = system->ops;
	ops.sleep_us = pause_without_card;
	system->ops = &ops;
	sim_monitor_set_faults(monitor, (SimFaults){ .naks = 2, .nulls = 1 });
	outcome = apply(display, "guest");
	g_assert_no_error(outcome.error);
	result = scan_run(system, SCAN_CAPABILITIES, NULL, NULL);
	g_assert_cmpuint(result->monitors->len, ==, 1);
	system->ops = real_ops;
}

/* -- what is left alone, and what the kernel knows -------------------------------------------- */

/* Is there a message to this bus in what was sent? EDID's are not in the log: they are counted. */
static void count_messages(int bus, guint8 address, gboolean read, gpointer data)
{
	((guint *)data)[bus]++;
}

static void test_panel(gconstpointer connector)
{
	g_autoptr(Desk) desk = desk_new();
	guint messages[8] = { 0 };
	ConfigDisplay config = config_display(3);
	g_autoptr(Resource) display = NULL;
	g_autoptr(ScanResult) result = NULL;
	g_auto(Outcome) seen = { 0 }, set = { 0 };
	g_autoptr(GError) refusal = NULL;

	sim_i2c_plug(desk->sim, 3, connector, desk_monitor(desk, 3, "panel", NULL), 0x0f);
	sim_i2c_know_edid(desk->sim, 3);
	sim_i2c_intercept(desk->sim, count_messages, messages);
	result = scan_run(sim_i2c_system(desk->sim), SCAN_CAPABILITIES, NULL, NULL);
	g_assert_cmpuint(result->monitors->len, ==, 1);
	g_assert_true(((FoundMonitor *)result->monitors->pdata[0])->panel);
	g_assert_cmpint(((FoundMonitor *)result->monitors->pdata[0])->bus, ==, -1);
	/* nor when the config names its bus */
	display = desk_display(desk, &config);
	g_assert_false(display->ops->check(display, "guest", &refusal));
	g_assert_error(refusal, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
	seen = observe(display);
	set = apply(display, "guest");
	g_assert_error(seen.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
	g_assert_error(set.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
	g_assert_cmpuint(messages[3], ==, 0);
}

/* The kernel has read the EDID: nobody else has to, to know where the monitor is. */
static void test_known(void)
{
	g_autoptr(Desk) desk = desk_new();
	guint messages[8] = { 0 };
	g_autoptr(ScanResult) result = NULL;

	sim_i2c_plug(desk->sim, 4, "DP-1", desk_monitor(desk, 4, "2778X", "1234"), 0x0f);
	sim_i2c_know_edid(desk->sim, 4);
	sim_i2c_intercept(desk->sim, count_messages, messages);
	result = scan_run(sim_i2c_system(desk->sim), SCAN_IDENTITY, NULL, NULL);
	g_assert_cmpuint(result->monitors->len, ==, 1);
	g_assert_cmpint(((FoundMonitor *)result->monitors->pdata[0])->bus, ==, 4);
	g_assert_cmpuint(messages[4], ==, 0);
}

/* Where nothing is, the EDID is asked for once. */
static void test_nobody(void)
{
	g_autoptr(Desk) desk = desk_new();
	guint messages[8] = { 0 };
	g_autoptr(ScanResult) result = NULL;

	sim_i2c_plug(desk->sim, 4, NULL, NULL, 0x0f);
	sim_i2c_intercept(desk->sim, count_messages, messages);
	result = scan_run(sim_i2c_system(desk->sim), SCAN_CAPABILITIES, NULL, NULL);
	g_assert_cmpuint(result->monitors->len, ==, 0);
	g_assert_cmpuint(result->refused->len, ==, 0);
	g_assert_cmpuint(messages[4], ==, 1);
}

/* What is asked for at each depth, and what comes of a monitor that does not have the feature, or
 * does not answer. */
static void test_depths(void)
{
	static const struct {
		ScanDepth depth;
		SimFaults faults;
		gboolean answers, described;
		int input;
		const char *trouble;
	} cases[] = {
		{ SCAN_IDENTITY, { 0 }, FALSE, FALSE, -1, NULL },
		{ SCAN_INPUT, { 0 }, TRUE, FALSE, 0x0f, NULL },
		{ SCAN_CAPABILITIES, { 0 }, TRUE, TRUE, 0x0f, NULL },
		{ SCAN_CAPABILITIES, { .refuse_reads = TRUE }, TRUE, TRUE, -1, "" },
		{ SCAN_CAPABILITIES, { .deaf = TRUE }, FALSE, FALSE, -1, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Desk) desk = desk_new();
		g_autoptr(ScanResult) result = NULL;
		const FoundMonitor *found;

		sim_monitor_set_faults(desk_monitor(desk, 0, "2778X", "1234"), cases[i].faults);
		result = scan_run(sim_i2c_system(desk->sim), cases[i].depth, NULL, NULL);
		g_assert_cmpuint(result->monitors->len, ==, 1);
		found = result->monitors->pdata[0];
		g_assert_cmpint(found->answers, ==, cases[i].answers);
		g_assert_cmpint(found->described, ==, cases[i].described);
		g_assert_true((found->capabilities_text != NULL) == found->described);
		g_assert_cmpint(capabilities_has(&found->capabilities, 0x60), ==, found->described);
		g_assert_cmpint(found->input, ==, cases[i].input);
		g_assert_true((found->trouble != NULL) == (cases[i].trouble != NULL));
		g_assert_cmpint(found->answer_ms > 0, ==, cases[i].depth >= SCAN_INPUT);
	}
}

/* What keeps a person from seeing more, in a sentence. */
static void test_remarks(void)
{
	static const char *const expected[] = {
		"no I2C bus for monitors; load the driver: sudo modprobe i2c-dev",
		NULL,
		"no permission to open /dev/i2c-3; add the user to the group i2c",
		"2 I2C buses could not be read; the first: no permission to open /dev/i2c-3; add "
		"the user to the group i2c",
	};

	for (int i = 0; i < 4; i++) {
		g_autoptr(Desk) desk = desk_new();
		g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(ScanResult) result = NULL;

		for (int bus = 2; i > 0 && bus < 2 + i; bus++) {
			desk_monitor(desk, bus, "2778X", "1234");
			if (bus > 2)
				sim_i2c_set_bus_fault(desk->sim, bus, SIM_BUS_FORBIDDEN);
		}
		result = scan_run(sim_i2c_system(desk->sim), SCAN_IDENTITY, NULL, NULL);
		scan_remarks(result, remarks);
		g_assert_cmpuint(remarks->len, ==, expected[i] != NULL ? 1 : 0);
		if (expected[i] == NULL)
			continue;
		/* which of the two was the first is a matter of threads */
		g_strdelimit(remarks->pdata[0], "4", '3');
		g_assert_cmpstr(remarks->pdata[0], ==, expected[i]);
	}
}

/* One look is no reason to change permissions. */
static void test_advise(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(ScanResult) result = NULL;

	desk_monitor(desk, 3, "2778X", "1234");
	sim_i2c_set_bus_fault(desk->sim, 3, SIM_BUS_FORBIDDEN);
	result = scan_run(sim_i2c_system(desk->sim), SCAN_IDENTITY, NULL, NULL);
	scan_advise(result, NULL);
	scan_advise(result, "sudo hotseat detect");
	scan_remarks(result, remarks);
	g_assert_cmpuint(remarks->len, ==, 1);
	g_assert_cmpstr(remarks->pdata[0], ==,
		"no permission to open /dev/i2c-3; run `sudo hotseat detect`");
	/* the monitors that the kernel knows say the same */
	for (guint i = 0; i < result->monitors->len; i++)
		g_assert_null(strstr(
			((FoundMonitor *)result->monitors->pdata[i])->trouble, "add the user"));
}

static void test_read_input(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(GError) error = NULL;
	guint8 input = 0;

	g_assert_false(scan_read_input(sim_i2c_system(desk->sim), 4, &input, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_BUS);
	g_clear_error(&error);
	sim_monitor_press(desk_monitor(desk, 4, "2778X", "1234"), 0x12);
	g_assert_true(scan_read_input(sim_i2c_system(desk->sim), 4, &input, &error));
	g_assert_no_error(error);
	g_assert_cmphex(input, ==, 0x12);
	/* and the bus is free again */
	g_assert_true(scan_read_input(sim_i2c_system(desk->sim), 4, &input, &error));
}

/* A monitor behind a DisplayPort hub: its EDID is known to the kernel, and cannot be read. */
static void plug_mst(Desk *desk, int bus, const char *connector, const char *model)
{
	SimMonitor *monitor = desk_monitor(desk, bus, model, NULL);

	sim_monitor_set_faults(monitor, (SimFaults){ .no_edid = TRUE });
	/* its connector does not know its bus */
	sim_i2c_plug(desk->sim, -bus, connector, monitor, 0x0f);
	sim_i2c_know_edid(desk->sim, -bus);
}

static void test_mst(void)
{
	g_autoptr(Desk) desk = desk_new();
	ConfigDisplay config = config_display(-1);
	g_autoptr(Resource) display = NULL;
	g_auto(Outcome) outcome = { 0 };

	desk_monitor(desk, 4, "2778X", "1234");
	plug_mst(desk, 6, "DP-3", "U2720Q");
	config.match.monitor = (char *)"U2720Q";
	display = desk_display(desk, &config);
	outcome = apply(display, "guest");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.detail, ==, "HDMI-1 (0x11) on /dev/i2c-6");
}

/* Of two it cannot be known which is which: neither is guessed. */
static void test_mst_two(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(ScanResult) result = NULL;

	plug_mst(desk, 5, "DP-2", "2778X");
	plug_mst(desk, 6, "DP-3", "U2720Q");
	result = scan_run(sim_i2c_system(desk->sim), SCAN_INPUT, NULL, NULL);
	g_assert_cmpuint(result->monitors->len, ==, 2);
	g_assert_cmpint(((FoundMonitor *)result->monitors->pdata[0])->bus, ==, -1);
	g_assert_cmpint(((FoundMonitor *)result->monitors->pdata[1])->bus, ==, -1);
}

/* The connector knows two buses, of which one leads to the monitor, as on AMD's cards. */
static void test_known_connector(void)
{
	g_autoptr(Desk) desk = desk_new();
	SimMonitor *monitor = desk_monitor(desk, 4, "2778X", NULL);
	g_autoptr(ScanResult) result = NULL;
	const FoundMonitor *found;

	sim_monitor_set_faults(monitor, (SimFaults){ .no_edid = TRUE });
	sim_i2c_plug(desk->sim, 4, "DP-1", monitor, 0x0f);
	sim_i2c_know_edid(desk->sim, 4);
	sim_i2c_share_connector(desk->sim, 4, 5);
	result = scan_run(sim_i2c_system(desk->sim), SCAN_IDENTITY, NULL, NULL);
	g_assert_cmpuint(result->monitors->len, ==, 1);
	found = result->monitors->pdata[0];
	g_assert_cmpint(found->bus, ==, 4);
	g_assert_cmpstr(found->edid.model, ==, "2778X");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func(
		"/scan/one-transfer/identity", GINT_TO_POINTER(SCAN_IDENTITY), test_one_transfer);
	g_test_add_data_func("/scan/one-transfer/capabilities", GINT_TO_POINTER(SCAN_CAPABILITIES),
		test_one_transfer);
	g_test_add_func("/scan/one-transfer/per-card", test_one_transfer_per_card);
	g_test_add_func("/scan/one-transfer/switching", test_switching);
	g_test_add_func("/scan/one-transfer/pauses", test_pauses);
	g_test_add_data_func("/scan/panel/edp", "card0-eDP-1", test_panel);
	g_test_add_data_func("/scan/panel/lvds", "LVDS-1", test_panel);
	g_test_add_data_func("/scan/panel/dsi", "card1-DSI-2", test_panel);
	g_test_add_func("/scan/known", test_known);
	g_test_add_func("/scan/known/connector", test_known_connector);
	g_test_add_func("/scan/mst", test_mst);
	g_test_add_func("/scan/mst/two", test_mst_two);
	g_test_add_func("/scan/unasked", test_unasked);
	g_test_add_func("/scan/progress", test_progress);
	g_test_add_func("/scan/nobody", test_nobody);
	g_test_add_func("/scan/depths", test_depths);
	g_test_add_func("/scan/remarks", test_remarks);
	g_test_add_func("/scan/advise", test_advise);
	g_test_add_func("/scan/read-input", test_read_input);
	return g_test_run();
}
