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
	HTTP_UNREACHABLE, /* no answer, or not in time: another attempt may help */
	HTTP_UNTRUSTED,	  /* not the certificate that is wanted */
} HttpOutcome;

/* One request and its answer. Begin with http_begin(), end with http_end() whatever came of it. */
typedef struct {
	const Endpoint *endpoint;
	HINTERNET session, connection, request;
	unsigned status; /* HTTP's */
	/* the certificate that was refused */
	bool distrusted;
	char fingerprint[3 * PIN_LENGTH];
} HttpCall;

/* Sends a request with the endpoint's secret, and waits at most receive_ms for the head of an
 * answer (and later for each piece of its body). body: JSON, or NULL. The endpoint must outlive the
 * call. */
HttpOutcome http_begin(HttpCall *call, const Endpoint *endpoint, const wchar_t *method,
	const wchar_t *path, const char *body, int receive_ms, Problem *problem);

/* The next bytes of the answer, as soon as there are any; length 0 at its end. */
HttpOutcome http_read(HttpCall *call, char *buffer, size_t size, size_t *length, Problem *problem);

void http_end(HttpCall *call);

#define HTTP_ANSWER_MAX (64 * 1024)

typedef struct {
	unsigned status;
	size_t length;
	char body[HTTP_ANSWER_MAX];
} HttpAnswer;

/* A whole request. answer holds what fits. */
HttpOutcome http_request(const Endpoint *endpoint, const wchar_t *method, const wchar_t *path,
	const char *body, int receive_ms, HttpAnswer *answer, Problem *problem);
