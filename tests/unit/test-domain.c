/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a domain's XML says it takes from the host, by elements and by QEMU's command line, and how
 * many USB ports are left.
 */
#include <string.h>

#include "common/error.h"
#include "guest/domain.h"
#include "guest/qemu-options.h"

#define QEMU "http://libvirt.org/schemas/domain/qemu/1.0"

static Domain *parse(const char *format, ...) G_GNUC_PRINTF(1, 2);

static Domain *parse(const char *format, ...)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *xml = NULL;
	Domain *domain;
	va_list arguments;

	va_start(arguments, format);
	xml = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	domain = domain_parse("win11", xml, &error);
	g_assert_no_error(error);
	return domain;
}

static Domain *with_devices(const char *devices)
{
	return parse("<domain><devices>%s</devices></domain>", devices);
}

static Domain *with_arguments(const char *const *arguments)
{
	g_autoptr(GString) args = g_string_new(NULL);

	for (; *arguments != NULL; arguments++) {
		g_autofree char *escaped = g_markup_escape_text(*arguments, -1);

		g_string_append_printf(args, "<qemu:arg value=\"%s\"/>", escaped);
	}
	return parse("<domain xmlns:qemu='" QEMU "'><devices/><qemu:commandline>%s"
		     "</qemu:commandline></domain>",
		args->str);
}

#define ARGUMENTS(...) with_arguments((const char *const[]){ __VA_ARGS__, NULL })

/* "WHAT by MEANS", with a line for each */
static void takes_are(const GPtrArray *takes, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < takes->len; i++) {
		const DomainTake *take = takes->pdata[i];

		g_string_append_printf(
			text, "%s%s by %s", i > 0 ? "\n" : "", take->what, take->means);
	}
	g_assert_cmpstr(text->str, ==, expected);
}

/* -- elements --------------------------------------------------------------------------------- */

static void test_pci(void)
{
	g_autoptr(Domain) domain = with_devices(
		"<hostdev mode='subsystem' type='pci' managed='yes'><driver name='vfio'/><source>"
		"<address domain='0x0000' bus='0x0b' slot='0x00' function='0x0'/></source>"
		"<rom file='/x.rom'/><address type='pci' domain='0x0000' bus='0x06' slot='0x00' "
		"function='0x0'/></hostdev>"
		"<hostdev type='pci'><source><address domain='1' bus='11' slot='0' function='1'/>"
		"</source></hostdev>"
		"<hostdev type='pci'/>"
		"<interface type='hostdev'><source><address type='pci' domain='0x0000' bus='0x03' "
		"slot='0x10' function='0x0'/></source></interface>");

	takes_are(domain->pci, "0000:0b:00.0 by <hostdev type='pci'>\n"
			       "0001:0b:00.1 by <hostdev type='pci'>");
}

static void test_mdev(void)
{
	g_autoptr(Domain) domain = with_devices(
		"<hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on'><source>"
		"<address uuid='4b20d080-1b54-4048-85b3-a6a62d165c01'/></source></hostdev>"
		"<hostdev mode='subsystem' type='mdev' model='vfio-ccw'><source>"
		"<address uuid='9063cba3-ecef-47b6-abcf-3fef4fdcad85'/></source></hostdev>");

	takes_are(domain->mdevs, "4b20d080-1b54-4048-85b3-a6a62d165c01 by <hostdev type='mdev'>");
}

static void test_grabs(void)
{
	g_autoptr(Domain) domain = with_devices(
		"<input type='evdev'><source dev='/dev/input/by-id/a&amp;b' grab='all'/></input>"
		"<input type='passthrough' bus='virtio'><source evdev='/dev/input/event9'/></input>"
		"<input type='evdev'/><input type='mouse' bus='ps2'/>");

	takes_are(domain->grabs, "/dev/input/by-id/a&b by <input type='evdev'>\n"
				 "/dev/input/event9 by <input type='passthrough'>");
}

