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

/* Serves seat on a Unix socket at path (mode 0660; a stale one is replaced, a live one is an error)
 * without a secret. */
Http *http_new(const char *path, GError **error);
/* Closes the listeners and every connection, and removes the socket. Waiting requests get 503. */
void http_free(Http *http);

/* The seat to serve from now on, or NULL; requests that wait for the old one get 503. */
void http_set_seat(Http *http, Seat *seat);

/* error: why http_listen() would fail; NULL: it can be tried. Borrowed. */
typedef void (*HttpLookedUp)(const GError *error, gpointer data);

/* Finds the addresses that config's http_host has now, so that http_listen(), which does so only if
 * it never was done, does not block. done is called once, never before this returns, unless http is
 * freed before. One at a time. */
void http_look_up(Http *http, const Config *config, HttpLookedUp done, gpointer data);

/* Listens on TCP as config says (http, and what begins with http_), instead of as before. The
 * certificate is read again. FALSE and error: nothing has changed. */
gboolean http_listen(Http *http, const Config *config, GError **error);

/* The guests that may ask over TCP from now on, each with its own secret: Secret *, copied. Clients
 * that listen to events with a secret that is no longer valid are disconnected. */
void http_set_secrets(Http *http, const GPtrArray *secrets);

/* Adds a member to the answer of GET /status (called for each; e.g. "libvirt"). */
typedef void (*HttpStatusFunc)(JsonBuilder *builder, gpointer data);
void http_set_status_func(Http *http, HttpStatusFunc func, gpointer data);

/* The agents that are connected, for displays; lives as long as http. */
DisplayAgents *http_agents(Http *http);
/* func is called when one has come. */
typedef void (*HttpAgentsFunc)(gpointer data);
void http_set_agents_func(Http *http, HttpAgentsFunc func, gpointer data);

/* A further route for POST requests on the Unix socket, body a JSON object (the simulated desk's
 * faults). func returns FALSE and an error to answer 400. */
typedef gboolean (*HttpPostFunc)(JsonObject *body, gpointer data, GError **error);
void http_add_post(Http *http, const char *path, HttpPostFunc func, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Http, http_free)
