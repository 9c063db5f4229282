/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parses server-sent events (HTML Living Standard, 9.2.6) from the bytes of a stream.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Longest line, and longest data of one event; the status of a large desk has about 10 kB. */
#define EVENTS_LENGTH_MAX (1024 * 1024)

/* Called for each event: its name ("message" if it has none) and its data. */
typedef void (*EventsFunc)(const char *name, const char *data, void *user);

typedef struct Events Events;

/* NULL if there is not enough memory. */
Events *core_events_new(EventsFunc func, void *user);
void core_events_free(Events *events);

/* Takes the next bytes, which can end anywhere. Returns false, from then on, if a line or an event
 * is longer than EVENTS_LENGTH_MAX or there is not enough memory; close the connection then. */
bool core_events_feed(Events *events, const char *bytes, size_t length);
