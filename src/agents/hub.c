/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agents/hub.h"

#include "common/error.h"
#include "common/guest.h"
#include "common/json.h"

/* Most characters of an agent's name, and of its error messages. */
#define AGENT_NAME_MAX	64
#define AGENT_WORDS_MAX 300

typedef struct {
	gpointer client; /* its owner's name for it */
	char *name;
	char *guest, *peer; /* as in agent_hub_add() */
	gboolean told;	    /* its name in the log */
} Agent;

struct AgentHub {
	DisplayAgents display_agents;
	const AgentHubOps *ops;
	gpointer data;
	guint order_ms;
	GPtrArray *agents; /* Agent * */
	GPtrArray *orders; /* Order *, those that are not answered yet */
	guint last_order;
};

typedef struct {
	AgentHub *hub;
	guint id;
	GPtrArray *asked; /* the clients that have not answered yet */
	GString *failures;
	char *json;  /* the text to send; NULL: it was sent */
	guint timer; /* source: until it is sent, then until its deadline */
	DisplayOrderDone done;
	gpointer data;
} Order;

/* -- who is there ----------------------------------------------------------------------------- */

static void agent_free(gpointer data)
{
	Agent *agent = data;

	g_free(agent->name);
	g_free(agent->guest);
	g_free(agent->peer);
	g_free(agent);
}

/* A text from an agent for the log: printable, and at most max characters. */
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

/* "windows 0.1.0 in win10" */
static char *describe(const Agent *agent)
{
	if (agent->guest != NULL)
		return g_strdup_printf("%s in %s", agent->name, guest_title(agent->guest, NULL));
	return g_strdup_printf(
		"%s at %s", agent->name, agent->peer != NULL ? agent->peer : "this machine");
}

static Agent *find_agent(const AgentHub *hub, gconstpointer client)
{
	for (guint i = 0; i < hub->agents->len; i++) {
		Agent *agent = g_ptr_array_index(hub->agents, i);

		if (agent->client == client)
			return agent;
	}
	return NULL;
}

/* A client with the administrator's secret may be anywhere. */
static gboolean is_inside(const AgentHub *hub, const Agent *agent, const char *guest)
{
	const char *own = agent->guest;

	/* an agent that has been killed does not disconnect */
	if (own != NULL && hub->ops->guest_is_gone(own, hub->data))
		return FALSE;
	return guest == NULL || own == NULL || g_str_equal(own, guest);
}

void agent_hub_add(
	AgentHub *hub, gpointer client, const char *name, const char *guest, const char *peer)
{
	Agent *agent;
	g_autofree char *who = NULL;

	agent = g_new0(Agent, 1);
	agent->client = client;
	agent->guest = g_strdup(guest);
	agent->peer = g_strdup(peer);
	agent->name = clean(name, AGENT_NAME_MAX);
	g_ptr_array_add(hub->agents, agent);
	who = describe(agent);
	agent->told = hub->ops->may_log(guest, hub->data);
	if (agent->told)
		hub->ops->log(hub->data, "the agent %s is connected", who);
	hub->ops->arrived(hub->data);
}

