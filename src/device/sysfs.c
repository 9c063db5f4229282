/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/sysfs.h"

#include "common/error.h"
#include "config/problem.h"

#include <stdlib.h>
#include <string.h>

/* bInterfaceClass of keyboards, mice, controllers (USB HID 1.11, 4.1) */
enum { CLASS_HID = 0x03 };
/* bDeviceClass of hubs (USB 2.0, 11.23.1) */
enum { CLASS_HUB = 0x09 };

/* Devices of all kinds have names like "3-1.2", their interfaces "3-1.2:1.0". */
static char *devices_dir(const char *root)
{
	return g_build_filename(root, "bus/usb/devices", NULL);
}

/* The device called name if it fits config, else NULL. Asks for no more than it must: that is most
 * of what a switch costs that has nothing to do. */
static UsbInfo *info_read(const char *dir, const char *name, const ConfigDevice *config)
{
	g_autoptr(UsbInfo) info = g_new0(UsbInfo, 1);
	g_autofree char *folder = g_build_filename(dir, name, NULL);

	info->vendor = (int)sysfs_number(folder, "idVendor", 16);
	if (config->vendor >= 0 && config->vendor != info->vendor)
		return NULL;
	info->product = (int)sysfs_number(folder, "idProduct", 16);
	if (config->product >= 0 && config->product != info->product)
		return NULL;
	info->serial = sysfs_text(folder, "serial");
	if (config->serial != NULL && g_strcmp0(config->serial, info->serial) != 0)
		return NULL;
	info->port = g_strdup(name);
	info->hub = sysfs_number(folder, "bDeviceClass", 16) == CLASS_HUB;
	if (config->hub != NULL && !usb_info_fits(info, config))
		return NULL;
	info->bus = sysfs_number(folder, "busnum", 10);
	info->device = sysfs_number(folder, "devnum", 10);
	/* it can be unplugged while this reads */
	return info->device == 0 ? NULL : g_steal_pointer(&info);
}

static void add_device(
	GPtrArray *infos, const char *dir, const char *name, const ConfigDevice *wanted)
{
	UsbInfo *info = info_read(dir, name, wanted);

	if (info != NULL)
		g_ptr_array_add(infos, info);
}

static void add_devices(GPtrArray *infos, const char *dir, const ConfigDevice *wanted)
{
	g_autoptr(GDir) entries = g_dir_open(dir, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL)
		if (g_ascii_isdigit(*name) && strchr(name, ':') == NULL)
			add_device(infos, dir, name, wanted);
}

GPtrArray *usb_list(const char *root, const ConfigDevice *wanted)
{
	static const ConfigDevice any = { .vendor = -1, .product = -1 };
	GPtrArray *infos = g_ptr_array_new_with_free_func((GDestroyNotify)usb_info_free);
	g_autofree char *dir = devices_dir(root);

	if (wanted != NULL && wanted->port != NULL)
		add_device(infos, dir, wanted->port, wanted);
	else
		add_devices(infos, dir, wanted != NULL ? wanted : &any);
	usb_infos_sort(infos);
	return infos;
}

gboolean usb_still_there(const char *root, const UsbInfo *info)
{
	g_autofree char *dir = devices_dir(root);

	g_autofree char *folder = g_build_filename(dir, info->port, NULL);

	return sysfs_number(folder, "devnum", 10) == info->device;
}

UsbInfo *usb_find(const char *root, const ConfigDevice *config, GError **error)
{
	g_autoptr(GPtrArray) fitting = usb_list(root, config);
	g_autoptr(UsbInfo) info = usb_infos_choose(fitting, config, error);
	g_autoptr(GPtrArray) all = info != NULL && info->hub ? usb_list(root, NULL) : NULL;

	return info != NULL && usb_info_check_hub(info, all, error) ? g_steal_pointer(&info) : NULL;
}

char *usb_port_above(const char *folder)
{
	char *real = realpath(folder, NULL);
	char *port = NULL, *end;

	while (real != NULL && port == NULL && (end = strrchr(real, '/')) != NULL) {
		g_autofree char *id = g_build_filename(real, "idVendor", NULL);

		if (g_file_test(id, G_FILE_TEST_EXISTS))
			port = g_path_get_basename(real);
		*end = '\0';
	}
	free(real);
	return port;
}