/* What has the name of such an element somewhere else is none. */
static void test_elsewhere(void)
{
	g_autoptr(Domain) domain =
		parse("<domain xmlns:x='http://example.org/x'><metadata><devices>"
		      "<input type='evdev'><source dev='/a'/></input></devices></metadata>"
		      "<!-- <devices><input type='evdev'><source dev='/b'/></input></devices> -->"
		      "<input type='evdev'><source dev='/c'/></input><devices>"
		      "<x:input type='evdev'><source dev='/d'/></x:input>"
		      "<input type='evdev'><old><source dev='/e'/></old></input></devices>"
		      "<commandline><arg value='-object'/><arg value='input-linux,evdev=/f'/>"
		      "</commandline></domain>");
	g_autoptr(Domain) other = parse("<network><devices><input type='evdev'>"
					"<source dev='/a'/></input></devices></network>");

	takes_are(domain->grabs, "");
	takes_are(other->grabs, "");
}

static void test_broken(void)
{
	g_autoptr(GString) deep = g_string_new(NULL);
	const char *const xmls[] = { "", "x", "<domain>", "<domain/><domain/>",
		"<domain>&x;</domain>", deep->str };

	for (guint i = 0; i < 200; i++)
		g_string_append(deep, "<domain>");
	for (guint i = 0; i < 200; i++)
		g_string_append(deep, "</domain>");
	for (gsize i = 0; i < G_N_ELEMENTS(xmls); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(domain_parse(
			"win11", i + 1 == G_N_ELEMENTS(xmls) ? deep->str : xmls[i], &error));
		g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
		g_assert_nonnull(strstr(error->message, "the domain win11"));
	}
}

/* -- QEMU's command line ---------------------------------------------------------------------- */

/* The prefix is the XML's own choice. */
static void test_namespaces(void)
{
	static const char *const xmls[] = {
		"<domain xmlns:qemu='" QEMU "'><qemu:commandline><qemu:arg value='-object'/>"
		"<qemu:arg value='input-linux,evdev=/k'/></qemu:commandline></domain>",
		"<domain xmlns:q='" QEMU "'>\n <q:commandline>\n  <q:arg\n value='-object' />\n"
		"  <!-- <q:arg value='-S'/> --><q:arg value='input-linux,evdev=/k'></q:arg>\n"
		" </q:commandline></domain>",
		"<domain><q:commandline xmlns:q='" QEMU "'><q:arg value='-object'/>"
		"<q:arg value='input-linux,evdev=/k'/></q:commandline></domain>",
		"<domain><commandline xmlns='" QEMU "'><arg value='-object'/>"
		"<arg value='input-linux&#44;evdev=/k'/></commandline></domain>",
	};
	static const char *const others[] = {
		"<domain xmlns:qemu='http://example.org'><qemu:commandline>"
		"<qemu:arg value='-object'/><qemu:arg value='input-linux,evdev=/k'/>"
		"</qemu:commandline></domain>",
		"<domain xmlns:qemu='" QEMU "'><devices><qemu:commandline><qemu:arg "
		"value='-object'/><qemu:arg value='input-linux,evdev=/k'/></qemu:commandline>"
		"</devices></domain>",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(xmls); i++) {
		g_autoptr(Domain) domain = parse("%s", xmls[i]);

		takes_are(domain->grabs, "/k by -object input-linux");
	}
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autoptr(Domain) domain = parse("%s", others[i]);

		takes_are(domain->grabs, "");
	}
}

static void test_argument_grabs(void)
{
	g_autoptr(Domain) domain = ARGUMENTS("-object",
		"input-linux,id=k,evdev=/dev/input/by-id/a,,b,grab_all=on", "--object",
		"{\"qom-type\":\"input-linux\",\"id\":\"m\",\"evdev\":\"/dev/input/event2\"}",
		"-device", "virtio-input-host-pci,evdev=/dev/input/event3", "-object",
		"qom-type=input-linux,evdev=/dev/input/event4", "-object", "input-linux,id=late",
		"-set", "object.late.evdev=/dev/input/event5", "-object", "rng-random,id=evdev",
		"input-linux,evdev=/not/behind/an/option", "-object");

	takes_are(domain->grabs, "/dev/input/by-id/a,b by -object input-linux\n"
				 "/dev/input/event2 by -object input-linux\n"
				 "/dev/input/event3 by -device virtio-input-host\n"
				 "/dev/input/event4 by -object input-linux\n"
				 "/dev/input/event5 by -object input-linux");
}

