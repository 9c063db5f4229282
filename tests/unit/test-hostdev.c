/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "common/error.h"
#include "guest/domain.h"

static const char domain_xml[] =
	"<domain type='kvm' id='3'><name>win10</name><devices>"
	"<disk type='file'><source file='/x'/><alias name='virtio-disk0'/></disk>"
	"<hostdev mode='subsystem' type='usb' managed='no'>"
	"<source><vendor id='0x28da'/><product id='0x1101'/><address bus='3' device='7'/></source>"
	"<alias name='hostdev0'/><address type='usb' bus='0' port='1'/></hostdev>"
	"<hostdev mode='subsystem' type='pci' managed='yes'>"
	"<source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>"
	"<alias name='hostdev1'/></hostdev>"
	"<hostdev mode='subsystem' type='usb' managed='no'>"
	"<source><address bus='4' device='12'/></source>"
	"<alias name='ua-hotseat-4-1'/><address type='usb' bus='0' port='2'/></hostdev>"
	"<hostdev mode='subsystem' type='usb' managed='no'>"
	"<source startupPolicy='optional' missing='yes'>"
	"<vendor id='0x046d'/><product id='0xc08d'/></source></hostdev>"
	"</devices></domain>";

static void check(
	const Hostdev *hostdev, const char *alias, guint bus, guint device, int vendor, int product)
{
	g_assert_cmpstr(hostdev->alias, ==, alias);
	g_assert_cmpuint(hostdev->bus, ==, bus);
	g_assert_cmpuint(hostdev->device, ==, device);
	g_assert_cmpint(hostdev->vendor, ==, vendor);
	g_assert_cmpint(hostdev->product, ==, product);
}

/* Free with g_ptr_array_unref(). */
static GPtrArray *parse(const char *xml)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Domain) domain = domain_parse("win10", xml, &error);

	g_assert_no_error(error);
	return g_ptr_array_ref(domain->usb);
}

static void test_parse(void)
{
	g_autoptr(GPtrArray) hostdevs = parse(domain_xml);

	g_assert_cmpuint(hostdevs->len, ==, 3);
	for (guint i = 0; i < hostdevs->len; i++)
		g_assert_cmpstr(((Hostdev *)hostdevs->pdata[i])->domain, ==, "win10");
	/* the address in the guest, "bus 0 port 1", is not the one on the host */
	check(hostdevs->pdata[0], "hostdev0", 3, 7, 0x28da, 0x1101);
	check(hostdevs->pdata[1], "ua-hotseat-4-1", 4, 12, -1, -1);
	check(hostdevs->pdata[2], NULL, 0, 0, 0x046d, 0xc08d);
}

static void test_none(void)
{
	g_autoptr(GPtrArray) hostdevs = parse("<domain><devices/></domain>");

	g_assert_cmpuint(hostdevs->len, ==, 0);
}

