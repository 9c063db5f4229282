/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/bind.h"

#include "common/error.h"
#include "common/port-owner.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Linux's in6.h clashes with glibc's netinet/in.h, which does not have it before 2.38. */
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

/* How many connections can wait for the main loop, for example in a flood. If there are more, the
 * kernel lets a client try again after a second. */
#define BACKLOG 1024
/* The kernel reports a connection when its first byte arrives, or after about this many seconds:
 * tcp(7). Clients of HTTP and TLS send first, so a silent client does not take up a place. */
#define SILENT_S 10

static int fail_unix(int fd, const char *path, const char *next, GError **error)
{
	g_set_error(error, HOTSEAT_ERROR,
		errno == EACCES || errno == EPERM ? HOTSEAT_ERROR_NO_PERMISSION
						  : HOTSEAT_ERROR_FAILED,
		"cannot listen on %s: %s; %s", path, g_strerror(errno), next);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* 0: a process listens there; otherwise an errno: ECONNREFUSED if none does any more. */
static int try_connect(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int code = 0;

	if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) != 0)
		code = errno;
	if (fd >= 0)
		close(fd);
	/* its queue is full, so a process listens there */
	return code != EAGAIN ? code : 0;
}

/* Removes a socket at the path, unless it is in use or not a socket. */
static gboolean clear_path(const struct sockaddr_un *address, GError **error)
{
	const char *path = address->sun_path;
	struct stat st;
	int code;

	if (lstat(path, &st) != 0)
		return TRUE;
	if (!S_ISSOCK(st.st_mode)) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"%s exists and is not a socket; remove it, or choose another --socket",
			path);
		return FALSE;
	}
	code = try_connect(address);
	if (code == 0) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"hotseatd is already running on %s; stop it first, or choose another "
			"--socket",
			path);
		return FALSE;
	}
	if (code != ECONNREFUSED && code != ENOENT) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"%s exists and may be in use: %s; remove it, or choose another --socket",
			path, g_strerror(code));
		return FALSE;
	}
	unlink(path);
	return TRUE;
}

/* systemd creates /run/hotseat for the service, but not for a hotseatd that a user starts. A
 * failure is reported when the socket is created. */
static void make_folder(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);

	mkdir(folder, 0755);
}

int bind_unix(const char *path, GError **error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"the socket's path %s is longer than %zu bytes; choose another --socket",
			path, sizeof address.sun_path - 1);
		return -1;
	}
	if (!clear_path(&address, error))
		return -1;
	make_folder(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* fchmod() before bind() makes sure that the file never has more permissions; chmod() after
	 * it sets those that the umask has removed */
	if (fd < 0 || fchmod(fd, 0660) != 0 ||
		bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
		return fail_unix(fd, path,
			"check that its directory exists and that this user may write to it",
			error);
	if (chmod(path, 0660) != 0 || listen(fd, BACKLOG) != 0)
		return fail_unix(fd, path, "choose another --socket", error);
	return fd;
}

static void fail_tcp(const char *host, guint16 port, GError **error)
{
	int code = errno;
	g_autofree char *owner = code == EADDRINUSE ? port_owner(port) : NULL;

	if (code == EADDRINUSE)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"port %u of %s is taken by %s; stop it, or change http.address", port, host,
			owner != NULL ? owner
				      : "another program (find it with `ss -ltnp` as root)");
	else
		g_set_error(error, HOTSEAT_ERROR,
			code == EACCES ? HOTSEAT_ERROR_NO_PERMISSION : HOTSEAT_ERROR_FAILED,
			"cannot listen on port %u of %s: %s; change http.address%s", port, host,
			g_strerror(code),
			code == EACCES ? " (only root can use ports below 1024)" : "");
}

static int bind_address(GInetAddress *ip, guint16 port)
{
	static const int on = 1, silent_s = SILENT_S;
	g_autoptr(GSocketAddress) address = g_inet_socket_address_new(ip, port);
	gssize length = g_socket_address_get_native_size(address);
	gboolean v6 = g_inet_address_get_family(ip) == G_SOCKET_FAMILY_IPV6;
	struct sockaddr_storage native;
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int code;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_FREEBIND : IP_FREEBIND, &on,
		sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &silent_s, sizeof silent_s);
	/* 0.0.0.0 and :: can both be bound */
	if (v6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (g_socket_address_to_native(address, &native, sizeof native, NULL) &&
		bind(fd, (struct sockaddr *)&native, (socklen_t)length) == 0 &&
		listen(fd, BACKLOG) == 0)
		return fd;
	code = errno;
	close(fd);
	errno = code;
	return -1;
}

static void close_fd(gpointer data)
{
	close(*(int *)data);
}

GArray *bind_tcp(const GList *addresses, const char *host, guint16 port, GError **error)
{
	g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));

	g_array_set_clear_func(fds, close_fd);
	errno = EADDRNOTAVAIL;
	for (const GList *link = addresses; link != NULL; link = link->next) {
		int fd = bind_address(link->data, port);

		/* a machine without IPv6 may have ::1 in its hosts file */
		if (fd < 0 && errno != EAFNOSUPPORT && errno != EADDRNOTAVAIL) {
			fail_tcp(host, port, error);
			return NULL;
		}
		if (fd >= 0)
			g_array_append_val(fds, fd);
	}
	if (fds->len == 0) {
		fail_tcp(host, port, error);
		return NULL;
	}
	return g_steal_pointer(&fds);
}
