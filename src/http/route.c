/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Routes requests to the functions that answer them, and checks the client's rights.
 */
#include "common/json.h"
#include "http/host.h"
#include "http/private.h"

#include <string.h>

typedef struct {
	const char *method, *path;
	void (*handle)(Http *http, Connection *connection, JsonObject *body);
	/* Is this request forbidden for guest? NULL: guests may send every request to the route. */
	gboolean (*forbid)(Http *http, const char *guest, JsonObject *body);
	gboolean is_public; /* needs no secret and no seat: reveals nothing about this desk */
} Route;

static void about(Http *http, Connection *connection, JsonObject *body);

static const Route routes[] = {
	{ "GET", "/", about, NULL, TRUE },
	{ "HEAD", "/", about, NULL, TRUE },
	{ "POST", "/switch", http_switch, http_switch_forbid, FALSE },
	{ "GET", "/status", http_status, NULL, FALSE },
	{ "HEAD", "/status", http_status, NULL, FALSE },
	{ "GET", "/events", http_events, NULL, FALSE },
	/* the function checks whose answer it is */
	{ "POST", "/set-input", http_set_input, NULL, FALSE },
};

/* For users who find the port and do not know what listens there. */
static void about(Http *http, Connection *connection, JsonObject *body)
{
	JsonBuilder *builder = object_begin();
	g_autofree char *text = NULL;

	member_add_text(builder, "service", "hotseat");
	member_add_text(builder, "about",
		"hotseatd moves monitors, keyboard and mouse between this computer and its virtual "
		"machines");
	member_add_text(builder, "documentation",
		"hotseatd(8), section HTTP; docs/api.md in the source or in share/doc/hotseat");
	member_begin_array(builder, "routes");
	for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
		g_autofree char *line = g_strdup_printf("%s %s", routes[i].method, routes[i].path);

		item_add_text(builder, line);
	}
	json_builder_end_array(builder);
	text = object_end(builder);
	connection_answer(connection, SOUP_STATUS_OK, NULL, text);
}

static const Route *find_route(const Request *request)
{
	for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
		if (g_str_equal(routes[i].path, request->path) &&
			g_str_equal(routes[i].method, request->method))
			return &routes[i];
	}
	return NULL;
}

/* The routes of http_add_post() are only for the machine itself. */
static const PostRoute *find_post(const Http *http, Connection *connection)
{
	const Request *request = connection_request(connection);

	for (guint i = 0; connection_peer(connection) == NULL && i < http->posts->len; i++) {
		const PostRoute *post = g_ptr_array_index(http->posts, i);

		if (g_str_equal(post->path, request->path))
			return post;
	}
	return NULL;
}

/* The methods of a path: "GET, HEAD"; empty if there is no such path. */
static char *allowed_methods(const Http *http, Connection *connection)
{
	const char *path = connection_request(connection)->path;
	GString *methods = g_string_new(find_post(http, connection) != NULL ? "POST" : NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
		if (g_str_equal(routes[i].path, path))
			g_string_append_printf(
				methods, "%s%s", methods->len > 0 ? ", " : "", routes[i].method);
	}
	return g_string_free(methods, FALSE);
}

/* Browsers report which site sends a request. No part of hotseat runs in a browser, and without a
 * secret any page could switch the seat. */
static gboolean is_from_web_page(const Request *request)
{
	const char *site = request_header(request, "Sec-Fetch-Site");

	return request_header(request, "Origin") != NULL ||
	       (site != NULL && !g_str_equal(site, "none"));
}

/* Does the request name this machine as its Host? parse_head() refuses several Hosts. */
static gboolean is_for_us(const Http *http, const Request *request)
{
	const char *host = soup_message_headers_get_list(request->headers, "Host");

	return host_is_ours(host, http->tcp_host, g_get_host_name());
}

static void refuse_secret(Http *http, Connection *connection)
{
	AuthRefusal refusal =
		auth_failed(http->auth, connection_peer(connection), g_get_monotonic_time());
	g_autofree char *retry = refusal.retry_after_s == 0 ? NULL
							    : g_strdup_printf("Retry-After: %u\r\n",
								      refusal.retry_after_s);
	g_autofree char *body = seat_json_error(
		retry == NULL ? "missing or wrong secret; send the guest's secret, or the one in "
				"the configuration, in the header X-Secret"
			      : "too many wrong secrets from this address; the right one is "
				"accepted at any time");

	if (refusal.first)
		http_log_remote(http, "refused a request from %s: missing or wrong secret",
			connection_peer(connection));

	if (refusal.delay_ms == 0)
		connection_answer(connection, refusal.status, retry, body);
	else
		connection_answer_later(connection, refusal.delay_ms, refusal.status, retry, body);
}

/* Returns TRUE if the client is authenticated; otherwise it has been answered. */
static gboolean admit(Http *http, Connection *connection)
{
	const Request *request = connection_request(connection);
	gboolean known;
	Asker asker;

	if (connection_peer(connection) == NULL)
		return TRUE;
	known = auth_check(http->auth, request_header(request, "X-Secret"), &asker);
	connection_forget(connection, "X-Secret");
	if (!known) {
		refuse_secret(http, connection);
		return FALSE;
	}
	connection_set_asker(connection, asker.guest, asker.credential_id);
	if (auth_is_open(http->auth) && !is_for_us(http, request)) {
		http_refuse(connection, SOUP_STATUS_FORBIDDEN, NULL,
			"the header Host is not http.address; use that address, or enable "
			"http.security");
		return FALSE;
	}
	if (auth_is_open(http->auth) && is_from_web_page(request)) {
		http_refuse(connection, SOUP_STATUS_FORBIDDEN, NULL,
			"requests from web pages are rejected; enable http.security to accept "
			"those with a secret");
		return FALSE;
	}
	return TRUE;
}

