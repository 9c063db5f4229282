/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests to hotseatd. All of these block: never call them on the window's thread.
 */
#pragma once

#include "core/endpoint.h"

#include <windows.h>

#include <winhttp.h>

typedef enum {
	HTTP_ANSWERED,
	HTTP_UNREACHABLE, /* no answer in time: a retry may help */
	HTTP_UNTRUSTED,	  /* not the expected certificate */
} HttpOutcome;

/* One request and its answer. Begin it with http_begin(), and end it with http_end(), also after a
 * failure. */
typedef struct {
	const Endpoint *endpoint;
	HINTERNET session, connection, request;
	unsigned status; /* the HTTP status */
	/* the certificate that was refused */
	bool distrusted;
	char fingerprint[3 * PIN_LENGTH];
} HttpCall;

/* Sends a request with the endpoint's secret, and waits at most receive_ms for the head of the
 * answer (and later for each piece of its body). body: JSON, or NULL. The endpoint must outlive the
 * call. */
HttpOutcome http_begin(HttpCall *call, const Endpoint *endpoint, const wchar_t *method,
	const wchar_t *path, const char *body, int receive_ms, Problem *problem);

/* Waits for the next bytes of the answer; length is 0 at its end. */
HttpOutcome http_read(HttpCall *call, char *buffer, size_t size, size_t *length, Problem *problem);

void http_end(HttpCall *call);

#define HTTP_ANSWER_MAX (64 * 1024)

typedef struct {
	unsigned status;
	size_t length;
	char body[HTTP_ANSWER_MAX];
} HttpAnswer;

/* A complete request. An answer that does not fit into answer is cut. */
HttpOutcome http_request(const Endpoint *endpoint, const wchar_t *method, const wchar_t *path,
	const char *body, int receive_ms, HttpAnswer *answer, Problem *problem);
