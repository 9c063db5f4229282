/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests to a daemon on another machine, as libsoup messages, and explanations of their failures
 * for people.
 */
#pragma once

#include "agent/endpoint.h"

#include <libsoup/soup.h>

typedef struct {
	Endpoint *endpoint; /* borrowed */
	SoupSession *session;
} Remote;

/* timeout_s: a request fails if no byte arrives for this time; 0: never. endpoint must outlive it.
 */
Remote *remote_new(Endpoint *endpoint, guint timeout_s);
void remote_free(Remote *remote);

/* A request: GET without a body, otherwise POST of JSON. path: with its query, escaped. It contains
 * the secret, which is sent only after the certificate was checked. NULL and an error of CLI_ERROR
 * if the secret cannot be read. */
SoupMessage *remote_message(Remote *remote, const char *path, const char *body, GError **error);

/* Called with the HTTP status and the complete body, which is borrowed; or with cause, an error of
 * libsoup or GIO (also CANCELLED) for remote_explain(). */
typedef void (*RemoteDone)(
	SoupMessage *message, const char *body, const GError *cause, gpointer data);
/* Sends the message and reads its answer. Calls done on the main loop, and never before this
 * returns. */
void remote_send(
	Remote *remote, SoupMessage *message, GCancellable *cancel, RemoteDone done, gpointer data);

/* Explains cause, an error of libsoup or GIO, as an error of CLI_ERROR: CLI_ABSENT if nothing
 * answered, so that a retry may help. */
GError *remote_explain(const Remote *remote, SoupMessage *message, const GError *cause);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Remote, remote_free)
