/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the doctor says of config, kernel, displays and devices.
 */
#include "doctor-desk.h"
#include "tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

/* -- the whole -------------------------------------------------------------------------------- */

static void test_fine(DoctorDesk *desk, gconstpointer unused)
{
	static const char *const areas[] = { "config", "kernel", "displays", "devices", "libvirt",
		"guests", "service", "http" };
	gsize at = 0;

	examine(desk);
	for (guint i = 0; i < desk->doctor->findings->list->len; i++) {
		const Finding *finding = desk->doctor->findings->list->pdata[i];

		/* in the order in which a person would search */
		while (strcmp(areas[at], finding->area) != 0)
			g_assert_cmpuint(++at, <, G_N_ELEMENTS(areas));
		if (finding->level != FINDING_OK)
			g_assert_true(finding->command != NULL || finding->advice != NULL ||
				      strstr(finding->message, "systemd") != NULL);
	}
	g_assert_nonnull(pick(desk, FINDING_OK, "config", "no mistakes"));
	g_assert_nonnull(pick(desk, FINDING_OK, "kernel", "at boot"));
	g_assert_nonnull(pick(desk, FINDING_OK, "displays", "shows DisplayPort-1"));
	g_assert_nonnull(pick(desk, FINDING_OK, "devices", "in port 3-1"));
	g_assert_nonnull(pick(desk, FINDING_OK, "libvirt", "answers"));
	g_assert_nonnull(pick(desk, FINDING_OK, "guests", "running"));
	/* only that nothing was started */
	g_assert_cmpuint(findings_count(desk->doctor->findings, FINDING_PROBLEM), ==, 1);
	assert_count(desk, FINDING_PROBLEM, "service", 1);
}

/* nothing is sent but questions: Get VCP 01, capabilities F3 */
static void test_reads_only(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *log = NULL;

	examine(desk);
	log = sim_i2c_log(desk->sim);
	g_assert_nonnull(strstr(log, "i2c-4 w 37 51 82 01"));
	g_assert_null(strstr(log, "51 84 03"));
	g_assert_cmpint(sim_monitor_input(desk->monitor), ==, 0x0f);
}

static void test_nothing(DoctorDesk *desk, gconstpointer unused)
{
	g_free(desk->config);
	desk->config = g_strdup("/nonexistent/config.yaml");
	assert_finds_root(desk, FINDING_PROBLEM, "config", "no configuration",
		"hotseat setup --output /nonexistent/config.yaml");
	assert_count(desk, FINDING_PROBLEM, "displays", 0);
	assert_count(desk, FINDING_PROBLEM, "service", 0);
	g_assert_nonnull(pick(desk, FINDING_OK, "kernel", "at boot"));
	g_assert_nonnull(pick(desk, FINDING_OK, "libvirt", "answers"));
}

/* -- config ----------------------------------------------------------------------------------- */

static void test_mistakes(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *place = g_strconcat(desk->config, ":1:1", NULL);

	make(desk, "/config.yaml", "nonsense: 1\n" GUEST DISPLAY);
	assert_finds(desk, FINDING_PROBLEM, "config", "nonsense", NULL);
	g_assert_cmpstr(pick(desk, FINDING_PROBLEM, "config", "nonsense")->thing, ==, place);
	g_assert_nonnull(strstr(
		pick(desk, FINDING_PROBLEM, "config", "nonsense")->advice, "hotseat check-config"));
}

static void test_secret(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *command = g_strconcat("chmod o= ", desk->config, NULL);

	make(desk, "/config.yaml",
		GUEST DISPLAY "http:\n  address: 127.0.0.1:5001\n  security:\n"
			      "    secret: xxxxxxxxxxxxxxxxxxxxxxxx\n");
	g_assert_cmpint(chmod(desk->config, 0644), ==, 0);
	assert_finds_root(desk, FINDING_WARNING, "config", "other users can read", command);
	g_assert_cmpint(chmod(desk->config, 0640), ==, 0);
	examine(desk);
	g_assert_null(pick(desk, FINDING_WARNING, "config", "other users can read"));
}

/* -- kernel ----------------------------------------------------------------------------------- */

static void test_module(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *class = g_build_filename(desk->sysfs, "class", NULL);

	tree_remove(class);
	assert_finds_root(desk, FINDING_PROBLEM, "kernel", "not loaded", "modprobe i2c-dev");
}

