/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/desk.h"

#include "common/error.h"
#include "common/json.h"
#include "sim/input.h"
#include "sim/monitor.h"
#include "sim/usb.h"

#include <string.h>

/* The first bus number for monitors that the config describes by their EDID. */
#define FIRST_BUS 40
/* The USB bus for devices without a port in the config, and the id for those without one. */
#define FIRST_USB_BUS 1
#define ANY_ID	      0x5135
/* How long hotseat-inputd takes for a move on an ordinary machine: the grab, and a report. */
#define INPUT_MOVE_MS 1

struct SimDesk {
	const Config *config;
	SimI2c *i2c;
	GHashTable *monitors; /* a display's name to its SimMonitor * */
	SimUsb *usb;
	GHashTable *ports; /* a device's name to the port it is plugged into (char *) */
	SimInput *input;
	guint typed; /* keys so far */
};

static const char default_config[] =
	"libvirt:\n"
	"  domain: win11\n"
	"devices:\n"
	"  - { name: keyboard, vendor: 0x046d, product: 0xc31c, via: input }\n"
	"  - { name: mouse, vendor: 0x046d, product: 0xc08d, via: input }\n"
	"displays:\n"
	"  - name: left\n"
	"    monitor: DEL U2720Q\n"
	"    host: dp1\n"
	"    guest: hdmi1\n"
	"  - name: right\n"
	"    monitor: AOC 2778X\n"
	"    host: dp1\n"
	"    guest: hdmi1\n";

Config *sim_desk_config(void)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	Config *config =
		config_parse("simulated", default_config, strlen(default_config), problems);

	g_assert(config != NULL);
	return config;
}

/* An EDID that matches the config: "DEL U2720Q" is a manufacturer and a model. */
static SimMonitor *make_monitor(SimDesk *desk, const ConfigDisplay *display)
{
	const ConfigInput *host = g_hash_table_lookup(display->inputs, TARGET_HOST);
	const char *words = display->match.monitor != NULL ? display->match.monitor : display->name;
	gboolean maker = strlen(words) > 4 && words[3] == ' ';
	g_autofree char *first = maker ? g_ascii_strup(words, 3) : g_strdup("SIM");
	SimMonitorSpec spec = {
		.manufacturer =
			display->match.manufacturer != NULL ? display->match.manufacturer : first,
		.model = display->match.model != NULL ? display->match.model
			 : maker		      ? words + 4
						      : words,
		.serial = display->match.serial,
		.input = (guint8)host->value,
		.feature = display->feature.code,
		.source = display->feature.source_address,
	};

	return sim_monitor_new(desk->i2c, &spec);
}

/* A device that matches the config. */
static void make_device(SimDesk *desk, const ConfigDevice *device, guint number)
{
	g_autofree char *free_port = g_strdup_printf("%u-%u", FIRST_USB_BUS, number);
	char *port = g_strdup(device->port != NULL ? device->port : free_port);
	UsbInfo info = {
		.port = port,
		.vendor = device->vendor >= 0 ? device->vendor : ANY_ID,
		.product = device->product >= 0 ? device->product : ANY_ID,
		.serial = device->serial,
	};

	sim_usb_add(desk->usb, &info);
	g_hash_table_insert(desk->ports, device->name, port);
}

static gboolean has_port(const SimDesk *desk, const char *port)
{
	GHashTableIter iter;
	gpointer used;

	g_hash_table_iter_init(&iter, desk->ports);
	while (g_hash_table_iter_next(&iter, NULL, &used))
		if (g_str_equal(used, port))
			return TRUE;
	return FALSE;
}

