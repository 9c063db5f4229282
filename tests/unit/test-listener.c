/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What accepts connections: what it does when it cannot, and when it has no place.
 */
#include "http/bind.h"
#include "http/listener.h"
#include "open-fds.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int accept_fails_with; /* 0: it does not */
static guint warnings;

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags)
{
	static int (*really)(int, struct sockaddr *, socklen_t *, int);

	if (really == NULL)
		really = (int (*)(int, struct sockaddr *, socklen_t *, int))dlsym(
			RTLD_NEXT, "accept4");
	if (accept_fails_with == 0)
		return really(fd, address, length, flags);
	errno = accept_fails_with;
	return -1;
}

static GLogWriterOutput count_warnings(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer unused)
{
	if (level & G_LOG_LEVEL_WARNING) {
		warnings++;
		return G_LOG_WRITER_HANDLED;
	}
	return g_log_writer_default(level, fields, n, NULL);
}

/* -- the fixture ------------------------------------------------------------------------------ */

typedef struct {
	char *dir, *path;
	Listener *listener;
} Fixture;

static void nothing(Connection *connection, gpointer data)
{
}

static void on_closed(Connection *connection, gpointer data)
{
	listener_forget(((Fixture *)data)->listener, connection);
}

static const ConnectionTimes times = { 3600000, 3600000, 3600000, 3600000, 3600000 };
static const ConnectionOps ops = { nothing, nothing, nothing, nothing, on_closed };

static void set_up(Fixture *f, gconstpointer unused)
{
	GArray *fds = g_array_new(FALSE, FALSE, sizeof(int));
	int fd;

	f->dir = g_dir_make_tmp("listener-XXXXXX", NULL);
	f->path = g_build_filename(f->dir, "s", NULL);
	fd = bind_unix(f->path, NULL);
	g_assert_cmpint(fd, >=, 0);
	g_array_append_val(fds, fd);
	f->listener = listener_new(fds, &times, &ops, f);
	accept_fails_with = 0;
	warnings = 0;
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	listener_free(f->listener);
	g_unlink(f->path);
	g_rmdir(f->dir);
	g_free(f->path);
	g_free(f->dir);
}

static int connect_one(Fixture *f)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_strlcpy(address.sun_path, f->path, sizeof address.sun_path);
	g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	return fd;
}

static guint count(Fixture *f)
{
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	return g_list_length((GList *)listener_connections(f->listener));
}

/* -- tests ------------------------------------------------------------------------------------ */

/* The pause is over now, instead of in a second. */
static void end_pause(Fixture *f)
{
	GSource *timer = g_main_context_find_source_by_user_data(NULL, f->listener);

	g_assert_nonnull(timer);
	g_source_set_ready_time(timer, 0);
}

/* Nothing is left to accept with: it says so once, does not spin, and accepts later. */
static void test_out_of_descriptors(Fixture *f, gconstpointer unused)
{
	static const int codes[] = { EMFILE, ENFILE, ENOMEM, ENOBUFS };

	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
		int first, second;

		if (i > 0) {
			tear_down(f, NULL);
			set_up(f, NULL);
		}
		first = connect_one(f);
		accept_fails_with = codes[i];
		g_assert_cmpuint(count(f), ==, 0);
		g_assert_cmpuint(warnings, ==, 1);
		accept_fails_with = 0;
		g_assert_cmpuint(count(f), ==, 0);
		end_pause(f);
		g_assert_cmpuint(count(f), ==, 1);
		/* once more, in the same minute */
		second = connect_one(f);
		accept_fails_with = codes[i];
		g_assert_cmpuint(count(f), ==, 1);
		accept_fails_with = 0;
		end_pause(f);
		g_assert_cmpuint(count(f), ==, 2);
		g_assert_cmpuint(warnings, ==, 1);
		close(first);
		close(second);
	}
}

