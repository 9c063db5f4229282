/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat doctor on what domains' definitions say: devices they take for themselves, USB ports,
 * graphics cards. libvirt's test driver cannot have most of it: its XML is made here.
 */
#include "doctor-desk.h"

#include <libvirt/libvirt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest/found.h"

#define XHCI	 "<controller type='usb' model='qemu-xhci'/>"
#define FULL	 "<controller type='usb' model='qemu-xhci' ports='1'/><input type='tablet' bus='usb'/>"
#define INPUT	 "devices:\n  - {name: keyboard, vendor: 0x28da, product: 0x1101, via: input}\n"
#define EVDEV(p) "<input type='evdev'><source dev='/dev/input/" p "'/></input>"
#define ARG(v)	 "<qemu:arg value='" v "'/>"
#define PCI(bus)                                                                                   \
	"<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='" bus          \
	"' slot='0x00' function='0x0'/></source></hostdev>"

static const char *devices = XHCI; /* of the definition */
static const char *now;		   /* of the running domain; NULL: the same */
static const char *arguments = ""; /* QEMU's */

char *virDomainGetXMLDesc(virDomainPtr domain, unsigned int flags)
{
	gboolean at_start = (flags & VIR_DOMAIN_XML_INACTIVE) != 0;
	char *xml = NULL;

	g_assert_cmpint(asprintf(&xml,
				"<domain type='kvm' "
				"xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
				"<devices>%s</devices><qemu:commandline>%s</qemu:commandline>"
				"</domain>",
				at_start || now == NULL ? devices : now, arguments),
		>, 0);
	return xml;
}

static void begin(DoctorDesk *desk, const char *config)
{
	g_autofree char *text = g_strconcat(GUEST DISPLAY, config, NULL);

	devices = XHCI;
	now = NULL;
	arguments = "";
	make(desk, "/config.yaml", text);
}

/* "sudo " as far as this test is not root */
#define SUDO (geteuid() != 0 ? "sudo " : "")

static void assert_edit(DoctorDesk *desk, const char *area, const char *says, const char *advice)
{
	g_autofree char *command = g_strconcat(SUDO, "virsh -c test:///default edit test", NULL);

	assert_finds(desk, FINDING_WARNING, area, says, command);
	g_assert_nonnull(strstr(pick(desk, FINDING_WARNING, area, says)->advice, advice));
}

static void test_fine(DoctorDesk *desk, gconstpointer unused)
{
	begin(desk, DEVICE);
	devices = XHCI "<input type='tablet' bus='usb'/>"
		       "<hostdev mode='subsystem' type='usb'><source><vendor id='0x28da'/>"
		       "<product id='0x1102'/></source></hostdev>";
	arguments = ARG("-device") ARG("usb-host,vendorid=0x28da,productid=0x1103");
	examine(desk);
	assert_count(desk, FINDING_WARNING, "guests", 1); /* that it has no graphics card */
	assert_count(desk, FINDING_PROBLEM, "guests", 0);
	g_assert_null(pick(desk, FINDING_WARNING, "devices", "takes it"));
}

/* -- devices that domains take ---------------------------------------------------------------- */

static void test_hostdev(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *command = g_strconcat(
		"echo '<hostdev mode=\"subsystem\" type=\"usb\"><source><vendor id=\"0x28da\"/>"
		"<product id=\"0x1101\"/></source></hostdev>' | ",
		SUDO, "virsh -c test:///default detach-device test /dev/stdin --config", NULL);

	begin(desk, DEVICE);
	devices = XHCI "<hostdev mode='subsystem' type='usb'><source><vendor id='0x28da'/>"
		       "<product id='0x1101'/></source></hostdev>";
	assert_finds(desk, FINDING_WARNING, "devices", "test takes it at each start", command);
	begin(desk, INPUT);
	devices = XHCI "<hostdev mode='subsystem' type='usb'><source><vendor id='0x28da'/>"
		       "<product id='0x1101'/></source></hostdev>";
	assert_finds(desk, FINDING_WARNING, "input", "test takes it at each start", command);
}