static void test_argument_pci(void)
{
	g_autoptr(Domain) domain = ARGUMENTS("-device", "vfio-pci,host=0000:08:00.0,x-vga=on",
		"-device", "vfio-pci,host=08:00.1", "-device",
		"{\"driver\":\"vfio-pci\",\"host\":\"0001:0A:1f.7\",\"multifunction\":true}",
		"-device", "driver=vfio-pci-nohotplug,sysfsdev=/sys/bus/pci/devices/0000:00:02.0/",
		"-device",
		"vfio-pci,sysfsdev=/sys/bus/mdev/devices/4b20d080-1b54-4048-85b3-a6a62d165c01",
		"-device", "vfio-pci,id=late", "-set", "device.late.host=09:00.0", "-device",
		"vfio-pci", "-device", "pci-assign,host=0a:00.0,id=x", "-device",
		"kvm-pci-assign,host=0b:00.0", "-device", "vfio-pci,host=10000:e1:00.0", "-device",
		"vfio-pci,host=nonsense", "-device", "virtio-vga,host=1:2.3");

	takes_are(domain->pci, "0000:08:00.0 by -device vfio-pci\n"
			       "0000:08:00.1 by -device vfio-pci\n"
			       "0001:0a:1f.7 by -device vfio-pci\n"
			       "0000:00:02.0 by -device vfio-pci\n"
			       "0000:09:00.0 by -device vfio-pci\n"
			       "0000:0a:00.0 by -device pci-assign\n"
			       "0000:0b:00.0 by -device pci-assign\n"
			       "10000:e1:00.0 by -device vfio-pci");
	takes_are(domain->mdevs, "4b20d080-1b54-4048-85b3-a6a62d165c01 by -device vfio-pci");
}

static void test_argument_usb(void)
{
	static const struct {
		const char *option, *value;
		int vendor, product;
		guint bus, device;
		const char *port;
	} rows[] = {
		{ "-device", "usb-host,vendorid=0x1d50,productid=0x6122", 0x1d50, 0x6122, 0, 0,
			NULL },
		{ "-device", "usb-host,vendorid=1133,productid=49291", 1133, 49291, 0, 0, NULL },
		{ "-device", "usb-host,vendorid=0x1d50", 0x1d50, -1, 0, 0, NULL },
		{ "-device", "usb-host,hostbus=3,hostaddr=7", -1, -1, 3, 7, NULL },
		{ "-device", "usb-host,id=x,bus=usb.0,hostbus=3,hostport=1.2", -1, -1, 3, 0,
			"3-1.2" },
		{ "-device", "usb-host,hostport=1.2", -1, -1, 0, 0, "1.2" },
		{ "-device", "usb-host,hostbus=3", -1, -1, 3, 0, NULL },
		{ "-device", "usb-host,vendorid=0x1d50,productid=0x6122,hostbus=3,hostport=1",
			0x1d50, 0x6122, 3, 0, "3-1" },
		{ "-device", "usb-host,hostdevice=/dev/bus/usb/003/011", -1, -1, 3, 11, NULL },
		{ "-device", "{\"driver\":\"usb-host\",\"vendorid\":7504,\"productid\":24866}",
			7504, 24866, 0, 0, NULL },
		{ "-usbdevice", "host:1d50:6122", 0x1d50, 0x6122, 0, 0, NULL },
		{ "-usbdevice", "host:3.7", -1, -1, 3, 7, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Domain) domain = ARGUMENTS(rows[i].option, rows[i].value);
		const Hostdev *hostdev;

		g_test_message("%s", rows[i].value);
		g_assert_cmpuint(domain->usb_arguments->len, ==, 1);
		/* libvirt could not detach it */
		g_assert_cmpuint(domain->usb->len, ==, 0);
		hostdev = domain->usb_arguments->pdata[0];
		g_assert_cmpint(hostdev->vendor, ==, rows[i].vendor);
		g_assert_cmpint(hostdev->product, ==, rows[i].product);
		g_assert_cmpuint(hostdev->bus, ==, rows[i].bus);
		g_assert_cmpuint(hostdev->device, ==, rows[i].device);
		g_assert_cmpstr(hostdev->port, ==, rows[i].port);
		g_assert_cmpuint(domain->ports.used, ==, 1);
	}
}

