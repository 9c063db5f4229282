/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/input-link.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/error.h"

/* Most packets that wait for room in the socket, for which the kernel keeps 10 unread ones. A
 * config with many guests and a switch of all devices need fewer. */
enum { UNSENT_MAX = 256 };

/* A restarted hotseat-inputd is soon back, but for one that is not installed frequent attempts are
 * useless.
 */
const InputLinkTimes input_link_times = {
	.first_ms = 200, .longest_ms = 10000, .welcome_ms = 3000
};

struct InputLink {
	char *path;
	const InputLinkTimes *times;
	const InputLinkOps *ops;
	gpointer data;
	int fd;	       /* -1: not connected */
	guint watch;   /* source of fd */
	GQueue unsent; /* GBytes * */
	guint room;    /* source of fd: waits for room */
	guint retry_id, retry_ms;
	guint welcome_id; /* source of the timeout for the first message */
	gboolean up;	  /* ops->up was called, and ops->down was not called since */
	char *told;	  /* the reason that was given last, or NULL */
};

static void hang_up(InputLink *link)
{
	g_clear_handle_id(&link->watch, g_source_remove);
	g_clear_handle_id(&link->welcome_id, g_source_remove);
	g_clear_handle_id(&link->room, g_source_remove);
	g_queue_clear_full(&link->unsent, (GDestroyNotify)g_bytes_unref);
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
}

static gboolean on_retry(gpointer data);

static void lost(InputLink *link, const GError *error, gboolean dead)
{
	gboolean known = !link->up && g_strcmp0(link->told, error->message) == 0;

	hang_up(link);
	if (link->retry_id == 0)
		link->retry_id = g_timeout_add(link->retry_ms, on_retry, link);
	link->retry_ms = MIN(link->retry_ms * 2, link->times->longest_ms);
	link->up = FALSE;
	if (known)
		return;
	g_free(link->told);
	link->told = g_strdup(error->message);
	link->ops->down(error, dead, link->data);
}

void input_link_fail(InputLink *link, const GError *error)
{
	lost(link, error, FALSE);
}

void input_link_is_good(InputLink *link)
{
	link->retry_ms = link->times->first_ms;
	g_clear_pointer(&link->told, g_free);
}

static void fail(InputLink *link, gboolean dead, const char *message)
{
	g_autoptr(GError) error = g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, message);

	lost(link, error, dead);
}

#define START "start it: sudo systemctl enable --now hotseat-inputd.socket"

/* code: of connect(). */
static void fail_connect(InputLink *link, int code)
{
	g_autofree char *message = NULL;

	if (code == ENOENT || code == ECONNREFUSED) {
		fail(link, TRUE, "hotseat-inputd is not running; " START);
		return;
	}
	if (code == EACCES || code == EPERM)
		message = g_strdup_printf("connecting to hotseat-inputd failed: no permission to "
					  "use %s; run hotseatd as its service",
			link->path);
	else
		message = g_strdup_printf("connecting to hotseat-inputd failed: %s; see: systemctl "
					  "status hotseat-inputd",
			g_strerror(code));
	fail(link, FALSE, message);
}

/* -- messages --------------------------------------------------------------------------------- */

static void handle(InputLink *link, const char *packet, gsize length)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ProtocolMessage) message = protocol_message_parse(packet, length, &error);

	g_clear_handle_id(&link->welcome_id, g_source_remove);
	if (message == NULL) {
		g_prefix_error(&error, "cannot read hotseat-inputd's message: ");
		lost(link, error, FALSE);
		return;
	}
	link->ops->message(message, link->data);
}

static void fail_ended(InputLink *link)
{
	fail(link, TRUE, "hotseat-inputd has exited; see: systemctl status hotseat-inputd");
}