/* A hub with one device behind it, which can be unplugged. */
static void make_hub(SimDesk *desk, const ConfigDevice *device)
{
	UsbInfo hub = { .port = device->hub, .vendor = ANY_ID, .product = ANY_ID, .hub = TRUE };
	UsbInfo behind = { .vendor = ANY_ID, .product = ANY_ID };

	for (guint n = 1; behind.port == NULL; n++) {
		g_autofree char *port = g_strdup_printf("%s.%u", device->hub, n);

		if (!has_port(desk, port))
			behind.port = g_steal_pointer(&port);
	}
	if (!has_port(desk, hub.port))
		sim_usb_add(desk->usb, &hub);
	sim_usb_add(desk->usb, &behind);
	g_hash_table_insert(desk->ports, device->name, behind.port);
}

static void make_usb(SimDesk *desk)
{
	const Config *config = desk->config;

	desk->usb = sim_usb_new(NULL);
	desk->ports = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	for (guint i = 0; i < config->devices->len; i++) {
		const ConfigDevice *device = g_ptr_array_index(config->devices, i);

		if (device->via == VIA_USB && device->hub == NULL)
			make_device(desk, device, i + 1);
	}
	for (guint i = 0; i < config->devices->len; i++) {
		const ConfigDevice *device = g_ptr_array_index(config->devices, i);

		if (device->hub != NULL)
			make_hub(desk, device);
	}
	for (guint i = 0; i < config->guests->len; i++) {
		const ConfigGuest *guest = g_ptr_array_index(config->guests, i);

		if (guest->domain != NULL)
			sim_usb_start_domain(desk->usb, guest->domain);
	}
}

static void make_input(SimDesk *desk)
{
	const Config *config = desk->config;

	desk->input = sim_input_new(INPUT_MOVE_MS);
	for (guint i = 0; i < config->devices->len; i++) {
		const ConfigDevice *device = g_ptr_array_index(config->devices, i);

		if (device->via == VIA_INPUT)
			sim_input_add(desk->input, device->name);
	}
	for (guint i = 0; i < config->guests->len; i++)
		sim_input_set_guest(desk->input,
			((ConfigGuest *)g_ptr_array_index(config->guests, i))->name, INPUT_READY);
}

SimDesk *sim_desk_new(const Config *config)
{
	SimDesk *desk = g_new0(SimDesk, 1);
	int next = FIRST_BUS;

	desk->config = config;
	make_usb(desk);
	make_input(desk);
	desk->i2c = sim_i2c_new(FALSE);
	desk->monitors = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < config->displays->len; i++) {
		const ConfigDisplay *display = g_ptr_array_index(config->displays, i);
		const ConfigInput *host = g_hash_table_lookup(display->inputs, TARGET_HOST);
		SimMonitor *monitor = make_monitor(desk, display);

		sim_i2c_plug(desk->i2c, display->match.bus >= 0 ? display->match.bus : next++,
			display->match.connector, monitor, (guint8)host->value);
		g_hash_table_insert(desk->monitors, display->name, monitor);
	}
	return desk;
}

void sim_desk_free(SimDesk *desk)
{
	if (desk == NULL)
		return;
	g_hash_table_unref(desk->monitors);
	g_hash_table_unref(desk->ports);
	sim_usb_free(desk->usb);
	sim_input_free(desk->input);
	sim_i2c_unref(desk->i2c);
	g_free(desk);
}

I2cSystem *sim_desk_i2c(SimDesk *desk)
{
	return sim_i2c_system(desk->i2c);
}

UsbSystem *sim_desk_usb(SimDesk *desk)
{
	return sim_usb_system(desk->usb);
}

InputSystem *sim_desk_input(SimDesk *desk)
{
	return sim_input_system(desk->input);
}

/* -- what can be broken ------------------------------------------------------------------------ */

/* A unique key for each fault: a letter of its name if one is free. hotseat desk uses "hgtq"
 * itself. */
static char pick_key(GString *taken, const char *name)
{
	const char *const from[] = { name, "abcdefijklmnoprsuvwxyz" };

	for (guint i = 0; i < G_N_ELEMENTS(from); i++)
		for (const char *c = from[i]; *c != '\0'; c++)
			if (g_ascii_islower(*c) && strchr(taken->str, *c) == NULL) {
				g_string_append_c(taken, *c);
				return *c;
			}
	return '\0';
}

