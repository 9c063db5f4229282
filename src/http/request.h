/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An HTTP/1.x request, assembled from bytes as they arrive. Pure: no sockets, no clock.
 *
 * libsoup parses request line and headers. Its SoupServer is not used: it reads a complete body
 * before it can refuse it, has no deadlines, and accepts headers of up to 64 KiB.
 */
#pragma once

#include <libsoup/soup.h>

/* The headers of curl and browsers have less than 1 KiB. */
#define REQUEST_HEAD_MAX (16 * 1024)
/* The longest valid body contains a guest's name. */
#define REQUEST_BODY_MAX (4 * 1024)
/* The same in chunked encoding: each byte can be in a separate chunk (1\r\nX\r\n). */
#define REQUEST_RAW_BODY_MAX (8 * REQUEST_BODY_MAX)

/* RFC 6585; libsoup has names for neither */
#define REQUEST_STATUS_TOO_MANY		 429
#define REQUEST_STATUS_HEADERS_TOO_LARGE 431

typedef enum {
	REQUEST_HEAD,	  /* the headers are incomplete */
	REQUEST_BODY,	  /* method, path and headers are known */
	REQUEST_COMPLETE, /* the body is complete too */
	REQUEST_BAD,	  /* refusal and why have the reason */
} RequestStage;

/* All members are read-only. */
typedef struct {
	RequestStage stage;
	char *method; /* in upper case */
	char *path;   /* without the query and without escapes; starts with '/' */
	char *query;  /* after the '?', as it was sent; NULL: there is none */
	SoupHTTPVersion version;
	SoupMessageHeaders *headers;
	GByteArray *body;
	guint refusal;	 /* REQUEST_BAD: the HTTP status to answer with */
	const char *why; /* the reason, for people; static */
	GByteArray *raw; /* bytes that have not been parsed yet */
	gsize raw_body;	 /* bytes of the body taken from raw */
} Request;

Request *request_new(void);
void request_free(Request *request);

/* Appends bytes that have arrived, without parsing them. */
void request_feed(Request *request, const void *data, gsize length);

/* Parses at most one stage, so that the caller can check the headers before the body is parsed.
 * Returns the stage. */
RequestStage request_advance(Request *request);

/* Stops parsing: status and why (static) become the request's refusal. */
RequestStage request_refuse(Request *request, guint status, const char *why);

/* Overwrites and removes a header whose value is a secret. */
void request_forget(Request *request, const char *name);

/* A header's value, or NULL. If it occurs several times, the last one. */
const char *request_header(const Request *request, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Request, request_free)