static void test_boot(DoctorDesk *desk, gconstpointer unused)
{
	make(desk, "/etc/modules-load.d/any.conf", "# i2c-dev\nuinput\n");
	assert_finds_root(desk, FINDING_WARNING, "kernel", "when the computer starts",
		"sh -c 'echo i2c-dev >/etc/modules-load.d/hotseat.conf'");
	make(desk, "/etc/modules", "i2c-dev\n");
	examine(desk);
	g_assert_nonnull(pick(desk, FINDING_OK, "kernel", "at boot"));
}

/* "There is none" would send people to write another one. */
static void test_closed_folder(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *folder = g_build_filename(desk->root, "closed", NULL);
	g_autofree char *command = NULL;
	gboolean root = geteuid() == 0;

	g_free(desk->config);
	desk->config = g_build_filename(folder, "config.yaml", NULL);
	command = g_strdup_printf("sudo hotseat doctor %s", desk->config);
	make(desk, "/closed/config.yaml", GUEST);
	g_assert_cmpint(g_chmod(folder, 0), ==, 0);
	/* root enters everywhere: be somebody else for a moment */
	if (root)
		g_assert_cmpint(seteuid(NOBODY), ==, 0);
	assert_finds(desk, FINDING_WARNING, "config", "cannot read it", command);
	if (root)
		g_assert_cmpint(seteuid(0), ==, 0);
	g_assert_cmpint(g_chmod(folder, 0700), ==, 0);
}

/* -- displays --------------------------------------------------------------------------------- */

static void test_wrong_bus(DoctorDesk *desk, gconstpointer unused)
{
	const SimMonitorSpec other = { .manufacturer = "GSM", .model = "27UD58", .input = 0x0f };
	g_autofree char *command = g_strdup_printf(
		"hotseat setup --from %s --output %s --yes", desk->config, desk->config);

	make(desk, "/config.yaml",
		GUEST "displays:\n  - name: left\n    bus: 9\n    host: 0x0f\n    guest: 0x11\n");
	assert_finds(desk, FINDING_PROBLEM, "displays", "there is AOC 2778X 1234", command);
	/* one more that it could be: it has to ask */
	sim_i2c_plug(desk->sim, 5, "DP-2", sim_monitor_new(desk->sim, &other), 0x0f);
	*strstr(command, " --yes") = '\0';
	assert_finds(desk, FINDING_PROBLEM, "displays", "there is AOC 2778X 1234", command);
}

/* The bus is there: the monitor has no power, most likely, whatever other monitors there are. */
static void test_no_power(DoctorDesk *desk, gconstpointer unused)
{
	make(desk, "/config.yaml",
		GUEST "displays:\n  - name: left\n    bus: 9\n    host: 0x0f\n    guest: 0x11\n");
	sim_i2c_plug(desk->sim, 9, NULL, NULL, 0);
	assert_finds(desk, FINDING_PROBLEM, "displays", "no monitor is on /dev/i2c-9", NULL);
	g_assert_true(
		g_str_has_prefix(pick(desk, FINDING_PROBLEM, "displays", "/dev/i2c-9")->advice,
			"check that the monitor has power"));
	g_assert_null(strstr(pick(desk, FINDING_PROBLEM, "displays", "/dev/i2c-9")->message,
		"bus numbers change"));
}

static void test_gone(DoctorDesk *desk, gconstpointer unused)
{
	sim_monitor_set_faults(desk->monitor, (SimFaults){ .dead = TRUE });
	assert_finds(desk, FINDING_PROBLEM, "displays", "no monitor is on /dev/i2c-4", NULL);
	make(desk, "/config.yaml",
		GUEST "displays:\n  - monitor: 2778X\n    host: 0x0f\n    guest: 0x11\n");
	assert_finds(desk, FINDING_PROBLEM, "displays", "no monitor matches", NULL);
}

static void test_deaf(DoctorDesk *desk, gconstpointer unused)
{
	sim_monitor_set_faults(desk->monitor, (SimFaults){ .deaf = TRUE });
	assert_finds(desk, FINDING_PROBLEM, "displays", "DDC/CI does not answer", NULL);
	make(desk, "/config.yaml", GUEST DISPLAY "    optional: true\n");
	assert_finds(desk, FINDING_WARNING, "displays", "DDC/CI does not answer", NULL);
}

