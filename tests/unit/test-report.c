/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hotseat detect --report prints.
 */
#include "find/report.h"
#include "sim/monitor.h"
#include "tree.h"

#include <string.h>
#include <unistd.h>

typedef struct {
	SimI2c *sim;
	char *root;
	Machine machine;
} Bench;

static void bench_init(Bench *bench)
{
	static const TreeFile nothing[] = { { NULL, NULL } };

	bench->sim = sim_i2c_new(TRUE);
	bench->root = tree_new("class/drm", nothing);
	bench->machine = (Machine){ .i2c = sim_i2c_system(bench->sim), .sysfs = bench->root };
}

static void bench_clear(Bench *bench)
{
	tree_remove(bench->root);
	g_free(bench->root);
	sim_i2c_unref(bench->sim);
}

static void put_link(const Bench *bench, const char *path, const char *target)
{
	g_autofree char *link = g_build_filename(bench->root, path, NULL);
	g_autofree char *folder = g_path_get_dirname(link);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_cmpint(symlink(target, link), ==, 0);
}

/* The bus is a part of the card's connector, as DisplayPort's are. */
static void put_card(const Bench *bench)
{
	put_link(bench, "devices/pci0/0000:03:00.0/driver", "../../../bus/pci/drivers/amdgpu");
	put_link(bench, "bus/i2c/devices/i2c-4",
		"../../../devices/pci0/0000:03:00.0/drm/card0/card0-DP-1/i2c-4");
}

static char *report_of(Bench *bench)
{
	g_autoptr(ScanResult) scan = scan_run(bench->machine.i2c, SCAN_CAPABILITIES, NULL, NULL);

	return report_monitors(&bench->machine, scan->monitors);
}

static void assert_has(const char *report, const char *text)
{
	if (strstr(report, text) == NULL)
		g_error("\"%s\" is not in:\n%s", text, report);
}

/* All that an entry of the database is made from. */
static void test_monitor(void)
{
	static const SimMonitorSpec dell = { .manufacturer = "DEL",
		.model = "DELL U2415",
		.input = 0x0f,
		.capabilities = "(prot(monitor)vcp(60(0F 11)))" };
	g_autofree char *report = NULL;
	Bench bench;

	bench_init(&bench);
	put_card(&bench);
	sim_i2c_plug(bench.sim, 4, "DP-1", sim_monitor_new(bench.sim, &dell), 0x0f);
	report = report_of(&bench);
	assert_has(report, "the project's issue tracker");
	assert_has(report, "\nmonitor:      DEL DELL U2415\nproduct:      0x0000\n"
			   "connector:    DP-1\ndriver:       amdgpu\nDDC/CI:       answers in ");
	assert_has(report, "\ninput (0x60): 0x0f\n"
			   "capabilities: (prot(monitor)vcp(60(0F 11)))\n"
			   "database:     [DEL DELL U2415] in dell.ini\n");
	bench_clear(&bench);
}

/* neither in the EDID's lines nor in what the monitor says of itself */
static void test_no_serial(void)
{
	static const SimMonitorSpec dell = { .manufacturer = "DEL",
		.model = "DELL U2415",
		.serial = "7MT0167B1",
		.number = 1194477635,
		.input = 0x0f,
		.capabilities = "(prot(monitor)sn(7MT0167B1 1194477635)vcp(60(0F 11)))" };
	g_autofree char *report = NULL;
	Bench bench;

	bench_init(&bench);
	sim_i2c_plug(bench.sim, 4, "DP-1", sim_monitor_new(bench.sim, &dell), 0x0f);
	report = report_of(&bench);
	assert_has(report, "capabilities: (prot(monitor)sn(SERIAL SERIAL)vcp(60(0F 11)))\n");
	g_assert_null(strstr(report, "7MT0167B1"));
	g_assert_null(strstr(report, "1194477635"));
	bench_clear(&bench);
}

static void test_deaf(void)
{
	static const SimMonitorSpec aoc = {
		.manufacturer = "AOC", .model = "2778X", .input = 0x0f
	};
	g_autofree char *report = NULL;
	SimMonitor *monitor;
	Bench bench;

	bench_init(&bench);
	monitor = sim_monitor_new(bench.sim, &aoc);
	sim_monitor_set_faults(monitor, (SimFaults){ .deaf = TRUE });
	sim_i2c_plug(bench.sim, 4, NULL, monitor, 0x0f);
	report = report_of(&bench);
	assert_has(report, "\nconnector:    unknown\ndriver:       unknown\n"
			   "DDC/CI:       no answer: ");
	assert_has(report, "\ndatabase:     not in it\n");
	bench_clear(&bench);
}

static void test_mute(void)
{
	static const SimMonitorSpec aoc = {
		.manufacturer = "AOC", .model = "2778X", .input = 0x0f
	};
	g_autofree char *report = NULL;
	SimMonitor *monitor;
	Bench bench;

	bench_init(&bench);
	monitor = sim_monitor_new(bench.sim, &aoc);
	sim_monitor_set_faults(monitor, (SimFaults){ .refuse_reads = TRUE });
	sim_i2c_plug(bench.sim, 4, "DP-1", monitor, 0x0f);
	report = report_of(&bench);
	assert_has(report, "\ninput (0x60): not reported: ");
	bench_clear(&bench);
}

static void test_none(void)
{
	g_autofree char *report = NULL;
	Bench bench;

	bench_init(&bench);
	report = report_of(&bench);
	assert_has(report, "\nNo monitor was found.\n");
	bench_clear(&bench);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/report/monitor", test_monitor);
	g_test_add_func("/report/no-serial", test_no_serial);
	g_test_add_func("/report/deaf", test_deaf);
	g_test_add_func("/report/mute", test_mute);
	g_test_add_func("/report/none", test_none);
	return g_test_run();
}
