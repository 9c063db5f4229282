/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/events.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	char *bytes; /* ends with a NUL; NULL if nothing was added yet */
	size_t length, room;
} Buffer;

struct Events {
	EventsFunc func;
	void *user;
	Buffer line, data;
	char name[64];
	bool first;  /* this is the first line, which may have a byte order mark */
	bool had_cr; /* a line feed now belongs to the line that has ended */
	bool broken;
};

static bool buffer_add(Buffer *buffer, const char *bytes, size_t length)
{
	size_t needed = buffer->length + length + 1;
	char *grown;

	if (needed > EVENTS_LENGTH_MAX)
		return false;
	if (needed > buffer->room) {
		grown = realloc(buffer->bytes, needed * 2);
		if (grown == NULL)
			return false;
		buffer->bytes = grown;
		buffer->room = needed * 2;
	}
	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
	return true;
}

static void buffer_clear(Buffer *buffer)
{
	buffer->length = 0;
	if (buffer->bytes != NULL)
		buffer->bytes[0] = '\0';
}

Events *core_events_new(EventsFunc func, void *user)
{
	Events *events = calloc(1, sizeof *events);

	if (events == NULL)
		return NULL;
	events->func = func;
	events->user = user;
	events->first = true;
	return events;
}

void core_events_free(Events *events)
{
	if (events == NULL)
		return;
	free(events->line.bytes);
	free(events->data.bytes);
	free(events);
}

static void dispatch(Events *events)
{
	/* the line feed after the last data line does not belong to the data */
	if (events->data.length > 0) {
		events->data.bytes[--events->data.length] = '\0';
		events->func(events->name[0] != '\0' ? events->name : "message", events->data.bytes,
			events->user);
	}
	buffer_clear(&events->data);
	events->name[0] = '\0';
}

static bool take_field(Events *events, const char *name, size_t name_length, const char *value)
{
	if (name_length == 4 && memcmp(name, "data", 4) == 0)
		return buffer_add(&events->data, value, strlen(value)) &&
		       buffer_add(&events->data, "\n", 1);
	/* a name that is too long is an unknown one */
	if (name_length == 5 && memcmp(name, "event", 5) == 0)
		core_text_format(events->name, sizeof events->name, "%s", value);
	return true;
}

static bool take_line(Events *events)
{
	const char *line = events->line.bytes != NULL ? events->line.bytes : "", *colon;
	bool fine = true;

	if (events->first && strncmp(line, "\xef\xbb\xbf", 3) == 0)
		line += 3;
	events->first = false;
	colon = strchr(line, ':');
	if (*line == '\0')
		dispatch(events);
	else if (colon == NULL)
		fine = take_field(events, line, strlen(line), "");
	else if (colon > line)
		fine = take_field(
			events, line, (size_t)(colon - line), colon + (colon[1] == ' ' ? 2 : 1));
	buffer_clear(&events->line);
	return fine;
}

static bool feed_byte(Events *events, char byte)
{
	bool again = byte == '\n' && events->had_cr;

	events->had_cr = byte == '\r';
	if (again)
		return true;
	if (byte == '\n' || byte == '\r')
		return take_line(events);
	/* would end the line in the middle */
	return byte == '\0' || buffer_add(&events->line, &byte, 1);
}

bool core_events_feed(Events *events, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && !events->broken; i++)
		events->broken = !feed_byte(events, bytes[i]);
	return !events->broken;
}
