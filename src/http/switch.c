/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POST /switch: answers when the switch has ended.
 */
#include "common/json.h"
#include "http/private.h"

/* Waiting clients by ticket. The seat keeps a ticket instead of a pointer, because it may outlive
 * the client, and may be freed without calling back. */
static GHashTable *waiting; /* ticket to Connection * */
static guint last_ticket;

static const guint statuses[] = {
	[SWITCH_RUNNING] = SOUP_STATUS_INTERNAL_SERVER_ERROR, /* never an outcome */
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
	seat_json_switch(builder, seat, sw);
	text = seat_json_finish_for(builder, connection_guest(connection) != NULL);
	connection_answer(connection, statuses[sw->outcome], NULL, text);
}

/* The reason for the switch, for people. */
static char *describe(Connection *connection)
{
	const char *peer = connection_peer(connection), *guest = connection_guest(connection);

	if (guest != NULL)
		return g_strdup_printf("request from %s at %s", guest_title(guest, NULL), peer);
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
	g_autofree char *expected = targets(http->seat), *message = NULL;

	/* a guest must not see which other guests exist */
	if (connection_guest(connection) != NULL)
		message = g_strdup("unknown target; expected \"host\"");
	else if (to != NULL)
		message = g_strdup_printf("unknown target \"%s\"; expected %s", to, expected);
	else
		message =
			g_strdup_printf("\"to\" is missing or not a string; expected %s", expected);
	http_refuse(connection, SOUP_STATUS_BAD_REQUEST, NULL, message);
}

static gboolean has_seat(const Http *http, const char *guest)
{
	return g_strcmp0(seat_wanted(http->seat), guest) == 0;
}

gboolean http_switch_forbid(Http *http, const char *guest, JsonObject *body)
{
	const char *to = member_text(body, "to");
	const char *target = to != NULL ? seat_target(http->seat, to) : NULL;

	/* an unknown target is refused later */
	return target != NULL && !rights_allow(http->rights, guest, target, has_seat(http, guest));
}

static void describe_target(Http *http, JsonBuilder *builder, const char *guest, const char *target)
{
	/* as if it had the seat, because only the config determines what it could then request */
	if (rights_allow(http->rights, guest, target, TRUE))
		json_builder_add_string_value(builder, target);
}

void http_switch_describe(Http *http, JsonBuilder *builder, const char *guest)
{
	GPtrArray *guests = seat_guests(http->seat);

	member_begin_array(builder, "may_switch_to");
	describe_target(http, builder, guest, TARGET_HOST);
	for (guint i = 0; i < guests->len; i++)
		describe_target(http, builder, guest, ((Guest *)guests->pdata[i])->name);
	json_builder_end_array(builder);
}

/* -- how often, and how many ------------------------------------------------------------------ */

/* Is it the same guest, or the same address with the administrator's secret? */
static gboolean is_same_client(const Connection *a, const Connection *b)
{
	const char *guest = connection_guest(a);

	return g_strcmp0(guest, connection_guest(b)) == 0 &&
	       (guest != NULL || g_strcmp0(connection_peer(a), connection_peer(b)) == 0);
}

static guint count_waiting(const Connection *connection)
{
	GHashTableIter iter;
	gpointer other;
	guint n = 0;

	if (waiting == NULL)
		return 0;
	g_hash_table_iter_init(&iter, waiting);
	while (g_hash_table_iter_next(&iter, NULL, &other))
		n += is_same_client(connection, other) ? 1 : 0;
	return n;
}

static void refuse_for_now(Connection *connection, guint wait_s, const char *why)
{
	g_autofree char *retry = g_strdup_printf("Retry-After: %u\r\n", wait_s);

	http_refuse(connection, REQUEST_STATUS_TOO_MANY, retry, why);
}

/* Returns TRUE if the client is within its limits; otherwise it has been answered. Clients on the
 * Unix socket are not limited here. */
