/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is found of a machine: monitors on simulated buses, USB devices and connectors in a tree of
 * files, guests of libvirt's test driver.
 */
#include "common/error.h"
#include "device/found.h"
#include "display/scan.h"
#include "find/machine.h"
#include "guest/domain.h"
#include "guest/found.h"
#include "sim/monitor.h"
#include "tree.h"

#include <string.h>

static void silent(const char *what, guint done, guint all, gpointer data)
{
}

/* -- USB devices ------------------------------------------------------------------------------ */

/* A keyboard with a mouse's interface behind it; a mouse with macro keys; twins of which one has a
 * serial number; a keyboard without a boot interface, known by its keys; a gamepad; a hub with a
 * stick; one without any name. */
static const TreeFile usb[] = {
	{ "3-1/idVendor", "28da" },
	{ "3-1/idProduct", "1101" },
	{ "3-1/busnum", "3" },
	{ "3-1/devnum", "7" },
	{ "3-1/manufacturer", "Acme" },
	{ "3-1/product", "Keys 3000" },
	{ "3-1/3-1:1.0/bInterfaceClass", "03" },
	{ "3-1/3-1:1.0/bInterfaceSubClass", "01" },
	{ "3-1/3-1:1.0/bInterfaceProtocol", "01" },
	{ "3-1/3-1:1.1/bInterfaceClass", "03" },
	{ "3-1/3-1:1.1/bInterfaceSubClass", "01" },
	{ "3-1/3-1:1.1/bInterfaceProtocol", "02" },
	{ "3-2/idVendor", "046d" },
	{ "3-2/idProduct", "c08d" },
	{ "3-2/busnum", "3" },
	{ "3-2/devnum", "8" },
	{ "3-2/serial", "AAA1" },
	{ "3-2/manufacturer", "Rodent" },
	{ "3-2/product", "Rodent G502" },
	{ "3-2/3-2:1.0/bInterfaceClass", "03" },
	{ "3-2/3-2:1.0/bInterfaceSubClass", "01" },
	{ "3-2/3-2:1.0/bInterfaceProtocol", "02" },
	{ "3-2/3-2:1.1/bInterfaceClass", "03" },
	{ "3-2/3-2:1.1/bInterfaceSubClass", "01" },
	{ "3-2/3-2:1.1/bInterfaceProtocol", "01" },
	{ "3-3/idVendor", "046d" },
	{ "3-3/idProduct", "c08d" },
	{ "3-3/busnum", "3" },
	{ "3-3/devnum", "9" },
	{ "3-3/3-3:1.0/bInterfaceClass", "03" },
	{ "3-3/3-3:1.0/bInterfaceSubClass", "01" },
	{ "3-3/3-3:1.0/bInterfaceProtocol", "02" },
	{ "3-4/idVendor", "1d50" },
	{ "3-4/idProduct", "6122" },
	{ "3-4/busnum", "3" },
	{ "3-4/devnum", "10" },
	{ "3-4/product", "Split Board" },
	{ "3-4/3-4:1.0/bInterfaceClass", "03" },
	{ "3-4/3-4:1.0/bInterfaceSubClass", "00" },
	{ "3-4/3-4:1.0/bInterfaceProtocol", "00" },
	/* KEY_A is bit 30, KEY_ENTER bit 28 */
	{ "3-4/3-4:1.0/0003:1D50:6122.0001/input/input5/capabilities/key", "fe 50000000" },
	{ "3-5/idVendor", "045e" },
	{ "3-5/idProduct", "028e" },
	{ "3-5/busnum", "3" },
	{ "3-5/devnum", "11" },
	{ "3-5/product", "Pad" },
	{ "3-5/3-5:1.0/bInterfaceClass", "03" },
	{ "3-5/3-5:1.0/0003:045E:028E.0002/input/input6/capabilities/key",
		"7cdb000000000000 0 0 0 0" },
	{ "3-6/idVendor", "05e3" },
	{ "3-6/idProduct", "0608" },
	{ "3-6/busnum", "3" },
	{ "3-6/devnum", "12" },
	{ "3-6/bDeviceClass", "09" },
	{ "3-6/product", "USB Hub" },
	{ "3-6.1/idVendor", "0781" },
	{ "3-6.1/idProduct", "5581" },
	{ "3-6.1/busnum", "3" },
	{ "3-6.1/devnum", "13" },
	{ "3-6.1/3-6.1:1.0/bInterfaceClass", "08" },
	{ NULL, NULL },
};

