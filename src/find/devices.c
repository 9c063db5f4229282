/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/devices.h"

#include "find/capabilities.h"
#include "find/hardware.h"

#include <string.h>

/* bInterfaceSubClass and bInterfaceProtocol of HID interfaces that a BIOS understands (USB HID
 * 1.11, 4.2 and 4.3) */
enum { HID_BOOT = 1, HID_KEYBOARD = 1, HID_MOUSE = 2 };

enum { CLASS_HID = 0x03 };

/* Wacom's tablets call themselves mice to a BIOS. */
enum { VENDOR_WACOM = 0x056a };

/* What the class of an interface says of the device (usb.org, Defined Class Codes). HID needs a
 * closer look. */
static const struct {
	guint class;
	FoundKind kind;
} classes[] = {
	{ 0x01, FOUND_AUDIO },
	{ CLASS_HID, FOUND_CONTROLLER },
	{ 0x06, FOUND_CAMERA },
	{ 0x07, FOUND_PRINTER },
	{ 0x08, FOUND_STORAGE },
	{ 0x0e, FOUND_CAMERA },
	{ 0xe0, FOUND_RADIO },
	{ 0x09, FOUND_HUB },
};

const char *found_device_kind(const FoundDevice *device)
{
	static const char *const names[] = {
		[FOUND_KEYBOARD] = "keyboard",
		[FOUND_MOUSE] = "mouse",
		[FOUND_CONTROLLER] = "controller",
		[FOUND_AUDIO] = "audio",
		[FOUND_CAMERA] = "camera",
		[FOUND_STORAGE] = "storage",
		[FOUND_PRINTER] = "printer",
		[FOUND_RADIO] = "radio",
		[FOUND_OTHER] = "other",
		[FOUND_HUB] = "hub",
	};

	if (device->keyboard && device->mouse)
		return device->kind == FOUND_KEYBOARD ? "keyboard, mouse" : "mouse, keyboard";
	return names[device->kind];
}

static char *attribute(const char *dir, const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	g_strstrip(text);
	if (*text == '\0')
		g_clear_pointer(&text, g_free);
	return text;
}

static guint number(const char *dir, const char *name)
{
	g_autofree char *text = attribute(dir, name);

	return text == NULL ? 0 : (guint)g_ascii_strtoull(text, NULL, 16);
}

/* -- its name --------------------------------------------------------------------------------- */

static char *name_of(const char *dir, const UsbInfo *info)
{
	g_autofree char *maker = attribute(dir, "manufacturer");
	g_autofree char *product = attribute(dir, "product");
	g_autofree char *known = NULL;

	if (product != NULL && maker != NULL && !g_str_has_prefix(product, maker))
		return g_strdup_printf("%s %s", maker, product);
	if (product != NULL)
		return g_steal_pointer(&product);
	known = hardware_name("usb", info->port);
	if (known != NULL)
		return g_steal_pointer(&known);
	return maker != NULL ? g_steal_pointer(&maker)
			     : g_strdup_printf("%04x:%04x", info->vendor, info->product);
}

/* -- what it is ------------------------------------------------------------------------------- */

/* Of a kernel's input device: what keys and axes it has. */
static void look_at_input(const char *input, FoundDevice *device)
{
	device->keyboard |= input_is_keyboard(input);
	device->mouse |= input_is_mouse(input);
	device->touchpad |= input_is_touchpad(input);
	device->gamepad |= input_is_gamepad(input);
	device->tablet |= input_is_tablet(input);
}

/* The input devices of a HID interface that tells nothing by itself: <interface>/<hid>/input/inputN
 */
static void look_at_hid(const char *interface, FoundDevice *device)
{
	g_autoptr(GDir) dir = g_dir_open(interface, 0, NULL);
	const char *hid, *name;

	while (dir != NULL && (hid = g_dir_read_name(dir)) != NULL) {
		g_autofree char *inputs = g_build_filename(interface, hid, "input", NULL);
		g_autoptr(GDir) list = g_dir_open(inputs, 0, NULL);

		while (list != NULL && (name = g_dir_read_name(list)) != NULL) {
			g_autofree char *input = g_build_filename(inputs, name, NULL);

			look_at_input(input, device);
		}
	}
}

static FoundKind kind_of_class(guint class)
{
	for (gsize i = 0; i < G_N_ELEMENTS(classes); i++)
		if (classes[i].class == class)
			return classes[i].kind;
	return FOUND_OTHER;
}

/* Takes what an interface says into account. Those that are looked at first count more: a mouse
 * with keys of its own begins with the mouse. */