/* Freed during the pause: nothing is called any more. */
static void test_freed_in_pause(Fixture *f, gconstpointer unused)
{
	int fd = connect_one(f);

	accept_fails_with = EMFILE;
	g_assert_cmpuint(count(f), ==, 0);
	tear_down(f, NULL);
	set_up(f, NULL);
	g_assert_cmpuint(count(f), ==, 0);
	close(fd);
	listener_free(NULL);
}

/* The client has gone again: that is no reason for a pause. */
static void test_aborted(Fixture *f, gconstpointer unused)
{
	static const int codes[] = { ECONNABORTED, EINTR, EAGAIN };

	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
		int fd;

		if (i > 0) {
			tear_down(f, NULL);
			set_up(f, NULL);
		}
		fd = connect_one(f);
		accept_fails_with = codes[i];
		for (int n = 0; n < 3; n++)
			g_main_context_iteration(NULL, FALSE);
		accept_fails_with = 0;
		g_assert_cmpuint(count(f), ==, 1);
		g_assert_cmpuint(warnings, ==, 0);
		close(fd);
	}
}

/* Of the stages at which an address's connections are, the fullest loses one: who asks stays. */
static void test_fullest_stage(Fixture *f, gconstpointer unused)
{
	int fds[LISTENER_CONNECTIONS_MAX], one_more;
	char byte;

	fds[0] = connect_one(f);
	g_assert_cmpint(send(fds[0], "G", 1, 0), ==, 1);
	while (count(f) < 1 ||
		connection_stage(listener_connections(f->listener)->data) != CONNECTION_ASKING)
		continue;
	for (guint i = 1; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = connect_one(f);
		g_assert_cmpuint(count(f), ==, i + 1);
	}
	one_more = connect_one(f);
	g_assert_cmpuint(count(f), ==, LISTENER_CONNECTIONS_MAX);
	g_assert_cmpint(recv(fds[0], &byte, 1, MSG_DONTWAIT), ==, -1);
	g_assert_cmpint(recv(fds[1], &byte, 1, MSG_DONTWAIT), ==, 0);
	g_assert_cmpint(recv(fds[2], &byte, 1, MSG_DONTWAIT), ==, -1);
	g_assert_cmpint(recv(one_more, &byte, 1, MSG_DONTWAIT), ==, -1);
	for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
		close(fds[i]);
	close(one_more);
}

/* -- descriptors that are kept free ----------------------------------------------------------- */

typedef struct {
	const char *path;
	gboolean network;
	guint limit;
	int first_kept; /* the lowest descriptor that is kept free */
} Kept;

/* A quarter at most, and 24; for the host's own command half of that. */
static const Kept kepts[] = {
	{ "unix/few", FALSE, 80, 80 - 10 },
	{ "unix/many", FALSE, 200, 200 - 12 },
	{ "network/few", TRUE, 80, 80 - 20 },
	{ "network/many", TRUE, 200, 200 - 24 },
};

static struct rlimit limit_before;
static GArray *taken;

/* Takes every descriptor below this one. */
static void take_below(int fd)
{
	int one;

	taken = g_array_new(FALSE, FALSE, sizeof(int));
	while ((one = open("/dev/null", O_RDONLY | O_CLOEXEC)) < fd)
		g_array_append_val(taken, one);
	close(one);
}

static void set_limit(guint limit)
{
	struct rlimit few;

	g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &limit_before), ==, 0);
	few = limit_before;
	few.rlim_cur = limit;
	g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &few), ==, 0);
}

static void give_back(void)
{
	for (guint i = 0; i < taken->len; i++)
		close(g_array_index(taken, int, i));
	g_array_unref(taken);
	g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &limit_before), ==, 0);
}

static void listen_on_network(Fixture *f)
{
	g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
	GList addresses = { .data = loopback };

	listener_free(f->listener);
	f->listener = listener_new(bind_tcp(&addresses, "127.0.0.1", 0, NULL), &times, &ops, f);
}

/* Connects, and sends text, without which a connection over the network is not heard of. */
static int connect_and_send(Fixture *f, const Kept *kept, const char *text)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(listener_port(f->listener)),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = kept->network ? socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) : connect_one(f);

	if (kept->network)
		g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	g_assert_cmpint(send(fd, text, strlen(text), MSG_NOSIGNAL), ==, (gssize)strlen(text));
	return fd;
}

