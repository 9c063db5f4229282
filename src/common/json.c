/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/json.h"

#include <stdio.h>

/* -- building -----------------------------------------------------------------------------------
 */

void item_add_text(JsonBuilder *builder, const char *value)
{
	g_autofree char *valid = value != NULL ? g_utf8_make_valid(value, -1) : NULL;

	if (valid != NULL)
		json_builder_add_string_value(builder, valid);
	else
		json_builder_add_null_value(builder);
}

void member_add_text(JsonBuilder *builder, const char *name, const char *value)
{
	json_builder_set_member_name(builder, name);
	item_add_text(builder, value);
}

void member_add_texts(JsonBuilder *builder, const char *name, const GPtrArray *texts)
{
	member_begin_array(builder, name);
	for (guint i = 0; i < texts->len; i++)
		item_add_text(builder, texts->pdata[i]);
	json_builder_end_array(builder);
}

void member_add_bool(JsonBuilder *builder, const char *name, gboolean value)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_boolean_value(builder, value);
}

void member_add_int(JsonBuilder *builder, const char *name, gint64 value)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_int_value(builder, value);
}

void member_add_double(JsonBuilder *builder, const char *name, double value)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_double_value(builder, value);
}

void member_add_int_or_null(JsonBuilder *builder, const char *name, gint64 value)
{
	if (value >= 0)
		member_add_int(builder, name, value);
	else
		member_add_text(builder, name, NULL);
}

void member_add_double_or_null(JsonBuilder *builder, const char *name, double value)
{
	if (value >= 0)
		member_add_double(builder, name, value);
	else
		member_add_text(builder, name, NULL);
}

void member_begin_array(JsonBuilder *builder, const char *name)
{
	json_builder_set_member_name(builder, name);
	json_builder_begin_array(builder);
}

void member_begin_object(JsonBuilder *builder, const char *name)
{
	json_builder_set_member_name(builder, name);
	json_builder_begin_object(builder);
}

JsonBuilder *object_begin(void)
{
	return json_builder_begin_object(json_builder_new());
}

char *object_end(JsonBuilder *builder)
{
	g_autoptr(JsonNode) root = NULL;

	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	g_object_unref(builder);
	return json_to_string(root, FALSE);
}

void object_print(JsonBuilder *builder)
{
	g_autofree char *text = object_end(builder);

	puts(text);
}

/* -- reading ------------------------------------------------------------------------------------
 */

static JsonNode *find(JsonObject *object, const char *name)
{
	return object != NULL ? json_object_get_member(object, name) : NULL;
}

const char *member_text(JsonObject *object, const char *name)
{
	JsonNode *node = find(object, name);

	return node != NULL && json_node_get_value_type(node) == G_TYPE_STRING
		       ? json_node_get_string(node)
		       : NULL;
}

double member_number(JsonObject *object, const char *name)
{
	JsonNode *node = find(object, name);

	return node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_double(node) : 0;
}

gboolean member_bool(JsonObject *object, const char *name)
{
	JsonNode *node = find(object, name);

	return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_boolean(node);
}

JsonObject *member_object(JsonObject *object, const char *name)
{
	JsonNode *node = find(object, name);

	return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

JsonObject *member_item(JsonObject *object, const char *name, guint *i)
{
	JsonNode *node = find(object, name);
	JsonArray *array =
		node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

	while (array != NULL && *i < json_array_get_length(array)) {
		JsonNode *item = json_array_get_element(array, (*i)++);

		if (JSON_NODE_HOLDS_OBJECT(item))
			return json_node_get_object(item);
	}
	return NULL;
}

gboolean member_int(JsonObject *object, const char *name, gint64 *out)
{
	JsonNode *node = find(object, name);

	if (node == NULL || json_node_get_value_type(node) != G_TYPE_INT64)
		return FALSE;
	*out = json_node_get_int(node);
	return TRUE;
}
