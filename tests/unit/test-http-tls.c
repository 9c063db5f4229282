/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The listener that speaks TLS, with clients that do not, or not to the end.
 */
#include "http-desk.h"
#include "tls-relay.h"
#include "tls/certificate.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char get_status[] = "GET /status HTTP/1.1\r\nX-Secret: open\r\n\r\n";

/* The beginning of a ClientHello: a record that says it has 512 bytes. */
static const char beginning[] = "\x16\x03\x01\x02\x01\x01";

static char *say(HttpDesk *desk, const char *bytes)
{
	int fd = http_desk_bare_tcp(desk);

	http_desk_send(fd, bytes);
	return http_desk_read_all(desk, fd);
}

/* Waits until no slot is in use. */
static void assert_nobody(HttpDesk *desk)
{
	while (listener_connections(desk->http->tcp) != NULL)
		http_desk_run(desk);
}

static void test_plain_request(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	answer = say(&desk, get_status);
	g_assert_cmpint(http_status_of(answer), ==, 400);
	g_assert_cmpstr(http_body_of(answer), ==,
		"{\"success\":false,\"error\":\"this port accepts only TLS; use https://\"}");
	assert_nobody(&desk);
	http_desk_clear(&desk);
}

/* whatever comes: no answer to a request, no slot kept */
static void test_garbage(void)
{
	static const char *const garbage[] = { "\x80\x2e\x01", "SSH-2.0-x\r\n",
		"\x16\x16\x16\x16\x16\x16\x16\x16\x16\x16", "\x16\x03\x01\x01\x05\x02zzzzz",
		"\x16\xff\xff\xff\xff\xff\xff\xff" };
	HttpDesk desk;

	http_desk_init(&desk);
	desk.http->times.transfer_ms = 200;
	for (gsize i = 0; i < G_N_ELEMENTS(garbage); i++) {
		g_autofree char *answer = say(&desk, garbage[i]);

		g_assert_null(strstr(answer, " 200 "));
		assert_nobody(&desk);
	}
	http_desk_clear(&desk);
}

static void test_slow_handshake(void)
{
	/* one that says nothing at all is the kernel's: test-http-hostile.c */
	static const char *const beginnings[] = { "\x16", beginning };
	ConnectionTimes normal;
	HttpDesk desk;

	http_desk_init(&desk);
	normal = desk.http->times;
	for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++) {
		g_autofree char *answer = NULL;

		http_desk_hurry(&desk, beginnings[i]);
		answer = say(&desk, beginnings[i]);
		g_assert_cmpstr(answer, ==, "");
		assert_nobody(&desk);
		desk.http->times = normal;
	}
	http_desk_clear(&desk);
}

/* they make room for one who means it */
static void test_many_slow_handshakes(void)
{
	HttpDesk desk;
	int fds[LISTENER_CONNECTIONS_MAX + 8];
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = http_desk_bare_tcp(&desk);
		http_desk_send(fds[i], beginning);
		http_desk_run(&desk);
	}
	answer = http_desk_ask(&desk, FALSE, get_status);
	g_assert_cmpint(http_status_of(answer), ==, 200);
	g_assert_cmpuint(g_list_length((GList *)listener_connections(desk.http->tcp)), <=,
		LISTENER_CONNECTIONS_MAX);
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++)
		close(fds[i]);
	http_desk_clear(&desk);
}

/* One record holds more than is read at a time. */
static void test_long_record(void)
{
	HttpDesk desk;
	g_autofree char *filler = g_strnfill(12 * 1024, 'x');
	g_autofree char *request =
		g_strdup_printf("GET /status HTTP/1.1\r\nX-Secret: open\r\nX: %s\r\n\r\n", filler);
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	answer = http_desk_ask(&desk, FALSE, request);
	g_assert_cmpint(http_status_of(answer), ==, 200);
	http_desk_clear(&desk);
}

/* -- another certificate ---------------------------------------------------------------------- */

typedef struct {
	int fd;
	const char *priority; /* NULL: gnutls' own */
	int code;	      /* of the handshake */
	guint8 seen[32];      /* SHA-256 of the server's certificate */
	gboolean over;
} Look;

static gpointer look(gpointer data)
{
	Look *job = data;
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session;
	const gnutls_datum_t *certificates;
	gsize length = sizeof job->seen;
	guint count;

	gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
	gnutls_certificate_allocate_credentials(&credentials);
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_priority_set_direct(session, job->priority, NULL);
	gnutls_transport_set_int(session, job->fd);
	job->code = gnutls_handshake(session);
	certificates = gnutls_certificate_get_peers(session, &count);
	if (certificates != NULL)
		gnutls_fingerprint(GNUTLS_DIG_SHA256, certificates, job->seen, &length);
	gnutls_deinit(session);
	gnutls_certificate_free_credentials(credentials);
	close(job->fd);
	g_atomic_int_set(&job->over, TRUE);
	return NULL;
}

static Look look_at(HttpDesk *desk, const char *priority)
{
	Look job = { .fd = http_desk_bare_tcp(desk), .priority = priority };
	GThread *thread = g_thread_new("look", look, &job);

	while (!g_atomic_int_get(&job.over)) {
		http_desk_run(desk);
		g_usleep(1000);
	}
	g_thread_join(thread);
	return job;
}