static void on_headers(Connection *connection, gpointer data)
{
	Http *http = data;
	const Route *route = find_route(connection_request(connection));
	g_autofree char *methods = NULL;

	if (route != NULL && route->is_public) {
		connection_forget(connection, "X-Secret");
		return;
	}
	if (!admit(http, connection))
		return;
	methods = allowed_methods(http, connection);
	if (*methods == '\0') {
		http_refuse(
			connection, SOUP_STATUS_NOT_FOUND, NULL, "no such path; see hotseatd(8)");
	} else if (route == NULL &&
		   !(find_post(http, connection) != NULL &&
			   g_str_equal(connection_request(connection)->method, "POST"))) {
		g_autofree char *allow = g_strdup_printf("Allow: %s\r\n", methods);
		g_autofree char *message = g_strdup_printf("expected %s", methods);

		http_refuse(connection, SOUP_STATUS_METHOD_NOT_ALLOWED, allow, message);
	}
}

static gboolean is_json(const Request *request)
{
	const char *type = soup_message_headers_get_content_type(request->headers, NULL);

	g_autofree char *lower = type != NULL ? g_ascii_strdown(type, -1) : NULL;

	return lower != NULL && (g_str_equal(lower, "application/json") ||
					(g_str_has_prefix(lower, "application/") &&
						g_str_has_suffix(lower, "+json")));
}

/* The object that was posted; NULL: it is invalid, and the client has been answered. */
static JsonNode *parse_body(Connection *connection)
{
	const Request *request = connection_request(connection);
	JsonNode *root;

	if (!is_json(request)) {
		http_refuse(connection, SOUP_STATUS_BAD_REQUEST, NULL,
			"expected Content-Type: application/json");
		return NULL;
	}
	root = object_parse_bytes(request->body->data, request->body->len);
	if (root == NULL)
		http_refuse(connection, SOUP_STATUS_BAD_REQUEST, NULL,
			"expected a JSON object such as {\"to\": \"guest\"}");
	return root;
}

static void handle_post(const PostRoute *post, Connection *connection, JsonObject *body)
{
	g_autoptr(GError) error = NULL;

	if (post->func(body, post->data, &error))
		connection_answer(
			connection, SOUP_STATUS_OK, NULL, "{\"error\":null,\"success\":true}");
	else
		http_refuse(connection, SOUP_STATUS_BAD_REQUEST, NULL, error->message);
}

/* Returns TRUE if the client may send this request; otherwise it has been answered. */
static gboolean permit(Http *http, Connection *connection, const Route *route, JsonObject *body)
{
	const char *guest = connection_guest(connection);

	/* the secret was revoked while the body was arriving */
	if (connection_peer(connection) != NULL &&
		!auth_is_valid(http->auth, connection_credential_id(connection))) {
		refuse_secret(http, connection);
		return FALSE;
	}
	if (guest == NULL || route->forbid == NULL || !route->forbid(http, guest, body))
		return TRUE;
	if (auth_complain(http->auth, guest, g_get_monotonic_time()))
		http_log_remote(http,
			"refused a request from %s: %s may not request this; see may_switch_to in "
			"hotseat.yaml(5)",
			connection_peer(connection), guest_title(guest, NULL));
	http_refuse(connection, SOUP_STATUS_FORBIDDEN, NULL,
		"this guest may not request this; switch on the host, or change may_switch_to in "
		"its configuration");
	return FALSE;
}

static void on_request(Connection *connection, gpointer data)
{
	Http *http = data;
	const Request *request = connection_request(connection);
	const Route *route = find_route(request);
	g_autoptr(JsonNode) node = NULL;
	JsonObject *body = NULL;

	if (g_str_equal(request->method, "POST")) {
		node = parse_body(connection);
		if (node == NULL)
			return;
		body = json_node_get_object(node);
	}
	if (route != NULL && route->is_public)
		route->handle(http, connection, body);
	else if (http->seat == NULL)
		http_refuse(connection, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL,
			"hotseatd is starting or stopping; try again");
	else if (route != NULL && permit(http, connection, route, body))
		route->handle(http, connection, body);
	else if (route == NULL)
		handle_post(find_post(http, connection), connection, body);
}

static void on_bad(Connection *connection, gpointer data)
{
	const Request *request = connection_request(connection);

	http_refuse(connection, request->refusal, NULL, request->why);
}

static void on_late(Connection *connection, gpointer data)
{
	http_switch_forget(connection);
	http_refuse(connection, SOUP_STATUS_GATEWAY_TIMEOUT, NULL,
		"the switch has not ended yet; request the status");
}

static void on_closed(Connection *connection, gpointer data)
{
	Http *http = data;

	http_switch_forget(connection);
	agent_hub_remove(http->agents, connection);
	http_events_forget(http, connection);
	listener_forget(connection_peer(connection) == NULL ? http->local : http->tcp, connection);
}

const ConnectionOps http_connection_ops = {
	.headers = on_headers,
	.request = on_request,
	.bad = on_bad,
	.late = on_late,
	.closed = on_closed,
};