static void test_locked(DoctorDesk *desk, gconstpointer unused)
{
	sim_i2c_set_bus_fault(desk->sim, 4, SIM_BUS_LOCKED);
	assert_finds(desk, FINDING_PROBLEM, "displays", "lock", NULL);
}

static void test_forbidden(DoctorDesk *desk, gconstpointer unused)
{
	const Finding *finding;

	sim_i2c_set_bus_fault(desk->sim, 4, SIM_BUS_FORBIDDEN);
	examine(desk);
	finding = pick(desk, FINDING_PROBLEM, "displays", "no permission to open /dev/i2c-4");
	g_assert_nonnull(finding);
	g_assert_nonnull(strstr(finding->command, "udevadm trigger --settle /dev/i2c-4"));
	g_assert_nonnull(strstr(finding->command, "/etc/udev/rules.d/74-hotseat-i2c.rules"));
	make(desk, "/usr/lib/udev/rules.d/74-hotseat.rules", "");
	examine(desk);
	finding = pick(desk, FINDING_PROBLEM, "displays", "no permission to open /dev/i2c-4");
	g_assert_null(strstr(finding->command, "rules.d"));
}

static void test_ambiguous(DoctorDesk *desk, gconstpointer unused)
{
	const SimMonitorSpec twin = {
		.manufacturer = "AOC", .model = "2778X", .serial = "5678", .input = 0x0f
	};

	sim_i2c_plug(desk->sim, 5, "DP-2", sim_monitor_new(desk->sim, &twin), 0x0f);
	make(desk, "/config.yaml",
		GUEST "displays:\n  - monitor: 2778X\n    host: 0x0f\n    guest: 0x11\n");
	assert_finds(desk, FINDING_PROBLEM, "displays", "several monitors match", NULL);
	g_assert_nonnull(strstr(
		pick(desk, FINDING_PROBLEM, "displays", "several")->advice, "connector: DP-1"));
}

/* One monitor with two cables is no two monitors. */
static void test_two_cables(DoctorDesk *desk, gconstpointer unused)
{
	sim_i2c_plug(desk->sim, 5, "card1-HDMI-A-2", desk->monitor, 0x11);
	make(desk, "/config.yaml",
		GUEST "displays:\n  - monitor: 2778X\n    host: 0x0f\n    guest: 0x11\n");
	examine(desk);
	assert_count(desk, FINDING_PROBLEM, "displays", 0);
	g_assert_nonnull(pick(desk, FINDING_OK, "displays",
		"it has 2 cables: DP-1 of card0 at 0000:01:00.0 (/dev/i2c-4), HDMI-A-2 of card1"));
}

static void test_other_input(DoctorDesk *desk, gconstpointer unused)
{
	sim_monitor_press(desk->monitor, 0x03);
	assert_finds(desk, FINDING_WARNING, "displays", "shows DVI-1", NULL);
	g_assert_nonnull(strstr(pick(desk, FINDING_WARNING, "displays", "DVI-1")->advice,
		"add reads_as: {guest: 0x03} or {host: 0x03}"));
}

/* It is not an input: the advice is for all targets. */
static void test_zero(DoctorDesk *desk, gconstpointer unused)
{
	sim_monitor_press(desk->monitor, 0x00);
	assert_finds(
		desk, FINDING_WARNING, "displays", "reports 0x00, which is not an input", NULL);
	g_assert_nonnull(strstr(pick(desk, FINDING_WARNING, "displays", "0x00")->advice,
		"reads_as: {guest: 0x00, host: 0x00}"));
}

/* a simulated monitor lists VGA, DVI, DisplayPort and two HDMI */
static void test_unlisted(DoctorDesk *desk, gconstpointer unused)
{
	make(desk, "/config.yaml",
		GUEST "displays:\n  - name: left\n    bus: 4\n    host: 0x0f\n    guest: 0x1b\n");
	assert_finds(desk, FINDING_WARNING, "displays", "does not list the input of guest", NULL);
}

