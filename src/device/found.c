/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/found.h"

#include "device/capabilities.h"
#include "device/events.h"
#include "sysfs/hardware.h"

#include <linux/input-event-codes.h>
#include <string.h>

/* bInterfaceSubClass and bInterfaceProtocol of HID interfaces that a BIOS understands (USB HID
 * 1.11, 4.2 and 4.3) */
enum { HID_BOOT = 1, HID_KEYBOARD = 1, HID_MOUSE = 2 };

enum { CLASS_HID = 0x03, CLASS_HUB = 0x09 };

/* Wacom's tablets present themselves as mice to a BIOS. */
enum { VENDOR_WACOM = 0x056a };

enum { ANY = -1 };

/* What the class, subclass and protocol of an interface say about the device (usb.org, Defined
 * Class Codes). The first line that fits counts. HID needs a closer look. */
static const struct {
	int class, subclass, protocol;
	FoundKind kind;
	gsize seen; /* the member of Seen that it sets; 0: none */
} classes[] = {
	{ 0x01, ANY, ANY, FOUND_AUDIO, offsetof(Seen, audio) },
	{ 0x02, 0x06, ANY, FOUND_NETWORK, 0 },	/* Ethernet */
	{ 0x02, 0x0d, ANY, FOUND_NETWORK, 0 },	/* NCM */
	{ 0x02, 0x0e, ANY, FOUND_NETWORK, 0 },	/* MBIM */
	{ 0x02, 0x02, 0xff, FOUND_NETWORK, 0 }, /* RNDIS */
	{ 0x02, ANY, ANY, FOUND_SERIAL, offsetof(Seen, serial) },
	{ CLASS_HID, ANY, ANY, FOUND_CONTROLLER, 0 }, { 0x06, ANY, ANY, FOUND_CAMERA, 0 },
	{ 0x07, ANY, ANY, FOUND_PRINTER, 0 }, { 0x08, ANY, ANY, FOUND_DISK, offsetof(Seen, disk) },
	{ CLASS_HUB, ANY, ANY, FOUND_HUB, 0 },
	{ 0x0b, ANY, ANY, FOUND_CARD_READER, offsetof(Seen, card) },
	{ 0x0e, ANY, ANY, FOUND_WEBCAM, offsetof(Seen, camera) },
	{ 0xe0, 0x01, 0x01, FOUND_BLUETOOTH, 0 },
	{ 0xe0, 0x01, 0x03, FOUND_NETWORK, 0 }, /* RNDIS */
	{ 0xef, 0x04, 0x01, FOUND_NETWORK, 0 }, /* RNDIS */
};

/* What the host's driver creates for an interface without a class of its own. */
static const struct {
	const char *folder;
	FoundKind kind;
} subsystems[] = {
	{ "net", FOUND_NETWORK },
	{ "ieee80211", FOUND_NETWORK },
	{ "bluetooth", FOUND_BLUETOOTH },
	{ "sound", FOUND_AUDIO },
	{ "video4linux", FOUND_WEBCAM },
	{ "tty", FOUND_SERIAL },
};

const char *found_device_kind(const FoundDevice *device)
{
	static const char *const names[FOUND_KINDS] = {
		[FOUND_KEYBOARD] = "keyboard",
		[FOUND_MOUSE] = "mouse",
		[FOUND_TOUCHPAD] = "touchpad",
		[FOUND_TABLET] = "tablet",
		[FOUND_GAMEPAD] = "gamepad",
		[FOUND_CONTROLLER] = "controller",
		[FOUND_SECURITY_KEY] = "security key",
		[FOUND_SCANNER] = "scanner",
		[FOUND_REMOTE] = "KVM",
		[FOUND_HEADSET] = "headset",
		[FOUND_WEBCAM] = "webcam",
		[FOUND_CAMERA] = "camera",
		[FOUND_AUDIO] = "sound device",
		[FOUND_PRINTER] = "printer",
		[FOUND_NETWORK] = "network adapter",
		[FOUND_BLUETOOTH] = "Bluetooth adapter",
		[FOUND_DISK] = "disk",
		[FOUND_CARD_READER] = "smart-card reader",
		[FOUND_UPS] = "UPS",
		[FOUND_SERIAL] = "serial adapter",
		[FOUND_OTHER] = "other",
		[FOUND_HUB] = "hub",
	};

	if (device->kind == FOUND_KEYBOARD && device->mouse)
		return "keyboard, mouse";
	if (device->kind == FOUND_MOUSE && device->keyboard)
		return "mouse, keyboard";
	return names[device->kind];
}

/* -- its name --------------------------------------------------------------------------------- */

