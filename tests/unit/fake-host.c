/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-host.h"

#include "tls/certificate.h"

#include <glib/gstdio.h>
#include <string.h>

static void request_free(gpointer data)
{
	FakeRequest *request = data;

	g_free(request->line);
	g_free(request->secret);
	g_free(request->type);
	g_free(request->body);
	g_free(request);
}

static void keep(FakeHost *host, SoupServerMessage *message)
{
	SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
	SoupMessageBody *body = soup_server_message_get_request_body(message);
	GUri *uri = soup_server_message_get_uri(message);
	const char *query = g_uri_get_query(uri);
	FakeRequest *request = g_new0(FakeRequest, 1);

	request->line = g_strconcat(soup_server_message_get_method(message), " ",
		g_uri_get_path(uri), query != NULL ? "?" : NULL, query, NULL);
	request->secret = g_strdup(soup_message_headers_get_one(headers, "X-Secret"));
	request->type = g_strdup(soup_message_headers_get_one(headers, "Content-Type"));
	request->body = g_strndup(body->data, (gsize)body->length);
	g_ptr_array_add(host->requests, request);
}

static void begin_stream(FakeHost *host, SoupServerMessage *message)
{
	g_clear_object(&host->events);
	host->events = soup_server_message_steal_connection(message);
	host->streams++;
	fake_host_say(host, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
}

static void on_request(SoupServer *server, SoupServerMessage *message, const char *path,
	GHashTable *query, gpointer data)
{
	FakeHost *host = data;
	SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);

	keep(host, message);
	if (host->status == 0) {
		g_autoptr(GIOStream) stream = soup_server_message_steal_connection(message);

		g_io_stream_close(stream, NULL, NULL);
	} else if (host->status == 200 && g_str_equal(path, "/events")) {
		begin_stream(host, message);
	} else {
		soup_server_message_set_status(message, host->status, NULL);
		soup_server_message_set_response(message, "application/json", SOUP_MEMORY_COPY,
			host->answer, strlen(host->answer));
		if (host->location != NULL)
			soup_message_headers_append(headers, "Location", host->location);
	}
}

static void make_certificate(FakeHost *host)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *key = NULL, *both = NULL;

	certificate_make("127.0.0.1", &host->certificate, &key, &error);
	g_assert_no_error(error);
	host->fingerprint = certificate_fingerprint(host->certificate, &error);
	g_assert_no_error(error);
	both = g_strconcat(host->certificate, key, NULL);
	host->tls = g_tls_certificate_new_from_pem(both, -1, &error);
	g_assert_no_error(error);
}

/* libsoup's own listeners leak their address before 3.4 */
static gboolean on_connection(
	GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
	FakeHost *host = data;
	g_autoptr(GSocketAddress) local = g_socket_connection_get_local_address(connection, NULL);
	g_autoptr(GSocketAddress) remote = g_socket_connection_get_remote_address(connection, NULL);
	g_autoptr(GIOStream) stream = g_object_ref(G_IO_STREAM(connection));

	if (host->tls != NULL) {
		g_object_unref(stream);
		stream = g_tls_server_connection_new(G_IO_STREAM(connection), host->tls, NULL);
	}
	soup_server_accept_iostream(host->server, stream, local, remote, NULL);
	return TRUE;
}

static guint16 listen_at(FakeHost *host, guint16 port)
{
	g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new_from_string("127.0.0.1", port);
	g_autoptr(GSocketAddress) got = NULL;
	g_autoptr(GError) error = NULL;

	host->service = g_socket_service_new();
	g_socket_listener_add_address(G_SOCKET_LISTENER(host->service), wanted,
		G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &got, &error);
	g_assert_no_error(error);
	g_signal_connect(host->service, "incoming", G_CALLBACK(on_connection), host);
	return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(got));
}