/* Plugs in another monitor at the config's bus. */
static void put_monitor(DoctorDesk *desk, const char *manufacturer, const char *model, guint8 input)
{
	const SimMonitorSpec spec = {
		.manufacturer = manufacturer, .model = model, .input = input
	};

	sim_i2c_plug(desk->sim, 4, "DP-1", sim_monitor_new(desk->sim, &spec), input);
}

/* A code that the monitor lists, and that users found to do nothing. */
static void test_known_wrong(DoctorDesk *desk, gconstpointer unused)
{
	put_monitor(desk, "SAM", "C27HG7x", 0x09);
	make(desk, "/config.yaml",
		GUEST "displays:\n  - name: left\n    bus: 4\n    host: 0x09\n    guest: 0x11\n");
	assert_finds(desk, FINDING_WARNING, "displays",
		"the monitor database says that it does not have the input of guest, 0x11", NULL);
	g_assert_nonnull(strstr(pick(desk, FINDING_WARNING, "displays", "database")->advice,
		"HDMI-1 0x05, HDMI-2 0x06, DisplayPort 0x09"));
	/* 0x09 is not in its list, and the database knows better */
	g_assert_null(pick(desk, FINDING_WARNING, "displays", "does not list"));
}

/* What it is known for is said, and is no reason to warn. */
static void test_known_remarks(DoctorDesk *desk, gconstpointer unused)
{
	put_monitor(desk, "HWP", "HP Z27n", 0x03);
	examine(desk);
	g_assert_nonnull(pick(desk, FINDING_OK, "displays",
		"the monitor database says: It reports the input of the cable over which it is "
		"asked, whatever it shows."));
	g_assert_null(pick(desk, FINDING_WARNING, "displays", "is the input of no target"));
}

static void test_known_feature(DoctorDesk *desk, gconstpointer unused)
{
	put_monitor(desk, "GSM", "34GL750", 0x0f);
	examine(desk);
	g_assert_nonnull(pick(desk, FINDING_OK, "displays",
		"the monitor database says: Its feature 0xf4 selects HDMI-1 0x90, HDMI-2 0x91, "
		"DisplayPort 0xd0."));
}

static void test_driver(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *link =
		g_build_filename(desk->sysfs, "bus/i2c/devices/4-0037/driver", NULL);

	make(desk, "/sys/bus/i2c/devices/4-0037/name", "ddcci\n");
	g_assert_cmpint(symlink("../../drivers/ddcci", link), ==, 0);
	assert_finds_root(desk, FINDING_WARNING, "displays", "driver ddcci", "modprobe -r ddcci");
}

/* -- devices ---------------------------------------------------------------------------------- */

static void test_unplugged(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *device = g_build_filename(desk->sysfs, "bus/usb/devices/3-1", NULL);

	tree_remove(device);
	assert_finds(desk, FINDING_PROBLEM, "devices", "28da:1101 is plugged in", NULL);
}

static void test_other_port(DoctorDesk *desk, gconstpointer unused)
{
	make(desk, "/config.yaml", GUEST DISPLAY DEVICE "    port: \"3-2\"\n");
	assert_finds(desk, FINDING_PROBLEM, "devices", "is in port 3-1", NULL);
}

static void test_twins(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *command =
		g_strdup_printf("hotseat setup --from %s --output %s", desk->config, desk->config);

	plug_in(desk, "3-2", "8\n");
	assert_finds(desk, FINDING_PROBLEM, "devices", "2 devices match", command);
}

static void test_driverless(DoctorDesk *desk, gconstpointer unused)
{
	make(desk, "/sys/bus/usb/devices/3-1/3-1:1.0/bInterfaceClass", "03\n");
	make(desk, "/sys/bus/usb/devices/3-1/3-1:1.0/bInterfaceNumber", "00\n");
	assert_finds_root(desk, FINDING_PROBLEM, "devices", "no kernel driver is bound",
		"sh -c 'for i in 3-1:1.0; do echo $i >/sys/bus/usb/drivers_probe; done'");
}

static void make_hub(const DoctorDesk *desk)
{
	plug_in(desk, "3-2", "8\n");
	make(desk, "/sys/bus/usb/devices/3-2/idVendor", "05e3\n");
	make(desk, "/sys/bus/usb/devices/3-2/bDeviceClass", "09\n");
	plug_in(desk, "3-2.1", "9\n");
	make(desk, "/sys/bus/usb/devices/3-2.1/idVendor", "0951\n");
	plug_in(desk, "3-2.4", "10\n");
	make(desk, "/sys/bus/usb/devices/3-2.4/idVendor", "0781\n");
}