/* What a file of -readconfig says. */
static void test_config_file(void)
{
	static const char text[] = "# qemu config file\n"
				   "[device \"kbd\"]\r\n"
				   "  driver = \"usb-host\"\r\n"
				   "  vendorid = \"0x1d50\"\n"
				   "  productid = \"0x6122\"\n"
				   "#  hostbus = \"3\"\n"
				   "[drive]\n"
				   "  driver = \"vfio-pci\"\n"
				   "  host = \"05:00.0\"\n"
				   "[device]\n"
				   "  host=\"08:00.0\"\n"
				   "  driver=\"vfio-pci\"\n"
				   "  broken\n"
				   "  half = \"x\n"
				   "[object \"k\"]\n"
				   "  qom-type = \"input-linux\"\n"
				   "  evdev = \"/dev/input/by-id/a=b\"\n"
				   "[devices \"x\"]\n"
				   "  driver = \"vfio-pci\"\n"
				   "  host = \"09:00.0\"\n";
	g_autoptr(Domain) domain =
		ARGUMENTS("-readconfig", "/etc/qemu/kbd.cfg", "--readconfig", "/b", "-readconfig");
	const Hostdev *hostdev;

	g_assert_cmpuint(domain->config_files->len, ==, 2);
	g_assert_cmpstr(domain->config_files->pdata[0], ==, "/etc/qemu/kbd.cfg");
	g_assert_cmpstr(domain->config_files->pdata[1], ==, "/b");
	takes_are(domain->pci, "");
	domain_read_config_file(domain, text);
	domain_read_config_file(domain, "");
	takes_are(domain->pci, "0000:08:00.0 by -device vfio-pci");
	takes_are(domain->grabs, "/dev/input/by-id/a=b by -object input-linux");
	g_assert_cmpuint(domain->usb_arguments->len, ==, 1);
	hostdev = domain->usb_arguments->pdata[0];
	g_assert_cmphex((guint)hostdev->vendor, ==, 0x1d50);
	g_assert_cmphex((guint)hostdev->product, ==, 0x6122);
	g_assert_cmpuint(hostdev->bus, ==, 0);
}

static void test_override(void)
{
	g_autoptr(Domain) domain = parse("%s",
		"<domain xmlns:q='" QEMU "'><devices/><q:override>"
		"<q:device alias='hostdev0'><q:frontend>"
		"<q:property name='x-vga' type='bool' value='true'/>"
		"<q:property name='host' type='string' value='0000:0c:00.0'/></q:frontend>"
		"</q:device><q:device alias='hostdev1'><q:frontend>"
		"<q:property name='vendorid' type='unsigned' value='7504'/>"
		"<q:property name='productid' type='unsigned' value='24866'/></q:frontend>"
		"</q:device><q:device alias='input0'><q:frontend>"
		"<q:property name='evdev' type='string' value='/dev/input/event3'/>"
		"<q:property name='none'/><property name='evdev' value='/dev/input/event4'/>"
		"</q:frontend></q:device></q:override></domain>");
	const Hostdev *hostdev;

	takes_are(domain->pci, "0000:0c:00.0 by <qemu:override>");
	takes_are(domain->grabs, "/dev/input/event3 by <qemu:override>");
	g_assert_cmpuint(domain->usb_arguments->len, ==, 1);
	hostdev = domain->usb_arguments->pdata[0];
	g_assert_cmphex((guint)hostdev->vendor, ==, 0x1d50);
	g_assert_cmphex((guint)hostdev->product, ==, 0x6122);
}

