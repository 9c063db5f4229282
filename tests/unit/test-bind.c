/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sockets to listen on: what they are like, and what is said when there can be none.
 */
#include "common/error.h"
#include "http/bind.h"
#include "open-fds.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define NOBODY 65534

typedef struct {
	char *dir, *path;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
	f->dir = g_dir_make_tmp("bind-XXXXXX", NULL);
	f->path = g_build_filename(f->dir, "s", NULL);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	g_unlink(f->path);
	g_assert_cmpint(g_rmdir(f->dir), ==, 0);
	g_free(f->path);
	g_free(f->dir);
}

static int option(int fd, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;

	g_assert_cmpint(getsockopt(fd, level, name, &value, &length), ==, 0);
	return value;
}

static void assert_listens(int fd)
{
	g_assert_cmpint(option(fd, SOL_SOCKET, SO_ACCEPTCONN), ==, 1);
	g_assert_cmphex((guint)fcntl(fd, F_GETFL) & O_NONBLOCK, ==, O_NONBLOCK);
	g_assert_cmphex((guint)fcntl(fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
}

/* -- Unix sockets ----------------------------------------------------------------------------- */

static void test_unix(Fixture *f, gconstpointer unused)
{
	mode_t before = umask(0177);
	struct stat st;
	int fd = bind_unix(f->path, NULL);

	umask(before);
	g_assert_cmpint(fd, >=, 0);
	assert_listens(fd);
	/* whatever the umask is */
	g_assert_cmpint(lstat(f->path, &st), ==, 0);
	g_assert_cmpint((int)(st.st_mode & 07777), ==, 0660);
	close(fd);
}

static void assert_refused(const char *path, HotseatError code, const char *format)
{
	g_autofree char *expected = g_strdup_printf(format, path);
	g_autoptr(GError) error = NULL;
	guint before = open_fds();

	g_assert_cmpint(bind_unix(path, &error), ==, -1);
	g_assert_error(error, HOTSEAT_ERROR, (int)code);
	g_assert_cmpstr(error->message, ==, expected);
	g_assert_cmpuint(open_fds(), ==, before);
}

/* The longest path that there can be, and one byte more. */
static void test_unix_long(Fixture *f, gconstpointer unused)
{
	gsize most = sizeof((struct sockaddr_un *)NULL)->sun_path - 1;
	g_autofree char *filler = g_strnfill(most - strlen(f->dir) - 1, 'x');
	g_autofree char *longest = g_build_filename(f->dir, filler, NULL);
	g_autofree char *longer = g_strconcat(longest, "x", NULL);
	int fd = bind_unix(longest, NULL);

	g_assert_cmpuint(strlen(longest), ==, most);
	g_assert_cmpint(fd, >=, 0);
	close(fd);
	g_assert_cmpint(g_unlink(longest), ==, 0);
	assert_refused(longer, HOTSEAT_ERROR_FAILED,
		"the socket's path %s is longer than 107 bytes; choose another --socket");
	g_assert_false(g_file_test(longest, G_FILE_TEST_EXISTS));
}

/* Who is alive keeps the path, who is dead does not, and a file is left alone. */
static void test_unix_taken(Fixture *f, gconstpointer unused)
{
	int fd = bind_unix(f->path, NULL);

	assert_refused(f->path, HOTSEAT_ERROR_FAILED,
		"hotseatd is already running on %s; stop it first, or choose another --socket");
	close(fd);
	fd = bind_unix(f->path, NULL);
	g_assert_cmpint(fd, >=, 0);
	close(fd);
	g_unlink(f->path);
	g_assert_true(g_file_set_contents(f->path, "x", 1, NULL));
	assert_refused(f->path, HOTSEAT_ERROR_FAILED,
		"%s exists and is not a socket; remove it, or choose another --socket");
	g_assert_true(g_file_test(f->path, G_FILE_TEST_IS_REGULAR));
}

static int bind_datagrams(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	return fd;
}

/* Another program's, which does not speak with us. */
static void test_unix_others(Fixture *f, gconstpointer unused)
{
	int fd = bind_datagrams(f->path);

	assert_refused(f->path, HOTSEAT_ERROR_FAILED,
		"%s exists and may be in use: Protocol wrong type for socket; remove it, or "
		"choose another --socket");
	close(fd);
}

/* One that is alive and too busy for us is alive. */
static void test_unix_busy(Fixture *f, gconstpointer unused)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), clients[8];
	gsize n = 0;

	g_strlcpy(address.sun_path, f->path, sizeof address.sun_path);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	g_assert_cmpint(listen(fd, 0), ==, 0);
	do
		clients[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	while (connect(clients[n], (struct sockaddr *)&address, sizeof address) == 0 &&
		++n < G_N_ELEMENTS(clients) - 1);
	assert_refused(f->path, HOTSEAT_ERROR_FAILED,
		"hotseatd is already running on %s; stop it first, or choose another --socket");
	for (gsize i = 0; i <= n; i++)
		close(clients[i]);
	close(fd);
}

static void test_unix_nowhere(Fixture *f, gconstpointer unused)
{
	assert_refused("/nonexistent/below/s", HOTSEAT_ERROR_FAILED,
		"cannot listen on %s: No such file or directory; check that its directory exists "
		"and that this user may write to it");
	if (geteuid() != 0)
		return;
	/* of a folder of root's */
	g_assert_cmpint(g_chmod(f->dir, 0755), ==, 0);
	g_assert_cmpint(seteuid(NOBODY), ==, 0);
	assert_refused(f->path, HOTSEAT_ERROR_NO_PERMISSION,
		"cannot listen on %s: Permission denied; check that its directory exists and that "
		"this user may write to it");
	g_assert_cmpint(seteuid(0), ==, 0);
}

static void test_unix_new_folder(Fixture *f, gconstpointer unused)
{
	g_autofree char *folder = g_build_filename(f->dir, "hotseat", NULL);
	g_autofree char *path = g_build_filename(folder, "s", NULL);
	int fd = bind_unix(path, NULL);

	g_assert_cmpint(fd, >=, 0);
	close(fd);
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_rmdir(folder), ==, 0);
}

