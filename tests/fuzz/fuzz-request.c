/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request, whole and byte by byte: both must come to the same, within the limits. */
#include "http/request.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Goes on as far as the bytes reach. */
static void advance(Request *request)
{
	RequestStage before;

	do {
		before = request->stage;
	} while (request_advance(request) != before);
}

static Request *parse(const guint8 *data, gsize size, gsize step)
{
	Request *request = request_new();

	for (gsize at = 0; at < size && request->stage < REQUEST_COMPLETE; at += step) {
		request_feed(request, data + at, MIN(step, size - at));
		advance(request);
		g_assert_cmpuint(request->body->len, <=, REQUEST_BODY_MAX);
		if (step == 1)
			g_assert_cmpuint(request->raw->len, <=,
				MAX(REQUEST_HEAD_MAX, REQUEST_RAW_BODY_MAX) + 1);
	}
	return request;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(Request) whole = parse(data, size, MAX(size, 1));
	g_autoptr(Request) bytes = parse(data, size, 1);

	if (whole->stage == REQUEST_BAD) {
		g_assert_cmpuint(whole->refusal, >=, 400);
		g_assert_nonnull(whole->why);
	}
	if (whole->stage >= REQUEST_BODY && whole->stage < REQUEST_BAD)
		g_assert_true(*whole->path == '/');
	if (whole->stage == REQUEST_COMPLETE) {
		g_assert_cmpint((int)bytes->stage, ==, REQUEST_COMPLETE);
		g_assert_cmpstr(whole->path, ==, bytes->path);
		g_assert_cmpuint(whole->body->len, ==, bytes->body->len);
		g_assert_true(whole->body->len == 0 ||
			      memcmp(whole->body->data, bytes->body->data, whole->body->len) == 0);
	}
	return 0;
}