static char *name_of(const char *dir, const UsbInfo *info)
{
	g_autofree char *maker = sysfs_text(dir, "manufacturer");
	g_autofree char *product = sysfs_text(dir, "product");
	g_autofree char *known = NULL;

	if (product != NULL && maker != NULL &&
		g_ascii_strncasecmp(product, maker, strlen(maker)) != 0)
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

typedef struct {
	FoundDevice *device;
	Seen seen;
	gboolean hid; /* it has such an interface */
} Look;

/* Reads the keys and axes of a kernel's input device. */
static void look_at_input(const char *input, Look *look)
{
	FoundDevice *device = look->device;
	gboolean all = input_has_all_keys(input);

	look->seen.has_nodes = TRUE;
	look->seen.letters |= input_is_keyboard(input);
	look->seen.all_keys |= all;
	look->seen.caps_lock |= all && input_can(input, "led", LED_CAPSL);
	device->keyboard |= input_is_keyboard(input);
	device->mouse |= input_is_mouse(input);
	device->touchpad |= input_is_touchpad(input);
	device->gamepad |= input_is_gamepad(input);
	device->tablet |= input_is_tablet(input);
}

static void look_at_inputs(const char *folder, Look *look)
{
	g_autoptr(GDir) list = g_dir_open(folder, 0, NULL);
	const char *name;

	while (list != NULL && (name = g_dir_read_name(list)) != NULL) {
		g_autofree char *input = g_build_filename(folder, name, NULL);

		if (g_str_has_prefix(name, "input"))
			look_at_input(input, look);
	}
}

/* <interface>/<hid>/input/inputN, and <interface>/<hid>/<hid>/input/inputN for a device that is
 * connected to a receiver. The name of a hid is "0003:046D:C52B.0001". */
static void look_at_hid(const char *folder, Look *look)
{
	g_autofree char *inputs = g_build_filename(folder, "input", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	look_at_inputs(inputs, look);
	look->seen.fido |= hid_is_fido(folder);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (strchr(name, ':') != NULL && strchr(name, '.') != NULL) {
			g_autofree char *hid = g_build_filename(folder, name, NULL);

			look_at_hid(hid, look);
		}
}

static gboolean fits(int wanted, guint number)
{
	return wanted == ANY || (guint)wanted == number;
}

static FoundKind kind_of_interface(const char *interface, guint class, guint protocol, Look *look)
{
	guint subclass = sysfs_number(interface, "bInterfaceSubClass", 16);

	for (gsize i = 0; i < G_N_ELEMENTS(classes); i++) {
		if (!fits(classes[i].class, class) || !fits(classes[i].subclass, subclass) ||
			!fits(classes[i].protocol, protocol))
			continue;
		if (classes[i].seen != 0)
			*(gboolean *)((char *)&look->seen + classes[i].seen) = TRUE;
		return classes[i].kind;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(subsystems); i++) {
		g_autofree char *folder = g_build_filename(interface, subsystems[i].folder, NULL);

		if (g_file_test(folder, G_FILE_TEST_IS_DIR))
			return subsystems[i].kind;
	}
	return FOUND_OTHER;
}

static void look_at_hid_interface(const char *interface, guint protocol, Look *look)
{
	gboolean boot = sysfs_number(interface, "bInterfaceSubClass", 16) == HID_BOOT;

	look->hid = TRUE;
	if (boot && protocol == HID_KEYBOARD)
		look->device->keyboard = TRUE;
	else if (boot && protocol == HID_MOUSE)
		look->device->mouse = TRUE;
	else
		look->seen.others++;
	look_at_hid(interface, look);
}

/* The input devices of a driver without HID, such as that of gamepads for the Xbox. */
static void look_at_own_inputs(const char *interface, Look *look)
{
	g_autofree char *inputs = g_build_filename(interface, "input", NULL);

	look_at_inputs(inputs, look);
}

/* Takes into account what an interface says. Earlier interfaces count more: a mouse with keys
 * begins with the mouse. */
static void look_at_interface(const char *interface, Look *look)
{
	guint class = sysfs_number(interface, "bInterfaceClass", 16);
	guint protocol = sysfs_number(interface, "bInterfaceProtocol", 16);
	FoundDevice *device = look->device;
	gboolean knew = device->keyboard || device->mouse;
	FoundKind kind = kind_of_interface(interface, class, protocol, look);

	if (class == CLASS_HID)
		look_at_hid_interface(interface, protocol, look);
	else
		look_at_own_inputs(interface, look);
	if (!knew && device->keyboard)
		device->kind = FOUND_KEYBOARD;
	else if (!knew && device->mouse)
		device->kind = FOUND_MOUSE;
	else if (!knew)
		device->kind = MIN(device->kind, kind);
}

static gint compare_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void look_at_interfaces(const char *dir, Look *look)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *prefix = g_strconcat(look->device->info->port, ":", NULL);
	g_autoptr(GDir) entries = g_dir_open(dir, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL)
		if (g_str_has_prefix(name, prefix))
			g_ptr_array_add(names, g_build_filename(dir, name, NULL));
	g_ptr_array_sort(names, compare_text);
	for (guint i = 0; i < names->len; i++)
		look_at_interface(names->pdata[i], look);
}

/* What its keys and axes say, if its interfaces say only that it is an input device. */
static FoundKind kind_of_input(const FoundDevice *device)
{
	return device->tablet	  ? FOUND_TABLET
	       : device->gamepad  ? FOUND_GAMEPAD
	       : device->touchpad ? FOUND_TOUCHPAD
				  : FOUND_CONTROLLER;
}

/* A sign of what it is counts if it could be mistaken for a keyboard or a mouse. */
static void judge(Look *look)
{
	FoundDevice *device = look->device;
	FoundKind kind = FOUND_OTHER;

	if (device->kind == FOUND_CONTROLLER ||
		(device->kind == FOUND_OTHER && (device->gamepad || device->tablet)))
		device->kind = kind_of_input(device);
	/* A device with sound and without keys is not a headset. */
	look->seen.audio &= look->hid;
	look->seen.keyboard = device->keyboard;
	look->seen.mouse = device->mouse;
	look->seen.mouse_first = device->kind == FOUND_MOUSE;
	device->typed = judge_keyboard(&look->seen);
	device->moved = judge_mouse(&look->seen);
	if (look->hid || device->kind == FOUND_AUDIO || device->kind == FOUND_OTHER)
		kind = judge_kind(&look->seen);
	if (look->hid ? kind != FOUND_OTHER
		      : kind == FOUND_HEADSET ||
				(device->kind == FOUND_OTHER && kind == FOUND_GAMEPAD))
		device->kind = kind;
}

/* -- all of them ------------------------------------------------------------------------------ */

static void device_free(gpointer data)
{
	FoundDevice *device = data;

	usb_info_free(device->info);
	g_free(device->name);
	g_free(device->harm_why);
	g_free(device);
}

static FoundDevice *device_look(
	const char *sysfs, const UsbInfo *info, const UsbHarm *harm, gboolean elsewhere)
{
	FoundDevice *device = g_new0(FoundDevice, 1);
	g_autofree char *dir = g_build_filename(sysfs, "bus/usb/devices", info->port, NULL);
	Look look = { .device = device };

	device->info = usb_info_copy(info);
	device->name = name_of(dir, info);
	device->driving = usb_driving(sysfs, info->port);
	device->harm = harm != NULL ? harm->kind : USB_HARMLESS;
	device->harm_why = harm != NULL ? g_strdup(harm->why) : NULL;
	device->kind = FOUND_HUB;
	if (info->hub)
		return device;
	device->kind = FOUND_OTHER;
	look.seen = (Seen){ .vendor = info->vendor,
		.product = info->product,
		.name = device->name,
		.elsewhere = elsewhere };
	look_at_interfaces(dir, &look);
	judge(&look);
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

/* Its keys are its least important part. */
static gboolean is_more_than_keys(const FoundDevice *device)
{
	return device->kind == FOUND_GAMEPAD ||
	       (device->kind >= FOUND_SECURITY_KEY && device->kind <= FOUND_WEBCAM);
}

DeviceVia found_device_via(const FoundDevice *device, const char **why)
{
	gboolean tablet = device->tablet || device->info->vendor == VENDOR_WACOM;
	gboolean controller = device->kind == FOUND_CONTROLLER || device->kind == FOUND_GAMEPAD;
	gboolean usable =
		device->keyboard || device->mouse || (device->touchpad && !device->gamepad);

	if (usable && !tablet && !is_more_than_keys(device)) {
		*why = "a switch takes milliseconds, hotkeys work in the guest too, and the guest "
		       "needs no driver";
		return VIA_INPUT;
	}
	*why = tablet	    ? "a tablet's driver in the guest needs the device itself"
	       : controller ? "a controller's driver in the guest needs the device itself"
	       : usable	    ? "it does more than send keys"
			    : "only keyboards and mice can be forwarded";
	return VIA_USB;
}

static gint by_kind(gconstpointer a, gconstpointer b)
{
	const FoundDevice *const *x = a, *const *y = b;

	if ((*x)->kind != (*y)->kind)
		return (*x)->kind < (*y)->kind ? -1 : 1;
	return strcmp((*x)->info->port, (*y)->info->port);
}

GPtrArray *devices_look(const char *sysfs, gboolean hubs)
{
	GPtrArray *devices = g_ptr_array_new_with_free_func(device_free);
	g_autoptr(GPtrArray) infos = usb_list(sysfs, NULL);
	g_autoptr(GHashTable) harms = usb_harms_look(sysfs);
	gboolean elsewhere = events_have_keyboard(sysfs);

	for (guint i = 0; i < infos->len; i++) {
		const UsbInfo *info = infos->pdata[i];
		FoundDevice *device =
			device_look(sysfs, info, g_hash_table_lookup(harms, info->port), elsewhere);

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
