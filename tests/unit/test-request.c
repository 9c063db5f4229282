/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A request of HTTP, as its bytes come in: what it is taken for, and when.
 */
#include "http/request.h"

#include <string.h>

/* Feeds step bytes at a time, and goes as far as they reach. */
static Request *feed(const char *text, gsize length, gsize step)
{
	Request *request = request_new();

	for (gsize i = 0; i < length; i += step) {
		RequestStage before;

		request_feed(request, text + i, MIN(step, length - i));
		do
			before = request->stage;
		while (request_advance(request) != before);
		if (request->stage == REQUEST_BAD)
			break;
	}
	return request;
}

static void assert_bytes(const GByteArray *bytes, const char *expected)
{
	g_assert_cmpuint(bytes->len, ==, strlen(expected));
	for (guint i = 0; i < bytes->len; i++)
		g_assert_cmphex(bytes->data[i], ==, (guint8)expected[i]);
}

#define HEAD	"POST /switch HTTP/1.1\r\n"
#define CHUNKED HEAD "Transfer-Encoding: chunked\r\n\r\n"

/* -- when it is whole ------------------------------------------------------------------------- */

/* The last byte of each makes it complete. */
static const struct {
	const char *label, *text, *body;
} whole[] = {
	{ "no body", "GET / HTTP/1.1\r\n\r\n", "" },
	{ "line feeds", "GET / HTTP/1.1\nHost: x\n\n", "" },
	{ "blank lines before", "\r\n\n\r\nGET / HTTP/1.1\r\n\r\n", "" },
	{ "a header of one letter", "GET / HTTP/1.1\r\nX: y\r\n\r\n", "" },
	{ "empty body", HEAD "Content-Length: 0\r\n\r\n", "" },
	{ "length", HEAD "Content-Length: 5\r\n\r\nhello", "hello" },
	{ "chunk", CHUNKED "5\r\nhello\r\n0\r\n\r\n", "hello" },
	{ "chunks", CHUNKED "1\r\nh\r\n4;x=y\r\nello\r\n0\r\n\r\n", "hello" },
	{ "no chunk", CHUNKED "0\r\n\r\n", "" },
	{ "hex", CHUNKED "0A \r\n0123456789\r\n00\t\r\n\r\n", "0123456789" },
	{ "trailers", CHUNKED "1\r\nh\r\n0\r\nX: y\r\na\r\nZ: z\r\n\r\n", "h" },
	{ "trailer of one letter", CHUNKED "0\r\na\n\n", "" },
	{ "trailers with line feeds", CHUNKED "0\nX: y\n\n", "" },
};

static void test_whole(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data), length = strlen(whole[i].text);

	for (gsize step = 1; step <= length; step++) {
		g_autoptr(Request) request = feed(whole[i].text, length, step);

		g_assert_cmpint(request->stage, ==, REQUEST_COMPLETE);
		assert_bytes(request->body, whole[i].body);
		g_assert_cmpuint(request->raw->len, ==, 0);
	}
	for (gsize cut = 1; cut < length; cut++) {
		g_autoptr(Request) request = feed(whole[i].text, cut, 1);

		g_assert_cmpint(request->stage, <, REQUEST_COMPLETE);
	}
}

/* What comes behind it is left. */
static void test_left(void)
{
	static const char *const texts[] = { HEAD "Content-Length: 2\r\n\r\nabREST",
		CHUNKED "2\r\nab\r\n0\r\n\r\nREST", CHUNKED "2\r\nab\r\n0\r\nX: y\r\n\r\nREST" };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(Request) request = feed(texts[i], strlen(texts[i]), strlen(texts[i]));

		g_assert_cmpint(request->stage, ==, REQUEST_COMPLETE);
		assert_bytes(request->body, "ab");
		assert_bytes(request->raw, "REST");
	}
}

/* -- what is refused -------------------------------------------------------------------------- */

