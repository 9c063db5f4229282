/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* A connection has failed if sent data is not acknowledged for this time: two heartbeats of a
 * stream. */
#define SILENCE_MS 30000
/* How long to stop accepting if no file descriptors are left. */
#define OUT_OF_FDS_MS 1000
/* How many file descriptors connections over the network leave free, at most a quarter of all: for
 * the host's own commands, and for what a switch opens. Connections over the Unix socket leave half
 * as many. */
#define FDS_KEPT_FREE 24
/* How often to log that. */
#define WARN_AGAIN_US (60 * (gint64)G_USEC_PER_SEC)

struct Listener {
	TlsCredentials *tls; /* NULL: plain */
	GArray *fds;
	GArray *watches;  /* source ids while it accepts */
	guint pause;	  /* source id, while it does not */
	gint64 warned_us; /* when the lack of file descriptors was last logged; 0: never */
	GQueue connections;
	const ConnectionTimes *times;
	const ConnectionOps *ops;
	gpointer data;
};

static void start(Listener *listener);

static void stop(Listener *listener)
{
	for (guint i = 0; i < listener->watches->len; i++)
		g_source_remove(g_array_index(listener->watches, guint, i));
	g_array_set_size(listener->watches, 0);
}

static gboolean on_pause_over(gpointer data)
{
	Listener *listener = data;

	listener->pause = 0;
	start(listener);
	return G_SOURCE_REMOVE;
}

/* The client's address as text; NULL on a Unix socket. */
static char *peer_name(const struct sockaddr_storage *address)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (address->ss_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text,
			sizeof text);
	else if (address->ss_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text,
			sizeof text);
	else
		return NULL;
	return g_strdup(text);
}

/* The key for counting the peer's connections: its address. Clients of Unix sockets have none, and
 * are counted together. */
static const char *address_of(const Connection *connection)
{
	const char *peer = connection_peer(connection);

	return peer != NULL ? peer : "";
}

/* The address with the most connections, among those with a connection that may be closed; NULL:
 * there is none. */
static const char *find_busiest(const Listener *listener)
{
	g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
	const char *busiest = NULL;
	guint most = 0;

	for (const GList *link = listener->connections.head; link != NULL; link = link->next) {
		gpointer key = (gpointer)address_of(link->data);
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));

		g_hash_table_insert(counts, key, GUINT_TO_POINTER(n + 1));
	}
	for (const GList *link = listener->connections.head; link != NULL; link = link->next) {
		const char *address = address_of(link->data);
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, address));

		if (connection_stage(link->data) == CONNECTION_SERVED || n <= most)
			continue;
		busiest = address;
		most = n;
	}
	return busiest;
}

/* The stage at which most connections of an address are. Those of a flood are usually at the same
 * stage. */
static ConnectionStage find_stage(const Listener *listener, const char *address)
{
	guint counts[CONNECTION_SERVED] = { 0 };
	ConnectionStage fullest = CONNECTION_OVER;

	for (const GList *link = listener->connections.head; link != NULL; link = link->next) {
		ConnectionStage stage = connection_stage(link->data);

		if (stage != CONNECTION_SERVED && g_str_equal(address_of(link->data), address))
			counts[stage]++;
	}
	for (ConnectionStage stage = CONNECTION_OVER; stage < CONNECTION_SERVED; stage++)
		if (counts[stage] > counts[fullest])
			fullest = stage;
	return fullest;
}

/*
 * The connection to close for a new one: one that has got its answer; otherwise, of the address
 * with most connections and of the stage at which most of these are, the one that has been silent
 * for longest. Normal clients proceed immediately and are at stages with few others, unlike clients
 * that only take up places. NULL: all are being served.
 */
static Connection *find_victim(const Listener *listener)
{
	const char *address = NULL;
	Connection *victim = NULL;
	ConnectionStage stage;

	for (const GList *link = listener->connections.head; link != NULL; link = link->next)
		if (connection_stage(link->data) == CONNECTION_OVER)
			return link->data;
	address = find_busiest(listener);
	if (address == NULL)
		return NULL;
	stage = find_stage(listener, address);
	for (const GList *link = listener->connections.head; link != NULL; link = link->next)
		if (connection_stage(link->data) == stage &&
			g_str_equal(address_of(link->data), address) &&
			(victim == NULL ||
				connection_active_us(link->data) < connection_active_us(victim)))
			victim = link->data;
	return victim;
}

static gboolean make_room(Listener *listener)
{
	Connection *victim = find_victim(listener);

	if (victim != NULL)
		connection_close(victim);
	return victim != NULL;
}

