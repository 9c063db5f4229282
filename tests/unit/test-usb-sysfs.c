/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "device/sysfs.h"
#include "tree.h"

/* A keyboard, two mice that differ in serial and port, a hub, as sysfs shows them. */
static const TreeFile files[] = {
	{ "usb3/idVendor", "1d6b" },
	{ "usb3/idProduct", "0002" },
	{ "usb3/busnum", "3" },
	{ "usb3/devnum", "1" },
	{ "3-1/idVendor", "28da" },
	{ "3-1/idProduct", "1101" },
	{ "3-1/busnum", "3" },
	{ "3-1/devnum", "7" },
	{ "3-1/3-1:1.0/bInterfaceNumber", "00" },
	{ "3-1/3-1:1.0/bInterfaceClass", "03" },
	{ "3-1/3-1:1.1/bInterfaceNumber", "01" },
	{ "3-1/3-1:1.1/bInterfaceClass", "03" },
	{ "3-1:1.0/bInterfaceNumber", "00" },
	{ "3-2.1/idVendor", "046d" },
	{ "3-2.1/idProduct", "c08d" },
	{ "3-2.1/serial", "AAA111" },
	{ "3-2.1/busnum", "3" },
	{ "3-2.1/devnum", "10" },
	{ "3-2.1/3-2.1:1.0/bInterfaceNumber", "00" },
	{ "3-2.1/3-2.1:1.0/bInterfaceClass", "ff" },
	{ "3-2.2/idVendor", "046d" },
	{ "3-2.2/idProduct", "c08d" },
	{ "3-2.2/busnum", "3" },
	{ "3-2.2/devnum", "11" },
	{ NULL, NULL },
};

typedef struct {
	char *root, *devices;
} Tree;

static void setup(Tree *tree, gconstpointer data)
{
	tree->root = tree_new("bus/usb/devices", files);
	tree->devices = g_build_filename(tree->root, "bus/usb/devices", NULL);
}

static void teardown(Tree *tree, gconstpointer data)
{
	tree_remove(tree->root);
	g_free(tree->root);
	g_free(tree->devices);
}

static void put(const Tree *tree, const char *port, const char *file, const char *text)
{
	g_autofree char *folder = g_build_filename(tree->devices, port, NULL);
	g_autofree char *path = g_build_filename(folder, file, NULL);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void put_hub(const Tree *tree)
{
	put(tree, "3-2", "idVendor", "05e3\n");
	put(tree, "3-2", "idProduct", "0608\n");
	put(tree, "3-2", "serial", "HUB\n");
	put(tree, "3-2", "devnum", "9\n");
	put(tree, "3-2", "bDeviceClass", "09\n");
}

/* A hub is found, and refused with the names of what is behind it. */
static void test_hub(Tree *tree, gconstpointer data)
{
	const ConfigDevice by_id = { .vendor = 0x05e3, .product = 0x0608 };
	const ConfigDevice all = { .vendor = -1, .product = -1, .hub = (char *)"3-2" };
	g_autoptr(GPtrArray) behind = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(UsbInfo) info = NULL;

	put_hub(tree);
	info = usb_find(tree->root, &by_id, &error);
	g_assert_null(info);
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG);
	g_assert_cmpstr(error->message, ==,
		"it is a hub; name the devices behind it: 3-2.1, 3-2.2, or write \"hub: 3-2\" to "
		"mean them all");
	behind = usb_list(tree->root, &all);
	g_assert_cmpuint(behind->len, ==, 2);
}

/* What is plugged in decides, with the place in the file. */
static void test_check_hubs(Tree *tree, gconstpointer data)
{
	static const char text[] = "libvirt: {domain: win10}\n"
				   "devices:\n"
				   "  - {vendor: 0x28da, product: 0x1101}\n"
				   "  - {serial: HUB, name: dock}\n"
				   "  - {hub: 3-3}\n"
				   "  - {vendor: 0x05e3, product: 0x0608, via: input}\n"
				   "  - {serial: absent}\n";
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = config_parse("x.yaml", text, strlen(text), problems);
	const ConfigProblem *problem;

	g_assert_nonnull(config);
	usb_check_hubs(tree->root, config, FALSE, problems);
	g_assert_cmpuint(problems->len, ==, 0);
	put_hub(tree);
	usb_check_hubs(tree->root, config, FALSE, problems);
	g_assert_cmpuint(problems->len, ==, 1);
	problem = problems->pdata[0];
	g_assert_false(problem->warning);
	g_assert_cmpuint(problem->line, ==, 4);
	g_assert_cmpuint(problem->column, ==, 5);
	g_assert_true(g_str_has_prefix(problem->message, "device: \"dock\": it is a hub; "));
	usb_check_hubs(tree->root, config, TRUE, problems);
	g_assert_cmpuint(problems->len, ==, 2);
	problem = problems->pdata[1];
	g_assert_true(problem->warning);
}

