/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The further features of a display that are written at a switch: the key "also".
 */
#include "common/resource.h"
#include "config/reader.h"

static const Field value_field = { "value", .max = 0xffff, .hex = TRUE };

static void add_value(ConfigReader *reader, gpointer out, const char *target, yaml_node_t *node)
{
	ConfigAlso *also = out;
	const Field field = { target, .max = value_field.max, .hex = TRUE };
	g_autofree char *quoted = problem_quote(target);
	gint64 value;

	if (g_hash_table_contains(also->values, target))
		reader_error(
			reader, node, "also: %s already has a value above; delete one", quoted);
	else if (reader_take_number(reader, &field, node, &value))
		g_hash_table_insert(also->values, g_strdup(target), GUINT_TO_POINTER((guint)value));
}

static void read_value(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	reader_refer_name(reader, field->key, node);
	add_value(reader, out, field->key, node);
}

static void read_values(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	reader_each_target(reader, field->key, node, add_value, out);
}

const Field also_fields[] = {
	{ "feature", reader_number, FIELD_MEMBER(ConfigAlso, feature.code), .min = 1, .max = 0xff,
		.hex = TRUE, .required = TRUE, .also = "vcp|code|vcpcode" },
	{ "source_address", reader_number, FIELD_MEMBER(ConfigAlso, feature.source_address),
		.min = 0x50, .max = 0x5f, .hex = TRUE, .also = "source|address|i2csourceaddr" },
	{ .key = "host", .read = read_value },
	{ "guest", read_value, .also = "vm" },
	{ "values", read_values, .also = "inputs|targets" },
	{ .key = NULL },
};

void config_also_free(gpointer data)
{
	ConfigAlso *also = data;

	g_hash_table_unref(also->values);
	g_free(also);
}

static void read_one(ConfigReader *reader, yaml_node_t *node, gpointer data)
{
	ConfigDisplay *display = data;
	ConfigAlso *also = g_new0(ConfigAlso, 1);
	guint before = reader->errors;

	also->feature.source_address = CONFIG_SOURCE_ADDRESS;
	also->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_ptr_array_add(display->also, also);
	if (!reader_fields(reader, also_fields, "also", node, also) || reader->errors != before)
		return;
	if (g_hash_table_size(also->values) == 0)
		reader_error(reader, node,
			"also: no target has a value for feature 0x%02x; add \"host\" or \"guest\"",
			also->feature.code);
	if (also->feature.code == display->feature.code &&
		also->feature.source_address == display->feature.source_address)
		reader_error(reader, node,
			"also: 0x%02x is the feature that selects the input; delete it here",
			also->feature.code);
}

void read_also(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigDisplay *display = out;

	if (display->also == NULL)
		display->also = g_ptr_array_new_with_free_func(config_also_free);
	reader_list(reader, field->key, "features", node, read_one, display);
}