static const struct {
	const char *label, *text;
	guint status;
} refused[] = {
	{ "TLS", "\x16\x03\x01", 400 },
	{ "no HTTP", "hello\r\n\r\n", 400 },
	{ "no slash", "GET status HTTP/1.1\r\n\r\n", 400 },
	{ "another scheme", "GET ftp://x/status HTTP/1.1\r\n\r\n", 400 },
	{ "negative length", HEAD "Content-Length: -1\r\n\r\n", 400 },
	{ "length of 4097", HEAD "Content-Length: 4097\r\n\r\n", 413 },
	{ "chunk of 4097", CHUNKED "1001\r\n", 413 },
	{ "chunk of 2^64", CHUNKED "10000000000000001\r\n", 413 },
	{ "chunk without a size", CHUNKED "\r\n", 400 },
	{ "chunk that is no number", CHUNKED "1g\r\n", 400 },
	{ "negative chunk", CHUNKED "-1\r\n", 400 },
	{ "chunk that is too long", CHUNKED "1\r\nab\r\n", 400 },
	{ "chunk without its end", CHUNKED "1\r\na\n\n\r\n", 400 },
};

static void test_refused(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data), length = strlen(refused[i].text);

	for (gsize step = 1; step <= length; step++) {
		g_autoptr(Request) request = feed(refused[i].text, length, step);

		g_assert_cmpint(request->stage, ==, REQUEST_BAD);
		g_assert_cmpuint(request->refusal, ==, refused[i].status);
		g_assert_nonnull(request->why);
		/* and stays so */
		g_assert_cmpint(request_advance(request), ==, REQUEST_BAD);
	}
}

static void test_nul(void)
{
	static const char text[] = "GET / HTTP/1.1\r\nX: \0\r\n\r\n";
	g_autoptr(Request) request = feed(text, sizeof text - 1, sizeof text - 1);

	g_assert_cmpint(request->stage, ==, REQUEST_BAD);
	g_assert_cmpstr(request->why, ==, "a NUL byte in the headers");
}

/* -- how long it may be ----------------------------------------------------------------------- */

/* A head of so many bytes, with the blank line or without. */
static RequestStage stage_of_head(gsize length, gboolean ended, guint *refusal)
{
	g_autoptr(GString) text = g_string_new("GET / HTTP/1.1\r\nX: ");
	g_autoptr(Request) request = NULL;

	while (text->len < length - (ended ? 4 : 0))
		g_string_append_c(text, 'x');
	g_string_append(text, ended ? "\r\n\r\n" : "");
	g_assert_cmpuint(text->len, ==, length);
	request = feed(text->str, text->len, text->len);
	*refusal = request->refusal;
	return request->stage;
}

static void test_long_head(void)
{
	guint refusal;

	g_assert_cmpint(stage_of_head(REQUEST_HEAD_MAX, TRUE, &refusal), ==, REQUEST_COMPLETE);
	g_assert_cmpint(stage_of_head(REQUEST_HEAD_MAX, FALSE, &refusal), ==, REQUEST_HEAD);
	for (int ended = 0; ended < 2; ended++) {
		g_assert_cmpint(
			stage_of_head(REQUEST_HEAD_MAX + 1, ended, &refusal), ==, REQUEST_BAD);
		g_assert_cmpuint(refusal, ==, REQUEST_STATUS_HEADERS_TOO_LARGE);
	}
}

static void test_long_body(void)
{
	g_autofree char *body = g_strnfill(REQUEST_BODY_MAX, 'x');
	g_autofree char *by_length =
		g_strdup_printf(HEAD "Content-Length: %u\r\n\r\n%s", (guint)REQUEST_BODY_MAX, body);
	g_autofree char *by_chunks =
		g_strdup_printf(CHUNKED "%x\r\n%s\r\n0\r\n\r\n", (guint)REQUEST_BODY_MAX, body);
	g_autofree char *too_long = g_strdup_printf(
		CHUNKED "%x\r\n%s\r\n1\r\nx\r\n0\r\n\r\n", (guint)REQUEST_BODY_MAX, body);
	g_autoptr(Request) length = feed(by_length, strlen(by_length), 1000);
	g_autoptr(Request) chunks = feed(by_chunks, strlen(by_chunks), 1000);
	g_autoptr(Request) more = feed(too_long, strlen(too_long), 1000);

	g_assert_cmpint(length->stage, ==, REQUEST_COMPLETE);
	g_assert_cmpuint(length->body->len, ==, REQUEST_BODY_MAX);
	g_assert_cmpint(chunks->stage, ==, REQUEST_COMPLETE);
	g_assert_cmpuint(chunks->body->len, ==, REQUEST_BODY_MAX);
	g_assert_cmpuint(more->refusal, ==, 413);
}

