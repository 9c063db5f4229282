/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/events.h"

#include "cli/cli.h"
#include "common/json.h"

#include <string.h>
#include <unistd.h>

struct EventStream {
	int fd;
	gboolean begun; /* the answer's head has arrived */
	GString *buffer;
};

EventStream *events_take(int fd)
{
	EventStream *stream = g_new0(EventStream, 1);

	stream->fd = fd;
	stream->buffer = g_string_new(NULL);
	return stream;
}

EventStream *events_open(const char *path, GError **error)
{
	int fd = client_connect(path, error);

	if (fd < 0)
		return NULL;
	if (!client_send(fd, "/events", NULL, error)) {
		close(fd);
		return NULL;
	}
	return events_take(fd);
}

void events_close(EventStream *stream)
{
	if (stream == NULL)
		return;
	close(stream->fd);
	g_string_free(stream->buffer, TRUE);
	g_free(stream);
}

int events_fd(const EventStream *stream)
{
	return stream->fd;
}

/* Removes the head from the buffer once it is complete. */
static gboolean begin(EventStream *stream, GError **error)
{
	guint status;
	gsize head = client_head(stream->buffer, &status);

	if (head == 0)
		return TRUE;
	if (status != 200) {
		g_set_error(error, CLI_ERROR, CLI_FAILED,
			"the daemon sends no events (HTTP status %u); see `journalctl -u "
			"hotseatd`",
			status);
		return FALSE;
	}
	g_string_erase(stream->buffer, 0, (gssize)head);
	return stream->begun = TRUE;
}

gboolean events_read(EventStream *stream, GError **error)
{
	gssize length = client_read(stream->fd, stream->buffer, -1, error);

	if (length < 0)
		return FALSE;
	if (length == 0) {
		g_set_error_literal(error, CLI_ERROR, CLI_ABSENT,
			"the daemon exited; `hotseat status` shows whether it is running again, "
			"and how to start it");
		return FALSE;
	}
	if (stream->buffer->len > CLIENT_ANSWER_MAX) {
		g_set_error_literal(error, CLI_ERROR, CLI_FAILED,
			"the daemon sent an event that is too long; check that it is hotseatd");
		return FALSE;
	}
	return stream->begun || begin(stream, error);
}

/* Parses an event from its lines; NULL: it is invalid. */
static Event *parse(const char *block)
{
	g_auto(GStrv) lines = g_strsplit(block, "\n", -1);
	const char *name = NULL, *text = NULL;
	JsonNode *root;
	Event *event;

	for (char **line = lines; *line != NULL; line++) {
		if (g_str_has_prefix(*line, "event: "))
			name = *line + strlen("event: ");
		else if (g_str_has_prefix(*line, "data: "))
			text = *line + strlen("data: ");
	}
	if (name == NULL || name[strspn(name, "abcdefghijklmnopqrstuvwxyz-")] != '\0' ||
		text == NULL)
		return NULL;
	root = object_parse(text);
	if (root == NULL)
		return NULL;
	event = g_new0(Event, 1);
	event->name = g_strdup(name);
	event->text = g_strdup(text);
	event->root = root;
	return event;
}

Event *events_next(EventStream *stream)
{
	const char *end;

	while (stream->begun && (end = strstr(stream->buffer->str, "\n\n")) != NULL) {
		gsize length = (gsize)(end - stream->buffer->str);
		g_autofree char *block = g_strndup(stream->buffer->str, length);
		Event *event = parse(block);

		g_string_erase(stream->buffer, 0, (gssize)length + 2);
		if (event != NULL)
			return event;
	}
	return NULL;
}

void event_free(Event *event)
{
	if (event == NULL)
		return;
	g_free(event->name);
	g_free(event->text);
	json_node_unref(event->root);
	g_free(event);
}
