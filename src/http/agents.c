/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Agents: clients of GET /events?agent=NAME, inside of a guest, who set a monitor when they are
 * asked to. The question is an event set-input, the answer a POST /set-input.
 */
#include "http/private.h"

/* Characters of what an agent calls itself, and of what it says went wrong. */
#define AGENT_NAME_MAX	64
#define AGENT_WORDS_MAX 300

guint agents_order_ms = 5000;

typedef struct {
	Connection *connection;
	char *name;
	gboolean told; /* of in the log */
} Agent;

typedef struct {
	Http *http;
	guint id;
	GPtrArray *asked; /* Connection * of those who have not answered yet */
	GString *failures;
	char *json;  /* to be sent; NULL: it was */
	guint timer; /* until it is sent, then until it is late */
	DisplayOrderDone done;
	gpointer data;
} Order;

/* -- who is there ----------------------------------------------------------------------------- */

static void agent_free(gpointer data)
{
	Agent *agent = data;

	g_free(agent->name);
	g_free(agent);
}

/* Text from outside for the log: printable, and at most so many characters. */
static char *clean(const char *text, glong max)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *out = g_string_new(NULL);

	for (const char *p = valid; *p != '\0' && max > 0; p = g_utf8_next_char(p), max--) {
		gunichar c = g_utf8_get_char(p);

		g_string_append_unichar(out, g_unichar_isprint(c) ? c : '?');
	}
	return g_string_free(out, FALSE);
}

/* "windows 0.1.0 in the guest win10" */
static char *describe(const Agent *agent)
{
	const char *guest = connection_guest(agent->connection);
	const char *peer = connection_peer(agent->connection);

	if (guest != NULL)
		return g_strdup_printf("%s in the guest %s", agent->name, guest);
	return g_strdup_printf("%s at %s", agent->name, peer != NULL ? peer : "this machine");
}

static Agent *find_agent(const Http *http, const Connection *connection)
{
	for (guint i = 0; i < http->agents->len; i++) {
		Agent *agent = g_ptr_array_index(http->agents, i);

		if (agent->connection == connection)
			return agent;
	}
	return NULL;
}

/* One that has been killed says no goodbye. */
static gboolean guest_is_gone(const Http *http, const char *name)
{
	GPtrArray *guests = http->seat != NULL ? seat_guests(http->seat) : NULL;

	for (guint i = 0; guests != NULL && i < guests->len; i++) {
		const Guest *guest = g_ptr_array_index(guests, i);

		if (g_str_equal(guest->name, name))
			return guest->state == GUEST_OFF || guest->state == GUEST_CRASHED ||
			       guest->state == GUEST_ABSENT;
	}
	return FALSE;
}

/* Whoever has the administrator's secret may be anywhere. */
static gboolean is_inside(const Http *http, const Agent *agent, const char *guest)
{
	const char *own = connection_guest(agent->connection);

	if (own != NULL && guest_is_gone(http, own))
		return FALSE;
	return guest == NULL || own == NULL || g_str_equal(own, guest);
}

/* One that comes and goes all the time does not fill the log. */
static gboolean tell_of(Http *http, const Connection *connection)
{
	const char *guest = connection_guest(connection);
	g_autofree char *key = g_strconcat("agent of ", guest != NULL ? guest : "", NULL);

	return auth_complain(http->auth, key, g_get_monotonic_time());
}

void http_agents_add(Http *http, Connection *connection)
{
	const char *query = connection_request(connection)->query;
	g_autoptr(GHashTable) form = query != NULL ? soup_form_decode(query) : NULL;
	const char *name = form != NULL ? g_hash_table_lookup(form, "agent") : NULL;
	Agent *agent;
	g_autofree char *who = NULL;

	if (name == NULL)
		return;
	agent = g_new0(Agent, 1);
	agent->connection = connection;
	agent->name = clean(name, AGENT_NAME_MAX);
	g_ptr_array_add(http->agents, agent);
	who = describe(agent);
	agent->told = tell_of(http, connection);
	if (agent->told)
		g_message("the agent %s is connected", who);
	if (http->agents_func != NULL)
		http->agents_func(http->agents_data);
}

