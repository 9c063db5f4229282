/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests to a daemon on another machine, as messages of libsoup's; and what went wrong with them,
 * for people.
 */
#pragma once

#include "agent/endpoint.h"

#include <libsoup/soup.h>

typedef struct {
	Endpoint *endpoint; /* borrowed */
	SoupSession *session;
} Remote;

/* timeout_s: no byte for so long is the end of a request, or of its answer; 0: never. endpoint must
 * outlive it. */
Remote *remote_new(Endpoint *endpoint, guint timeout_s);
void remote_free(Remote *remote);

/* A request: GET without a body, else POST of JSON. path: with its query, escaped. The secret is
 * in it, which goes out only when the certificate was looked at. NULL and an error of CLI_ERROR:
 * the secret cannot be read. */
SoupMessage *remote_message(Remote *remote, const char *path, const char *body, GError **error);

/* The answer: HTTP's status and all of its body, which is borrowed. Or cause: an error of libsoup's
 * or GIO's, CANCELLED included, for remote_explain(). */
typedef void (*RemoteDone)(
	SoupMessage *message, const char *body, const GError *cause, gpointer data);
/* Sends the message and reads its answer; done is called on the main loop, never before this
 * returns. */
void remote_send(
	Remote *remote, SoupMessage *message, GCancellable *cancel, RemoteDone done, gpointer data);

/* What cause, of libsoup's or GIO's, means; an error of CLI_ERROR: CLI_ABSENT when nothing
 * answered, so that it is worth trying again. */
GError *remote_explain(const Remote *remote, SoupMessage *message, const GError *cause);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Remote, remote_free)