static gboolean on_readable(int fd, GIOCondition condition, gpointer data)
{
	InputLink *link = data;
	g_autofree char *packet = g_malloc(PROTOCOL_MESSAGE_MAX);
	gssize length = recv(fd, packet, PROTOCOL_MESSAGE_MAX, MSG_DONTWAIT);

	if (length > 0)
		handle(link, packet, (gsize)length);
	else if (length == 0 || (errno != EAGAIN && errno != EINTR))
		fail(link, TRUE, "hotseat-inputd has exited; see: systemctl status hotseat-inputd");
	/* the callback may have closed the connection: then the source is removed or replaced */
	return link->fd == fd ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Sends waiting packets while there is room. FALSE: the connection is lost. */
static gboolean flush(InputLink *link)
{
	GBytes *packet;

	while ((packet = g_queue_peek_head(&link->unsent)) != NULL) {
		gsize length;
		const void *bytes = g_bytes_get_data(packet, &length);

		if (send(link->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
			if (errno == EAGAIN || errno == EINTR)
				return TRUE;
			fail_ended(link);
			return FALSE;
		}
		g_bytes_unref(g_queue_pop_head(&link->unsent));
	}
	return TRUE;
}

static gboolean on_room(int fd, GIOCondition condition, gpointer data)
{
	InputLink *link = data;

	if (!flush(link))
		return G_SOURCE_REMOVE;
	if (!g_queue_is_empty(&link->unsent))
		return G_SOURCE_CONTINUE;
	link->room = 0;
	return G_SOURCE_REMOVE;
}

gboolean input_link_send(InputLink *link, const ProtocolMessage *message)
{
	g_autoptr(GError) error = NULL;
	char *packet;
	gsize length;

	if (link->fd < 0)
		return FALSE;
	packet = protocol_message_format(message, &length, &error);
	if (packet == NULL) {
		lost(link, error, FALSE);
		return FALSE;
	}
	g_queue_push_tail(&link->unsent, g_bytes_new_take(packet, length));
	if (g_queue_get_length(&link->unsent) > UNSENT_MAX) {
		fail(link, FALSE,
			"hotseat-inputd does not read messages; restart it: sudo systemctl restart "
			"hotseat-inputd");
		return FALSE;
	}
	if (!flush(link))
		return FALSE;
	if (!g_queue_is_empty(&link->unsent) && link->room == 0)
		link->room = g_unix_fd_add(link->fd, G_IO_OUT, on_room, link);
	return TRUE;
}

/* -- connecting ------------------------------------------------------------------------------- */

static gboolean on_silent(gpointer data)
{
	InputLink *link = data;

	link->welcome_id = 0;
	fail(link, FALSE,
		"hotseat-inputd does not answer; restart it: sudo systemctl restart "
		"hotseat-inputd");
	return G_SOURCE_REMOVE;
}

static void connected(InputLink *link)
{
	link->watch = g_unix_fd_add(link->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, link);
	link->welcome_id = g_timeout_add(link->times->welcome_ms, on_silent, link);
	link->up = TRUE;
	link->ops->up(link->data);
}

static void try_connect(InputLink *link)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(link->path) >= sizeof address.sun_path) {
		fail_connect(link, ENAMETOOLONG);
		return;
	}
	strcpy(address.sun_path, link->path);
	link->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (link->fd >= 0 && connect(link->fd, (struct sockaddr *)&address, sizeof address) == 0)
		connected(link);
	else
		fail_connect(link, errno);
}

static gboolean on_retry(gpointer data)
{
	InputLink *link = data;

	link->retry_id = 0;
	try_connect(link);
	return G_SOURCE_REMOVE;
}

InputLink *input_link_new(
	const char *path, const InputLinkTimes *times, const InputLinkOps *ops, gpointer data)
{
	InputLink *link = g_new0(InputLink, 1);

	link->path = g_strdup(path);
	link->times = times;
	link->ops = ops;
	link->data = data;
	link->fd = -1;
	g_queue_init(&link->unsent);
	link->retry_ms = times->first_ms;
	link->retry_id = g_idle_add(on_retry, link);
	return link;
}

void input_link_free(InputLink *link)
{
	if (link == NULL)
		return;
	hang_up(link);
	g_clear_handle_id(&link->retry_id, g_source_remove);
	g_free(link->told);
	g_free(link->path);
	g_free(link);
}

char *input_link_path(void)
{
	const char *given = g_getenv("HOTSEAT_INPUT_SOCKET");
	const char *folder = g_getenv("XDG_RUNTIME_DIR");

	if (given != NULL && *given != '\0')
		return g_strdup(given);
	if (folder != NULL) {
		g_autofree char *path = g_build_filename(folder, "hotseat-input", "control", NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&path);
	}
	return g_strdup(PROTOCOL_SOCKET);
}
