/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http-desk.h"
#include "tls-relay.h"
#include "tls/certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

const char http_to_guest[] = "POST /switch HTTP/1.1\r\n" TO("14") "\r\n\r\n{\"to\":\"guest\"}";
const char http_get_status[] = "GET /status HTTP/1.1\r\n\r\n";

/* Nobody is too slow unless a test says so: valgrind on a busy computer makes seconds of a
 * handshake. */
enum { PATIENCE_MS = 3600 * 1000 };

static void make_seat(HttpDesk *desk, const char *second)
{
	SeatClock clock = fake_clock(&desk->time);

	desk->seat = seat_new(&clock, TRUE);
	desk->display = fake_resource(&desk->time, RESOURCE_DISPLAY, "left");
	desk->keyboard = fake_resource(&desk->time, RESOURCE_DEVICE, "keyboard");
	desk->guest = fake_guest(&desk->time, "guest", GUEST_RUNNING);
	seat_add_resource(desk->seat, &desk->display->base);
	seat_add_resource(desk->seat, &desk->keyboard->base);
	seat_add_guest(desk->seat, &desk->guest->base);
	if (second != NULL)
		seat_add_guest(desk->seat, &fake_guest(&desk->time, second, GUEST_RUNNING)->base);
	seat_start(desk->seat, NULL);
	fake_run(&desk->time, 1000);
}

/* Where the config says that they are. */
static void make_certificate(HttpDesk *desk)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *certificate = NULL, *key = NULL;

	g_assert_true(certificate_make("127.0.0.1", &certificate, &key, &error));
	g_assert_no_error(error);
	desk->certificate = g_build_filename(desk->dir, "certificate.pem", NULL);
	desk->key = g_build_filename(desk->dir, "key.pem", NULL);
	g_assert_true(g_file_set_contents(desk->certificate, certificate, -1, NULL));
	g_assert_true(g_file_set_contents(desk->key, key, -1, NULL));
	g_assert_cmpint(g_chmod(desk->key, 0600), ==, 0);
	desk->config.http_certificate.path = desk->certificate;
	desk->config.http_key.path = desk->key;
}

gboolean http_desk_has_tls(const HttpDesk *desk)
{
	return desk->config.http_certificate.path != NULL;
}

void http_desk_init(HttpDesk *desk)
{
	http_desk_init_two(desk, NULL);
}

void http_desk_init_two(HttpDesk *desk, const char *second)
{
	g_autoptr(GError) error = NULL;

	memset(desk, 0, sizeof *desk);
	make_seat(desk, second);
	desk->dir = g_dir_make_tmp("hotseat-XXXXXX", &error);
	g_assert_no_error(error);
	desk->path = g_build_filename(desk->dir, "s", NULL);
	desk->config = (Config){
		.http = TRUE,
		.http_host = (char *)"127.0.0.1",
		.http_security = TRUE,
		.http_secret = (char *)"open",
		.path = (char *)"config.yaml",
	};
	if (g_getenv("HOTSEAT_TEST_TLS") != NULL)
		make_certificate(desk);
	desk->http = http_new(desk->path, &error);
	g_assert_no_error(error);
	desk->http->times = (ConnectionTimes){ PATIENCE_MS, PATIENCE_MS, PATIENCE_MS, PATIENCE_MS,
		PATIENCE_MS };
	http_agents_init(desk->http, PATIENCE_MS);
	http_set_seat(desk->http, desk->seat);
	http_listen(desk->http, &desk->config, &error);
	g_assert_no_error(error);
}

void http_desk_clear(HttpDesk *desk)
{
	http_free(desk->http);
	tls_relay_join();
	seat_free(desk->seat);
	fake_clear(&desk->time);
	g_assert_false(g_file_test(desk->path, G_FILE_TEST_EXISTS));
	if (http_desk_has_tls(desk)) {
		g_unlink(desk->certificate);
		g_unlink(desk->key);
	}
	g_assert_cmpint(g_rmdir(desk->dir), ==, 0);
	g_free(desk->certificate);
	g_free(desk->key);
	g_free(desk->path);
	g_free(desk->dir);
}

void http_desk_run(HttpDesk *desk)
{
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	fake_run(&desk->time, 1);
}

static int connected(int fd, const void *address, socklen_t length)
{
	g_assert_cmpint(connect(fd, address, length), ==, 0);
	return fd;
}

int http_desk_unix(HttpDesk *desk)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	g_strlcpy(address.sun_path, desk->path, sizeof address.sun_path);
	return connected(socket(AF_UNIX, SOCK_STREAM, 0), &address, sizeof address);
}

int http_desk_tcp(HttpDesk *desk)
{
	int fd = http_desk_bare_tcp(desk);

	return http_desk_has_tls(desk) ? tls_relay(fd) : fd;
}

int http_desk_bare_tcp(HttpDesk *desk)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(http_tcp_port(desk->http)),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };

	return connected(socket(AF_INET, SOCK_STREAM, 0), &address, sizeof address);
}

void http_desk_send(int fd, const char *bytes)
{
	g_assert_cmpint((int)send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), ==, (int)strlen(bytes));
}

/* Returns how many bytes came, 0 at the end. */
static gssize read_some(HttpDesk *desk, int fd, GString *buffer)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char bytes[4096];
	gssize length;

	do
		http_desk_run(desk);
	while (poll(&poll_fd, 1, 1) == 0);
	length = recv(fd, bytes, sizeof bytes, 0);
	if (length > 0)
		g_string_append_len(buffer, bytes, length);
	return length;
}

char *http_desk_read_all(HttpDesk *desk, int fd)
{
	GString *buffer = g_string_new(NULL);

	while (read_some(desk, fd, buffer) > 0)
		continue;
	close(fd);
	return g_string_free(buffer, FALSE);
}

void http_desk_read_until(HttpDesk *desk, int fd, GString *buffer, const char *text)
{
	while (strstr(buffer->str, text) == NULL)
		g_assert_cmpint((int)read_some(desk, fd, buffer), >, 0);
}

char *http_desk_ask(HttpDesk *desk, gboolean over_unix, const char *bytes)
{
	int fd = over_unix ? http_desk_unix(desk) : http_desk_tcp(desk);

	http_desk_send(fd, bytes);
	return http_desk_read_all(desk, fd);
}

int http_status_of(const char *answer)
{
	g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 "));
	return atoi(answer + strlen("HTTP/1.1 "));
}

const char *http_body_of(const char *answer)
{
	const char *blank = strstr(answer, "\r\n\r\n");

	g_assert_nonnull(blank);
	return blank + 4;
}

void http_assert_refused(const char *answer, int status)
{
	g_assert_cmpint(http_status_of(answer), ==, status);
	g_assert_true(g_str_has_prefix(http_body_of(answer), "{\"success\":false,\"error\":\""));
}

void http_desk_hurry(HttpDesk *desk, const char *sent)
{
	if (*sent == '\0')
		desk->http->times.idle_ms = 1;
	else
		desk->http->times.transfer_ms = 1;
}

int http_tests_run(int argc, char **argv, const char *room, const HttpTest *tests, gsize n)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < n; i++) {
		g_autofree char *path = g_strdup_printf("/%s/%s", room, tests[i].name);

		g_test_add_func(path, tests[i].func);
	}
	return g_test_run();
}