static void test_options(void)
{
	static const char *const arguments[] = { "-device", "a,b=1,,2,c,d=", "-device",
		"{\"x\":", "-set", "device.none.b=2", "-set", "nonsense", "-device",
		"{\"driver\":\"e\",\"f\":[1],\"g\":false,\"h\":0}", "-object", "", NULL };
	g_autofree char *open = g_strnfill(100, '['), *close = g_strnfill(100, ']');
	g_autofree char *nested = NULL;
	g_autoptr(GPtrArray) options = qemu_options_read(arguments);
	g_autoptr(GPtrArray) none = NULL;
	const QemuOption *option = options->pdata[0];

	g_assert_cmpuint(options->len, ==, 4);
	g_assert_cmpstr(option->driver, ==, "a");
	g_assert_cmpstr(qemu_option_get(option, "b"), ==, "1,2");
	g_assert_cmpint(qemu_option_number(option, "b"), ==, -1);
	g_assert_cmpstr(qemu_option_get(option, "c"), ==, "on");
	g_assert_cmpstr(qemu_option_get(option, "d"), ==, "");
	g_assert_cmpstr(((const QemuOption *)options->pdata[1])->driver, ==, "");
	option = options->pdata[2];
	g_assert_cmpstr(option->driver, ==, "e");
	g_assert_null(qemu_option_get(option, "f"));
	g_assert_cmpstr(qemu_option_get(option, "g"), ==, "off");
	g_assert_cmpint(qemu_option_number(option, "h"), ==, 0);
	/* valid JSON, but nested deeper than any option: it is not parsed */
	nested = g_strdup_printf("{\"driver\":\"e\",\"f\":%s1%s}", open, close);
	none = qemu_options_read((const char *const[]){ "-device", nested, NULL });
	g_assert_cmpstr(((const QemuOption *)none->pdata[0])->driver, ==, "");
}

/* -- USB ports -------------------------------------------------------------------------------- */

#define XHCI   "<controller type='usb' index='0' model='qemu-xhci'/>"
#define TABLET "<input type='tablet' bus='usb'/>"
#define REDIR  "<redirdev bus='usb' type='spicevmc'/>"

static void test_ports(void)
{
	static const struct {
		const char *devices;
		guint controllers, all, used;
	} rows[] = {
		{ "", 0, 0, 0 },
		{ "<controller type='usb' model='none'/><controller type='pci'/>", 0, 0, 0 },
		{ "<controller type='usb' model='piix3-uhci'/>" TABLET REDIR, 1, 2, 2 },
		{ "<controller type='usb'/>" TABLET, 1, 2, 1 },
		/* libvirt takes the number, and does not count by it */
		{ "<controller type='usb' model='ich9-ehci1' ports='15'/>", 1, 6, 0 },
		{ "<controller type='usb' ports='15'/>", 1, 2, 0 },
		{ "<controller type='usb' model='qemu-xhci' ports='1'/>" TABLET, 1, 1, 1 },
		{ XHCI, 1, 4, 0 },
		{ "<controller type='usb' model='nec-xhci' ports='15'/>" REDIR REDIR TABLET, 1, 15,
			3 },
		{ "<controller type='usb' index='0' model='ich9-ehci1'/>"
		  "<controller type='usb' index='0' model='ich9-uhci1'><master startport='0'/>"
		  "</controller><controller type='usb' index='0' model='ich9-uhci2'>"
		  "<master startport='2'/></controller>",
			3, 6, 0 },
		{ "<controller type='usb' model='pci-ohci'/>" XHCI, 2, 7, 0 },
		{ XHCI "<hub type='usb'/>" TABLET, 1, 12, 2 },
		{ XHCI "<disk type='file' device='disk'><target dev='sda' bus='usb'/></disk>"
		       "<disk type='file' device='disk'><target dev='vda' bus='virtio'/></disk>"
		       "<controller type='ccid' index='0'/><sound model='usb'/>"
		       "<sound model='ich9'/><serial type='pty'><target "
		       "type='usb-serial'/></serial>"
		       "<hostdev mode='subsystem' type='usb'/><hostdev type='pci'/>"
		       "<input type='mouse' bus='ps2'/><input type='evdev'/>",
			1, 4, 5 },
		/* where libvirt says it by the address */
		{ XHCI "<something><address type='usb' bus='0' port='1'/></something>"
		       "<smartcard mode='host'><address type='ccid' controller='0'/></smartcard>",
			1, 4, 1 },
		/* hotseat's own devices are attached and detached */
		{ XHCI TABLET "<hostdev type='usb'><alias name='ua-hotseat-3-1'/></hostdev>"
			      "<redirdev bus='usb' type='tcp'><alias name='ua-hotseat-input'/>"
			      "</redirdev><hostdev type='usb'><alias name='hostdev0'/></hostdev>",
			1, 4, 2 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Domain) domain = with_devices(rows[i].devices);

		g_test_message("%s", rows[i].devices);
		g_assert_cmpuint(domain->ports.controllers, ==, rows[i].controllers);
		g_assert_cmpuint(domain->ports.all, ==, rows[i].all);
		g_assert_cmpuint(domain->ports.used, ==, rows[i].used);
		g_assert_cmpint(domain->ports.disabled, ==, i == 1);
		g_assert_cmpuint(domain_free_ports(domain), ==,
			rows[i].all > rows[i].used ? rows[i].all - rows[i].used : 0);
	}
}

