/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls-relay.h"

#include <errno.h>
#include <glib.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
	int plain, fd;
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session;
	gboolean plain_over, tls_over;
} Relay;

static GSList *threads;

static gboolean send_plain(int fd, const char *bytes, gssize length)
{
	while (length > 0) {
		gssize sent = send(fd, bytes, (gsize)length, MSG_NOSIGNAL);

		if (sent <= 0)
			return FALSE;
		bytes += sent;
		length -= sent;
	}
	return TRUE;
}

/* From the test to the server. */
static void move_out(Relay *relay)
{
	/* as much as a record of TLS holds */
	char bytes[16384];
	gssize length = recv(relay->plain, bytes, sizeof bytes, 0), sent = 0;

	if (length <= 0) {
		relay->plain_over = TRUE;
		gnutls_bye(relay->session, GNUTLS_SHUT_WR);
		shutdown(relay->fd, SHUT_WR);
		return;
	}
	while (sent < length) {
		gssize n = gnutls_record_send(relay->session, bytes + sent, (gsize)(length - sent));

		if (n < 0) {
			relay->tls_over = relay->plain_over = TRUE;
			return;
		}
		sent += n;
	}
}

/* From the server to the test. */
static void move_in(Relay *relay)
{
	char bytes[4096];

	do {
		gssize length = gnutls_record_recv(relay->session, bytes, sizeof bytes);

		if (length <= 0 || !send_plain(relay->plain, bytes, length)) {
			relay->tls_over = TRUE;
			shutdown(relay->plain, SHUT_WR);
			return;
		}
	} while (gnutls_record_check_pending(relay->session) > 0);
}

static void move(Relay *relay)
{
	while (!relay->tls_over) {
		struct pollfd fds[] = {
			{ .fd = relay->plain_over ? -1 : relay->plain, .events = POLLIN },
			{ .fd = relay->fd, .events = POLLIN },
		};

		poll(fds, G_N_ELEMENTS(fds), -1);
		if (fds[0].revents != 0)
			move_out(relay);
		if (fds[1].revents != 0 && !relay->tls_over)
			move_in(relay);
	}
}

static gpointer run(gpointer data)
{
	Relay *relay = data;

	if (gnutls_handshake(relay->session) == GNUTLS_E_SUCCESS)
		move(relay);
	gnutls_deinit(relay->session);
	gnutls_certificate_free_credentials(relay->credentials);
	close(relay->fd);
	close(relay->plain);
	g_free(relay);
	return NULL;
}

int tls_relay(int fd)
{
	Relay *relay = g_new0(Relay, 1);
	int pair[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
	relay->plain = pair[1];
	relay->fd = fd;
	gnutls_init(&relay->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
	gnutls_certificate_allocate_credentials(&relay->credentials);
	gnutls_credentials_set(relay->session, GNUTLS_CRD_CERTIFICATE, relay->credentials);
	gnutls_set_default_priority(relay->session);
	gnutls_transport_set_int(relay->session, fd);
	threads = g_slist_prepend(threads, g_thread_new("tls-relay", run, relay));
	return pair[0];
}

void tls_relay_join(void)
{
	for (; threads != NULL; threads = g_slist_delete_link(threads, threads))
		g_thread_join(threads->data);
}
