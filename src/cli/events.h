/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon's events, as GET /events sends them.
 */
#pragma once

#include "cli/client.h"

typedef struct EventStream EventStream;

typedef struct {
	char *name;	/* "status", "step", … */
	char *text;	/* the JSON, one line */
	JsonNode *root; /* an object */
} Event;

/* Connects and requests the events. NULL and an error of CLI_ERROR on failure. */
EventStream *events_open(const char *path, GError **error);
/* The same for a connection on which they were requested already; takes ownership of fd. */
EventStream *events_take(int fd);
void events_close(EventStream *stream);

/* For poll(). */
int events_fd(const EventStream *stream);

/* Waits for more bytes. FALSE and an error of CLI_ERROR if the daemon has exited or refuses. */
gboolean events_read(EventStream *stream, GError **error);

/* The next complete event, or NULL. Unknown events are skipped. */
Event *events_next(EventStream *stream);
void event_free(Event *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventStream, events_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Event, event_free)