FakeHost *fake_host_new_at(gboolean tls, guint16 port)
{
	FakeHost *host = g_new0(FakeHost, 1);

	host->server = soup_server_new("server-header", "fake", NULL);
	host->requests = g_ptr_array_new_with_free_func(request_free);
	host->status = 200;
	host->answer = g_strdup("{}");
	if (tls)
		make_certificate(host);
	soup_server_add_handler(host->server, NULL, on_request, host, NULL);
	host->url =
		g_strdup_printf("%s://127.0.0.1:%u", tls ? "https" : "http", listen_at(host, port));
	return host;
}

FakeHost *fake_host_new(gboolean tls)
{
	return fake_host_new_at(tls, 0);
}

void fake_host_free(FakeHost *host)
{
	g_clear_object(&host->events);
	g_socket_service_stop(host->service);
	g_socket_listener_close(G_SOCKET_LISTENER(host->service));
	g_object_unref(host->service);
	g_clear_object(&host->tls);
	soup_server_disconnect(host->server);
	g_object_unref(host->server);
	g_ptr_array_unref(host->requests);
	g_free(host->url);
	g_free(host->certificate);
	g_free(host->fingerprint);
	g_free(host->answer);
	g_free(host->location);
	g_free(host);
	/* what was under way comes to its end */
	while (g_main_context_iteration(NULL, FALSE))
		continue;
}

const FakeRequest *fake_host_find(const FakeHost *host, const char *line)
{
	for (guint i = host->requests->len; i > 0; i--) {
		const FakeRequest *request = host->requests->pdata[i - 1];

		if (g_str_equal(request->line, line))
			return request;
	}
	return NULL;
}

static guint count_requests(const FakeHost *host, const char *line)
{
	guint seen = 0;

	for (guint i = 0; i < host->requests->len; i++)
		if (g_str_equal(((FakeRequest *)host->requests->pdata[i])->line, line))
			seen++;
	return seen;
}

void fake_host_wait(FakeHost *host, const char *line, guint count)
{
	while (count_requests(host, line) < count)
		g_main_context_iteration(NULL, TRUE);
}

void fake_host_wait_stream(FakeHost *host, guint count)
{
	while (host->streams < count)
		g_main_context_iteration(NULL, TRUE);
}

void fake_host_say(FakeHost *host, const char *bytes)
{
	g_autoptr(GError) error = NULL;

	g_output_stream_write_all(g_io_stream_get_output_stream(host->events), bytes, strlen(bytes),
		NULL, NULL, &error);
	g_assert_no_error(error);
}

void fake_host_drop(FakeHost *host)
{
	g_io_stream_close(host->events, NULL, NULL);
	g_clear_object(&host->events);
}

/* A socket that has it and does not listen keeps it from programs that let the kernel choose, and
 * not from those that ask for it. */
guint16 fake_host_free_port(void)
{
	static GSocket *keeper;
	g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new_from_string("127.0.0.1", 0);
	g_autoptr(GSocketAddress) got = NULL;
	g_autoptr(GError) error = NULL;

	g_clear_object(&keeper);
	keeper = g_socket_new(
		G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
	g_assert_no_error(error);
	g_assert_true(g_socket_bind(keeper, wanted, TRUE, &error));
	got = g_socket_get_local_address(keeper, &error);
	g_assert_no_error(error);
	return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(got));
}

char *fake_file_new(const char *text, mode_t mode)
{
	g_autoptr(GError) error = NULL;
	char *path = NULL;
	int fd = g_file_open_tmp("hotseat-XXXXXX", &path, &error);

	g_assert_no_error(error);
	g_close(fd, NULL);
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
	g_assert_cmpint(g_chmod(path, mode), ==, 0);
	return path;
}

void fake_file_free(char *path)
{
	g_unlink(path);
	g_free(path);
}

Endpoint *fake_endpoint(const char *url, const char *secret_file, const char *fingerprint)
{
	g_autoptr(GError) error = NULL;
	Endpoint *made = endpoint_new(url, secret_file, fingerprint, &error);

	g_assert_no_error(error);
	return made;
}