void http_agents_describe(Http *http, JsonBuilder *builder)
{
	json_builder_set_member_name(builder, "agents");
	json_builder_begin_array(builder);
	for (guint i = 0; i < http->agents->len; i++) {
		const Agent *agent = g_ptr_array_index(http->agents, i);

		json_builder_begin_object(builder);
		json_add_string(builder, "name", agent->name);
		json_add_string(builder, "guest", connection_guest(agent->connection));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

/* -- orders ----------------------------------------------------------------------------------- */

static Order *find_order(const Http *http, gint64 id)
{
	for (guint i = 0; i < http->orders->len; i++) {
		Order *order = g_ptr_array_index(http->orders, i);

		if (order->id == id)
			return order;
	}
	return NULL;
}

static void order_free(gpointer data)
{
	Order *order = data;

	g_clear_handle_id(&order->timer, g_source_remove);
	g_ptr_array_unref(order->asked);
	g_string_free(order->failures, TRUE);
	g_free(order->json);
	g_free(order);
}

/* Takes error. */
static void order_finish(Order *order, GError *error)
{
	DisplayOrderDone done = order->done;
	gpointer data = order->data;

	g_ptr_array_remove(order->http->orders, order);
	done(error, data);
	g_clear_error(&error);
}

/* Somebody will not do it; the last one speaks for all. */
static void order_lose(Order *order, Connection *connection, const char *why)
{
	const Agent *agent = find_agent(order->http, connection);
	g_autofree char *who = describe(agent);

	g_string_append_printf(
		order->failures, "%s%s: %s", order->failures->len > 0 ? "; " : "", who, why);
	g_ptr_array_remove(order->asked, connection);
	if (order->asked->len == 0)
		order_finish(order, g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s",
					    order->failures->str));
}

static gboolean on_late(gpointer data)
{
	Order *order = data;

	order->timer = 0;
	/* the last one frees it */
	for (guint left = order->asked->len; left > 0; left--)
		order_lose(order, g_ptr_array_index(order->asked, 0), "does not answer");
	return G_SOURCE_REMOVE;
}

static void add_number(JsonBuilder *builder, const char *name, guint number)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_int_value(builder, number);
}

/* The serial number that it says in text, else the one in binary, else none. */
static char *serial_of(const Edid *edid)
{
	if (edid->serial[0] != '\0')
		return g_strdup(edid->serial);
	return edid->number != 0 ? g_strdup_printf("%u", edid->number) : NULL;
}

static char *order_json(guint id, const DisplayOrder *what)
{
	g_autofree char *serial = what->edid != NULL ? serial_of(what->edid) : NULL;
	JsonBuilder *builder = json_builder_new();

	json_builder_begin_object(builder);
	add_number(builder, "id", id);
	json_add_string(builder, "display", what->display);
	json_add_string(
		builder, "manufacturer", what->edid != NULL ? what->edid->manufacturer : NULL);
	json_add_string(builder, "model", what->edid != NULL ? what->edid->model : NULL);
	json_add_string(builder, "serial", serial);
	add_number(builder, "feature", what->feature.code);
	add_number(builder, "source_address", what->feature.source_address);
	add_number(builder, "value", what->value);
	json_builder_end_object(builder);
	return json_finish(builder);
}

/* To send may close the connection, whose agent is gone then. */
static gboolean on_send(gpointer data)
{
	Order *order = data;
	Http *http = order->http;
	guint id = order->id;
	g_autoptr(GPtrArray) asked = g_ptr_array_copy(order->asked, NULL, NULL);
	g_autofree char *json = g_steal_pointer(&order->json);

	order->timer = g_timeout_add(agents_order_ms, on_late, order);
	for (guint i = 0; i < asked->len && find_order(http, id) != NULL; i++)
		if (find_agent(http, asked->pdata[i]) != NULL)
			http_events_send(http, asked->pdata[i], "set-input", json);
	if (asked->len == 0)
		order_finish(order,
			g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "no agent is connected"));
	return G_SOURCE_REMOVE;
}

static Http *http_of(DisplayAgents *agents)
{
	return (Http *)((char *)agents - offsetof(Http, display_agents));
}

static gboolean agents_any(DisplayAgents *agents, const char *guest)
{
	const Http *http = http_of(agents);

	for (guint i = 0; i < http->agents->len; i++)
		if (is_inside(http, g_ptr_array_index(http->agents, i), guest))
			return TRUE;
	return FALSE;
}

