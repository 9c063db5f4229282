/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A request of HTTP/1.x, put together from the bytes as they come. Pure: no sockets, no clock.
 *
 * libsoup parses request line and headers. Its SoupServer is not used: it reads a body to its end
 * before it can refuse it, has no deadlines, and takes headers of any length up to 64 KiB.
 */
#pragma once

#include <libsoup/soup.h>

/* Curl's and browsers' headers take under 1 KiB. */
#define REQUEST_HEAD_MAX (16 * 1024)
/* The longest sensible body is a guest's name. */
#define REQUEST_BODY_MAX (4 * 1024)
/* The same in chunks: each byte may come in a chunk of its own (1\r\nX\r\n). */
#define REQUEST_RAW_BODY_MAX (8 * REQUEST_BODY_MAX)

/* RFC 6585; libsoup has names for neither */
#define REQUEST_STATUS_TOO_MANY		 429
#define REQUEST_STATUS_HEADERS_TOO_LARGE 431

typedef enum {
	REQUEST_HEAD,	  /* headers are still coming */
	REQUEST_BODY,	  /* method, path and headers are there */
	REQUEST_COMPLETE, /* body too */
	REQUEST_BAD,	  /* refusal and why say why not */
} RequestStage;

/* All members are read-only. */
typedef struct {
	RequestStage stage;
	char *method; /* in upper case */
	char *path;   /* without the query and without escapes; starts with '/' */
	char *query;  /* behind the '?', as it was sent; NULL: there is none */
	SoupHTTPVersion version;
	SoupMessageHeaders *headers;
	GByteArray *body;
	guint refusal;	 /* REQUEST_BAD: the HTTP status to answer with */
	const char *why; /* and in words */
	GByteArray *raw; /* bytes not looked at yet */
	gsize raw_body;	 /* bytes of the body taken from raw */
} Request;

Request *request_new(void);
void request_free(Request *request);

/* Takes bytes as they come; looks at none of them. */
void request_feed(Request *request, const void *data, gsize length);

/* Goes on by at most one stage, as far as the bytes reach, so that what follows from the headers
 * can be decided before the body is looked at. Returns the stage. */
RequestStage request_advance(Request *request);

/* The request is not to be read (on): status and why (static) become its refusal. */
RequestStage request_refuse(Request *request, guint status, const char *why);

/* Overwrites and removes a header whose value is a secret. */
void request_forget(Request *request, const char *name);

/* A header's value, or NULL. Of several the last counts. */
const char *request_header(const Request *request, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Request, request_free)
