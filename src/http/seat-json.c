/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/seat-json.h"

#include "common/json.h"

/* Adds the kind of an error beside its text, until the text is made for its reader. */
#define ERROR_KIND ":kind"

static void add_kind(JsonBuilder *builder, int kind)
{
	member_add_int(builder, ERROR_KIND, kind);
}

static void add_error(JsonBuilder *builder, const GError *error)
{
	member_add_text(builder, "error", error != NULL ? error->message : NULL);
	if (error != NULL && error->domain == HOTSEAT_ERROR)
		add_kind(builder, error->code);
}

void seat_json_step_members(JsonBuilder *builder, const SwitchStep *step)
{
	member_add_text(builder, "name", step->resource->name);
	member_add_text(builder, "kind", resource_kind_name(step->resource->kind));
	member_add_text(builder, "to", step->to);
	member_add_bool(builder, "undo", step->undo);
	member_add_text(builder, "outcome", step_outcome_name(step->outcome));
	member_add_double(builder, "ms", step->ms);
	member_add_text(builder, "detail", step->detail);
	add_error(builder, step->error);
	member_add_bool(builder, "optional", step->resource->optional);
}

void seat_json_switch(JsonBuilder *builder, Seat *seat, const Switch *sw)
{
	json_builder_begin_object(builder);
	/* virtkvm's two members first */
	add_error(builder, sw->error);
	member_add_bool(builder, "success", sw->outcome == SWITCH_DONE);
	member_add_text(builder, "target", seat_at(seat));
	member_add_text(builder, "outcome", switch_outcome_name(sw->outcome));
	member_add_int(builder, "id", sw->id);
	member_add_text(builder, "from", sw->from);
	member_add_text(builder, "to", sw->to);
	member_add_text(builder, "reason", sw->reason);
	member_add_double(builder, "ms", sw->ms);
	member_begin_array(builder, "steps");
	for (guint i = 0; i < sw->steps->len; i++) {
		json_builder_begin_object(builder);
		seat_json_step_members(builder, g_ptr_array_index(sw->steps, i));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
}

void seat_json_resource(JsonBuilder *builder, Seat *seat, Resource *resource)
{
	const ResourceResult *known = seat_known(seat, resource);

	json_builder_begin_object(builder);
	member_add_text(builder, "name", resource->name);
	member_add_text(builder, "kind", resource_kind_name(resource->kind));
	member_add_text(builder, "at", known->at);
	member_add_text(builder, "detail", known->detail);
	add_error(builder, known->error);
	member_add_bool(builder, "optional", resource->optional);
	json_builder_end_object(builder);
}

void seat_json_guest(JsonBuilder *builder, const Guest *guest)
{
	json_builder_begin_object(builder);
	member_add_text(builder, "name", guest->name);
	member_add_text(builder, "domain", guest->domain);
	member_add_text(builder, "state", guest_state_name(guest->state));
	member_add_text(builder, "error", guest->error);
	add_kind(builder, HOTSEAT_ERROR_LIBVIRT);
	member_add_text(builder, "input", guest_input_name(guest->input));
	member_add_text(builder, "input_error", guest->input_error);
	json_builder_end_object(builder);
}

static void add_resources(JsonBuilder *builder, Seat *seat, const char *name, ResourceKind kind)
{
	GPtrArray *resources = seat_resources(seat);

	member_begin_array(builder, name);
	for (guint i = 0; i < resources->len; i++) {
		Resource *resource = g_ptr_array_index(resources, i);

		if (resource->kind == kind)
			seat_json_resource(builder, seat, resource);
	}
	json_builder_end_array(builder);
}

static void add_switch_or_null(JsonBuilder *builder, const char *name, Seat *seat, const Switch *sw)
{
	json_builder_set_member_name(builder, name);
	if (sw != NULL)
		seat_json_switch(builder, seat, sw);
	else
		json_builder_add_null_value(builder);
}

void seat_json_members(JsonBuilder *builder, Seat *seat)
{
	GPtrArray *guests = seat_guests(seat);

	member_add_text(builder, "target", seat_at(seat));
	member_add_text(builder, "wanted", seat_wanted(seat));
	add_switch_or_null(builder, "switching", seat, seat_current(seat));
	add_switch_or_null(builder, "last", seat, seat_last(seat));
	member_begin_array(builder, "guests");
	for (guint i = 0; i < guests->len; i++)
		seat_json_guest(builder, g_ptr_array_index(guests, i));
	json_builder_end_array(builder);
	add_resources(builder, seat, "displays", RESOURCE_DISPLAY);
	add_resources(builder, seat, "devices", RESOURCE_DEVICE);
}

static void print_node(GString *out, JsonNode *node);

static void print_string(GString *out, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), valid);
	g_autofree char *quoted = json_to_string(node, FALSE);

	g_string_append(out, quoted);
}

static void print_object(GString *out, JsonObject *object)
{
	JsonObjectIter iter;
	const char *name, *separator = "";
	JsonNode *node;

	g_string_append_c(out, '{');
	json_object_iter_init_ordered(&iter, object);
	while (json_object_iter_next_ordered(&iter, &name, &node)) {
		if (g_str_equal(name, ERROR_KIND))
			continue;
		g_string_append(out, separator);
		print_string(out, name);
		g_string_append_c(out, ':');
		print_node(out, node);
		separator = ",";
	}
	g_string_append_c(out, '}');
}

static void print_array(GString *out, JsonArray *array)
{
	g_string_append_c(out, '[');
	for (guint i = 0; i < json_array_get_length(array); i++) {
		if (i > 0)
			g_string_append_c(out, ',');
		print_node(out, json_array_get_element(array, i));
	}
	g_string_append_c(out, ']');
}

