/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The API: listeners on TCP and on a Unix socket, authentication and limits, routes, events.
 */
#pragma once

#include "config/config.h"
#include "config/secrets.h"
#include "display/agents.h"
#include "seat/seat.h"

#include <json-glib/json-glib.h>

typedef struct Http Http;

/* Serves seat, without a secret, on a Unix socket at path (mode 0660). An unused socket is
 * replaced; one that is in use is an error. */
Http *http_new(const char *path, GError **error);
/* Closes the listeners and every connection, and removes the socket. Waiting requests get 503. */
void http_free(Http *http);

/* Sets the seat to serve from now on, or NULL. Requests that wait for the old one get 503. */
void http_set_seat(Http *http, Seat *seat);

/* error: why http_listen() would fail; NULL: it can be called. Borrowed. */
typedef void (*HttpLookedUp)(const GError *error, gpointer data);

/* Resolves config's http_host, so that http_listen() does not block (it resolves the name only if
 * that was never done). Calls done once, never before this returns, unless http is freed first.
 * Only one at a time. */
void http_look_up(Http *http, const Config *config, HttpLookedUp done, gpointer data);

/* Listens on TCP as config describes (http and the members that begin with http_), instead of as
 * before. Reads the certificate again. On failure returns FALSE and an error, and nothing has
 * changed. */
gboolean http_listen(Http *http, const Config *config, GError **error);

/* Sets the guests' secrets that are accepted over TCP from now on: Secret *, copied. Clients that
 * listen to events with a secret that is no longer valid are disconnected. */
void http_set_secrets(Http *http, const GPtrArray *secrets);

/* Adds members to the answer of GET /status, such as "libvirt". Called for each answer. */
typedef void (*HttpStatusFunc)(JsonBuilder *builder, gpointer data);
void http_set_status_func(Http *http, HttpStatusFunc func, gpointer data);

/* The connected agents, for displays. Valid as long as http. */
DisplayAgents *http_agents(Http *http);
/* Calls func when an agent has connected. */
typedef void (*HttpAgentsFunc)(gpointer data);
void http_set_agents_func(Http *http, HttpAgentsFunc func, gpointer data);

/* Adds a route for POST requests on the Unix socket with a JSON object as body (the simulated
 * desk's faults). func returns FALSE and an error to answer 400. */
typedef gboolean (*HttpPostFunc)(JsonObject *body, gpointer data, GError **error);
void http_add_post(Http *http, const char *path, HttpPostFunc func, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Http, http_free)
