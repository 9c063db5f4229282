/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/set-input.h"

#include "common/error.h"
#include "common/json.h"

#include <string.h>

typedef struct {
	gint64 id, feature, value, source_address;
	const char *manufacturer, *model, *serial; /* the member's name in the JSON */
} Raw;

/* The same ranges as for the keys of the config. */
static const struct {
	const char *name;
	gsize offset;
	gint64 min, max, fallback; /* -1: the member is required */
} numbers[] = {
	{ "feature", G_STRUCT_OFFSET(Raw, feature), 1, 0xff, -1 },
	{ "value", G_STRUCT_OFFSET(Raw, value), 0, 0xffff, -1 },
	{ "source_address", G_STRUCT_OFFSET(Raw, source_address), 0x50, 0x5f,
		CONFIG_SOURCE_ADDRESS },
};

static const struct {
	const char *name;
	gsize offset;
} texts[] = {
	{ "manufacturer", G_STRUCT_OFFSET(Raw, manufacturer) },
	{ "model", G_STRUCT_OFFSET(Raw, model) },
	{ "serial", G_STRUCT_OFFSET(Raw, serial) },
};

static gboolean fail(GError **error, const char *what, const char *name)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
		"invalid request from hotseatd: %s%s; check that hotseat has the same version on "
		"both sides",
		what, name);
	return FALSE;
}

static gboolean read_numbers(JsonObject *object, Raw *raw, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
		gint64 *out = G_STRUCT_MEMBER_P(raw, numbers[i].offset);

		*out = numbers[i].fallback;
		if (json_object_has_member(object, numbers[i].name) &&
			!member_int(object, numbers[i].name, out))
			return fail(error, "no whole number in ", numbers[i].name);
		if (*out < numbers[i].min || *out > numbers[i].max)
			return fail(error, "a number out of range in ", numbers[i].name);
	}
	return TRUE;
}

/* Missing, null and "" are NULL. */
static gboolean read_texts(JsonObject *object, Raw *raw, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		JsonNode *node = json_object_get_member(object, texts[i].name);
		const char **out = G_STRUCT_MEMBER_P(raw, texts[i].offset);

		*out = NULL;
		if (node == NULL || JSON_NODE_HOLDS_NULL(node))
			continue;
		if (json_node_get_value_type(node) != G_TYPE_STRING)
			return fail(error, "no text in ", texts[i].name);
		if (*json_node_get_string(node) != '\0')
			*out = json_node_get_string(node);
	}
	return TRUE;
}

static SetInput *make(const Raw *raw)
{
	SetInput *request = g_new0(SetInput, 1);

	request->id = raw->id;
	request->value = (guint16)raw->value;
	request->feature = (VcpFeature){
		.code = (guint8)raw->feature,
		.source_address = (guint8)raw->source_address,
	};
	request->monitor = (MonitorMatch){
		.bus = -1,
		.manufacturer = g_strdup(raw->manufacturer),
		.model = g_strdup(raw->model),
		.serial = g_strdup(raw->serial),
	};
	return request;
}

SetInput *set_input_parse(const char *data, gint64 *id, gboolean *has_id, GError **error)
{
	g_autoptr(JsonNode) root = strlen(data) <= SET_INPUT_MAX ? object_parse(data) : NULL;
	JsonObject *object = root != NULL ? json_node_get_object(root) : NULL;
	Raw raw = { 0 };

	*has_id = object != NULL && member_int(object, "id", &raw.id);
	if (*has_id)
		*id = raw.id;
	if (object == NULL)
		fail(error, "it is not a JSON object", "");
	else if (!*has_id)
		fail(error, "no whole number in ", "id");
	else if (read_numbers(object, &raw, error) && read_texts(object, &raw, error))
		return make(&raw);
	return NULL;
}

void set_input_free(SetInput *request)
{
	if (request == NULL)
		return;
	monitor_match_clear(&request->monitor);
	g_free(request);
}

gboolean set_input_describes(const SetInput *request)
{
	const MonitorMatch *monitor = &request->monitor;

	return monitor->manufacturer != NULL || monitor->model != NULL || monitor->serial != NULL;
}

char *set_input_label(const SetInput *request)
{
	const char *all[] = { request->monitor.manufacturer, request->monitor.model,
		request->monitor.serial };
	GString *label = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		if (all[i] != NULL)
			g_string_append_printf(label, "%s%s", label->len > 0 ? " " : "", all[i]);
	if (label->len == 0)
		g_string_append(label, "any monitor");
	return g_string_free(label, FALSE);
}

char *set_input_answer(gint64 id, const char *error)
{
	JsonBuilder *builder = object_begin();

	member_add_int(builder, "id", id);
	member_add_text(builder, "error", error);
	return object_end(builder);
}