void agent_hub_describe(AgentHub *hub, JsonBuilder *builder)
{
	member_begin_array(builder, "agents");
	for (guint i = 0; i < hub->agents->len; i++) {
		const Agent *agent = g_ptr_array_index(hub->agents, i);

		json_builder_begin_object(builder);
		member_add_text(builder, "name", agent->name);
		member_add_text(builder, "guest", agent->guest);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

/* -- orders ----------------------------------------------------------------------------------- */

static Order *find_order(const AgentHub *hub, gint64 id)
{
	for (guint i = 0; i < hub->orders->len; i++) {
		Order *order = g_ptr_array_index(hub->orders, i);

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

	g_ptr_array_remove(order->hub->orders, order);
	done(error, data);
	g_clear_error(&error);
}

/* An agent cannot do it; the error of the last one is reported. */
static void order_lose(Order *order, gpointer client, const char *why)
{
	const Agent *agent = find_agent(order->hub, client);
	g_autofree char *who = describe(agent);

	g_string_append_printf(
		order->failures, "%s%s: %s", order->failures->len > 0 ? "; " : "", who, why);
	g_ptr_array_remove(order->asked, client);
	if (order->asked->len == 0)
		order_finish(order, g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s",
					    order->failures->str));
}

static gboolean on_late(gpointer data)
{
	Order *order = data;

	order->timer = 0;
	/* the removal of the last client frees it */
	for (guint left = order->asked->len; left > 0; left--)
		order_lose(order, g_ptr_array_index(order->asked, 0), "does not answer");
	return G_SOURCE_REMOVE;
}

/* The serial number as text, otherwise the binary one, otherwise none. */
static char *serial_of(const Edid *edid)
{
	if (edid->serial[0] != '\0')
		return g_strdup(edid->serial);
	return edid->number != 0 ? g_strdup_printf("%u", edid->number) : NULL;
}

static char *order_json(guint id, const DisplayOrder *what)
{
	g_autofree char *serial = what->edid != NULL ? serial_of(what->edid) : NULL;
	JsonBuilder *builder = object_begin();

	member_add_int(builder, "id", id);
	member_add_text(builder, "display", what->display);
	member_add_text(
		builder, "manufacturer", what->edid != NULL ? what->edid->manufacturer : NULL);
	member_add_text(builder, "model", what->edid != NULL ? what->edid->model : NULL);
	member_add_text(builder, "serial", serial);
	member_add_int(builder, "feature", what->feature.code);
	member_add_int(builder, "source_address", what->feature.source_address);
	member_add_int(builder, "value", what->value);
	return object_end(builder);
}

/* Sending may close the connection, which removes its agent. */
static gboolean on_send(gpointer data)
{
	Order *order = data;
	AgentHub *hub = order->hub;
	guint id = order->id;
	g_autoptr(GPtrArray) asked = g_ptr_array_copy(order->asked, NULL, NULL);
	g_autofree char *json = g_steal_pointer(&order->json);

	order->timer = g_timeout_add(hub->order_ms, on_late, order);
	for (guint i = 0; i < asked->len && find_order(hub, id) != NULL; i++)
		if (find_agent(hub, asked->pdata[i]) != NULL)
			hub->ops->send(asked->pdata[i], "set-input", json, hub->data);
	if (asked->len == 0)
		order_finish(order,
			g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "no agent is connected"));
	return G_SOURCE_REMOVE;
}

static gboolean agents_any(DisplayAgents *agents, const char *guest)
{
	const AgentHub *hub = (const AgentHub *)agents;

	for (guint i = 0; i < hub->agents->len; i++)
		if (is_inside(hub, g_ptr_array_index(hub->agents, i), guest))
			return TRUE;
	return FALSE;
}

static guint agents_order(DisplayAgents *agents, const char *guest, const DisplayOrder *what,
	DisplayOrderDone done, gpointer data)
{
	AgentHub *hub = (AgentHub *)agents;
	Order *order = g_new0(Order, 1);

	order->id = ++hub->last_order;
	order->json = order_json(order->id, what);
	order->hub = hub;
	order->asked = g_ptr_array_new();
	order->failures = g_string_new(NULL);
	order->done = done;
	order->data = data;
	for (guint i = 0; i < hub->agents->len; i++) {
		const Agent *agent = g_ptr_array_index(hub->agents, i);

		if (is_inside(hub, agent, guest))
			g_ptr_array_add(order->asked, agent->client);
	}
	g_ptr_array_add(hub->orders, order);
	order->timer = g_idle_add(on_send, order);
	return order->id;
}

static void agents_cancel(DisplayAgents *agents, guint id)
{
	AgentHub *hub = (AgentHub *)agents;
	Order *order = find_order(hub, id);

	if (order != NULL)
		g_ptr_array_remove(hub->orders, order);
}

/* -- answers ---------------------------------------------------------------------------------- */

/* The latest client in guest that got the order, because an older one may be dead; NULL: there is
 * none. */
static gpointer find_asked(const Order *order, const char *guest)
{
	for (guint i = order->asked->len; i-- > 0;) {
		gpointer client = g_ptr_array_index(order->asked, i);

		if (g_strcmp0(find_agent(order->hub, client)->guest, guest) == 0)
			return client;
	}
	return NULL;
}

/* {"id":17,"error":null} or {"id":17,"error":"a sentence"}; FALSE: it is neither */
static gboolean read_answer(JsonObject *body, gint64 *id, const char **words)
{
	JsonNode *error = json_object_get_member(body, "error");

	*words = member_text(body, "error");
	return error != NULL && (*words != NULL || JSON_NODE_HOLDS_NULL(error)) &&
	       member_int(body, "id", id);
}

AgentAnswer agent_hub_answer(AgentHub *hub, const char *guest, JsonObject *body)
{
	const char *words = NULL;
	gpointer asked;
	Order *order;
	gint64 id;

	if (!read_answer(body, &id, &words))
		return AGENT_ANSWER_MALFORMED;
	order = find_order(hub, id);
	asked = order != NULL ? find_asked(order, guest) : NULL;
	if (asked == NULL)
		return AGENT_ANSWER_UNASKED;
	if (words == NULL) {
		order_finish(order, NULL);
	} else {
		g_autofree char *why = clean(words, AGENT_WORDS_MAX);

		order_lose(order, asked, why);
	}
	return AGENT_ANSWER_TAKEN;
}

/* -- from start to end ------------------------------------------------------------------------ */

void agent_hub_remove(AgentHub *hub, gpointer client)
{
	Agent *agent = find_agent(hub, client);
	g_autofree char *who = agent != NULL ? describe(agent) : NULL;

	if (agent == NULL)
		return;
	for (guint i = hub->orders->len; i-- > 0;) {
		Order *order = g_ptr_array_index(hub->orders, i);

		if (g_ptr_array_find(order->asked, client, NULL))
			order_lose(order, client, "disconnected without an answer");
	}
	if (agent->told)
		hub->ops->log(hub->data, "the agent %s has disconnected", who);
	g_ptr_array_remove(hub->agents, agent);
}

AgentHub *agent_hub_new(const AgentHubOps *ops, gpointer data, guint order_ms)
{
	AgentHub *hub = g_new0(AgentHub, 1);

	hub->display_agents = (DisplayAgents){
		.any = agents_any,
		.order = agents_order,
		.cancel = agents_cancel,
	};
	hub->ops = ops;
	hub->data = data;
	hub->order_ms = order_ms;
	hub->agents = g_ptr_array_new_with_free_func(agent_free);
	hub->orders = g_ptr_array_new_with_free_func(order_free);
	return hub;
}

void agent_hub_free(AgentHub *hub)
{
	if (hub == NULL)
		return;
	g_ptr_array_unref(hub->orders);
	g_ptr_array_unref(hub->agents);
	g_free(hub);
}

DisplayAgents *agent_hub_display_agents(AgentHub *hub)
{
	return &hub->display_agents;
}