static void print_node(GString *out, JsonNode *node)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	if (JSON_NODE_HOLDS_OBJECT(node))
		print_object(out, json_node_get_object(node));
	else if (JSON_NODE_HOLDS_ARRAY(node))
		print_array(out, json_node_get_array(node));
	else if (JSON_NODE_HOLDS_NULL(node))
		g_string_append(out, "null");
	else if (json_node_get_value_type(node) == G_TYPE_STRING)
		print_string(out, json_node_get_string(node));
	else if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
		g_string_append(out, json_node_get_boolean(node) ? "true" : "false");
	else if (json_node_get_value_type(node) == G_TYPE_INT64)
		g_string_append_printf(out, "%" G_GINT64_FORMAT, json_node_get_int(node));
	else
		g_string_append(out,
			g_ascii_formatd(number, sizeof number, "%.2f", json_node_get_double(node)));
}

/* The members that guests do not get. They get the place of everything and what has failed, because
 * the reader may be the user at the desk. */
static const char *const hidden[] = {
	"detail",      /* buses, sockets */
	"domain",      /* libvirt's names */
	"input_error", /* may name services and commands on the host */
	"libvirt",     /* its URI */
	"reason",      /* addresses of clients */
	"simulated",   /* only the machine itself can cause faults */
};

/* Error messages for guests. The host's own messages name clients, files and domains, and quote
 * what configured commands print. */
static const char *const sentences[] = {
	[HOTSEAT_ERROR_FAILED] = "something failed on the host; see the host's log",
	[HOTSEAT_ERROR_CONFIG] = "the host's configuration does not allow this",
	[HOTSEAT_ERROR_NO_PERMISSION] =
		"the host has no permission; run hotseat doctor on the host",
	[HOTSEAT_ERROR_NO_BUS] = "the host cannot reach the monitor; check its cable",
	[HOTSEAT_ERROR_NO_MONITOR] = "the host cannot find the monitor; check that it is on",
	[HOTSEAT_ERROR_NO_ANSWER] = "the monitor does not answer the host",
	[HOTSEAT_ERROR_UNSUPPORTED] = "the monitor rejected this input",
	[HOTSEAT_ERROR_NOT_FOLLOWED] = "the monitor did not change its input",
	[HOTSEAT_ERROR_AMBIGUOUS] =
		"several monitors or devices match one entry in the host's configuration",
	[HOTSEAT_ERROR_NO_DEVICE] = "a device is unplugged",
	[HOTSEAT_ERROR_NO_GUEST] = "the host has no such guest",
	[HOTSEAT_ERROR_GUEST_STATE] = "the guest is not running",
	[HOTSEAT_ERROR_LIBVIRT] = "libvirt failed on the host; see the host's log",
	[HOTSEAT_ERROR_TIMED_OUT] = "timed out",
	[HOTSEAT_ERROR_SUPERSEDED] = "replaced by a newer request",
	[HOTSEAT_ERROR_CANCELLED] = "cancelled",
	[HOTSEAT_ERROR_OUTRANKED] = "the host is switching; try again in a moment",
};

static void hide(JsonNode *node);

/* A text without a kind gets the first one. */
static void hide_error(JsonObject *object)
{
	gint64 kind = json_object_get_int_member_with_default(object, ERROR_KIND, 0);
	const char *text = json_object_get_string_member_with_default(object, "error", NULL);

	if (text == NULL)
		return;
	if (kind < 0 || (gsize)kind >= G_N_ELEMENTS(sentences))
		kind = HOTSEAT_ERROR_FAILED;
	json_object_set_string_member(object, "error", sentences[kind]);
}

/* The name of a command without a name is its whole command line. */
static void hide_command(JsonObject *object)
{
	const char *command = resource_kind_name(RESOURCE_COMMAND);
	const char *kind = json_object_get_string_member_with_default(object, "kind", NULL);

	if (g_strcmp0(kind, command) == 0)
		json_object_set_string_member(object, "name", command);
}

static void hide_in_object(JsonObject *object)
{
	g_autoptr(GList) values = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(hidden); i++)
		if (json_object_has_member(object, hidden[i]))
			json_object_remove_member(object, hidden[i]);
	hide_error(object);
	hide_command(object);
	values = json_object_get_values(object);
	for (GList *link = values; link != NULL; link = link->next)
		hide(link->data);
}

static void hide(JsonNode *node)
{
	JsonArray *array;

	if (JSON_NODE_HOLDS_OBJECT(node))
		hide_in_object(json_node_get_object(node));
	if (!JSON_NODE_HOLDS_ARRAY(node))
		return;
	array = json_node_get_array(node);
	for (guint i = 0; i < json_array_get_length(array); i++)
		hide(json_array_get_element(array, i));
}

char *seat_json_finish(JsonBuilder *builder)
{
	return seat_json_finish_for(builder, FALSE);
}

char *seat_json_finish_for(JsonBuilder *builder, gboolean guest)
{
	g_autoptr(JsonNode) root = json_builder_get_root(builder);
	GString *out = g_string_new(NULL);

	if (guest)
		hide(root);
	/* json-glib's own generator prints 1.23 as 1.2299999999999999 */
	print_node(out, root);
	g_object_unref(builder);
	return g_string_free(out, FALSE);
}

char *seat_json_error(const char *message)
{
	JsonBuilder *builder = json_builder_new();

	json_builder_begin_object(builder);
	member_add_bool(builder, "success", FALSE);
	member_add_text(builder, "error", message);
	json_builder_end_object(builder);
	return seat_json_finish(builder);
}
