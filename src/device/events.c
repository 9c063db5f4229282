/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/events.h"

#include <linux/input.h>
#include <string.h>

#include "device/capabilities.h"
#include "device/sysfs.h"

static void device_free(gpointer data)
{
	EventDevice *device = data;

	g_free(device->node);
	g_free(device->name);
	g_free(device->uniq);
	g_free(device->port);
	g_free(device);
}

static const char *bus_name(guint bus)
{
	static const struct {
		guint bus;
		const char *name;
	} names[] = {
		{ BUS_I8042, "PS/2" },
		{ BUS_BLUETOOTH, "Bluetooth" },
		{ BUS_I2C, "I2C" },
		{ BUS_SPI, "SPI" },
		{ BUS_HOST, "built in" },
		{ BUS_ADB, "built in" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].bus == bus)
			return names[i].name;
	return NULL;
}

static gboolean is_usable(const EventDevice *device)
{
	return device->keyboard || device->mouse || device->touchpad;
}

/* NULL: it is not wanted: one whose events can be forwarded, or (unfit) one that reports positions.
 */
static EventDevice *look_at(const char *folder, const char *node, gboolean unfit)
{
	EventDevice *device = g_new0(EventDevice, 1);
	gboolean is_wanted;

	device->keyboard = input_is_keyboard(folder);
	device->mouse = input_is_mouse(folder);
	device->touchpad = input_is_touchpad(folder);
	device->node = g_strdup(node);
	device->name = sysfs_text(folder, "name");
	device->uniq = sysfs_text(folder, "uniq");
	device->vendor = (int)sysfs_number(folder, "id/vendor", 16);
	device->product = (int)sysfs_number(folder, "id/product", 16);
	device->usb = sysfs_number(folder, "id/bustype", 16) == BUS_USB;
	device->bus = bus_name(sysfs_number(folder, "id/bustype", 16));
	device->all_keys = input_has_all_keys(folder);
	device->port = usb_port_above(folder);
	is_wanted = unfit ? !is_usable(device) && input_is_absolute(folder) : is_usable(device);
	if (device->name != NULL && is_wanted)
		return device;
	device_free(device);
	return NULL;
}

static gint by_node(gconstpointer a, gconstpointer b)
{
	const EventDevice *const *x = a, *const *y = b;
	gsize length_x = strlen((*x)->node), length_y = strlen((*y)->node);

	/* event10 comes after event9 */
	if (length_x != length_y)
		return length_x < length_y ? -1 : 1;
	return strcmp((*x)->node, (*y)->node);
}

static GPtrArray *look(const char *sysfs, gboolean unfit)
{
	GPtrArray *devices = g_ptr_array_new_with_free_func(device_free);
	g_autofree char *class = g_build_filename(sysfs, "class/input", NULL);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	const char *node;

	while (dir != NULL && (node = g_dir_read_name(dir)) != NULL) {
		g_autofree char *folder = g_build_filename(class, node, "device", NULL);
		EventDevice *device =
			g_str_has_prefix(node, "event") ? look_at(folder, node, unfit) : NULL;

		if (device != NULL)
			g_ptr_array_add(devices, device);
	}
	g_ptr_array_sort(devices, by_node);
	return devices;
}

GPtrArray *events_look(const char *sysfs)
{
	return look(sysfs, FALSE);
}

GPtrArray *events_look_unfit(const char *sysfs)
{
	return look(sysfs, TRUE);
}

gboolean events_have_keyboard(const char *sysfs)
{
	g_autoptr(GPtrArray) events = events_look(sysfs);

	for (guint i = 0; i < events->len; i++) {
		const EventDevice *event = events->pdata[i];

		if (event->bus != NULL && event->all_keys)
			return TRUE;
	}
	return FALSE;
}

const char *event_device_kind(const EventDevice *device)
{
	return device->keyboard ? "keyboard" : device->mouse ? "mouse" : "touchpad";
}

gboolean event_device_is_meant(const ConfigDevice *config)
{
	return config->input != NULL || config->uniq != NULL || config->node != NULL;
}

gboolean event_device_fits(const EventDevice *event, const ConfigDevice *config)
{
	g_autofree char *path = g_strconcat("/dev/input/", event->node, NULL);

	return (config->input == NULL || g_str_equal(config->input, event->name)) &&
	       (config->uniq == NULL || (event->uniq != NULL && g_ascii_strcasecmp(config->uniq,
									event->uniq) == 0)) &&
	       (config->node == NULL || g_str_equal(config->node, path)) &&
	       (config->vendor < 0 ||
		       (config->vendor == event->vendor && config->product == event->product));
}
