/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/qemu-options.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Most nested brackets, more than any QEMU option has: the JSON parser recurses for each. */
enum { BRACKETS_MAX = 64 };

QemuOption *qemu_option_new(QemuOptionKind kind, const char *driver)
{
	QemuOption *option = g_new0(QemuOption, 1);

	option->kind = kind;
	option->driver = g_strdup(driver);
	option->properties = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return option;
}

void qemu_option_free(QemuOption *option)
{
	g_free(option->driver);
	g_hash_table_unref(option->properties);
	g_free(option);
}

static GPtrArray *options_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)qemu_option_free);
}

void qemu_option_set(QemuOption *option, const char *name, const char *value)
{
	g_hash_table_replace(option->properties, g_strdup(name), g_strdup(value));
}

/* -- KEY=VALUE,... ---------------------------------------------------------------------------- */

/* The next part, up to a comma; two commas stand for one. Moves *text after it; NULL: there are no
 * more. */
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
		qemu_option_set(option, implied, part);
	else
		qemu_option_set(option, part, "on");
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

static const char *implied_of(QemuOptionKind kind)
{
	return kind == QEMU_OBJECT ? "qom-type" : "driver";
}

/* Its driver is one of its properties. */
static void finish_driver(QemuOption *option)
{
	const char *driver = qemu_option_get(option, implied_of(option->kind));

	g_free(option->driver);
	option->driver = g_strdup(driver != NULL ? driver : "");
}

static void add_option(GPtrArray *options, QemuOptionKind kind, const char *value)
{
	QemuOption *option = qemu_option_new(kind, "");

	if (*value == '{')
		read_json(option, value);
	else
		read_pairs(option, implied_of(kind), value);
	finish_driver(option);
	g_ptr_array_add(options, option);
}

static QemuOption *find_option(const GPtrArray *options, QemuOptionKind kind, const char *id)
{
	for (guint i = 0; i < options->len; i++) {
		QemuOption *option = options->pdata[i];

		if (option->kind == kind && g_strcmp0(qemu_option_get(option, "id"), id) == 0)
			return option;
	}
	return NULL;
}

/* "device.ID.KEY=VALUE" and "object.ID.KEY=VALUE", of one that is before it */
static void set(const GPtrArray *options, const char *value)
{
	g_auto(GStrv) parts = g_strsplit(value, ".", 3);
	QemuOption *option;
	char *equals;

	if (g_strv_length(parts) < 3)
		return;
	if (g_str_equal(parts[0], "device"))
		option = find_option(options, QEMU_DEVICE, parts[1]);
	else
		option = g_str_equal(parts[0], "object")
				 ? find_option(options, QEMU_OBJECT, parts[1])
				 : NULL;
	equals = strchr(parts[2], '=');
	if (option == NULL || equals == NULL)
		return;
	*equals = '\0';
	qemu_option_set(option, parts[2], equals + 1);
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
	else if (g_str_equal(name, "readconfig"))
		g_ptr_array_add(options, qemu_option_new(QEMU_CONFIG, value));
}

GPtrArray *qemu_options_read(const char *const *arguments)
{
	GPtrArray *options = options_new();

	for (; *arguments != NULL; arguments++) {
		const char *name = *arguments;

		if (*name != '-')
			continue;
		/* QEMU accepts one or two dashes */
		name += g_str_has_prefix(name, "--") ? 2 : 1;
		if (g_str_equal(name, "usb"))
			add_option(options, QEMU_USB, "");
		else if (arguments[1] != NULL)
			take_value(options, name, arguments[1]);
	}
	return options;
}

/* -- a file ----------------------------------------------------------------------------------- */

/* [device "kbd"]; NULL: of another kind */
static QemuOption *begin_section(const char *line)
{
	static const struct {
		const char *name;
		QemuOptionKind kind;
	} kinds[] = { { "[device", QEMU_DEVICE }, { "[object", QEMU_OBJECT } };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_has_prefix(line, kinds[i].name) &&
			strchr(" \t]", line[strlen(kinds[i].name)]) != NULL) {
			g_auto(GStrv) parts = g_strsplit(line, "\"", 3);
			QemuOption *option = qemu_option_new(kinds[i].kind, "");

			if (g_strv_length(parts) == 3)
				qemu_option_set(option, "id", parts[1]);
			return option;
		}
	return NULL;
}

/* KEY = "VALUE" */
static void read_setting(QemuOption *option, const char *line)
{
	const char *equals = strchr(line, '=');
	g_autofree char *name = NULL;
	g_auto(GStrv) parts = NULL;

	if (option == NULL || equals == NULL)
		return;
	name = g_strchomp(g_strndup(line, (gsize)(equals - line)));
	parts = g_strsplit(equals, "\"", 3);
	if (g_strv_length(parts) == 3)
		qemu_option_set(option, name, parts[1]);
}

GPtrArray *qemu_options_read_config(const char *text)
{
	GPtrArray *options = options_new();
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	QemuOption *option = NULL;

	for (char **line = lines; *line != NULL; line++) {
		g_strstrip(*line);
		if (**line == '[') {
			option = begin_section(*line);
			if (option != NULL)
				g_ptr_array_add(options, option);
		} else if (**line != '#') {
			read_setting(option, *line);
		}
	}
	for (guint i = 0; i < options->len; i++)
		finish_driver(options->pdata[i]);
	return options;
}

/* -- properties ------------------------------------------------------------------------------- */

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
	return find_option(options, QEMU_DEVICE, id);
}
