/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/follow.h"

#include "common/socket.h"

#include <glib-unix.h>

struct Follow {
	const Cli *cli;
	const FollowOps *ops;
	gpointer data;
	char *path;
	EventStream *stream;
	guint source;	/* source: reads from the stream, or waits for the next attempt */
	guint delay_ms; /* pause before the next attempt */
};

static gboolean on_look(gpointer data);

static void lost(Follow *follow, const GError *error)
{
	g_clear_pointer(&follow->stream, events_close);
	follow->source = g_timeout_add(follow->delay_ms, on_look, follow);
	follow->delay_ms = MIN(follow->delay_ms * 2, FOLLOW_RETRY_MAX_MS);
	if (follow->ops->gone != NULL)
		follow->ops->gone(error->message, follow->data);
}

static void tell_events(Follow *follow)
{
	gboolean any = FALSE;
	Event *event;

	while ((event = events_next(follow->stream)) != NULL) {
		any = TRUE;
		if (follow->ops->event != NULL)
			follow->ops->event(event, follow->data);
		event_free(event);
	}
	if (!any)
		return;
	/* not after connecting, because a daemon that disconnects immediately does not work */
	follow->delay_ms = FOLLOW_RETRY_MIN_MS;
	if (follow->ops->settled != NULL)
		follow->ops->settled(follow->data);
}

static gboolean on_bytes(int fd, GIOCondition condition, gpointer data)
{
	Follow *follow = data;
	g_autoptr(GError) error = NULL;

	if (events_read(follow->stream, &error)) {
		tell_events(follow);
		return G_SOURCE_CONTINUE;
	}
	lost(follow, error);
	return G_SOURCE_REMOVE;
}

static gboolean on_look(gpointer data)
{
	Follow *follow = data;
	g_autoptr(GError) error = NULL;

	g_free(follow->path);
	/* a user's daemon may have started since the system's socket was chosen */
	follow->path = socket_path_client(follow->cli->socket_option);
	follow->stream = events_open(follow->path, &error);
	if (follow->stream == NULL)
		lost(follow, error);
	else
		follow->source = g_unix_fd_add(
			events_fd(follow->stream), G_IO_IN | G_IO_HUP | G_IO_ERR, on_bytes, follow);
	return G_SOURCE_REMOVE;
}

Follow *follow_new(const Cli *cli, const FollowOps *ops, gpointer data)
{
	Follow *follow = g_new0(Follow, 1);

	follow->cli = cli;
	follow->ops = ops;
	follow->data = data;
	follow->delay_ms = FOLLOW_RETRY_MIN_MS;
	follow->source = g_idle_add(on_look, follow);
	return follow;
}

void follow_free(Follow *follow)
{
	if (follow == NULL)
		return;
	g_clear_handle_id(&follow->source, g_source_remove);
	g_clear_pointer(&follow->stream, events_close);
	g_free(follow->path);
	g_free(follow);
}

const char *follow_path(const Follow *follow)
{
	return follow->path;
}