/* A body of few bytes in chunks with long extensions: all that was sent counts, however it came. */
static char *with_extensions(gsize length)
{
	GString *text = g_string_new(CHUNKED);
	g_autofree char *extension = g_strnfill(100, 'x'), *rest = NULL;

	length += text->len;
	while (text->len + 200 < length)
		g_string_append_printf(text, "1;%s\r\ny\r\n", extension);
	rest = g_strnfill(length - text->len - strlen("1;\r\ny\r\n"), 'x');
	g_string_append_printf(text, "1;%s\r\ny\r\n", rest);
	g_assert_cmpuint(text->len, ==, length);
	return g_string_free(text, FALSE);
}

static void test_long_extensions(void)
{
	g_autofree char *most = with_extensions(REQUEST_RAW_BODY_MAX);
	g_autofree char *more = with_extensions(REQUEST_RAW_BODY_MAX + 1);

	for (gsize step = 50; step <= 500; step += 50) {
		g_autoptr(Request) good = feed(most, strlen(most), step);
		g_autoptr(Request) bad = feed(more, strlen(more), step);

		g_assert_cmpint(good->stage, ==, REQUEST_BODY);
		g_assert_cmpint(bad->stage, ==, REQUEST_BAD);
		g_assert_cmpuint(bad->refusal, ==, 413);
	}
}

/* -- what it asks for ------------------------------------------------------------------------- */

static void test_target(void)
{
	static const struct {
		const char *target, *path, *query;
	} cases[] = {
		{ "/status", "/status", NULL },
		{ "/status?a=b&c", "/status", "a=b&c" },
		{ "/status?a#b", "/status", "a" },
		{ "/status?", "/status", "" },
		{ "/status#a", "/status", NULL },
		{ "http://host/status", "/status", NULL },
		{ "http://host:8080/status?x", "/status", "x" },
		{ "http://host", "/", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
			g_strdup_printf("HEAD %s HTTP/1.1\r\nX: y\r\n\r\n", cases[i].target);
		g_autoptr(Request) request = feed(text, strlen(text), 7);

		g_assert_cmpint(request->stage, ==, REQUEST_COMPLETE);
		g_assert_cmpstr(request->path, ==, cases[i].path);
		g_assert_cmpstr(request->query, ==, cases[i].query);
		g_assert_cmpstr(request->method, ==, "HEAD");
		g_assert_cmpstr(request_header(request, "x"), ==, "y");
	}
}

/* A header that is forgotten is gone however often it was sent, and nothing is left of its bytes in
 * what came in. */
static void test_forget(void)
{
	static const char text[] = "GET / HTTP/1.1\r\nX-Secret: opensesame\r\nY: z\r\n"
				   "x-secret: again\r\n\r\n";
	g_autoptr(Request) request = feed(text, strlen(text), strlen(text));

	g_assert_nonnull(request_header(request, "X-Secret"));
	for (gsize i = 0; i < strlen(text); i++)
		g_assert_cmphex(request->raw->data[i], ==, 0);
	request_forget(request, "X-Secret");
	g_assert_null(request_header(request, "X-Secret"));
	g_assert_cmpstr(request_header(request, "Y"), ==, "z");
	request_free(NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(whole); i++) {
		g_autofree char *path = g_strdup_printf("/request/whole/%s", whole[i].label);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_whole);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autofree char *path = g_strdup_printf("/request/refused/%s", refused[i].label);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_refused);
	}
	g_test_add_func("/request/left", test_left);
	g_test_add_func("/request/refused/nul", test_nul);
	g_test_add_func("/request/long/head", test_long_head);
	g_test_add_func("/request/long/body", test_long_body);
	g_test_add_func("/request/long/extensions", test_long_extensions);
	g_test_add_func("/request/target", test_target);
	g_test_add_func("/request/forget", test_forget);
	return g_test_run();
}
