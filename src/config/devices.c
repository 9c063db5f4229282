/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/reader.h"

/* digits, '-', digits, then '.' and digits any number of times: how sysfs names a USB port */
static gboolean is_port(const char *text)
{
	return g_regex_match_simple("^[0-9]+-[0-9]+(\\.[0-9]+)*$", text, G_REGEX_DOLLAR_ENDONLY, 0);
}

static void read_port(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const char *text = node_text(node);

	if (text != NULL && is_port(text))
		reader_text(reader, field, node, out);
	else
		reader_expected(reader, field->key, "a USB port such as 3-1.2", node,
			"ls /sys/bus/usb/devices shows them");
}

/* "28da:1101", as lsusb prints it */
static gboolean is_pair(const char *text)
{
	return g_regex_match_simple(
		"^[0-9a-fA-F]{4}:[0-9a-fA-F]{4}$", text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* lsusb prints ids in hexadecimal without 0x; those that consist of digits look like decimal
 * numbers. */
static void warn_decimal(ConfigReader *reader, const Field *field, yaml_node_t *node)
{
	const char *text = node_text(node);
	gint64 value;

	if (strlen(text) == 4 && strspn(text, "0123456789") == 4 && number_parse(text, &value) &&
		value != 0)
		reader_warning(reader, node,
			"%s: %s is %s here, 0x%04x; if lsusb shows %s, write 0x%s", field->key,
			text, *text == '0' ? "octal" : "decimal", (guint)value, text, text);
}

static void read_id(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const char *text = node_text(node);
	guint before = reader->errors;

	if (text != NULL && is_pair(text)) {
		g_autofree char *hint =
			g_strdup_printf("write vendor: 0x%.4s and product: 0x%s", text, text + 5);

		reader_expected(reader, field->key, "a number from 0 to 0xffff", node, hint);
		return;
	}
	reader_number(reader, field, node, out);
	if (reader->errors == before)
		warn_decimal(reader, field, node);
}

const char *const device_via_names[] = { "usb", "input", NULL };

/* The name of an event device, or the path of a node. */
static void read_input_name(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigDevice *device = out;
	char *text = reader_take_text(reader, field->key, node);
	char **member = text != NULL && g_path_is_absolute(text) ? &device->node : &device->input;

	if (text == NULL)
		return;
	g_free(*member);
	*member = text;
}

static void read_device_guests(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigDevice *device = out;
	GStrv names = reader_take_names(reader, field->key, "guests", FALSE, node);

	if (names != NULL && names[0] == NULL && node->type == YAML_SEQUENCE_NODE)
		reader_error(
			reader, node, "guests: the list is empty; leave the key out to mean all");
	if (names != NULL && names[0] == NULL)
		g_clear_pointer(&names, g_strfreev);
	g_strfreev(device->guests);
	device->guests = names;
}

const Field device_fields[] = {
	{ "name", reader_text, FIELD_MEMBER(ConfigDevice, name), .also = "label|title" },
	{ "via", reader_choice, FIELD_MEMBER(ConfigDevice, via), .choices = device_via_names,
		.also = "by|how|method|mode" },
	{ "vendor", read_id, FIELD_MEMBER(ConfigDevice, vendor), .max = 0xffff, .hex = TRUE,
		.also = "vid|idvendor|vendorid|id|usb" },
	{ "product", read_id, FIELD_MEMBER(ConfigDevice, product), .max = 0xffff, .hex = TRUE,
		.also = "pid|idproduct|productid" },
	{ "serial", reader_text, FIELD_MEMBER(ConfigDevice, serial),
		.also = "serialnumber|iserial|sn" },
	{ "port", read_port, FIELD_MEMBER(ConfigDevice, port), .also = "path|bus|address" },
	{ "hub", read_port, FIELD_MEMBER(ConfigDevice, hub), .also = "behind" },
	{ "input", read_input_name, .also = "event|eventname|inputname|node|evdev" },
	{ "uniq", reader_text, FIELD_MEMBER(ConfigDevice, uniq), .also = "mac|bluetooth|unique" },
	{ "optional", reader_bool, FIELD_MEMBER(ConfigDevice, optional) },
	{ "guests", read_device_guests, .also = "guest|targets" },
	{ .key = NULL },
};

static gboolean lacks_all(ConfigReader *reader, const yaml_node_t *node, const char *const *keys)
{
	for (; *keys != NULL; keys++)
		if (!reader_is_missing(reader, node, *keys))
			return FALSE;
	return TRUE;
}

static void check_description(ConfigReader *reader, yaml_node_t *node, const ConfigDevice *device)
{
	static const char *const more[] = { "serial", "port", "hub", "input", "uniq", NULL };
	gboolean vendor = !reader_is_missing(reader, node, "vendor");
	gboolean product = !reader_is_missing(reader, node, "product");
	gboolean described = vendor || !lacks_all(reader, node, more);

	if (vendor != product)
		reader_error(reader, node, "device: missing key \"%s\"; lsusb shows it",
			vendor ? "product" : "vendor");
	else if (!described)
		reader_error(reader, node,
			"device: missing keys \"vendor\" and \"product\", \"serial\"%s to identify "
			"the device",
			device->via == VIA_INPUT ? ", \"port\", \"input\" or \"uniq\""
						 : " or \"port\"");
}

/* A hub means everything behind it, so no other key can describe the device. */
static void check_hub(ConfigReader *reader, yaml_node_t *node, const ConfigDevice *device)
{
	static const char *const keys[] = { "vendor", "product", "serial", "port", "input",
		"uniq" };
	yaml_node_t *hub = reader_find(reader, node, "hub");

	for (gsize i = 0; hub != NULL && i < G_N_ELEMENTS(keys); i++)
		if (reader_find(reader, node, keys[i]) != NULL)
			reader_error(reader, reader_find(reader, node, keys[i]),
				"%s: \"hub\" means everything behind it; delete one of the two",
				keys[i]);
	if (hub != NULL && device->via == VIA_INPUT)
		reader_error(reader, hub,
			"hub: what is behind it moves via usb; delete \"via\", or describe the "
			"keyboard and the mouse in entries of their own");
}

/* The kernel's ids for root hubs (drivers/usb/core/hcd.c). */
static void check_root_hub(ConfigReader *reader, yaml_node_t *node, const ConfigDevice *device)
{
	if (device->vendor == 0x1d6b && device->product >= 1 && device->product <= 3)
		reader_error(reader, node,
			"device: %04x:%04x is a hub inside the computer; name the devices that are "
			"plugged into it",
			(guint)device->vendor, (guint)device->product);
}

/* Keys that describe only event devices cannot find a USB device. */
static void check_via(ConfigReader *reader, yaml_node_t *node, const ConfigDevice *device)
{
	static const char *const keys[] = { "input", "uniq" };

	for (gsize i = 0; device->via == VIA_USB && i < G_N_ELEMENTS(keys); i++)
		if (reader_find(reader, node, keys[i]) != NULL)
			reader_error(reader, reader_find(reader, node, keys[i]),
				"%s: it finds event devices only; add \"via: input\"", keys[i]);
}

static void read_device(ConfigReader *reader, yaml_node_t *node, gpointer data)
{
	ConfigDevice *device = g_new0(ConfigDevice, 1);
	guint before = reader->errors;

	device->vendor = device->product = -1;
	device->line = (guint)node->start_mark.line + 1;
	device->column = (guint)node->start_mark.column + 1;
	g_ptr_array_add(reader->config->devices, device);
	if (reader_fields(reader, device_fields, "device", node, device)) {
		check_via(reader, node, device);
		check_hub(reader, node, device);
		check_root_hub(reader, node, device);
		check_description(reader, node, device);
	}
	reader_remember(reader, device, node, before);
}

void read_devices(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	reader_list(reader, field->key, "devices", node, read_device, NULL);
}