static void test_versions(void)
{
	HttpDesk desk;

	http_desk_init(&desk);
	g_assert_cmpint(look_at(&desk, "NORMAL:-VERS-ALL:+VERS-TLS1.3").code, ==, 0);
	g_assert_cmpint(look_at(&desk, "NORMAL:-VERS-ALL:+VERS-TLS1.2").code, ==, 0);
	g_assert_cmpint(look_at(&desk, "NORMAL:-VERS-ALL:+VERS-TLS1.1").code, <, 0);
	g_assert_cmpint(look_at(&desk, "NORMAL:-VERS-ALL:+VERS-TLS1.0").code, <, 0);
	http_desk_clear(&desk);
}

static void write_pair(const HttpDesk *desk)
{
	g_autofree char *certificate = NULL, *key = NULL;

	g_assert_true(certificate_make("127.0.0.1", &certificate, &key, NULL));
	g_assert_true(g_file_set_contents(desk->certificate, certificate, -1, NULL));
	g_assert_true(g_file_set_contents(desk->key, key, -1, NULL));
}

static void test_another_certificate(void)
{
	HttpDesk desk;
	g_autoptr(GString) buffer = g_string_new(NULL);
	Look first, second;
	guint16 port;
	int fd;

	http_desk_init(&desk);
	port = http_tcp_port(desk.http);
	first = look_at(&desk, "NORMAL");
	fd = http_desk_tcp(&desk);
	http_desk_send(fd, "GET /events HTTP/1.1\r\nX-Secret: open\r\n\r\n");
	http_desk_read_until(&desk, fd, buffer, "event: status");
	write_pair(&desk);
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	second = look_at(&desk, "NORMAL");
	g_assert_cmpuint(http_tcp_port(desk.http), ==, port);
	g_assert_true(memcmp(first.seen, second.seen, 32) != 0);
	/* who was there is still served, with the old one */
	fake_guest_becomes(desk.guest, GUEST_OFF);
	http_desk_read_until(&desk, fd, buffer, "event: guest");
	close(fd);
	http_desk_clear(&desk);
}

/* nothing changes */
static void test_broken_certificate(void)
{
	HttpDesk desk;
	g_autoptr(GError) error = NULL;
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	g_assert_true(g_file_set_contents(desk.certificate, "hello", -1, NULL));
	desk.config.http_secret = (char *)"sesame";
	g_assert_false(http_listen(desk.http, &desk.config, &error));
	g_assert_nonnull(strstr(error->message, "has no certificate in PEM"));
	answer = http_desk_ask(&desk, FALSE, get_status);
	g_assert_cmpint(http_status_of(answer), ==, 200);
	http_desk_clear(&desk);
}

/* from plain to TLS and back, on one socket */
static void test_on_and_off(void)
{
	HttpDesk desk;
	ConfigFile certificate;
	g_autofree char *plain = NULL, *tls = NULL;
	guint16 port;

	http_desk_init(&desk);
	port = http_tcp_port(desk.http);
	certificate = desk.config.http_certificate;
	desk.config.http_certificate.path = NULL;
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	plain = say(&desk, get_status);
	g_assert_cmpint(http_status_of(plain), ==, 200);
	desk.config.http_certificate = certificate;
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	tls = http_desk_ask(&desk, FALSE, get_status);
	g_assert_cmpint(http_status_of(tls), ==, 200);
	g_assert_cmpuint(http_tcp_port(desk.http), ==, port);
	http_desk_clear(&desk);
}

/* more than is served at once; no request is lost */
static void test_forty_clients(void)
{
	HttpDesk desk;
	int fds[40];

	http_desk_init(&desk);
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i += LISTENER_CONNECTIONS_MAX / 2) {
		gsize end = MIN(i + LISTENER_CONNECTIONS_MAX / 2, G_N_ELEMENTS(fds));

		for (gsize j = i; j < end; j++) {
			fds[j] = http_desk_tcp(&desk);
			http_desk_send(fds[j], get_status);
		}
		for (gsize j = i; j < end; j++) {
			g_autofree char *answer = http_desk_read_all(&desk, fds[j]);

			g_assert_cmpint(http_status_of(answer), ==, 200);
		}
	}
	http_desk_clear(&desk);
}

int main(int argc, char **argv)
{
	static const HttpTest tests[] = {
		{ "plain-request", test_plain_request },
		{ "garbage", test_garbage },
		{ "slow-handshake", test_slow_handshake },
		{ "many-slow-handshakes", test_many_slow_handshakes },
		{ "long-record", test_long_record },
		{ "versions", test_versions },
		{ "another-certificate", test_another_certificate },
		{ "broken-certificate", test_broken_certificate },
		{ "on-and-off", test_on_and_off },
		{ "forty-clients", test_forty_clients },
	};

	g_setenv("HOTSEAT_TEST_TLS", "1", TRUE);
	return http_tests_run(argc, argv, "http-tls", tests, G_N_ELEMENTS(tests));
}