/* Of two that are alike, the definition means the one in the port, or at the address, it names. */
static void test_twin(DoctorDesk *desk, gconstpointer unused)
{
	static const char *const others[] = { "bus='3' port='2'", "bus='3' device='8'" };
	static const char *const same[] = { "bus='3' port='1'", "bus='3' device='7'",
		"bus='9' device='9'" };

	begin(desk, DEVICE "    port: 3-1\n");
	plug_in(desk, "3-2", "8\n");
	for (gsize i = 0; i < G_N_ELEMENTS(others) + G_N_ELEMENTS(same); i++) {
		gboolean is_other = i < G_N_ELEMENTS(others);
		g_autofree char *xml = g_strdup_printf(XHCI
			"<hostdev mode='subsystem' type='usb'><source><vendor id='0x28da'/>"
			"<product id='0x1101'/><address %s/></source></hostdev>",
			is_other ? others[i] : same[i - G_N_ELEMENTS(others)]);

		devices = xml;
		examine(desk);
		g_test_message("%s", xml);
		g_assert_cmpint(
			pick(desk, FINDING_WARNING, "devices", "takes it") == NULL, ==, is_other);
	}
}

/* QEMU reads a part of its command line from a file. */
static void test_config_file(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(desk->root, "usb.cfg", NULL);
	g_autofree char *args = g_strdup_printf(ARG("-readconfig") "<qemu:arg value='%s'/>", path);

	begin(desk, DEVICE);
	arguments = args;
	examine(desk);
	g_assert_null(pick(desk, FINDING_WARNING, "devices", "takes it"));
	make(desk, "/usb.cfg",
		"[device \"kbd\"]\n  driver = \"usb-host\"\n  vendorid = \"0x28da\"\n"
		"  productid = \"0x1101\"\n");
	assert_edit(desk, "devices", "test takes it at each start: its QEMU command line",
		"in the file of -readconfig");
}

static void test_argument(DoctorDesk *desk, gconstpointer unused)
{
	begin(desk, DEVICE);
	arguments = ARG("-device") ARG("usb-host,vendorid=0x28da,productid=0x1101");
	assert_edit(desk, "devices", "test takes it at each start: its QEMU command line",
		"delete that -device");
	arguments = ARG("-device") ARG("usb-host,hostbus=3,hostport=1");
	assert_edit(desk, "devices", "test takes it at each start: its QEMU command line",
		"delete that -device");
	/* one that is not plugged in now */
	begin(desk, "devices:\n  - {name: mouse, vendor: 0x1d50, product: 0x6122}\n");
	arguments = ARG("-device") ARG("usb-host,vendorid=0x1d50,productid=0x6122");
	assert_edit(desk, "devices", "test takes it at each start: its QEMU command line",
		"delete that -device");
}