static guint agents_order(DisplayAgents *agents, const char *guest, const DisplayOrder *what,
	DisplayOrderDone done, gpointer data)
{
	Http *http = http_of(agents);
	Order *order = g_new0(Order, 1);

	order->id = ++http->last_order;
	order->json = order_json(order->id, what);
	order->http = http;
	order->asked = g_ptr_array_new();
	order->failures = g_string_new(NULL);
	order->done = done;
	order->data = data;
	for (guint i = 0; i < http->agents->len; i++) {
		const Agent *agent = g_ptr_array_index(http->agents, i);

		if (is_inside(http, agent, guest))
			g_ptr_array_add(order->asked, agent->connection);
	}
	g_ptr_array_add(http->orders, order);
	order->timer = g_idle_add(on_send, order);
	return order->id;
}

static void agents_cancel(DisplayAgents *agents, guint id)
{
	Http *http = http_of(agents);
	Order *order = find_order(http, id);

	if (order != NULL)
		g_ptr_array_remove(http->orders, order);
}

/* -- answers ---------------------------------------------------------------------------------- */

/* One who was asked and has the secret that the answer came with, the latest of them, for an older
 * one may be dead; NULL: nobody. */
static Connection *find_asked(const Order *order, Connection *answer)
{
	for (guint i = order->asked->len; i-- > 0;) {
		Connection *connection = g_ptr_array_index(order->asked, i);

		if (g_strcmp0(connection_guest(connection), connection_guest(answer)) == 0)
			return connection;
	}
	return NULL;
}

/* {"id":17,"error":null} or {"id":17,"error":"a sentence"}; FALSE: it is neither */
static gboolean read_answer(JsonObject *body, gint64 *id, const char **words)
{
	JsonNode *number = json_object_get_member(body, "id");
	JsonNode *error = json_object_get_member(body, "error");

	if (number == NULL || json_node_get_value_type(number) != G_TYPE_INT64 || error == NULL ||
		!(JSON_NODE_HOLDS_NULL(error) || json_node_get_value_type(error) == G_TYPE_STRING))
		return FALSE;
	*id = json_node_get_int(number);
	*words = JSON_NODE_HOLDS_NULL(error) ? NULL : json_node_get_string(error);
	return TRUE;
}

void http_set_input(Http *http, Connection *connection, JsonObject *body)
{
	const char *words = NULL;
	Connection *asked;
	Order *order;
	gint64 id;

	if (!read_answer(body, &id, &words)) {
		http_refuse(connection, SOUP_STATUS_BAD_REQUEST, NULL,
			"expected {\"id\": NUMBER, \"error\": null} or a sentence for \"error\"");
		return;
	}
	order = find_order(http, id);
	asked = order != NULL ? find_asked(order, connection) : NULL;
	if (asked == NULL) {
		http_refuse(connection, SOUP_STATUS_CONFLICT, NULL,
			"nobody waits for this answer (any more)");
		return;
	}
	connection_answer(connection, SOUP_STATUS_OK, NULL, "{\"error\":null,\"success\":true}");
	if (words == NULL) {
		order_finish(order, NULL);
	} else {
		g_autofree char *why = clean(words, AGENT_WORDS_MAX);

		order_lose(order, asked, why);
	}
}

/* -- from start to end ------------------------------------------------------------------------ */

void http_agents_forget(Http *http, Connection *connection)
{
	Agent *agent = find_agent(http, connection);
	g_autofree char *who = agent != NULL ? describe(agent) : NULL;

	if (agent == NULL)
		return;
	for (guint i = http->orders->len; i-- > 0;) {
		Order *order = g_ptr_array_index(http->orders, i);

		if (g_ptr_array_find(order->asked, connection, NULL))
			order_lose(order, connection, "has gone without an answer");
	}
	if (agent->told)
		g_message("the agent %s is gone", who);
	g_ptr_array_remove(http->agents, agent);
}

void http_agents_init(Http *http)
{
	http->display_agents = (DisplayAgents){
		.any = agents_any,
		.order = agents_order,
		.cancel = agents_cancel,
	};
	http->agents = g_ptr_array_new_with_free_func(agent_free);
	http->orders = g_ptr_array_new_with_free_func(order_free);
}

void http_agents_finish(Http *http)
{
	g_ptr_array_unref(http->orders);
	g_ptr_array_unref(http->agents);
}

DisplayAgents *http_agents(Http *http)
{
	return &http->display_agents;
}

void http_set_agents_func(Http *http, HttpAgentsFunc func, gpointer data)
{
	http->agents_func = func;
	http->agents_data = data;
}
