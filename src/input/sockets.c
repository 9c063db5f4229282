/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/sockets.h"

#include "common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

static gboolean fail(GError **error, const char *what)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s: %s", what, g_strerror(errno));
	return FALSE;
}

static void add_port(Sockets *sockets, guint port, int fd)
{
	InputdPort entry = { port, fd };

	g_array_append_val(sockets->ports, entry);
}

static gboolean is_loopback(const struct sockaddr_in *address)
{
	return address->sin_family == AF_INET &&
	       address->sin_addr.s_addr == g_htonl(INADDR_LOOPBACK);
}

/* Any other socket is a mistake in a unit. */
static gboolean take_systemds(Sockets *sockets, int fd, GError **error)
{
	struct sockaddr_in address = { 0 };
	socklen_t length = sizeof address;

	/* a client that disconnects before accept() must not block the loop */
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	if (sd_is_socket(fd, AF_UNIX, SOCK_SEQPACKET, 1) > 0) {
		sockets->control = fd;
		return TRUE;
	}
	if (sd_is_socket(fd, AF_INET, SOCK_STREAM, 1) <= 0 ||
		getsockname(fd, (struct sockaddr *)&address, &length) != 0 ||
		!is_loopback(&address)) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"systemd passed a socket that is neither ListenSequentialPacket= nor on "
			"127.0.0.1");
		return FALSE;
	}
	add_port(sockets, g_ntohs(address.sin_port), fd);
	return TRUE;
}

static gboolean open_control(Sockets *sockets, const char *path, GError **error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		return fail(error, path);
	}
	strcpy(address.sun_path, path);
	sockets->control = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* a killed hotseat-inputd has left it behind */
	unlink(path);
	if (bind(sockets->control, (struct sockaddr *)&address, sizeof address) != 0 ||
		chmod(path, 0600) != 0 || listen(sockets->control, 4) != 0)
		return fail(error, path);
	sockets->path = g_strdup(path);
	return TRUE;
}

static gboolean open_port(Sockets *sockets, guint port, GError **error)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = g_htons((guint16)port),
		.sin_addr.s_addr = g_htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	/* closed with the others, whatever happens */
	add_port(sockets, port, fd);
	/* connections of an earlier process may still be closing */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) != 0 ||
		bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 4) != 0) {
		g_autofree char *what = g_strdup_printf("port %u of 127.0.0.1", port);

		return fail(error, what);
	}
	return TRUE;
}

static gboolean open_all(Sockets *sockets, const char *path, const GArray *ports, GError **error)
{
	int n = sd_listen_fds(1);

	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + n; fd++)
		if (!take_systemds(sockets, fd, error))
			return FALSE;
	if (path != NULL && !open_control(sockets, path, error))
		return FALSE;
	for (guint i = 0; i < ports->len; i++)
		if (!open_port(sockets, g_array_index(ports, guint, i), error))
			return FALSE;
	if (sockets->control >= 0)
		return TRUE;
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
		"no control socket; start hotseat-inputd.service, or give --control PATH");
	return FALSE;
}

gboolean sockets_open(Sockets *sockets, const char *path, const GArray *ports, GError **error)
{
	*sockets = (Sockets){ .control = -1 };
	sockets->ports = g_array_new(FALSE, FALSE, sizeof(InputdPort));
	if (open_all(sockets, path, ports, error))
		return TRUE;
	sockets_close(sockets);
	return FALSE;
}

void sockets_close(Sockets *sockets)
{
	for (guint i = 0; i < sockets->ports->len; i++) {
		int fd = g_array_index(sockets->ports, InputdPort, i).fd;

		if (fd >= 0)
			close(fd);
	}
	if (sockets->control >= 0)
		close(sockets->control);
	if (sockets->path != NULL)
		unlink(sockets->path);
	g_free(sockets->path);
	g_array_unref(sockets->ports);
}
