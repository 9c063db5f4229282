/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A server that stands for hotseatd, in the test's own process: it keeps what it is asked, and
 * answers what it is told to. GET /events is answered with a stream in the test's hands.
 */
#pragma once

#include "assert-has.h"

#include "agent/endpoint.h"

#include <libsoup/soup.h>
#include <string.h>
#include <sys/types.h>

#define SECRET "correct horse battery staple"

typedef struct {
	char *line; /* "POST /switch" */
	char *secret, *type, *body;
} FakeRequest;

typedef struct {
	SoupServer *server;
	GSocketService *service;
	GTlsCertificate *tls; /* with its key; NULL: plain */
	char *url;
	char *certificate,
		*fingerprint; /* NULL without TLS; PEM, and as certificate_fingerprint() */
	GPtrArray *requests;  /* FakeRequest * */
	guint status;	      /* of the answers; 0: hang up instead */
	char *answer;	      /* all of it; at first {} */
	char *location;	      /* for redirects */
	GIOStream *events;    /* the newest, NULL: none */
	guint streams;	      /* that there were */
} FakeHost;

FakeHost *fake_host_new(gboolean tls);
/* The same at a port of fake_host_free_port(). */
FakeHost *fake_host_new_at(gboolean tls, guint16 port);
void fake_host_free(FakeHost *host);

/* The newest request whose line is this one; NULL: none. */
const FakeRequest *fake_host_find(const FakeHost *host, const char *line);
/* Iterates the main context until there are so many with this line. */
void fake_host_wait(FakeHost *host, const char *line, guint count);
/* The same for streams of events. */
void fake_host_wait_stream(FakeHost *host, guint count);

/* Sends bytes over the newest stream; hangs up. */
void fake_host_say(FakeHost *host, const char *bytes);
void fake_host_drop(FakeHost *host);

/* A file with text in it, such as a secret; to be removed and freed with the other. */
char *fake_file_new(const char *text, mode_t mode);
void fake_file_free(char *path);

/* A port without a listener, at least until the next call. */
guint16 fake_host_free_port(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeHost, fake_host_free)

/* endpoint_new() for what has no mistake. */
Endpoint *fake_endpoint(const char *url, const char *secret_file, const char *fingerprint);
