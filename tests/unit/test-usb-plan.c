/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/plan.h"

/* The device in port 3-1.2, at bus 3 device 7. */
static const UsbInfo keyboard = {
	.port = (char *)"3-1.2", .bus = 3, .device = 7, .vendor = 0x28da, .product = 0x1101
};

static const char own[] = "ua-hotseat-3-1_2";

typedef struct {
	const char *domain, *alias;
	guint bus, device;
	int vendor, product; /* 0: the XML does not say */
} Row;

typedef struct {
	const char *name;
	Row rows[3];	    /* up to the first without a domain */
	const char *target; /* domain; NULL: the host */
	UsbPlanKind kind;
	int hostdev; /* the row it is about; -1: none */
} Case;

static const Case cases[] = {
	{ "at-host-to-host", { { 0 } }, NULL, USB_PLAN_NOTHING, -1 },
	{ "at-host-to-guest", { { 0 } }, "win10", USB_PLAN_ATTACH, -1 },
	{ "in-guest-to-guest", { { "win10", own, 3, 7, 0, 0 } }, "win10", USB_PLAN_NOTHING, 0 },
	{ "in-guest-to-host", { { "win10", own, 3, 7, 0, 0 } }, NULL, USB_PLAN_DETACH, 0 },
	{ "guest-to-other-guest", { { "win10", own, 3, 7, 0, 0 } }, "arch", USB_PLAN_DETACH, 0 },
	{ "others-are-not-in-the-way",
		{ { "win10", "ua-hotseat-4-1", 4, 7, 0, 0 }, { "win10", "hostdev0", 3, 8, 0, 0 } },
		"win10", USB_PLAN_ATTACH, -1 },
	{ "attached-by-somebody-else",
		{ { "arch", "hostdev1", 3, 8, 0, 0 },
			{ "win10", "hostdev0", 3, 7, 0x28da, 0x1101 } },
		NULL, USB_PLAN_DETACH, 1 },
	{ "old-one-of-this-port", { { "win10", own, 3, 5, 0, 0 } }, "win10", USB_PLAN_DETACH, 0 },
	{ "old-one-of-this-port-to-host", { { "win10", own, 3, 5, 0, 0 } }, NULL, USB_PLAN_DETACH,
		0 },
	{ "old-one-beside-the-real-one",
		{ { "win10", "hostdev0", 3, 7, 0, 0 }, { "win10", own, 3, 5, 0, 0 } }, "win10",
		USB_PLAN_DETACH, 1 },
	{ "address-used-again-by-vendor", { { "win10", "hostdev0", 3, 7, 0x046d, 0x1101 } },
		"win10", USB_PLAN_DETACH, 0 },
	{ "address-used-again-by-product", { { "win10", "hostdev0", 3, 7, 0x28da, 0xc08d } },
		"win10", USB_PLAN_DETACH, 0 },
	{ "address-used-again-by-port", { { "win10", "ua-hotseat-3-4", 3, 7, 0, 0 } }, "win10",
		USB_PLAN_DETACH, 0 },
	{ "in-guest-by-its-numbers", { { "win10", "hostdev0", 3, 7, 0x28da, 0x1101 } }, "win10",
		USB_PLAN_NOTHING, 0 },
	{ "in-foreign-domain", { { "build-vm", "hostdev0", 3, 7, 0, 0 } }, "win10",
		USB_PLAN_FOREIGN, 0 },
	{ "in-foreign-domain-to-host", { { "build-vm", "hostdev0", 3, 7, 0, 0 } }, NULL,
		USB_PLAN_FOREIGN, 0 },
	{ "old-one-in-foreign-domain", { { "build-vm", own, 3, 5, 0, 0 } }, "win10",
		USB_PLAN_ATTACH, -1 },
	{ "no-alias-cannot-be-detached", { { "win10", NULL, 3, 7, 0, 0 } }, NULL, USB_PLAN_FOREIGN,
		0 },
	{ "missing-device", { { "win10", "hostdev0", 0, 0, 0x28da, 0x1101 } }, "win10",
		USB_PLAN_ATTACH, -1 },
};

static GPtrArray *make_hostdevs(const Row *rows)
{
	GPtrArray *hostdevs = hostdevs_new();

	for (guint i = 0; i < 3 && rows[i].domain != NULL; i++) {
		Hostdev *hostdev =
			hostdev_new(rows[i].domain, rows[i].alias, rows[i].bus, rows[i].device);

		if (rows[i].vendor != 0)
			hostdev->vendor = rows[i].vendor;
		if (rows[i].product != 0)
			hostdev->product = rows[i].product;
		g_ptr_array_add(hostdevs, hostdev);
	}
	return hostdevs;
}

static void test_case(gconstpointer data)
{
	static ConfigGuest win10 = { .name = (char *)"guest", .domain = (char *)"win10" };
	static ConfigGuest arch = { .name = (char *)"linux", .domain = (char *)"arch" };
	const Case *c = data;
	g_autoptr(GPtrArray) guests = g_ptr_array_new();
	g_autoptr(GPtrArray) hostdevs = make_hostdevs(c->rows);
	UsbPlan plan;

	g_ptr_array_add(guests, &win10);
	g_ptr_array_add(guests, &arch);
	plan = usb_plan(&keyboard, hostdevs, guests, c->target);
	g_assert_cmpint(plan.kind, ==, c->kind);
	if (c->hostdev < 0)
		g_assert_null(plan.hostdev);
	else
		g_assert_true(plan.hostdev == hostdevs->pdata[c->hostdev]);
}

static void test_alias(void)
{
	g_autofree char *alias = usb_alias("3-1.2.4");

	g_assert_cmpstr(alias, ==, "ua-hotseat-3-1_2_4");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/usb-plan/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/usb-plan/alias", test_alias);
	return g_test_run();
}
