/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon's API over its Unix socket. All functions block.
 */
#pragma once

#include <json-glib/json-glib.h>

/* A status or an event of a desk with dozens of resources is under 64 KiB. */
#define CLIENT_ANSWER_MAX (1024 * 1024)
/* For everything except a switch. */
#define CLIENT_TIMEOUT_MS 5000
/* A switch ends by itself, but a process of a shortcut must not wait for ever for a daemon that
 * hangs. */
#define CLIENT_SWITCH_TIMEOUT_MS 60000

typedef struct {
	guint status; /* HTTP's */
	char *text;
	JsonNode *root; /* an object */
} ClientAnswer;

/* Connects. Returns a file descriptor, or -1 and an error of CLI_ERROR. */
int client_connect(const char *path, GError **error);

/* body: JSON to post; NULL: a GET request. Returns NULL and an error of CLI_ERROR if there is no
 * daemon or it does not answer in JSON. A refusal is a valid answer. */
ClientAnswer *client_ask(
	const char *path, const char *target, const char *body, guint timeout_ms, GError **error);
/* Parses the complete answer in buffer. NULL and an error of CLI_ERROR on failure. */
ClientAnswer *client_parse(const GString *buffer, GError **error);
/* An answer with this HTTP status and this text. NULL and an error of CLI_ERROR if text is not a
 * JSON object. */
ClientAnswer *client_answer_new(guint status, const char *text, GError **error);
void client_answer_free(ClientAnswer *answer);

/* Sends a request on fd. FALSE and an error if the daemon has exited. */
gboolean client_send(int fd, const char *target, const char *body, GError **error);

/* Waits for bytes until deadline_us (g_get_monotonic_time(); -1: for ever) and appends them to
 * buffer. Returns how many bytes arrived, 0 at the end, or -1 and an error. */
gssize client_read(int fd, GString *buffer, gint64 deadline_us, GError **error);

/* The length of an answer's head with its blank line; 0: it is incomplete. *status: the HTTP
 * status, or 0 if this is not HTTP. */
gsize client_head(const GString *buffer, guint *status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClientAnswer, client_answer_free)