/* The node as udev links it, and, while a guest has the device, by the link's name alone. */
static void test_grab(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *link = g_strconcat(desk->root, "/dev/input/by-id/kbd", NULL);
	g_autofree char *usb =
		g_strconcat(desk->root, "/sys/devices/pci0/3-1/3-1:1.0/input/event4", NULL);
	g_autofree char *class = g_strconcat(desk->root, "/sys/class/input/event4", NULL);

	begin(desk, DEVICE);
	make(desk, "/sys/devices/pci0/3-1/idVendor", "28da\n");
	make(desk, "/sys/devices/pci0/3-1/3-1:1.0/input/event4/device/name", "Keys\n");
	make(desk, "/sys/devices/pci0/3-1/3-1:1.0/input/event4/device/capabilities/key",
		"feffffdfffefffff fffffffffffffffe\n");
	make(desk, "/sys/class/input/unused", "");
	g_assert_cmpint(symlink(usb, class), ==, 0);
	make(desk, "/dev/input/by-id/unused", "");
	make(desk, "/dev/input/event4", "");
	g_assert_cmpint(symlink("../event4", link), ==, 0);
	devices = XHCI EVDEV("by-id/kbd");
	assert_edit(desk, "devices", "test grabs it by evdev (<input type='evdev'>)", "delete");
	arguments = ARG("-object") ARG("input-linux,id=k,evdev=/dev/input/event4");
	assert_edit(desk, "devices", "(<input type='evdev'> and -object input-linux)", "delete");
	begin(desk, INPUT);
	devices = XHCI EVDEV("event4");
	assert_edit(desk, "input", "test grabs it by evdev", "delete");
	/* by another link to the same node */
	begin(desk, "devices:\n  - {name: keys, input: /dev/input/by-id/kbd, via: input}\n");
	devices = XHCI EVDEV("event4");
	assert_edit(desk, "input", "test grabs it by evdev", "delete");
	/* another device's */
	make(desk, "/sys/class/input/event5/device/name", "AT keyboard\n");
	make(desk, "/sys/class/input/event5/device/capabilities/key",
		"feffffdfffefffff fffffffffffffffe\n");
	devices = XHCI EVDEV("event5");
	examine(desk);
	g_assert_null(pick(desk, FINDING_WARNING, "input", "grabs"));
	g_assert_null(pick(desk, FINDING_WARNING, "guests", "grabs"));
}

static void test_grab_by_name(DoctorDesk *desk, gconstpointer unused)
{
	begin(desk, DEVICE);
	make(desk, "/sys/bus/usb/devices/3-1/manufacturer", "Acme Inc.\n");
	make(desk, "/sys/bus/usb/devices/3-1/product", "Keys  (3000)\n");
	devices = XHCI EVDEV("by-id/usb-Acme_Inc._Keys__3000_-event-kbd");
	assert_edit(desk, "devices", "test grabs it by evdev", "delete");
	devices = XHCI EVDEV("by-id/usb-Acme_Inc._Keys__3000__A1-if01-event-mouse");
	assert_edit(desk, "devices", "test grabs it by evdev", "delete");
	/* which device it is cannot be known */
	devices = XHCI EVDEV("by-id/usb-Acme_Inc._Keys_4000-event-kbd");
	arguments = ARG("-object")
		ARG("input-linux,evdev=/dev/input/by-id/usb-Acme_Inc._Keys_4000-event-kbd");
	assert_edit(desk, "guests", "(<input type='evdev'> and -object input-linux)", "delete");
	assert_edit(desk, "guests", "grabs /dev/input/by-id/usb-Acme_Inc._Keys_4000", "delete");
	g_assert_null(pick(desk, FINDING_WARNING, "devices", "grabs"));
}

static void test_grab_by_path(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *link = g_strconcat(desk->root, "/sys/bus/usb/devices/3-2", NULL);
	g_autofree char *folder =
		g_strconcat(desk->root, "/sys/devices/pci0000:00/0000:00:14.0/usb3/3-2", NULL);

	begin(desk, "devices:\n  - {name: keyboard, port: 3-2}\n");
	make(desk, "/sys/devices/pci0000:00/0000:00:14.0/usb3/3-2/idVendor", "28da\n");
	make(desk, "/sys/devices/pci0000:00/0000:00:14.0/usb3/3-2/idProduct", "1109\n");
	make(desk, "/sys/devices/pci0000:00/0000:00:14.0/usb3/3-2/busnum", "3\n");
	make(desk, "/sys/devices/pci0000:00/0000:00:14.0/usb3/3-2/devnum", "9\n");
	g_assert_cmpint(symlink(folder, link), ==, 0);
	devices = XHCI EVDEV("by-path/pci-0000:00:14.0-usb-0:2:1.0-event-kbd");
	assert_edit(desk, "devices", "test grabs it by evdev", "delete");
	devices = XHCI EVDEV("by-path/pci-0000:00:15.0-usb-0:2:1.0-event-kbd");
	examine(desk);
	g_assert_null(pick(desk, FINDING_WARNING, "devices", "grabs"));
}