static void look_at_interface(const char *interface, FoundDevice *device)
{
	guint class = number(interface, "bInterfaceClass");
	guint protocol = number(interface, "bInterfaceProtocol");
	gboolean boot = number(interface, "bInterfaceSubClass") == HID_BOOT;
	gboolean knew = device->keyboard || device->mouse;

	if (class == CLASS_HID && boot && protocol == HID_KEYBOARD)
		device->keyboard = TRUE;
	else if (class == CLASS_HID && boot && protocol == HID_MOUSE)
		device->mouse = TRUE;
	else if (class == CLASS_HID)
		look_at_hid(interface, device);
	if (!knew && device->keyboard)
		device->kind = FOUND_KEYBOARD;
	else if (!knew && device->mouse)
		device->kind = FOUND_MOUSE;
	else if (!knew)
		device->kind = MIN(device->kind, kind_of_class(class));
}

static gint compare_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void look_at_interfaces(const char *dir, FoundDevice *device)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *prefix = g_strconcat(device->info->port, ":", NULL);
	g_autoptr(GDir) entries = g_dir_open(dir, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL)
		if (g_str_has_prefix(name, prefix))
			g_ptr_array_add(names, g_build_filename(dir, name, NULL));
	g_ptr_array_sort(names, compare_text);
	for (guint i = 0; i < names->len; i++)
		look_at_interface(names->pdata[i], device);
}

/* -- all of them ------------------------------------------------------------------------------ */

static void device_free(gpointer data)
{
	FoundDevice *device = data;

	usb_info_free(device->info);
	g_free(device->name);
	g_free(device);
}

static FoundDevice *device_look(const Machine *machine, const UsbInfo *info)
{
	FoundDevice *device = g_new0(FoundDevice, 1);
	g_autofree char *dir =
		g_build_filename(machine->sysfs, "bus/usb/devices", info->port, NULL);

	device->info = usb_info_copy(info);
	device->name = name_of(dir, info);
	device->driving = usb_driving(machine->sysfs, info->port);
	device->kind = FOUND_HUB;
	if (number(dir, "bDeviceClass") == 0x09)
		return device;
	device->kind = FOUND_OTHER;
	look_at_interfaces(dir, device);
	return device;
}

static gboolean same_id(const FoundDevice *a, const FoundDevice *b)
{
	return a->info->vendor == b->info->vendor && a->info->product == b->info->product;
}

FoundBy found_device_by(const FoundDevice *device, const GPtrArray *devices)
{
	FoundBy by = FOUND_BY_ID;

	for (guint i = 0; i < devices->len; i++) {
		const FoundDevice *other = devices->pdata[i];

		if (other == device || !same_id(device, other))
			continue;
		if (device->info->serial == NULL ||
			g_strcmp0(device->info->serial, other->info->serial) == 0)
			return FOUND_BY_PORT;
		by = FOUND_BY_SERIAL;
	}
	return by;
}

DeviceVia found_device_via(const FoundDevice *device, const char **why)
{
	gboolean tablet = device->tablet || device->info->vendor == VENDOR_WACOM;
	gboolean usable =
		device->keyboard || device->mouse || (device->touchpad && !device->gamepad);

	*why = tablet	? "a tablet's driver in the guest needs the device itself"
	       : usable ? "a switch takes milliseconds, hotkeys work in "
			  "the guest too, and the guest "
			  "needs no driver"
	       : device->kind == FOUND_CONTROLLER
		       ? "a controller's driver in the guest needs the device itself"
		       : "only keyboards and mice can be forwarded";
	return !tablet && usable ? VIA_INPUT : VIA_USB;
}

static gint by_kind(gconstpointer a, gconstpointer b)
{
	const FoundDevice *const *x = a, *const *y = b;

	if ((*x)->kind != (*y)->kind)
		return (*x)->kind < (*y)->kind ? -1 : 1;
	return strcmp((*x)->info->port, (*y)->info->port);
}

GPtrArray *devices_look(const Machine *machine, gboolean hubs)
{
	GPtrArray *devices = g_ptr_array_new_with_free_func(device_free);
	g_autoptr(GPtrArray) infos = usb_list(machine->sysfs, NULL);

	for (guint i = 0; i < infos->len; i++) {
		FoundDevice *device = device_look(machine, infos->pdata[i]);

		if (device->kind == FOUND_HUB && !hubs)
			device_free(device);
		else
			g_ptr_array_add(devices, device);
	}
	for (guint i = 0; i < devices->len; i++) {
		FoundDevice *device = devices->pdata[i];

		device->twin = found_device_by(device, devices) != FOUND_BY_ID;
	}
	g_ptr_array_sort(devices, by_kind);
	return devices;
}