static void set_driver(Tree *tree, const char *interface, const char *driver)
{
	g_autofree char *link = g_build_filename(tree->devices, interface, "driver", NULL);
	g_autofree char *target = g_strconcat("../../drivers/", driver, NULL);

	g_unlink(link);
	g_assert_cmpint(symlink(target, link), ==, 0);
}

static void expect_port(Tree *tree, const ConfigDevice *config, const char *port, guint device)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(UsbInfo) info = usb_find(tree->root, config, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(info->port, ==, port);
	g_assert_cmpuint(info->bus, ==, 3);
	g_assert_cmpuint(info->device, ==, device);
	g_assert_true(usb_still_there(tree->root, info));
	info->device++;
	g_assert_false(usb_still_there(tree->root, info));
}

static void test_find(Tree *tree, gconstpointer data)
{
	expect_port(tree, &(ConfigDevice){ .vendor = 0x28da, .product = 0x1101 }, "3-1", 7);
	expect_port(tree, &(ConfigDevice){ .vendor = 0x28da, .product = -1 }, "3-1", 7);
	expect_port(tree, &(ConfigDevice){ .vendor = -1, .product = 0x1101 }, "3-1", 7);
	expect_port(tree, &(ConfigDevice){ .vendor = -1, .product = -1, .port = (char *)"3-2.2" },
		"3-2.2", 11);
	expect_port(tree,
		&(ConfigDevice){ .vendor = 0x046d, .product = 0xc08d, .serial = (char *)"AAA111" },
		"3-2.1", 10);
	expect_port(tree,
		&(ConfigDevice){ .vendor = 0x046d, .product = 0xc08d, .port = (char *)"3-2.2" },
		"3-2.2", 11);
}

/* By port, whatever the order of the folder. */
static void test_list(Tree *tree, gconstpointer data)
{
	g_autoptr(GPtrArray) infos = usb_list(tree->root, NULL);
	static const char *const ports[] = { "3-1", "3-2.1", "3-2.2" };

	g_assert_cmpuint(infos->len, ==, G_N_ELEMENTS(ports));
	for (guint i = 0; i < infos->len; i++)
		g_assert_cmpstr(((UsbInfo *)infos->pdata[i])->port, ==, ports[i]);
}

static UsbInfo *info_at(const char *port)
{
	UsbInfo info = { .port = (char *)port, .vendor = 1, .product = 2 };

	return usb_info_copy(&info);
}

static void test_sort(void)
{
	g_autoptr(GPtrArray) infos = g_ptr_array_new_with_free_func((GDestroyNotify)usb_info_free);

	g_ptr_array_add(infos, info_at("3-2"));
	g_ptr_array_add(infos, info_at("1-4"));
	g_ptr_array_add(infos, info_at("3-1"));
	usb_infos_sort(infos);
	g_assert_cmpstr(((UsbInfo *)infos->pdata[0])->port, ==, "1-4");
	g_assert_cmpstr(((UsbInfo *)infos->pdata[2])->port, ==, "3-2");
}

static void test_fits(void)
{
	const UsbInfo info = {
		.port = (char *)"3-1", .vendor = 0x28da, .product = 0x1101, .serial = (char *)"S"
	};
	static const struct {
		ConfigDevice config;
		gboolean fits;
	} cases[] = {
		{ { .vendor = 0x28da, .product = 0x1101 }, TRUE },
		{ { .vendor = -1, .product = -1 }, TRUE },
		{ { .vendor = 0, .product = -1 }, FALSE },
		{ { .vendor = -1, .product = 0 }, FALSE },
		{ { .vendor = 0x28da, .product = 0x1102 }, FALSE },
		{ { .vendor = 0x28db, .product = 0x1101 }, FALSE },
		{ { .vendor = -1, .product = -1, .port = (char *)"3-1" }, TRUE },
		{ { .vendor = -1, .product = -1, .port = (char *)"3-2" }, FALSE },
		{ { .vendor = -1, .product = -1, .serial = (char *)"S" }, TRUE },
		{ { .vendor = -1, .product = -1, .serial = (char *)"T" }, FALSE },
	};

	g_assert_true(usb_info_fits(&info, NULL));
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpint(usb_info_fits(&info, &cases[i].config), ==, cases[i].fits);
}