static const FoundDevice *find_device(const GPtrArray *devices, const char *port)
{
	for (guint i = 0; i < devices->len; i++) {
		const FoundDevice *device = devices->pdata[i];

		if (g_str_equal(device->info->port, port))
			return device;
	}
	return NULL;
}

static void assert_device(
	const GPtrArray *devices, guint nth, const char *port, const char *kind, const char *name)
{
	const FoundDevice *device = devices->pdata[nth];

	g_assert_cmpstr(device->info->port, ==, port);
	g_assert_cmpstr(found_device_kind(device), ==, kind);
	g_assert_cmpstr(device->name, ==, name);
}

static GPtrArray *look_at_usb(gboolean hubs)
{
	g_autofree char *root = tree_new("bus/usb/devices", usb);
	GPtrArray *devices = devices_look(root, hubs);

	tree_remove(root);
	return devices;
}

static void test_devices(void)
{
	g_autoptr(GPtrArray) devices = look_at_usb(FALSE);

	g_assert_cmpuint(devices->len, ==, 6);
	assert_device(devices, 0, "3-1", "keyboard, mouse", "Acme Keys 3000");
	assert_device(devices, 1, "3-4", "keyboard", "Split Board");
	/* the maker's name is not said twice, and the first interface counts */
	assert_device(devices, 2, "3-2", "mouse, keyboard", "Rodent G502");
	assert_device(devices, 3, "3-3", "mouse", "046d:c08d");
	assert_device(devices, 4, "3-5", "gamepad", "Pad");
	assert_device(devices, 5, "3-6.1", "disk", "0781:5581");
}

static void test_hubs(void)
{
	g_autoptr(GPtrArray) devices = look_at_usb(TRUE);

	g_assert_cmpuint(devices->len, ==, 7);
	assert_device(devices, 6, "3-6", "hub", "USB Hub");
}

static void test_twins(void)
{
	g_autoptr(GPtrArray) devices = look_at_usb(FALSE);

	g_assert_true(find_device(devices, "3-2")->twin);
	g_assert_true(find_device(devices, "3-3")->twin);
	g_assert_false(find_device(devices, "3-1")->twin);
	g_assert_cmpint(found_device_by(find_device(devices, "3-1"), devices), ==, FOUND_BY_ID);
	g_assert_cmpint(found_device_by(find_device(devices, "3-2"), devices), ==, FOUND_BY_SERIAL);
	/* it has no serial number to be told by */
	g_assert_cmpint(found_device_by(find_device(devices, "3-3"), devices), ==, FOUND_BY_PORT);
}

/* -- domains ---------------------------------------------------------------------------------- */

static const char domain_xml[] =
	"<domain type='kvm'><name>win11</name><devices>"
	"<hostdev mode='subsystem' type='usb'><source><address bus='3' "
	"device='7'/></source></hostdev>"
	"<hostdev mode='subsystem' type='pci' managed='yes'>"
	"<source><address domain='0x0000' bus='0x0a' slot='0x00' function='0x1'/></source>"
	"<address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/></hostdev>"
	"<interface type='network'><source network='default' bridge='virbr0'/></interface>"
	"<interface type='bridge'><source bridge='br0'/></interface>"
	"<interface type='user'/></devices></domain>";

