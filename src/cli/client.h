/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon's API over its Unix socket. Blocks: the command has nothing else to do.
 */
#pragma once

#include <json-glib/json-glib.h>

/* A status or an event of a desk with dozens of resources is under 64 KiB. */
#define CLIENT_ANSWER_MAX (1024 * 1024)
/* For everything but a switch. */
#define CLIENT_TIMEOUT_MS 5000
/* A switch ends by itself; a daemon that hangs should not keep a shortcut's process for ever. */
#define CLIENT_SWITCH_TIMEOUT_MS 60000

typedef struct {
	guint status; /* HTTP's */
	char *text;
	JsonNode *root; /* an object */
} ClientAnswer;

/* Connects. Returns a file descriptor, or -1 and an error of CLI_ERROR. */
int client_connect(const char *path, GError **error);

/* body: JSON to post, or NULL to get. Returns NULL and an error of CLI_ERROR when there is no
 * daemon or it does not answer in JSON; a refusal is an answer. */
ClientAnswer *client_ask(
	const char *path, const char *target, const char *body, guint timeout_ms, GError **error);
/* The answer in buffer, which has ended. NULL and an error of CLI_ERROR. */
ClientAnswer *client_parse(const GString *buffer, GError **error);
/* The answer with this status of HTTP's and this text. NULL and an error of CLI_ERROR: it is no
 * object in JSON. */
ClientAnswer *client_answer_new(guint status, const char *text, GError **error);
void client_answer_free(ClientAnswer *answer);

/* Sends a request on fd. FALSE and an error when the daemon is gone. */
gboolean client_send(int fd, const char *target, const char *body, GError **error);

/* Waits for bytes until deadline_us (g_get_monotonic_time(); -1: for ever) and appends them to
 * buffer. Returns how many, 0 at the end, or -1 and an error. */
gssize client_read(int fd, GString *buffer, gint64 deadline_us, GError **error);

/* Length of the head of an answer with its blank line, 0: it is not whole; *status is HTTP's, 0
 * when this is not HTTP. */
gsize client_head(const GString *buffer, guint *status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClientAnswer, client_answer_free)