static void test_hub(DoctorDesk *desk, gconstpointer unused)
{
	make_hub(desk);
	make(desk, "/config.yaml",
		GUEST DISPLAY "devices:\n  - {name: hub, vendor: 0x05e3, product: 0x1101}\n");
	assert_finds(desk, FINDING_PROBLEM, "devices",
		"it is a hub; name the devices behind it: 3-2.1, 3-2.4, or write \"hub: 3-2\"",
		NULL);
}

/* What it has mounted is at /mnt. */
static void mount_disk(const DoctorDesk *desk, const char *port)
{
	g_autofree char *dev = g_strdup_printf("/sys/bus/usb/devices/%s/%s:1.0/sdb", port, port);
	g_autofree char *file = g_strconcat(dev, "/dev", NULL);
	g_autofree char *link = g_build_filename(desk->root, "sys/class/block/sdb", NULL);
	g_autofree char *target = g_strconcat("../..", dev + strlen("/sys"), NULL);

	make(desk, file, "8:16\n");
	make(desk, "/sys/class/block/x/dev", "1:1\n");
	g_assert_cmpint(symlink(target, link), ==, 0);
	make(desk, "/proc/self/mountinfo", "36 1 8:16 / /mnt rw - ext4 /dev/sdb rw\n");
}

static void test_everything_behind(DoctorDesk *desk, gconstpointer unused)
{
	make_hub(desk);
	mount_disk(desk, "3-2.4");
	make(desk, "/config.yaml", GUEST DISPLAY "devices:\n  - {name: dock, hub: 3-2}\n");
	examine(desk);
	g_assert_nonnull(pick(desk, FINDING_OK, "devices", "behind the hub 3-2: 3-2.1, 3-2.4"));
	g_assert_nonnull(pick(desk, FINDING_OK, "devices",
		"in port 3-2.4 stays with the host: its file system is mounted at /mnt"));
	make(desk, "/config.yaml", GUEST DISPLAY "devices:\n  - {name: dock, hub: 3-5}\n");
	examine(desk);
	g_assert_nonnull(pick(desk, FINDING_OK, "devices", "nothing is plugged in behind"));
	make(desk, "/config.yaml", GUEST DISPLAY "devices:\n  - {name: dock, hub: 3-1}\n");
	assert_finds(desk, FINDING_PROBLEM, "devices", "in port 3-1 is not a hub", NULL);
}

static void test_mounted(DoctorDesk *desk, gconstpointer unused)
{
	mount_disk(desk, "3-1");
	assert_finds(desk, FINDING_PROBLEM, "devices",
		"must stay with the host: its file system is mounted at /mnt", NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST("fine", test_fine);
	TEST("reads-only", test_reads_only);
	TEST("nothing", test_nothing);
	TEST("closed-folder", test_closed_folder);
	TEST("config/mistakes", test_mistakes);
	TEST("config/secret", test_secret);
	TEST("kernel/module", test_module);
	TEST("kernel/boot", test_boot);
	TEST("displays/wrong-bus", test_wrong_bus);
	TEST("displays/no-power", test_no_power);
	TEST("displays/gone", test_gone);
	TEST("displays/deaf", test_deaf);
	TEST("displays/locked", test_locked);
	TEST("displays/forbidden", test_forbidden);
	TEST("displays/ambiguous", test_ambiguous);
	TEST("displays/other-input", test_other_input);
	TEST("displays/two-cables", test_two_cables);
	TEST("displays/unlisted", test_unlisted);
	TEST("displays/zero", test_zero);
	TEST("displays/known-wrong", test_known_wrong);
	TEST("displays/known-remarks", test_known_remarks);
	TEST("displays/known-feature", test_known_feature);
	TEST("displays/driver", test_driver);
	TEST("devices/unplugged", test_unplugged);
	TEST("devices/other-port", test_other_port);
	TEST("devices/twins", test_twins);
	TEST("devices/driverless", test_driverless);
	TEST("devices/hub", test_hub);
	TEST("devices/everything-behind", test_everything_behind);
	TEST("devices/mounted", test_mounted);
	return g_test_run();
}
