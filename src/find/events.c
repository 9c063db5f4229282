/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/events.h"

#include <linux/input.h>
#include <stdlib.h>
#include <string.h>

#include "find/capabilities.h"

static void device_free(gpointer data)
{
	EventDevice *device = data;

	g_free(device->node);
	g_free(device->name);
	g_free(device->uniq);
	g_free(device->port);
	g_free(device);
}

/* NULL: it is empty, or not there */
static char *attribute(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	if (*g_strstrip(text) == '\0')
		g_clear_pointer(&text, g_free);
	return text;
}

static int number(const char *folder, const char *name)
{
	g_autofree char *text = attribute(folder, name);

	return text == NULL ? 0 : (int)g_ascii_strtoull(text, NULL, 16);
}

/* The nearest folder above it that is a USB device has the port's name. */
static char *port_of(const char *folder)
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
	device->name = attribute(folder, "name");
	device->uniq = attribute(folder, "uniq");
	device->vendor = number(folder, "id/vendor");
	device->product = number(folder, "id/product");
	device->usb = number(folder, "id/bustype") == BUS_USB;
	device->port = port_of(folder);
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

const char *event_device_kind(const EventDevice *device)
{
	return device->keyboard ? "keyboard" : device->mouse ? "mouse" : "touchpad";
}
