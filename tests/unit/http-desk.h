/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A served desk for tests: a seat on fake time, the API on real sockets, and raw bytes both ways.
 */
#pragma once

#include "fake-desk.h"
#include "http/private.h"

/* in a request's head: who may ask, and how long its JSON is */
#define AUTH  "X-Secret: open\r\n"
#define TO(x) "Content-Type: application/json\r\nContent-Length: " x

/* whole requests, without a secret */
extern const char http_to_guest[], http_get_status[];

typedef struct {
	FakeTime time;
	Seat *seat;
	FakeResource *display, *keyboard;
	FakeGuest *guest;
	char *dir, *path;
	Config config;
	char *certificate, *key; /* paths; with TLS only */
	Http *http;
} HttpDesk;

/* The seat is started and looked at; the API listens on a Unix socket and on a port of 127.0.0.1
 * with the secret "open"; with TLS if HOTSEAT_TEST_TLS is set in the environment. */
void http_desk_init(HttpDesk *desk);
/* The same, with another guest, called second. */
void http_desk_init_two(HttpDesk *desk, const char *second);
void http_desk_clear(HttpDesk *desk);

/* Lets the daemon do all pending work: sockets and timers, on fake time too. */
void http_desk_run(HttpDesk *desk);

/* Connected clients' sockets, non-blocking. */
int http_desk_unix(HttpDesk *desk);
int http_desk_tcp(HttpDesk *desk);
/* The bare connection, without TLS. */
int http_desk_bare_tcp(HttpDesk *desk);
gboolean http_desk_has_tls(const HttpDesk *desk);

/* Sends bytes, whole. */
void http_desk_send(int fd, const char *bytes);
/* Everything until the daemon closes. Closes fd. */
char *http_desk_read_all(HttpDesk *desk, int fd);
/* Reads until what was read has text in it; appends to buffer. Fails at the end of the stream. */
void http_desk_read_until(HttpDesk *desk, int fd, GString *buffer, const char *text);
/* Both, on a new connection: TCP unless over_unix. */
char *http_desk_ask(HttpDesk *desk, gboolean over_unix, const char *bytes);

/* The status code of an answer, and its body. */
int http_status_of(const char *answer);
const char *http_body_of(const char *answer);
/* The answer has this status, and says why in JSON. */
void http_assert_refused(const char *answer, int status);

/* One that sends this and then nothing is dropped after a moment: set Http.times. */
void http_desk_hurry(HttpDesk *desk, const char *sent);

typedef struct {
	const char *name;
	GTestFunc func;
} HttpTest;

/* main(): runs n tests, called /room/name each. */
int http_tests_run(int argc, char **argv, const char *room, const HttpTest *tests, gsize n);