/* -- PCI devices ------------------------------------------------------------------------------ */

static void add_pci(DoctorDesk *desk, const char *address, const char *class)
{
	g_autofree char *path = g_strdup_printf("/sys/bus/pci/devices/%s/class", address);

	make(desk, path, class);
}

static void test_gpu(DoctorDesk *desk, gconstpointer unused)
{
	static const struct {
		const char *devices, *arguments;
		FindingLevel level;
		const char *says;
	} rows[] = {
		{ XHCI PCI("0x08"), "", FINDING_OK, "(0000:08:00.0)" },
		{ XHCI, ARG("-device") ARG("vfio-pci,host=08:00.0"), FINDING_OK, "(0000:08:00.0)" },
		{ XHCI "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source>"
		       "<address uuid='4b20d080-1b54-4048-85b3-a6a62d165c01'/></source></hostdev>",
			"", FINDING_OK, "a mediated device" },
		{ XHCI PCI("0x09"), "", FINDING_WARNING, "no graphics card" },
		/* not in this machine: nothing is certain */
		{ XHCI PCI("0x07"), "", FINDING_WARNING,
			"0000:07:00.0 (<hostdev type='pci'>), which may be its graphics card" },
		{ XHCI PCI("0x09"), ARG("-device") ARG("vfio-pci,host=07:00.0"), FINDING_WARNING,
			"0000:07:00.0 (-device vfio-pci), which may be its graphics card" },
		{ XHCI PCI("0x07") PCI("0x08"), "", FINDING_OK, "(0000:08:00.0)" },
		{ XHCI, "", FINDING_WARNING, "no graphics card" },
	};

	begin(desk, DEVICE);
	add_pci(desk, "0000:08:00.0", "0x030000\n");
	add_pci(desk, "0000:09:00.0", "0x010802\n");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		devices = rows[i].devices;
		arguments = rows[i].arguments;
		examine(desk);
		g_test_message("%s", rows[i].says);
		g_assert_nonnull(pick(desk, rows[i].level, "guests", rows[i].says));
		if (strstr(rows[i].says, "no graphics") == NULL)
			g_assert_null(pick(desk, FINDING_WARNING, "guests", "no graphics card"));
	}
}

/* A controller that goes to the guest takes what is plugged into it along. */
static void test_usb_controller(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *link = g_strconcat(desk->root, "/sys/bus/usb/devices/3-2", NULL);
	g_autofree char *folder =
		g_strconcat(desk->root, "/sys/devices/pci0000:00/0000:0a:00.0/usb3/3-2", NULL);

	begin(desk, "devices:\n  - {name: keyboard, port: 3-2}\n");
	add_pci(desk, "0000:0a:00.0", "0x0c0330\n");
	devices = XHCI PCI("0x0a");
	assert_finds(desk, FINDING_WARNING, "devices",
		"may be plugged into the USB controller 0000:0a:00.0, which", NULL);
	make(desk, "/sys/devices/pci0000:00/0000:0a:00.0/usb3/3-2/idVendor", "28da\n");
	make(desk, "/sys/devices/pci0000:00/0000:0a:00.0/usb3/3-2/idProduct", "1109\n");
	make(desk, "/sys/devices/pci0000:00/0000:0a:00.0/usb3/3-2/busnum", "3\n");
	make(desk, "/sys/devices/pci0000:00/0000:0a:00.0/usb3/3-2/devnum", "9\n");
	g_assert_cmpint(symlink(folder, link), ==, 0);
	assert_finds(desk, FINDING_WARNING, "devices",
		"is plugged into the USB controller 0000:0a:00.0, which the domain test takes",
		NULL);
	begin(desk, DEVICE);
	devices = XHCI PCI("0x0a");
	examine(desk);
	g_assert_null(pick(desk, FINDING_WARNING, "devices", "USB controller"));
}

/* -- USB ports -------------------------------------------------------------------------------- */