/* broken: the key repairs it. */
static void list_one(JsonBuilder *builder, GString *taken, gboolean broken, const char *label,
	const char *fault, const char *what)
{
	char key[2] = { pick_key(taken, what), '\0' };
	g_autofree char *text = g_strdup_printf(label, what);

	json_builder_begin_object(builder);
	member_add_text(builder, "key", key);
	member_add_text(builder, "label", text);
	member_add_text(builder, "fault", fault);
	member_add_text(builder, "what", what);
	member_add_bool(builder, "broken", broken);
	json_builder_end_object(builder);
}

static gboolean is_plugged(SimDesk *desk, const char *device)
{
	const char *port = g_hash_table_lookup(desk->ports, device);

	return port != NULL ? sim_usb_plugged(desk->usb, port)
			    : sim_input_plugged(desk->input, device);
}

static void list_resource(SimDesk *desk, JsonBuilder *builder, GString *taken, Resource *resource)
{
	if (resource->kind == RESOURCE_DEVICE) {
		gboolean in = is_plugged(desk, resource->name);

		list_one(builder, taken, !in, in ? "unplug %s" : "plug %s in again", "unplug",
			resource->name);
	} else if (resource->kind == RESOURCE_DISPLAY) {
		SimMonitor *monitor = g_hash_table_lookup(desk->monitors, resource->name);
		gboolean deaf = sim_monitor_faults(monitor).deaf;

		list_one(builder, taken, deaf,
			deaf ? "make %s answer again" : "make %s stop answering", "deafen",
			resource->name);
	}
}

static gboolean is_mouse(const char *device)
{
	g_autofree char *name = g_ascii_strdown(device, -1);

	return strstr(name, "mouse") != NULL;
}

/* Adds the keys for typing, and for the hotkey that switches. */
static void list_input(SimDesk *desk, JsonBuilder *builder, GString *taken)
{
	const GPtrArray *devices = desk->config->devices;

	for (guint i = 0; i < devices->len; i++) {
		const ConfigDevice *device = g_ptr_array_index(devices, i);

		if (device->via == VIA_INPUT)
			list_one(builder, taken, FALSE,
				is_mouse(device->name) ? "click %s" : "type on %s", "type",
				device->name);
	}
	if (desk->config->hotkeys->len > 0)
		list_one(builder, taken, FALSE, "press the hotkey: %s", "press", "toggle");
}

void sim_desk_list(SimDesk *desk, GPtrArray *resources, GPtrArray *guests, JsonBuilder *builder)
{
	g_autoptr(GString) taken = g_string_new("hgtq");

	json_builder_begin_array(builder);
	for (guint i = 0; i < resources->len; i++)
		list_resource(desk, builder, taken, g_ptr_array_index(resources, i));
	for (guint i = 0; i < guests->len; i++) {
		Guest *guest = g_ptr_array_index(guests, i);

		list_one(builder, taken, guest->state != GUEST_RUNNING,
			guest->state == GUEST_RUNNING ? "kill %s" : "start %s again", "kill",
			guest->name);
	}
	list_input(desk, builder, taken);
	json_builder_end_array(builder);
}

static void add_arrived(JsonBuilder *builder, const char *at, const char *keys)
{
	if (*keys == '\0')
		return;
	json_builder_begin_object(builder);
	member_add_text(builder, "at", at);
	member_add_text(builder, "keys", keys);
	json_builder_end_object(builder);
}

void sim_desk_arrived(SimDesk *desk, JsonBuilder *builder)
{
	const GPtrArray *guests = desk->config->guests;

	json_builder_begin_array(builder);
	add_arrived(builder, TARGET_HOST, sim_input_arrived(desk->input, TARGET_HOST));
	for (guint i = 0; i < guests->len; i++) {
		const char *name = ((ConfigGuest *)g_ptr_array_index(guests, i))->name;

		add_arrived(builder, name, sim_input_arrived(desk->input, name));
	}
	json_builder_end_array(builder);
}

