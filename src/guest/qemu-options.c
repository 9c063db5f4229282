/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/qemu-options.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* No QEMU option has more brackets; the JSON parser recurses for each. */
enum { BRACKETS_MAX = 64 };

static void option_free(gpointer data)
{
	QemuOption *option = data;

	g_free(option->driver);
	g_hash_table_unref(option->properties);
	g_free(option);
}

/* -- KEY=VALUE,... ---------------------------------------------------------------------------- */

/* The next part, up to a comma, of which two stand for one. Moves *text behind it; NULL: that was
 * all. */
static char *next_part(const char **text)
{
	g_autoptr(GString) part = g_string_new(NULL);
	const char *c = *text;

	for (; *c != '\0'; c++) {
		if (*c == ',' && c[1] != ',')
			break;
		c += *c == ',';
		g_string_append_c(part, *c);
	}
	*text = *c == ',' ? c + 1 : NULL;
	return g_string_free(g_steal_pointer(&part), FALSE);
}

static void take_part(QemuOption *option, const char *implied, const char *part, gboolean first)
{
	const char *equals = strchr(part, '=');

	if (equals != NULL)
		g_hash_table_replace(option->properties, g_strndup(part, (gsize)(equals - part)),
			g_strdup(equals + 1));
	else if (first)
		g_hash_table_replace(option->properties, g_strdup(implied), g_strdup(part));
	else
		g_hash_table_replace(option->properties, g_strdup(part), g_strdup("on"));
}

static void read_pairs(QemuOption *option, const char *implied, const char *text)
{
	gboolean first = TRUE;

	while (text != NULL) {
		g_autofree char *part = next_part(&text);

		take_part(option, implied, part, first);
		first = FALSE;
	}
}

/* -- JSON ------------------------------------------------------------------------------------- */

static char *value_of(JsonNode *node)
{
	if (!JSON_NODE_HOLDS_VALUE(node))
		return NULL;
	if (json_node_get_value_type(node) == G_TYPE_STRING)
		return json_node_dup_string(node);
	if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
		return g_strdup(json_node_get_boolean(node) ? "on" : "off");
	return g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
}

static void take_member(JsonObject *object, const char *name, JsonNode *node, gpointer data)
{
	QemuOption *option = data;
	char *value = value_of(node);

	if (value != NULL)
		g_hash_table_replace(option->properties, g_strdup(name), value);
}

static gboolean is_flat(const char *text)
{
	guint brackets = 0;

	for (; *text != '\0'; text++)
		brackets += *text == '{' || *text == '[';
	return brackets <= BRACKETS_MAX;
}

static void read_json(QemuOption *option, const char *text)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	JsonNode *root = NULL;

	if (is_flat(text) && json_parser_load_from_data(parser, text, -1, NULL))
		root = json_parser_get_root(parser);
	if (root != NULL && JSON_NODE_HOLDS_OBJECT(root))
		json_object_foreach_member(json_node_get_object(root), take_member, option);
}

/* -- options ---------------------------------------------------------------------------------- */

static void add_option(GPtrArray *options, QemuOptionKind kind, const char *value)
{
	const char *implied = kind == QEMU_OBJECT ? "qom-type" : "driver";
	QemuOption *option = g_new0(QemuOption, 1);
	const char *driver;

	option->kind = kind;
	option->properties = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (*value == '{')
		read_json(option, value);
	else
		read_pairs(option, implied, value);
	driver = qemu_option_get(option, implied);
	option->driver = g_strdup(driver != NULL ? driver : "");
	g_ptr_array_add(options, option);
}

/* "device.ID.KEY=VALUE", of one that is before it */
static void set(const GPtrArray *options, const char *value)
{
	g_auto(GStrv) parts = g_strsplit(value, ".", 3);
	const QemuOption *option;
	char *equals;

	if (g_strv_length(parts) < 3 || !g_str_equal(parts[0], "device"))
		return;
	option = qemu_options_find(options, parts[1]);
	equals = strchr(parts[2], '=');
	if (option != NULL && equals != NULL)
		g_hash_table_replace(option->properties,
			g_strndup(parts[2], (gsize)(equals - parts[2])), g_strdup(equals + 1));
}

static void take_value(GPtrArray *options, const char *name, const char *value)
{
	if (g_str_equal(name, "device"))
		add_option(options, QEMU_DEVICE, value);
	else if (g_str_equal(name, "object"))
		add_option(options, QEMU_OBJECT, value);
	else if (g_str_equal(name, "usbdevice"))
		add_option(options, QEMU_USBDEVICE, value);
	else if (g_str_equal(name, "set"))
		set(options, value);
}

GPtrArray *qemu_options_read(const char *const *arguments)
{
	GPtrArray *options = g_ptr_array_new_with_free_func(option_free);

	for (; *arguments != NULL; arguments++) {
		const char *name = *arguments;

		if (*name != '-')
			continue;
		/* QEMU takes one or two */
		name += g_str_has_prefix(name, "--") ? 2 : 1;
		if (g_str_equal(name, "usb"))
			add_option(options, QEMU_USB, "");
		else if (arguments[1] != NULL)
			take_value(options, name, arguments[1]);
	}
	return options;
}

const char *qemu_option_get(const QemuOption *option, const char *name)
{
	return g_hash_table_lookup(option->properties, name);
}

int qemu_option_number(const QemuOption *option, const char *name)
{
	const char *value = qemu_option_get(option, name);
	char *end;
	guint64 number = value != NULL ? g_ascii_strtoull(value, &end, 0) : 0;

	return value == NULL || end == value || *end != '\0' || number > G_MAXINT ? -1
										  : (int)number;
}

const QemuOption *qemu_options_find(const GPtrArray *options, const char *id)
{
	for (guint i = 0; i < options->len; i++) {
		const QemuOption *option = options->pdata[i];

		if (option->kind == QEMU_DEVICE &&
			g_strcmp0(qemu_option_get(option, "id"), id) == 0)
			return option;
	}
	return NULL;
}