/* Waits for the connection's end; what it was sent before. */
static char *read_all(Fixture *f, int fd)
{
	GString *text = g_string_new(NULL);
	char bytes[256];
	gssize length;

	while ((length = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)) != 0) {
		if (length > 0)
			g_string_append_len(text, bytes, length);
		count(f);
	}
	/* nothing but text */
	g_assert_cmpuint(strlen(text->str), ==, text->len);
	return g_string_free(text, FALSE);
}

static void until_served(Fixture *f, guint n)
{
	while (count(f) < n)
		continue;
}

/* The last descriptor that is not kept free, and then the first that is: it takes the number of a
 * connection that may go. */
static void test_kept_free(Fixture *f, gconstpointer data)
{
	const Kept *kept = data;
	guint before;

	for (int spare = 2; spare <= 3; spare++) {
		g_autofree char *end = NULL;
		int first, second;

		if (kept->network)
			listen_on_network(f);
		before = open_fds();
		take_below(kept->first_kept - spare);
		set_limit(kept->limit);
		/* the client's own is in this process too */
		first = connect_and_send(f, kept, "G");
		until_served(f, 1);
		second = connect_and_send(f, kept, "G");
		end = read_all(f, first);
		g_assert_cmpstr(end, ==, "");
		until_served(f, 1);
		/* the second is the one that is left, and can be spoken with */
		g_assert_cmpuint(count(f), ==, 1);
		g_assert_cmpint((int)recv(second, &(char){ 0 }, 1, MSG_DONTWAIT), ==, -1);
		close(first);
		close(second);
		while (count(f) > 0)
			continue;
		give_back();
		g_assert_cmpuint(open_fds(), ==, before);
	}
}

/* All are served: the new one is turned away, in words that a client of HTTP reads. */
static void test_turned_away(Fixture *f, gconstpointer data)
{
	const Kept *kept = data;
	g_autofree char *answer = NULL;
	int first, second;

	if (kept->network)
		listen_on_network(f);
	take_below(kept->first_kept - 3);
	set_limit(kept->limit);
	first = connect_and_send(f, kept, "GET / HTTP/1.1\r\n\r\n");
	until_served(f, 1);
	second = connect_and_send(f, kept, "GET / HTTP/1.1\r\n\r\n");
	answer = read_all(f, second);
	g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 503 Service Unavailable\r\n"));
	g_assert_nonnull(strstr(answer, "\r\nContent-Length: 48\r\n"));
	g_assert_cmpuint(strlen(strstr(answer, "\r\n\r\n") + 4), ==, 48);
	g_assert_cmpuint(count(f), ==, 1);
	close(first);
	close(second);
	give_back();
}

int main(int argc, char **argv)
{
	g_log_set_writer_func(count_warnings, NULL, NULL);
	g_test_init(&argc, &argv, NULL);
	g_test_add("/listener/out-of-descriptors", Fixture, NULL, set_up, test_out_of_descriptors,
		tear_down);
	g_test_add(
		"/listener/freed-in-pause", Fixture, NULL, set_up, test_freed_in_pause, tear_down);
	g_test_add("/listener/aborted", Fixture, NULL, set_up, test_aborted, tear_down);
	g_test_add("/listener/fullest-stage", Fixture, NULL, set_up, test_fullest_stage, tear_down);
	for (gsize i = 0; i < G_N_ELEMENTS(kepts); i++) {
		g_autofree char *free = g_strconcat("/listener/kept-free/", kepts[i].path, NULL);
		g_autofree char *away = g_strconcat("/listener/turned-away/", kepts[i].path, NULL);

		g_test_add(free, Fixture, &kepts[i], set_up, test_kept_free, tear_down);
		g_test_add(away, Fixture, &kepts[i], set_up, test_turned_away, tear_down);
	}
	return g_test_run();
}