static void test_twins(Tree *tree, gconstpointer data)
{
	const ConfigDevice config = { .vendor = 0x046d, .product = 0xc08d };
	g_autoptr(GError) error = NULL;

	g_assert_null(usb_find(tree->root, &config, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_AMBIGUOUS);
	g_assert_cmpstr(error->message, ==,
		"2 devices match the USB device 046d:c08d: port 3-2.1 (serial AAA111), port 3-2.2 "
		"(no "
		"serial); add serial: or port: to the configuration to tell them apart");
}

static void expect_none(Tree *tree, const ConfigDevice *config, const char *message)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(usb_find(tree->root, config, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE);
	g_assert_true(g_str_has_prefix(error->message, message));
}

static void test_none(Tree *tree, gconstpointer data)
{
	expect_none(tree, &(ConfigDevice){ .vendor = 0x1234, .product = 0x5678 },
		"no USB device 1234:5678 is plugged in; ");
	expect_none(tree,
		&(ConfigDevice){ .vendor = 0x046d, .product = 0xc08d, .serial = (char *)"BBB" },
		"no USB device 046d:c08d with serial BBB is plugged in; ");
	expect_none(tree,
		&(ConfigDevice){ .vendor = 0x28da, .product = -1, .port = (char *)"3-2.2" },
		"no USB device of vendor 28da in port 3-2.2 is plugged in; ");
	/* 0 is a number, too */
	expect_none(tree, &(ConfigDevice){ .vendor = 0, .product = 0x1101 },
		"no USB device 0000:1101 is plugged in; ");
	expect_none(tree, &(ConfigDevice){ .vendor = -1, .product = 0 },
		"no USB device with product 0000 is plugged in; ");
	expect_none(tree, &(ConfigDevice){ .vendor = 0x28da, .product = 0 },
		"no USB device 28da:0000 is plugged in; ");
	expect_none(tree, &(ConfigDevice){ .vendor = -1, .product = 0x9999 },
		"no USB device with product 9999 is plugged in; ");
	/* the hub of the bus itself */
	expect_none(tree, &(ConfigDevice){ .vendor = 0x1d6b, .product = 2 },
		"no USB device 1d6b:0002 is plugged in; ");
}

static void test_no_sysfs(void)
{
	const ConfigDevice config = { .vendor = 0x28da, .product = 0x1101 };
	g_autoptr(GError) error = NULL;

	g_assert_null(usb_find("/nonexistent", &config, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE);
	g_assert_cmpint(usb_driving("/nonexistent", "3-1"), ==, USB_PLAIN);
}

static void test_driving(Tree *tree, gconstpointer data)
{
	g_assert_cmpint(usb_driving(tree->root, "3-1"), ==, USB_DRIVERLESS);
	/* vendor specific: perhaps there is no driver */
	g_assert_cmpint(usb_driving(tree->root, "3-2.1"), ==, USB_PLAIN);
	g_assert_cmpint(usb_driving(tree->root, "3-2.2"), ==, USB_PLAIN);
	set_driver(tree, "3-1/3-1:1.0", "usbfs");
	set_driver(tree, "3-1/3-1:1.1", "usbfs");
	g_assert_cmpint(usb_driving(tree->root, "3-1"), ==, USB_CLAIMED);
	set_driver(tree, "3-1/3-1:1.0", "usbhid");
	g_assert_cmpint(usb_driving(tree->root, "3-1"), ==, USB_DRIVEN);
}

static void test_driverless(Tree *tree, gconstpointer data)
{
	g_autoptr(GArray) both = usb_driverless_interfaces(tree->root, "3-1");
	g_autoptr(GArray) one = NULL;

	g_assert_cmpuint(both->len, ==, 2);
	set_driver(tree, "3-1/3-1:1.0", "usbhid");
	one = usb_driverless_interfaces(tree->root, "3-1");
	g_assert_cmpuint(one->len, ==, 1);
	g_assert_cmpuint(g_array_index(one, guint, 0), ==, 1);
}

#define TREE(path, func) g_test_add("/usb-sysfs/" path, Tree, NULL, setup, func, teardown)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TREE("find", test_find);
	TREE("list", test_list);
	g_test_add_func("/usb-sysfs/sort", test_sort);
	g_test_add_func("/usb-sysfs/fits", test_fits);
	TREE("twins", test_twins);
	TREE("none", test_none);
	TREE("driving", test_driving);
	TREE("driverless", test_driverless);
	TREE("hub", test_hub);
	TREE("check-hubs", test_check_hubs);
	g_test_add_func("/usb-sysfs/no-sysfs", test_no_sysfs);
	return g_test_run();
}