/* One on a controller that the command line brings along needs none of libvirt's ports. */
static void test_argument_ports(void)
{
	static const struct {
		const char *arguments[5];
		guint used;
	} rows[] = {
		{ { "-device", "usb-kbd", NULL }, 1 },
		{ { "-device", "usb-tablet,bus=usb.0", NULL }, 1 },
		{ { "-device", "qemu-xhci,id=mine", "-device", "usb-mouse,bus=mine.0", NULL }, 0 },
		{ { "-device", "usb-ehci,id=mine", NULL }, 0 },
		{ { "-device", "usb-mouse,bus=usb2.0", NULL }, 1 },
		{ { "-device", "qemu-xhci,id=usb3", "-device", "usb-mouse,bus=usb3.0", NULL }, 0 },
		{ { "-usb", "-device", "usb-kbd", NULL }, 0 },
		{ { "-usb", "-device", "usb-kbd,bus=usb-bus.0", NULL }, 0 },
		{ { "-device", "usb-redir,bus=ehci.0", NULL }, 0 },
		{ { "-usbdevice", "tablet", NULL }, 1 },
		{ { "-device", "u2f-passthru,hidraw=/dev/hidraw0", NULL }, 1 },
		{ { "-device", "canokey,file=/x", NULL }, 1 },
		{ { "-device", "virtio-net,bus=usb.0", NULL }, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Domain) domain = with_arguments(rows[i].arguments);

		g_assert_cmpuint(domain->ports.all, ==, 0);
		g_assert_cmpuint(domain->ports.used, ==, rows[i].used);
		g_assert_cmpuint(domain_free_ports(domain), ==, 0);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/pci", test_pci);
	g_test_add_func("/domain/mdev", test_mdev);
	g_test_add_func("/domain/grabs", test_grabs);
	g_test_add_func("/domain/elsewhere", test_elsewhere);
	g_test_add_func("/domain/broken", test_broken);
	g_test_add_func("/domain/namespaces", test_namespaces);
	g_test_add_func("/domain/arguments/grabs", test_argument_grabs);
	g_test_add_func("/domain/arguments/pci", test_argument_pci);
	g_test_add_func("/domain/arguments/usb", test_argument_usb);
	g_test_add_func("/domain/arguments/config-file", test_config_file);
	g_test_add_func("/domain/arguments/override", test_override);
	g_test_add_func("/domain/arguments/options", test_options);
	g_test_add_func("/domain/ports", test_ports);
	g_test_add_func("/domain/ports/arguments", test_argument_ports);
	return g_test_run();
}