static gboolean break_device(SimDesk *desk, const char *what)
{
	const char *port = g_hash_table_lookup(desk->ports, what);

	if (port != NULL)
		sim_usb_plug(desk->usb, port, !sim_usb_plugged(desk->usb, port));
	else if (sim_input_has(desk->input, what))
		sim_input_plug(desk->input, what, !sim_input_plugged(desk->input, what));
	else
		return FALSE;
	return TRUE;
}

static gboolean break_display(SimDesk *desk, const char *what)
{
	SimMonitor *monitor = g_hash_table_lookup(desk->monitors, what);
	SimFaults faults;

	if (monitor == NULL)
		return FALSE;
	faults = sim_monitor_faults(monitor);
	faults.deaf = !faults.deaf;
	sim_monitor_set_faults(monitor, faults);
	return TRUE;
}

/* Kills QEMU: the seat is notified of that before the devices change, as with libvirt. */
static gboolean break_guest(SimDesk *desk, GPtrArray *guests, const char *what)
{
	for (guint i = 0; i < guests->len; i++) {
		Guest *guest = g_ptr_array_index(guests, i);

		if (!g_str_equal(guest->name, what))
			continue;
		if (guest->domain != NULL && guest->state == GUEST_RUNNING)
			sim_usb_stop_domain(desk->usb, guest->domain, TRUE);
		else if (guest->domain != NULL)
			sim_usb_start_domain(desk->usb, guest->domain);
		sim_input_set_guest(desk->input, guest->name,
			guest->state == GUEST_RUNNING ? INPUT_NEVER : INPUT_READY);
		if (guest->state == GUEST_RUNNING)
			guest_set_state(guest, GUEST_CRASHED, NULL);
		else
			guest_started(guest);
		return TRUE;
	}
	return FALSE;
}

/* Sends an event of a device that moves via input: a mouse's click, or the next letter of a
 * keyboard.
 */
static gboolean type_on(SimDesk *desk, const char *what)
{
	static const char text[] = "hotseat";
	const char key[2] = { text[desk->typed % strlen(text)], '\0' };

	if (!sim_input_has(desk->input, what))
		return FALSE;
	if (is_mouse(what))
		sim_input_type(desk->input, what, "click");
	else if (sim_input_type(desk->input, what, key))
		desk->typed++;
	return TRUE;
}

static gboolean press(SimDesk *desk, const char *what)
{
	static const struct {
		const char *what;
		InputNews news;
	} hotkeys[] = {
		{ "toggle", INPUT_NEWS_TOGGLE },
		{ "next", INPUT_NEWS_NEXT },
		{ "panic", INPUT_NEWS_HOME },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(hotkeys); i++)
		if (g_str_equal(hotkeys[i].what, what)) {
			sim_input_press(desk->input, hotkeys[i].news, "panic hotkey");
			return TRUE;
		}
	return FALSE;
}

gboolean sim_desk_break(
	SimDesk *desk, GPtrArray *guests, const char *fault, const char *what, GError **error)
{
	if ((g_str_equal(fault, "unplug") && break_device(desk, what)) ||
		(g_str_equal(fault, "deafen") && break_display(desk, what)) ||
		(g_str_equal(fault, "kill") && break_guest(desk, guests, what)) ||
		(g_str_equal(fault, "type") && type_on(desk, what)) ||
		(g_str_equal(fault, "press") && press(desk, what)))
		return TRUE;
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
		"cannot %s \"%s\"; the faults are: unplug a device, deafen a display, kill a "
		"guest, "
		"type on a device, press a hotkey (toggle, next, panic)",
		fault, what);
	return FALSE;
}
