/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/json.h"
#include "http/bind.h"
#include "http/private.h"

#include <gio/gio.h>
#include <sys/stat.h>
#include <unistd.h>

static Listener *listen_on(Http *http, int fd)
{
	GArray *fds = g_array_new(FALSE, FALSE, sizeof fd);

	g_array_append_val(fds, fd);
	return listener_new(fds, &http->times, &http_connection_ops, http);
}

static void post_route_free(gpointer data)
{
	PostRoute *route = data;

	g_free(route->path);
	g_free(route);
}

Http *http_new(const char *path, GError **error)
{
	int fd = bind_unix(path, error);
	struct stat st = { 0 };
	Http *http;

	if (fd < 0)
		return NULL;
	http = g_new0(Http, 1);
	http->path = g_strdup(path);
	http->times = connection_times;
	if (lstat(path, &st) == 0) {
		http->device = st.st_dev;
		http->inode = st.st_ino;
	}
	http->addresses = addresses_new();
	http->auth = auth_new();
	http->rights = rights_new();
	http->posts = g_ptr_array_new_with_free_func(post_route_free);
	http_agents_init(http, AGENT_ORDER_MS);
	http->local = listen_on(http, fd);
	return http;
}

/* Tells clients that wait for the outcome of a switch that there will be none. */
static void answer_waiting(const Listener *listener)
{
	const GList *next;

	if (listener == NULL)
		return;
	for (const GList *link = listener_connections(listener); link != NULL; link = next) {
		next = link->next;
		if (connection_waiting(link->data))
			http_refuse(link->data, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL,
				"hotseatd is stopping or has a new configuration; request the "
				"status");
	}
}

/* Another process may have created a socket there. */
static void remove_socket(const Http *http)
{
	struct stat st;

	if (lstat(http->path, &st) == 0 && st.st_dev == http->device && st.st_ino == http->inode)
		unlink(http->path);
}

static void close_tcp(Http *http)
{
	/* its connections look it up in http */
	listener_free(http->tcp);
	http->tcp = NULL;
}

void http_free(Http *http)
{
	if (http == NULL)
		return;
	http_set_seat(http, NULL);
	remove_socket(http);
	listener_free(http->local);
	close_tcp(http);
	g_clear_handle_id(&http->heartbeat, g_source_remove);
	agent_hub_free(http->agents);
	g_ptr_array_unref(http->posts);
	addresses_free(http->addresses);
	auth_free(http->auth);
	rights_free(http->rights);
	tls_credentials_unref(http->tls);
	g_free(http->tcp_host);
	g_free(http->path);
	g_free(http);
}

void http_set_seat(Http *http, Seat *seat)
{
	if (http->seat != NULL) {
		seat_unlisten(http->seat, http->seat_listener);
		answer_waiting(http->local);
		answer_waiting(http->tcp);
	}
	http->seat = seat;
	if (seat != NULL) {
		http->seat_listener = seat_listen(seat, http_events_listener, http);
		http_events_seat_changed(http);
	}
}

void http_set_secrets(Http *http, const GPtrArray *secrets)
{
	auth_set_guests(http->auth, secrets);
	http_events_revoke(http);
}

/* FALSE and error: the certificate cannot be used. *credentials is NULL if TLS is not configured.
 */
static gboolean load_tls(const Config *config, TlsCredentials **credentials, GError **error)
{
	g_autoptr(GPtrArray) problems = config_problems_new();

	*credentials = tls_credentials_new(config, problems);
	for (guint i = 0; *credentials == NULL && i < problems->len; i++) {
		const ConfigProblem *problem = problems->pdata[i];
		g_autofree char *text = config_problem_format(config->path, problem);

		if (problem->warning)
			continue;
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG, "%s", text);
		return FALSE;
	}
	return TRUE;
}