static gboolean is_in_turn(Http *http, Connection *connection)
{
	const char *guest = connection_guest(connection);
	guint wait_s = 1;

	if (connection_peer(connection) == NULL)
		return TRUE;
	if (count_waiting(connection) >= SWITCH_WAITING_MAX)
		refuse_for_now(connection, wait_s,
			"too many pending requests by this client; wait for their answers");
	else if (guest != NULL &&
		 !rights_take_turn(http->rights, guest, g_get_monotonic_time(), &wait_s))
		refuse_for_now(
			connection, wait_s, "too many requests by this guest; wait a few seconds");
	else
		return TRUE;
	return FALSE;
}

/* -- the request ------------------------------------------------------------------------------ */

/* As in Python, because the member is from virtkvm: 0, "", [], {}, null and false are false. */
static gboolean is_truthy(JsonObject *body, const char *name)
{
	JsonNode *node = json_object_get_member(body, name);

	if (node == NULL || JSON_NODE_HOLDS_NULL(node))
		return FALSE;
	if (JSON_NODE_HOLDS_OBJECT(node))
		return json_object_get_size(json_node_get_object(node)) > 0;
	if (JSON_NODE_HOLDS_ARRAY(node))
		return json_array_get_length(json_node_get_array(node)) > 0;
	if (json_node_get_value_type(node) == G_TYPE_STRING)
		return *json_node_get_string(node) != '\0';
	if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
		return json_node_get_boolean(node);
	return json_node_get_double(node) != 0;
}

/* Does the client not wait for the outcome? Then the answer is that the request was accepted. */
static gboolean is_patient(JsonObject *body)
{
	JsonNode *node = json_object_get_member(body, "wait");

	return node == NULL || json_node_get_value_type(node) != G_TYPE_BOOLEAN ||
	       json_node_get_boolean(node);
}

/* {"error":null,"success":true,"accepted":true,"to":"win11","begun":false} */
static void answer_accepted(Http *http, Connection *connection, const char *target)
{
	JsonBuilder *builder = object_begin();
	g_autofree char *text = NULL;

	member_add_text(builder, "error", NULL);
	member_add_bool(builder, "success", TRUE);
	member_add_bool(builder, "accepted", TRUE);
	member_add_text(builder, "to", target);
	member_add_bool(builder, "begun", g_strcmp0(seat_awaited(http->seat), target) != 0);
	text = object_end(builder);
	connection_answer(connection, SOUP_STATUS_ACCEPTED, NULL, text);
}

/* A request that does not wait for the outcome. */
static void take_and_leave(Http *http, Connection *connection, JsonObject *body, SeatRank rank,
	SeatExtent extent, const char *reason)
{
	g_autofree char *target = g_strdup(seat_target(http->seat, member_text(body, "to")));
	g_autoptr(GError) error = NULL;

	if (seat_await(http->seat, rank, extent, member_bool(body, "hook"), target, reason, &error))
		answer_accepted(http, connection, target);
	else
		http_refuse(connection, SOUP_STATUS_CONFLICT, NULL, error->message);
}

void http_switch(Http *http, Connection *connection, JsonObject *body)
{
	const char *to = member_text(body, "to");
	SeatRank rank = connection_guest(connection) != NULL ? SEAT_RANK_GUEST : SEAT_RANK_HOST;
	g_autofree char *reason = describe(connection);
	g_autoptr(GError) error = NULL;
	gpointer ticket = GUINT_TO_POINTER(++last_ticket);
	SeatExtent extent =
		is_truthy(body, "skip_optional") ? SEAT_EXTENT_REQUIRED : SEAT_EXTENT_ALL;

	if (to == NULL || seat_target(http->seat, to) == NULL) {
		refuse_target(http, connection, to);
		return;
	}
	if (!is_in_turn(http, connection))
		return;
	if (!is_patient(body)) {
		take_and_leave(http, connection, body, rank, extent, reason);
		return;
	}
	if (!seat_request(http->seat, rank, extent, to, reason, on_done, ticket, &error)) {
		http_refuse(connection, SOUP_STATUS_CONFLICT, NULL, error->message);
		return;
	}
	if (waiting == NULL)
		waiting = g_hash_table_new(NULL, NULL);
	g_hash_table_insert(waiting, ticket, connection);
}