/* -- TCP -------------------------------------------------------------------------------------- */

/* Free with g_list_free_full(). */
static GList *addresses(const char *one, const char *other)
{
	GList *list = g_list_append(NULL, g_inet_address_new_from_string(one));

	return other != NULL ? g_list_append(list, g_inet_address_new_from_string(other)) : list;
}

static GArray *bind_to(const char *one, const char *other, guint16 port, GError **error)
{
	GList *list = addresses(one, other);
	GArray *fds = bind_tcp(list, one, port, error);

	g_list_free_full(list, g_object_unref);
	return fds;
}

static guint16 port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;

	g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &length), ==, 0);
	return ntohs(address.sin_port);
}

static void test_tcp(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	/* the second is none of this machine's, yet */
	g_autoptr(GArray) fds = bind_to("127.0.0.1", "192.0.2.1", 0, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(fds->len, ==, 2);
	for (guint i = 0; i < fds->len; i++) {
		int fd = g_array_index(fds, int, i);

		assert_listens(fd);
		g_assert_cmpint(option(fd, SOL_SOCKET, SO_REUSEADDR), ==, 1);
		g_assert_cmpint(option(fd, IPPROTO_IP, IP_FREEBIND), ==, 1);
		g_assert_cmpint(option(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT), >, 0);
	}
}

/* Both of them, with one port. */
static void test_tcp_side_by_side(Fixture *f, gconstpointer unused)
{
	g_autoptr(GArray) first = bind_to("0.0.0.0", NULL, 0, NULL),
			  six = bind_to("::", NULL, 0, NULL);
	guint16 port = port_of(g_array_index(first, int, 0));

	if (six == NULL) {
		g_test_skip("this machine has no IPv6");
		return;
	}
	g_clear_pointer(&first, g_array_unref);
	first = bind_to("0.0.0.0", "::", port, NULL);
	g_assert_nonnull(first);
	g_assert_cmpuint(first->len, ==, 2);
	g_assert_cmpint(option(g_array_index(first, int, 1), IPPROTO_IPV6, IPV6_V6ONLY), ==, 1);
}

/* Nothing is left of those that were bound before, and who has the port is said. */
static void test_tcp_taken(Fixture *f, gconstpointer unused)
{
	g_autoptr(GArray) fds = bind_to("127.0.0.1", NULL, 0, NULL), more = NULL;
	guint16 port = port_of(g_array_index(fds, int, 0));
	g_autoptr(GError) error = NULL;
	g_autofree char *expected =
		g_strdup_printf("port %u of 127.0.0.2 is taken by ", (guint)port);
	guint before = open_fds();

	g_assert_null(bind_to("127.0.0.2", "127.0.0.1", port, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	g_assert_true(g_str_has_prefix(error->message, expected));
	g_assert_true(g_str_has_suffix(error->message, "; stop it, or change http.address"));
	g_assert_cmpuint(open_fds(), ==, before);
	more = bind_to("127.0.0.2", NULL, port, NULL);
	g_assert_nonnull(more);
}

static void test_tcp_nothing(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(bind_tcp(NULL, "tower", 5001, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	g_assert_cmpstr(error->message, ==,
		"cannot listen on port 5001 of tower: Cannot assign requested address; change "
		"http.address");
}

#define ADD(path, func) g_test_add("/bind/" path, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("unix", test_unix);
	ADD("unix/long", test_unix_long);
	ADD("unix/taken", test_unix_taken);
	ADD("unix/others", test_unix_others);
	ADD("unix/busy", test_unix_busy);
	ADD("unix/nowhere", test_unix_nowhere);
	ADD("unix/new-folder", test_unix_new_folder);
	ADD("tcp", test_tcp);
	ADD("tcp/side-by-side", test_tcp_side_by_side);
	ADD("tcp/taken", test_tcp_taken);
	ADD("tcp/nothing", test_tcp_nothing);
	return g_test_run();
}
