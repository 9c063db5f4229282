/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POST /switch: answers when the switch is over.
 */
#include "http/private.h"

/* Waiting clients by ticket. The seat keeps a ticket, not a pointer: it may outlive the client, and
 * it may be freed without having called back. */
static GHashTable *waiting; /* ticket to Connection * */
static guint last_ticket;

static const guint statuses[] = {
	[SWITCH_RUNNING] = SOUP_STATUS_INTERNAL_SERVER_ERROR, /* is never the end */
	[SWITCH_DONE] = SOUP_STATUS_OK,
	[SWITCH_REFUSED] = SOUP_STATUS_CONFLICT,
	[SWITCH_ROLLED_BACK] = SOUP_STATUS_BAD_GATEWAY,
	[SWITCH_INCOMPLETE] = SOUP_STATUS_BAD_GATEWAY,
	[SWITCH_SUPERSEDED] = SOUP_STATUS_CONFLICT,
};

static gboolean is_same(gpointer key, gpointer value, gpointer connection)
{
	return value == connection;
}

void http_switch_forget(Connection *connection)
{
	if (waiting == NULL)
		return;
	g_hash_table_foreach_remove(waiting, is_same, connection);
	if (g_hash_table_size(waiting) == 0)
		g_clear_pointer(&waiting, g_hash_table_unref);
}

static void on_done(Seat *seat, const Switch *sw, gpointer ticket)
{
	Connection *connection = waiting != NULL ? g_hash_table_lookup(waiting, ticket) : NULL;
	JsonBuilder *builder;
	g_autofree char *text = NULL;

	if (connection == NULL)
		return;
	builder = json_builder_new();
	json_add_switch(builder, seat, sw);
	text = json_finish_for(builder, connection_guest(connection) != NULL);
	connection_answer(connection, statuses[sw->outcome], NULL, text);
}

/* Why the switch is begun, for people. */
static char *describe(Connection *connection)
{
	const char *peer = connection_peer(connection), *guest = connection_guest(connection);

	if (guest != NULL)
		return g_strdup_printf("request from guest %s at %s", guest, peer);
	return peer != NULL ? g_strdup_printf("request from %s", peer) : g_strdup("request");
}

/* "host, toggle, guest or win10" */
static char *targets(Seat *seat)
{
	GString *text = g_string_new("\"host\", \"toggle\"");
	GPtrArray *guests = seat_guests(seat);

	for (guint i = 0; i < guests->len; i++) {
		const Guest *guest = g_ptr_array_index(guests, i);

		g_string_append_printf(
			text, "%s\"%s\"", i + 1 < guests->len ? ", " : " or ", guest->name);
	}
	return g_string_free(text, FALSE);
}

static void refuse_target(Http *http, Connection *connection, const char *to)
{
	g_autofree char *expected = targets(http->seat);
	g_autofree char *message =
		to != NULL
			? g_strdup_printf("there is no target \"%s\"; expected %s", to, expected)
			: g_strdup_printf("\"to\" is missing or no string; expected %s", expected);

	http_refuse(connection, SOUP_STATUS_BAD_REQUEST, NULL, message);
}

/* NULL: it is missing, or no text */
static const char *find_to(JsonObject *body)
{
	JsonNode *node = json_object_get_member(body, "to");

	return node != NULL && json_node_get_value_type(node) == G_TYPE_STRING
		       ? json_node_get_string(node)
		       : NULL;
}

char *http_switch_forbid(Http *http, const char *guest, JsonObject *body)
{
	const char *to = find_to(body);
	const char *target = to != NULL ? seat_target(http->seat, to) : NULL;

	/* what nobody can ask for is refused elsewhere */
	if (target == NULL || g_str_equal(target, TARGET_HOST) || g_str_equal(target, guest))
		return NULL;
	return g_strdup_printf("the guest \"%s\" may ask for \"host\" and for itself, not for "
			       "\"%s\"; ask at the host, or with the administrator's secret",
		guest, target);
}

void http_switch(Http *http, Connection *connection, JsonObject *body)
{
	const char *to = find_to(body);
	g_autofree char *reason = describe(connection);
	gpointer ticket = GUINT_TO_POINTER(++last_ticket);

	if (to == NULL || !seat_switch(http->seat, to, reason, on_done, ticket, NULL)) {
		refuse_target(http, connection, to);
		return;
	}
	if (waiting == NULL)
		waiting = g_hash_table_new(NULL, NULL);
	g_hash_table_insert(waiting, ticket, connection);
}