static void test_domain(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Domain) domain = domain_parse("win11", domain_xml, &error);

	g_assert_no_error(error);
	/* its address in the guest is not the one at the host */
	g_assert_cmpuint(domain->pci->len, ==, 1);
	g_assert_cmpstr(((DomainTake *)domain->pci->pdata[0])->what, ==, "0000:0a:00.1");
	g_assert_cmpuint(domain->networks->len, ==, 1);
	g_assert_cmpstr(domain->networks->pdata[0], ==, "default");
	g_assert_cmpuint(domain->bridges->len, ==, 1);
	g_assert_cmpstr(domain->bridges->pdata[0], ==, "br0");
}

static void test_domain_broken(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(domain_parse("win11", "<domain><devices>", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	g_assert_nonnull(strstr(error->message, "win11"));
}

static void test_network(void)
{
	g_autofree char *bridge = NULL, *address = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(domain_network_parse("default",
		"<network><name>default</name><bridge name='virbr0'/>"
		"<ip family='ipv6' address='fd00::1' prefix='64'/>"
		"<ip address='192.168.122.1' netmask='255.255.255.0'>"
		"<dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp></ip></network>",
		&bridge, &address, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(bridge, ==, "virbr0");
	g_assert_cmpstr(address, ==, "192.168.122.1");
}

/* libvirt's test driver has one domain, that runs, and a network called default */
static void test_guests(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) guests = guests_look("/nonexistent", "test:///default", &error);
	const FoundGuest *guest;

	g_assert_no_error(error);
	g_assert_cmpuint(guests->len, ==, 1);
	guest = guests->pdata[0];
	g_assert_cmpstr(guest->name, ==, "test");
	g_assert_cmpint(guest->state, ==, GUEST_RUNNING);
	g_assert_cmpuint(guest->gpus->len, ==, 0);
}

static void test_no_libvirt(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(guests_look("/nonexistent", "nonsense:///", &error));
	g_assert_nonnull(strstr(error->message, "nonsense:///"));
}

/* -- monitors --------------------------------------------------------------------------------- */

typedef struct {
	SimI2c *sim;
	GPtrArray *remarks;
	ScanResult *scan;
} Bench;

static void bench_init(Bench *bench)
{
	bench->sim = sim_i2c_new(TRUE);
	bench->remarks = g_ptr_array_new_with_free_func(g_free);
	bench->scan = NULL;
}

static void bench_clear(Bench *bench)
{
	scan_result_free(bench->scan);
	g_ptr_array_unref(bench->remarks);
	while (sim_i2c_in_use(bench->sim))
		g_thread_yield();
	sim_i2c_unref(bench->sim);
}

static SimMonitor *plug(
	Bench *bench, int bus, const char *connector, const char *model, const char *capabilities)
{
	SimMonitorSpec spec = {
		.manufacturer = "AOC", .model = model, .input = 0x0f, .capabilities = capabilities
	};
	SimMonitor *monitor = sim_monitor_new(bench->sim, &spec);

	sim_i2c_plug(bench->sim, bus, connector, monitor, 0x0f);
	return monitor;
}

/* A monitor that the kernel knows, and that no bus leads to. */
static void make_connector(Bench *bench, const char *connector, const char *model)
{
	plug(bench, -1, connector, model, NULL);
	sim_i2c_know_edid(bench->sim, -1);
}

static const GPtrArray *look(Bench *bench)
{
	bench->scan = scan_run(sim_i2c_system(bench->sim), SCAN_CAPABILITIES, silent, NULL);
	scan_remarks(bench->scan, bench->remarks);
	return bench->scan->monitors;
}

static void test_monitor(void)
{
	Bench bench;
	const GPtrArray *monitors;
	g_autofree char *label = NULL, *log = NULL;
	const FoundMonitor *monitor;

	bench_init(&bench);
	plug(&bench, 4, "DP-1", "2778X", "(prot(monitor)vcp(10 60(0F 11 12)))");
	sim_i2c_plug(bench.sim, 5, NULL, NULL, 0);
	monitors = look(&bench);
	g_assert_cmpuint(monitors->len, ==, 1);
	monitor = monitors->pdata[0];
	label = found_monitor_label(monitor);
	g_assert_cmpstr(label, ==, "AOC 2778X on DP-1 (/dev/i2c-4)");
	g_assert_true(monitor->answers);
	/* the pause that DDC/CI prescribes is in it */
	g_assert_cmpfloat(monitor->answer_ms, >=, 40);
	g_assert_cmpint(monitor->input, ==, 0x0f);
	g_assert_cmpuint(monitor->capabilities.inputs.length, ==, 3);
	g_assert_cmphex(monitor->capabilities.inputs.codes[1], ==, 0x11);
	g_assert_false(monitor->twin || monitor->panel);
	g_assert_null(monitor->trouble);
	g_assert_cmpuint(bench.remarks->len, ==, 0);
	/* nothing was set: no message of four bytes, "51 84 03" */
	log = sim_i2c_log(bench.sim);
	g_assert_nonnull(strstr(log, "51 82 01 60"));
	g_assert_null(strstr(log, "51 84"));
	bench_clear(&bench);
}

static void test_deaf(void)
{
	Bench bench;
	const GPtrArray *monitors;
	const FoundMonitor *monitor;

	bench_init(&bench);
	sim_monitor_set_faults(plug(&bench, 4, NULL, "2778X", NULL), (SimFaults){ .deaf = TRUE });
	monitors = look(&bench);
	g_assert_cmpuint(monitors->len, ==, 1);
	monitor = monitors->pdata[0];
	g_assert_false(monitor->answers);
	g_assert_cmpint(monitor->input, ==, -1);
	g_assert_nonnull(monitor->trouble);
	bench_clear(&bench);
}

/* one that answers, and says that it has no feature 0x60 */
static void test_refuses(void)
{
	Bench bench;
	const GPtrArray *monitors;
	const FoundMonitor *monitor;

	bench_init(&bench);
	sim_monitor_set_faults(
		plug(&bench, 4, NULL, "2778X", NULL), (SimFaults){ .refuse_reads = TRUE });
	monitors = look(&bench);
	monitor = monitors->pdata[0];
	g_assert_true(monitor->answers);
	g_assert_cmpint(monitor->input, ==, -1);
	g_assert_true(monitor->described);
	bench_clear(&bench);
}

/* an ordinary user: the buses are closed to him, what the graphics card knows is not */
static void test_forbidden(void)
{
	Bench bench;
	const GPtrArray *monitors;
	g_autofree char *label = NULL;
	const FoundMonitor *monitor;

	bench_init(&bench);
	plug(&bench, 4, "card1-DP-1", "2778X", NULL);
	sim_i2c_know_edid(bench.sim, 4);
	sim_i2c_set_bus_fault(bench.sim, 4, SIM_BUS_FORBIDDEN);
	make_connector(&bench, "card1-eDP-1", "PANEL");
	monitors = look(&bench);
	g_assert_cmpuint(monitors->len, ==, 2);
	monitor = monitors->pdata[0];
	label = found_monitor_label(monitor);
	g_assert_cmpstr(label, ==, "AOC 2778X on DP-1");
	g_assert_false(monitor->answers || monitor->panel);
	g_assert_nonnull(strstr(monitor->trouble, "permission"));
	monitor = monitors->pdata[1];
	g_assert_true(monitor->panel);
	g_assert_cmpuint(bench.remarks->len, ==, 1);
	g_assert_nonnull(strstr(bench.remarks->pdata[0], "permission"));
	bench_clear(&bench);
}

/* a driver that does not say which connector a bus belongs to: the EDID does */
static void test_unknown_connector(void)
{
	Bench bench;
	const GPtrArray *monitors;
	g_autofree char *label = NULL;

	bench_init(&bench);
	plug(&bench, 4, NULL, "2778X", NULL);
	make_connector(&bench, "card0-HDMI-A-1", "2778X");
	monitors = look(&bench);
	g_assert_cmpuint(monitors->len, ==, 1);
	label = found_monitor_label(monitors->pdata[0]);
	g_assert_cmpstr(label, ==, "AOC 2778X on HDMI-A-1 (/dev/i2c-4)");
	bench_clear(&bench);
}

static void test_two_cables(void)
{
	Bench bench;
	const GPtrArray *monitors;
	SimMonitor *monitor;

	bench_init(&bench);
	monitor = plug(&bench, 4, "DP-1", "2778X", NULL);
	sim_i2c_plug(bench.sim, 6, "HDMI-A-1", monitor, 0x11);
	plug(&bench, 8, "DP-2", "OTHER", NULL);
	monitors = look(&bench);
	g_assert_cmpuint(monitors->len, ==, 3);
	g_assert_true(((FoundMonitor *)monitors->pdata[0])->twin);
	g_assert_true(((FoundMonitor *)monitors->pdata[1])->twin);
	g_assert_false(((FoundMonitor *)monitors->pdata[2])->twin);
	bench_clear(&bench);
}

static void test_no_buses(void)
{
	Bench bench;
	const GPtrArray *monitors;

	bench_init(&bench);
	make_connector(&bench, "card0-DP-3", "2778X");
	monitors = look(&bench);
	g_assert_cmpuint(monitors->len, ==, 1);
	g_assert_nonnull(strstr(((FoundMonitor *)monitors->pdata[0])->trouble, "modprobe i2c-dev"));
	g_assert_cmpuint(bench.remarks->len, ==, 1);
	g_assert_nonnull(strstr(bench.remarks->pdata[0], "modprobe i2c-dev"));
	bench_clear(&bench);
}

static void test_read_input(void)
{
	Bench bench;
	g_autoptr(GError) error = NULL;
	SimMonitor *monitor;
	guint8 input;

	bench_init(&bench);
	monitor = plug(&bench, 4, NULL, "2778X", NULL);
	sim_monitor_press(monitor, 0x11);
	g_assert_true(scan_read_input(sim_i2c_system(bench.sim), 4, &input, &error));
	g_assert_no_error(error);
	g_assert_cmphex(input, ==, 0x11);
	g_assert_false(scan_read_input(sim_i2c_system(bench.sim), 5, &input, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_BUS);
	bench_clear(&bench);
}

/* One look is no reason to join a group. */
static void test_advise(void)
{
	g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(remarks,
		g_strdup("cannot connect: denied; add the user to the group libvirt and log in"));
	g_ptr_array_add(remarks, g_strdup("no I2C bus; load the driver"));
	machine_advise(remarks, NULL);
	g_assert_true(g_str_has_suffix(remarks->pdata[0], "and log in"));
	machine_advise(remarks, "sudo hotseat detect");
	g_assert_cmpstr(remarks->pdata[0], ==, "cannot connect: denied; run `sudo hotseat detect`");
	g_assert_cmpstr(remarks->pdata[1], ==, "no I2C bus; load the driver");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/machine/devices", test_devices);
	g_test_add_func("/machine/devices/hubs", test_hubs);
	g_test_add_func("/machine/devices/twins", test_twins);
	g_test_add_func("/machine/domain", test_domain);
	g_test_add_func("/machine/domain/broken", test_domain_broken);
	g_test_add_func("/machine/network", test_network);
	g_test_add_func("/machine/guests", test_guests);
	g_test_add_func("/machine/guests/no-libvirt", test_no_libvirt);
	g_test_add_func("/machine/monitor", test_monitor);
	g_test_add_func("/machine/monitor/deaf", test_deaf);
	g_test_add_func("/machine/monitor/refuses", test_refuses);
	g_test_add_func("/machine/monitor/forbidden", test_forbidden);
	g_test_add_func("/machine/monitor/unknown-connector", test_unknown_connector);
	g_test_add_func("/machine/monitor/two-cables", test_two_cables);
	g_test_add_func("/machine/monitor/no-buses", test_no_buses);
	g_test_add_func("/machine/monitor/read-input", test_read_input);
	g_test_add_func("/machine/advise", test_advise);
	return g_test_run();
}