static void test_broken(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(domain_parse(
		"win10", "<domain><devices><hostdev type='usb'></devices></domain>", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	g_assert_nonnull(strstr(error->message, "win10"));
}

/* What has the same name elsewhere is none of the domain's own. */
static void test_elsewhere(void)
{
	static const char *const xmls[] = {
		"<hostdev type='usb'/>",
		"<domain><hostdev type='usb'/></domain>",
		"<devices><hostdev type='usb'/></devices>",
		"<domain><old><hostdev type='usb'/></old></domain>",
		"<domain><metadata><devices><hostdev type='usb'/></devices></metadata></domain>",
		"<domain><devices><old><hostdev type='usb'/></old></devices></domain>",
		"<domain><devices><hostdev/><disk type='usb'/></devices></domain>",
		"<domain><devices><hostdev type='pci'/></devices></domain>",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(xmls); i++) {
		g_autoptr(GPtrArray) hostdevs = parse(xmls[i]);

		g_assert_cmpuint(hostdevs->len, ==, 0);
	}
}

static void test_inside_elsewhere(void)
{
	static const char *const inside[] = {
		"<address bus='3' device='7'/><vendor id='1'/><product id='2'/>",
		"<old><address bus='3' device='7'/><alias name='a'/></old>",
		"<source><old><address bus='3' device='7'/><vendor id='1'/></old></source>",
		"<old><source><address bus='3' device='7'/><product id='1'/></source></old>",
		"<source><alias name='a'/></source>",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(inside); i++) {
		g_autofree char *xml =
			g_strdup_printf("<domain><devices><hostdev type='usb'>%s</hostdev>"
					"<source><address bus='3' device='7'/></source>"
					"<alias name='a'/></devices></domain>",
				inside[i]);
		g_autoptr(GPtrArray) hostdevs = parse(xml);

		g_assert_cmpuint(hostdevs->len, ==, 1);
		check(hostdevs->pdata[0], NULL, 0, 0, -1, -1);
	}
}

static void test_find(void)
{
	g_autoptr(GPtrArray) hostdevs = hostdevs_new();

	g_ptr_array_add(hostdevs, hostdev_new("a", NULL, 1, 1));
	g_ptr_array_add(hostdevs, hostdev_new("a", "hostdev0", 1, 2));
	g_ptr_array_add(hostdevs, hostdev_new("b", "hostdev0", 1, 3));
	g_assert_true(hostdevs_find(hostdevs, "b", "hostdev0") == hostdevs->pdata[2]);
	check(hostdevs->pdata[0], NULL, 1, 1, -1, -1);
	g_assert_cmpuint(((Hostdev *)hostdevs->pdata[2])->device, ==, 3);
	g_assert_null(hostdevs_find(hostdevs, "c", "hostdev0"));
	g_assert_null(hostdevs_find(hostdevs, "b", "hostdev1"));
}

static void test_written_is_read(void)
{
	g_autofree char *xml = hostdev_xml(3, 127, "ua-hotseat-3-1_2");
	g_autofree char *domain = g_strdup_printf("<domain><devices>%s</devices></domain>", xml);
	g_autoptr(GPtrArray) hostdevs = parse(domain);

	g_assert_cmpuint(hostdevs->len, ==, 1);
	check(hostdevs->pdata[0], "ua-hotseat-3-1_2", 3, 127, -1, -1);
}

static void test_means(void)
{
	static const struct {
		Hostdev hostdev;
		gboolean means;
	} rows[] = {
		{ { .vendor = 0x1d50, .product = 0x6122 }, TRUE },
		{ { .vendor = 0x1d50, .product = 0x6123 }, FALSE },
		{ { .vendor = 0x1d50, .product = -1 }, TRUE },
		/* an address of a plugging in that has ended */
		{ { .vendor = 0x1d50, .product = 0x6122, .bus = 9, .device = 9 }, TRUE },
		{ { .vendor = 0x1d51, .product = 0x6122, .bus = 3, .device = 7 }, FALSE },
		{ { .vendor = -1, .product = -1, .bus = 3, .device = 7 }, TRUE },
		{ { .vendor = -1, .product = -1, .bus = 3, .device = 8 }, FALSE },
		{ { .vendor = -1, .product = -1, .bus = 3, .port = (char *)"3-1.2" }, TRUE },
		{ { .vendor = -1, .product = -1, .bus = 3, .port = (char *)"3-1" }, FALSE },
		{ { .vendor = -1, .product = -1 }, FALSE },
		/* its twin in another port */
		{ { .vendor = 0x1d50, .product = 0x6122, .bus = 3, .port = (char *)"3-1.3" },
			FALSE },
		{ { .vendor = 0x1d50, .product = 0x6122, .bus = 3, .port = (char *)"3-1.2" },
			TRUE },
		{ { .vendor = 0x1d50, .product = 0x6122, .port = (char *)"1.2" }, TRUE },
		{ { .vendor = -1, .product = -1, .port = (char *)"1.2" }, TRUE },
		{ { .vendor = -1, .product = -1, .port = (char *)"1" }, FALSE },
		/* all of a bus */
		{ { .vendor = -1, .product = -1, .bus = 3 }, TRUE },
		{ { .vendor = -1, .product = -1, .bus = 4 }, FALSE },
	};
	static const Hostdev in_port = {
		.vendor = 0x1d50, .product = 0x6122, .port = (char *)"3-1"
	};

	/* where it is plugged in is not known */
	g_assert_true(hostdev_means(&in_port, 0x1d50, 0x6122, 0, 0, ""));
	g_assert_false(hostdev_means(&in_port, 0x1d50, 0x6123, 0, 0, ""));
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(hostdev_means(&rows[i].hostdev, 0x1d50, 0x6122, 3, 7, "3-1.2"), ==,
			rows[i].means);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hostdev/parse", test_parse);
	g_test_add_func("/hostdev/none", test_none);
	g_test_add_func("/hostdev/broken", test_broken);
	g_test_add_func("/hostdev/elsewhere", test_elsewhere);
	g_test_add_func("/hostdev/elsewhere/inside", test_inside_elsewhere);
	g_test_add_func("/hostdev/find", test_find);
	g_test_add_func("/hostdev/written-is-read", test_written_is_read);
	g_test_add_func("/hostdev/means", test_means);
	return g_test_run();
}
