/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/json.h"

#include <stdio.h>

static void add_value(JsonBuilder *builder, const char *value)
{
	g_autofree char *valid = value != NULL ? g_utf8_make_valid(value, -1) : NULL;

	if (valid != NULL)
		json_builder_add_string_value(builder, valid);
	else
		json_builder_add_null_value(builder);
}

void json_add_text(JsonBuilder *builder, const char *name, const char *value)
{
	json_builder_set_member_name(builder, name);
	add_value(builder, value);
}

void json_add_texts(JsonBuilder *builder, const char *name, const GPtrArray *texts)
{
	json_builder_set_member_name(builder, name);
	json_builder_begin_array(builder);
	for (guint i = 0; i < texts->len; i++)
		add_value(builder, texts->pdata[i]);
	json_builder_end_array(builder);
}

void json_add_bool(JsonBuilder *builder, const char *name, gboolean value)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_boolean_value(builder, value);
}

void json_add_int(JsonBuilder *builder, const char *name, gint64 value)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_int_value(builder, value);
}

void json_add_int_or_null(JsonBuilder *builder, const char *name, gint64 value)
{
	json_builder_set_member_name(builder, name);
	if (value >= 0)
		json_builder_add_int_value(builder, value);
	else
		json_builder_add_null_value(builder);
}

void json_add_double_or_null(JsonBuilder *builder, const char *name, double value)
{
	json_builder_set_member_name(builder, name);
	if (value >= 0)
		json_builder_add_double_value(builder, value);
	else
		json_builder_add_null_value(builder);
}

void json_print(JsonBuilder *builder)
{
	g_autoptr(JsonNode) root = json_builder_get_root(builder);
	g_autofree char *text = json_to_string(root, FALSE);

	puts(text);
}