/* A TLS client could not read this answer. */
static void turn_away(int fd, gboolean plain)
{
	static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\n"
				     "Content-Type: application/json\r\n"
				     "Content-Length: 48\r\n"
				     "Connection: close\r\n"
				     "\r\n"
				     "{\"success\":false,\"error\":\"too many connections\"}";

	if (plain)
		send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

/* The lowest free descriptor is always used first: is this one of those to keep free? */
static gboolean is_kept_free(int fd, gboolean network)
{
	struct rlimit limit;
	rlim_t kept;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return FALSE;
	kept = MIN(FDS_KEPT_FREE, limit.rlim_cur / 4);
	return (rlim_t)fd >= limit.rlim_cur - (network ? kept : kept / 2);
}

/* Duplicates fd to a number that need not be kept free, for which another connection may be closed.
 * -1: there is none, and fd is still open. */
static int take_other_fd(Listener *listener, int fd, gboolean network)
{
	int other = make_room(listener) ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;

	if (other >= 0 && !is_kept_free(other, network)) {
		close(fd);
		return other;
	}
	if (other >= 0)
		close(other);
	return -1;
}

/* Is there a place for another connection? *fd may become another number for the same file. */
static gboolean find_place(Listener *listener, int *fd, gboolean network)
{
	int other;

	if (listener->connections.length >= LISTENER_CONNECTIONS_MAX && !make_room(listener))
		return FALSE;
	if (!is_kept_free(*fd, network))
		return TRUE;
	other = take_other_fd(listener, *fd, network);
	if (other >= 0)
		*fd = other;
	return other >= 0;
}

static void add(Listener *listener, int fd, const struct sockaddr_storage *address)
{
	static const int on = 1;
	static const unsigned silence_ms = SILENCE_MS;
	g_autofree char *peer = peer_name(address);

	if (!find_place(listener, &fd, peer != NULL)) {
		turn_away(fd, listener->tls == NULL);
		return;
	}
	if (peer != NULL) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
		/* a guest that was killed does not close its connection; a stream's heartbeat
		 * detects it */
		setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence_ms, sizeof silence_ms);
	}
	g_queue_push_tail(
		&listener->connections, connection_new(stream_new(fd, listener->tls), peer,
						listener->times, listener->ops, listener->data));
}

/* Only once in a while, so that clients cannot fill the log with connections. */
static void warn_of_fds(Listener *listener, int code)
{
	gint64 now_us = g_get_monotonic_time();

	if (listener->warned_us != 0 && now_us - listener->warned_us < WARN_AGAIN_US)
		return;
	listener->warned_us = now_us;
	g_warning("cannot accept a connection: %s", g_strerror(code));
}

static gboolean on_incoming(int listening, GIOCondition condition, gpointer data)
{
	Listener *listener = data;
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	socklen_t length = sizeof address;
	int fd = accept4(
		listening, (struct sockaddr *)&address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0) {
		add(listener, fd, &address);
	} else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
		/* the socket stays readable, so without a pause this would loop */
		warn_of_fds(listener, errno);
		stop(listener);
		listener->pause = g_timeout_add(OUT_OF_FDS_MS, on_pause_over, listener);
	}
	return G_SOURCE_CONTINUE;
}

static void start(Listener *listener)
{
	for (guint i = 0; i < listener->fds->len; i++) {
		guint id = g_unix_fd_add(
			g_array_index(listener->fds, int, i), G_IO_IN, on_incoming, listener);

		g_array_append_val(listener->watches, id);
	}
}

static void close_fd(gpointer data)
{
	close(*(int *)data);
}

Listener *listener_new(
	GArray *fds, const ConnectionTimes *times, const ConnectionOps *ops, gpointer data)
{
	Listener *listener = g_new0(Listener, 1);

	listener->fds = fds;
	g_array_set_clear_func(fds, close_fd);
	listener->watches = g_array_new(FALSE, FALSE, sizeof(guint));
	g_queue_init(&listener->connections);
	listener->times = times;
	listener->ops = ops;
	listener->data = data;
	start(listener);
	return listener;
}

void listener_free(Listener *listener)
{
	if (listener == NULL)
		return;
	stop(listener);
	g_clear_handle_id(&listener->pause, g_source_remove);
	while (listener->connections.head != NULL) {
		Connection *connection = listener->connections.head->data;

		connection_close(connection);
		/* a connection that is on the stack is freed later */
		g_queue_remove(&listener->connections, connection);
	}
	tls_credentials_unref(listener->tls);
	g_array_unref(listener->watches);
	g_array_unref(listener->fds);
	g_free(listener);
}

void listener_set_tls(Listener *listener, TlsCredentials *credentials)
{
	tls_credentials_unref(listener->tls);
	listener->tls = credentials != NULL ? tls_credentials_ref(credentials) : NULL;
}

const GList *listener_connections(const Listener *listener)
{
	return listener->connections.head;
}

guint16 listener_port(const Listener *listener)
{
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	socklen_t length = sizeof address;

	if (listener->fds->len == 0 || getsockname(g_array_index(listener->fds, int, 0),
					       (struct sockaddr *)&address, &length) != 0)
		return 0;
	/* the port is at the same place in sockaddr_in6 */
	return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

void listener_forget(Listener *listener, Connection *connection)
{
	g_queue_remove(&listener->connections, connection);
}
