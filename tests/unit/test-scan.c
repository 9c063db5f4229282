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

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func(
		"/scan/one-transfer/identity", GINT_TO_POINTER(SCAN_IDENTITY), test_one_transfer);
	g_test_add_data_func("/scan/one-transfer/capabilities", GINT_TO_POINTER(SCAN_CAPABILITIES),
		test_one_transfer);
	g_test_add_func("/scan/one-transfer/per-card", test_one_transfer_per_card);
	g_test_add_func("/scan/one-transfer/switching", test_switching);
	return g_test_run();
}