static gboolean open_tcp(Http *http, const char *host, guint16 port, GError **error)
{
	const GList *addresses = addresses_of(http->addresses, host, error);
	GArray *fds = addresses == NULL ? NULL : bind_tcp(addresses, host, port, error);

	if (fds == NULL)
		return FALSE;
	close_tcp(http);
	http->tcp = listener_new(fds, &http->times, &http_connection_ops, http);
	listener_set_tls(http->tcp, http->tls);
	return TRUE;
}

/* Keeps the old address until the new one is bound, unless the old one prevents that. */
static gboolean rebind(Http *http, const Config *config, GError **error)
{
	gboolean in_the_way = http->tcp != NULL && http->tcp_port == config->http_port;

	if (in_the_way)
		close_tcp(http);
	if (open_tcp(http, config->http_host, config->http_port, error))
		return TRUE;
	if (in_the_way && !open_tcp(http, http->tcp_host, http->tcp_port, NULL))
		g_prefix_error(error,
			"no requests over the network, because the old address is in use too: ");
	return FALSE;
}

void http_look_up(Http *http, const Config *config, HttpLookedUp done, gpointer data)
{
	addresses_look_up(http->addresses, config->http ? config->http_host : "", done, data);
}

gboolean http_listen(Http *http, const Config *config, GError **error)
{
	gboolean same = http->tcp != NULL && config->http &&
			g_str_equal(http->tcp_host, config->http_host) &&
			http->tcp_port == config->http_port;
	g_autoptr(TlsCredentials) credentials = NULL;

	if (!load_tls(config, &credentials, error))
		return FALSE;
	if (config->http && !same && !rebind(http, config, error))
		return FALSE;
	if (!config->http)
		close_tcp(http);
	g_free(http->tcp_host);
	http->tcp_host = g_strdup(config->http_host);
	http->tcp_port = config->http_port;
	tls_credentials_unref(http->tls);
	http->tls = g_steal_pointer(&credentials);
	if (http->tcp != NULL)
		listener_set_tls(http->tcp, http->tls);
	auth_set_admin(http->auth, !config->http_security, config->http_secret);
	rights_set(http->rights, config->guests);
	http_events_revoke(http);
	return TRUE;
}

guint16 http_tcp_port(const Http *http)
{
	return http->tcp != NULL ? listener_port(http->tcp) : 0;
}

void http_set_status_func(Http *http, HttpStatusFunc func, gpointer data)
{
	http->status_func = func;
	http->status_data = data;
}

void http_add_post(Http *http, const char *path, HttpPostFunc func, gpointer data)
{
	PostRoute *route = g_new0(PostRoute, 1);

	route->path = g_strdup(path);
	route->func = func;
	route->data = data;
	g_ptr_array_add(http->posts, route);
}

void http_log_remote(Http *http, const char *format, ...)
{
	guint dropped = 0;
	g_autofree char *text = NULL;
	va_list arguments;

	if (!log_budget_take(&http->log_budget, g_get_monotonic_time(), &dropped))
		return;
	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	if (dropped == 0)
		g_message("%s", text);
	else
		g_message("%s (%u more like this were not logged)", text, dropped);
}

void http_refuse(Connection *connection, guint status, const char *headers, const char *message)
{
	g_autofree char *body = seat_json_error(message);

	connection_answer(connection, status, headers, body);
}

char *http_status_json(Http *http, Connection *connection)
{
	const char *guest = connection_guest(connection);
	JsonBuilder *builder = json_builder_new();

	json_builder_begin_object(builder);
	member_add_text(builder, "version", HOTSEAT_VERSION);
	member_add_text(builder, "asker", guest);
	if (guest != NULL)
		http_switch_describe(http, builder, guest);
	seat_json_members(builder, http->seat);
	agent_hub_describe(http->agents, builder);
	if (http->status_func != NULL)
		http->status_func(builder, http->status_data);
	json_builder_end_object(builder);
	return seat_json_finish_for(builder, guest != NULL);
}

void http_status(Http *http, Connection *connection, JsonObject *body)
{
	g_autofree char *text = http_status_json(http, connection);

	connection_answer(connection, SOUP_STATUS_OK, NULL, text);
}
