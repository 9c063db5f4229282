/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One client: it sends one request, gets one answer (or a stream), and is disconnected. virtkvm's
 * server does the same, and an idle client cannot hold a connection.
 *
 * Every state has a deadline, so that a client that is slow, hangs or vanishes does not keep a
 * slot.
 */
#pragma once

#include "http/request.h"
#include "http/stream.h"

typedef struct {
	/* From accept to the first byte. */
	guint idle_ms;
	/* From the first byte (of the TLS handshake, if there is one) to the last one of the
	 * request; from the answer to its last byte. */
	guint transfer_ms;
	/* After the answer, for the client to read it before its unread bytes would reset the
	 * connection. */
	guint linger_ms;
	/* A stream is closed if its client has read nothing for this time. What is sent to an idle
	 * one every EVENTS_HEARTBEAT_S shows whether it reads. */
	guint stall_ms;
	/* From the request to its answer: longer than any switch can take. */
	guint waiting_ms;
} ConnectionTimes;

/* 30 s, 10 s, 2 s, 60 s, 10 min. */
extern const ConnectionTimes connection_times;

/* Unsent bytes of a stream. */
#define CONNECTION_STREAM_MAX (256 * 1024)

typedef struct Connection Connection;

typedef struct {
	/* The headers have arrived: a client can be refused before its body is read. */
	void (*headers)(Connection *connection, gpointer data);
	/* The request is complete: answer it now or later. */
	void (*request)(Connection *connection, gpointer data);
	/* The request is invalid: answer with request->refusal. */
	void (*bad)(Connection *connection, gpointer data);
	/* The request was not answered in time: answer it now. */
	void (*late)(Connection *connection, gpointer data);
	/* The connection is being freed, for any reason. */
	void (*closed)(Connection *connection, gpointer data);
} ConnectionOps;

/* Takes ownership of the stream. peer: the client's address, copied; NULL on a Unix socket. times:
 * &connection_times except in tests; borrowed. The connection frees itself when it has ended. */
Connection *connection_new(Stream *stream, const char *peer, const ConnectionTimes *times,
	const ConnectionOps *ops, gpointer data);

/* Closes it immediately, in any state, and calls ops->closed. */
void connection_close(Connection *connection);

const Request *connection_request(const Connection *connection);
const char *connection_peer(const Connection *connection); /* NULL: Unix socket */

/* Overwrites a header of the request whose value is a secret. */
void connection_forget(Connection *connection, const char *name);

/* Who asks, for the code that answers: guest (copied; NULL: a client that may do everything) and
 * pass as in Asker. */
void connection_set_asker(Connection *connection, const char *guest, guint64 credential_id);
const char *connection_guest(const Connection *connection);
guint64 connection_credential_id(const Connection *connection);

/* How far it has come, to choose which one of many to close. */
typedef enum {
	CONNECTION_OVER,     /* it has got its answer: close it first */
	CONNECTION_SILENT,   /* it has sent nothing */
	CONNECTION_GREETING, /* it is in the TLS handshake */
	CONNECTION_ASKING,   /* its request is still arriving */
	CONNECTION_REFUSED,  /* its secret is wrong, and the delayed answer is pending */
	CONNECTION_SERVED,   /* it must not be closed */
} ConnectionStage;

ConnectionStage connection_stage(const Connection *connection);
/* When data last arrived, or when it was connected: g_get_monotonic_time(). */
gint64 connection_active_us(const Connection *connection);

/* Is the request complete and not answered yet? */
gboolean connection_waiting(const Connection *connection);

/* Sends the answer. Call it once. headers: additional header lines, each with \r\n, or NULL. body
 * is JSON. */
void connection_answer(Connection *connection, guint status, const char *headers, const char *body);
/* The same after ms. */
void connection_answer_later(
	Connection *connection, guint ms, guint status, const char *headers, const char *body);

/* Begins an endless answer of the given Content-Type. */
void connection_stream_begin(Connection *connection, const char *type);
/* Appends to it. May close the connection, if it is broken or too much is unsent. */
void connection_stream(Connection *connection, const char *text, gsize length);