void usb_check_hubs(const char *root, const Config *config, gboolean warning, GPtrArray *problems)
{
	for (guint i = 0; i < config->devices->len; i++) {
		const ConfigDevice *device = config->devices->pdata[i];
		g_autoptr(GError) error = NULL;
		g_autoptr(UsbInfo) info = NULL;

		if (device->via != VIA_USB || device->hub != NULL)
			continue;
		info = usb_find(root, device, &error);
		if (g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG))
			problem_add(problems, warning, device->line, device->column,
				g_strdup_printf(
					"device: \"%s\": %s", device->name, error->message));
	}
}

static gboolean is_said(const char *class, const char *event, const char *file, const char *wanted)
{
	g_autofree char *folder = g_build_filename(class, event, "device", NULL);
	g_autofree char *text = wanted != NULL ? sysfs_text(folder, file) : NULL;

	return wanted == NULL || g_strcmp0(text, wanted) == 0;
}

gboolean usb_has_input(const char *root, const char *port, const ConfigDevice *config)
{
	char *node = config->node != NULL ? realpath(config->node, NULL) : NULL;
	g_autofree char *event = node != NULL ? g_path_get_basename(node) : NULL;
	g_autofree char *class = g_build_filename(root, "class/input", NULL);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	const char *name;
	gboolean found = FALSE;

	free(node);
	while (!found && dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *folder = g_build_filename(class, name, "device", NULL);
		g_autofree char *above = NULL;

		if (!g_str_has_prefix(name, "event") ||
			(config->node != NULL && g_strcmp0(event, name) != 0) ||
			!is_said(class, name, "name", config->input) ||
			!is_said(class, name, "uniq", config->uniq))
			continue;
		above = usb_port_above(folder);
		found = g_strcmp0(above, port) == 0;
	}
	return found;
}

/* The name of the driver of an interface, or NULL. Free with g_free(). */
static char *driver_of(const char *dir, const char *interface)
{
	g_autofree char *path = g_build_filename(dir, interface, "driver", NULL);
	g_autofree char *target = g_file_read_link(path, NULL);

	return target == NULL ? NULL : g_path_get_basename(target);
}

/* Calls see for each interface of the device at port. */
static void each_interface(const char *root, const char *port,
	void (*see)(const char *driver, guint number, guint class, gpointer data), gpointer data)
{
	g_autofree char *dir = devices_dir(root);
	g_autofree char *own = g_build_filename(dir, port, NULL);
	g_autofree char *prefix = g_strconcat(port, ":", NULL);
	g_autoptr(GDir) entries = g_dir_open(own, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *driver = NULL, *folder = NULL;

		if (!g_str_has_prefix(name, prefix))
			continue;
		driver = driver_of(own, name);
		folder = g_build_filename(own, name, NULL);
		see(driver, sysfs_number(folder, "bInterfaceNumber", 16),
			sysfs_number(folder, "bInterfaceClass", 16), data);
	}
}

static void see_driverless(const char *driver, guint interface, guint class, gpointer data)
{
	if (driver == NULL)
		g_array_append_val((GArray *)data, interface);
}

GArray *usb_driverless_interfaces(const char *root, const char *port)
{
	GArray *interfaces = g_array_new(FALSE, FALSE, sizeof(guint));

	each_interface(root, port, see_driverless, interfaces);
	return interfaces;
}

static void see_driving(const char *driver, guint interface, guint class, gpointer data)
{
	UsbDriving *driving = data, found = USB_PLAIN;

	if (driver == NULL && class == CLASS_HID)
		found = USB_DRIVERLESS;
	else if (g_strcmp0(driver, "usbfs") == 0)
		found = USB_CLAIMED;
	else if (driver != NULL)
		found = USB_DRIVEN;
	/* the first value of the enum wins: a keyboard with one unusual interface is a working
	 * keyboard */
	*driving = MIN(*driving, found);
}

UsbDriving usb_driving(const char *root, const char *port)
{
	UsbDriving driving = USB_PLAIN;

	each_interface(root, port, see_driving, &driving);
	return driving;
}
