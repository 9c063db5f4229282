/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Agents as clients of the API: GET /events?agent=NAME makes a client an agent, the event set-input
 * requests that it sets a monitor, and POST /set-input is its answer.
 */
#include "http/private.h"

static void send_event(gpointer client, const char *event, const char *json, gpointer data)
{
	http_events_send(data, client, event, json);
}

static gboolean guest_is_gone(const char *name, gpointer data)
{
	const Http *http = data;
	GPtrArray *guests = http->seat != NULL ? seat_guests(http->seat) : NULL;

	for (guint i = 0; guests != NULL && i < guests->len; i++) {
		const Guest *guest = g_ptr_array_index(guests, i);

		if (g_str_equal(guest->name, name))
			return guest->state == GUEST_OFF || guest->state == GUEST_CRASHED ||
			       guest->state == GUEST_ABSENT;
	}
	return FALSE;
}

static gboolean may_log(const char *guest, gpointer data)
{
	g_autofree char *key = g_strconcat("agent of ", guest != NULL ? guest : "", NULL);

	return auth_complain(((Http *)data)->auth, key, g_get_monotonic_time());
}

static void log_line(gpointer data, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	http_log_remote(data, "%s", text);
}

static void arrived(gpointer data)
{
	const Http *http = data;

	if (http->agents_func != NULL)
		http->agents_func(http->agents_data);
}

void http_agents_init(Http *http, guint order_ms)
{
	static const AgentHubOps ops = { send_event, guest_is_gone, may_log, log_line, arrived };

	agent_hub_free(http->agents);
	http->agents = agent_hub_new(&ops, http, order_ms);
}

void http_agents_add(Http *http, Connection *connection)
{
	const char *query = connection_request(connection)->query;
	g_autoptr(GHashTable) form = query != NULL ? soup_form_decode(query) : NULL;
	const char *name = form != NULL ? g_hash_table_lookup(form, "agent") : NULL;

	if (name != NULL)
		agent_hub_add(http->agents, connection, name, connection_guest(connection),
			connection_peer(connection));
}

void http_set_input(Http *http, Connection *connection, JsonObject *body)
{
	AgentAnswer answer = agent_hub_answer(http->agents, connection_guest(connection), body);

	if (answer == AGENT_ANSWER_TAKEN)
		connection_answer(
			connection, SOUP_STATUS_OK, NULL, "{\"error\":null,\"success\":true}");
	else if (answer == AGENT_ANSWER_MALFORMED)
		http_refuse(connection, SOUP_STATUS_BAD_REQUEST, NULL,
			"expected {\"id\": NUMBER, \"error\": null} or a sentence for \"error\"");
	else
		http_refuse(
			connection, SOUP_STATUS_CONFLICT, NULL, "no pending request with this id");
}

DisplayAgents *http_agents(Http *http)
{
	return agent_hub_display_agents(http->agents);
}

void http_set_agents_func(Http *http, HttpAgentsFunc func, gpointer data)
{
	http->agents_func = func;
	http->agents_data = data;
}
