/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection with a client at its other end, for tests, without an API behind it.
 */
#pragma once

#include "http/connection.h"

/* Beyond what a test waits for. */
enum { NEVER_MS = 3600 * 1000 };

typedef struct {
	ConnectionTimes times;
	Connection *connection; /* NULL: closed */
	int client;
	GString *calls;	 /* of the ops: "headers ", "request ", … */
	gboolean refuse; /* by the headers */
	gboolean close;	 /* at the request, and answer it all the same */
} Client;

/* For g_test_add(). No deadline is ever over; nothing is connected yet. */
void client_set_up(Client *f, gconstpointer unused);
void client_tear_down(Client *f, gconstpointer unused);

/* Connects. make: what makes the daemon's stream; NULL: a plain one. */
void client_begin(Client *f, Stream *(*make)(int fd));
/* Closes both ends, and forgets the calls: client_begin() again. */
void client_end(Client *f);

/* Lets the daemon do all pending work. */
void client_settle(void);
/* Sends text, whole. */
void client_put(Client *f, const char *text);
/* What has come by now; "<end>" behind it if that is all there will be. Free with g_free(). */
char *client_take(Client *f);

void client_assert(Client *f, const char *calls);
/* Waits for calls, and no others. */
void client_until(Client *f, const char *calls);

#define GET    "GET / HTTP/1.1\r\n\r\n"
#define POST   "POST / HTTP/1.1\r\n"
#define LENGTH "Content-Length: 2\r\n"