#define ADD                                                                                        \
	"echo '<controller type=\"usb\" model=\"qemu-xhci\" ports=\"15\"/>' | ", SUDO,             \
		"virsh -c test:///default attach-device test /dev/stdin --config", NULL

static void test_ports(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *command = g_strconcat(ADD);

	begin(desk, DEVICE);
	devices = FULL;
	assert_finds(desk, FINDING_PROBLEM, "guests",
		"the domain test has 0 free USB ports, 1 device wants one", command);
	begin(desk, DEVICE "  - {name: mouse, vendor: 0x1d50, product: 0x6122, optional: true}\n");
	devices = "<controller type='usb' model='qemu-xhci' ports='1'/>";
	assert_finds(desk, FINDING_WARNING, "guests",
		"the domain test has 1 free USB port, 2 devices want one", command);
	begin(desk, INPUT "  - {name: mouse, vendor: 1, product: 2, via: input}\n");
	devices = FULL;
	assert_finds(desk, FINDING_PROBLEM, "guests", "1 device wants one", command);
	devices = "";
	assert_finds(desk, FINDING_PROBLEM, "guests",
		"the domain test has no USB controller, 1 device wants a port", command);
	devices = XHCI;
	examine(desk);
	assert_count(desk, FINDING_PROBLEM, "guests", 0);
}

/* A controller beside "none" would keep the domain from starting. */
static void test_disabled(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *command = g_strconcat(SUDO,
		"virsh -c test:///default dumpxml --inactive --security-info test | sed "
		"\"/type='usb'/s/'none'/'qemu-xhci' ports='15'/\" | ",
		SUDO, "virsh -c test:///default define /dev/stdin", NULL);

	begin(desk, INPUT);
	devices = "<controller type='usb' model='none'/>";
	assert_finds(desk, FINDING_PROBLEM, "guests",
		"test has no USB (a controller of model none)", command);
}

/* One that is part of the domain has its port, and hotseat's own are not in the way. */
static void test_own_ports(DoctorDesk *desk, gconstpointer unused)
{
	begin(desk, DEVICE);
	devices = "<controller type='usb' model='qemu-xhci' ports='1'/>"
		  "<hostdev mode='subsystem' type='usb'><source><vendor id='0x28da'/>"
		  "<product id='0x1101'/></source></hostdev>";
	examine(desk);
	assert_count(desk, FINDING_PROBLEM, "guests", 0);
	devices = "<controller type='usb' model='qemu-xhci' ports='1'/>";
	now = "<controller type='usb' model='qemu-xhci' ports='1'/>"
	      "<hostdev mode='subsystem' type='usb'><source><address bus='3' device='7'/></source>"
	      "<alias name='ua-hotseat-3-1'/></hostdev>";
	examine(desk);
	assert_count(desk, FINDING_PROBLEM, "guests", 0);
}

/* The definition has enough by now: it only has to be started. */
static void test_started_before(DoctorDesk *desk, gconstpointer unused)
{
	begin(desk, DEVICE);
	now = FULL;
	assert_finds(desk, FINDING_PROBLEM, "guests", "test has 0 free USB ports", NULL);
	g_assert_nonnull(strstr(pick(desk, FINDING_PROBLEM, "guests", "0 free")->advice,
		"shut it down and start it"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST("domain/fine", test_fine);
	TEST("domain/hostdev", test_hostdev);
	TEST("domain/twin", test_twin);
	TEST("domain/config-file", test_config_file);
	TEST("domain/argument", test_argument);
	TEST("domain/grab", test_grab);
	TEST("domain/grab/by-name", test_grab_by_name);
	TEST("domain/grab/by-path", test_grab_by_path);
	TEST("domain/gpu", test_gpu);
	TEST("domain/usb-controller", test_usb_controller);
	TEST("domain/ports", test_ports);
	TEST("domain/ports/disabled", test_disabled);
	TEST("domain/ports/own", test_own_ports);
	TEST("domain/ports/started-before", test_started_before);
	return g_test_run();
}
