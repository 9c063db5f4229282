/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/request.h"

#include "common/wipe.h"

#include <string.h>

/* A record's first byte (RFC 8446, 5.1); no method of HTTP begins with it. */
#define TLS_HANDSHAKE 0x16

Request *request_new(void)
{
	Request *request = g_new0(Request, 1);

	request->headers = soup_message_headers_new(SOUP_MESSAGE_HEADERS_REQUEST);
	request->body = g_byte_array_new();
	request->raw = g_byte_array_new();
	return request;
}

void request_free(Request *request)
{
	if (request == NULL)
		return;
	soup_message_headers_unref(request->headers);
	g_byte_array_unref(request->body);
	wipe_bytes(request->raw);
	g_free(request->method);
	g_free(request->path);
	g_free(request->query);
	g_free(request);
}

void request_feed(Request *request, const void *data, gsize length)
{
	g_byte_array_append(request->raw, data, (guint)length);
}

void request_forget(Request *request, const char *name)
{
	const char *value;

	while ((value = soup_message_headers_get_one(request->headers, name)) != NULL) {
		/* libsoup's own copy, which it frees as it is */
		explicit_bzero((char *)value, strlen(value));
		soup_message_headers_remove(request->headers, name);
	}
}

const char *request_header(const Request *request, const char *name)
{
	return soup_message_headers_get_one(request->headers, name);
}

RequestStage request_refuse(Request *request, guint status, const char *why)
{
	request->refusal = status;
	request->why = why;
	return request->stage = REQUEST_BAD;
}

/* Length of the head with its final blank line; 0: it is incomplete. Blank lines before it are
 * ignored (RFC 9112, 2.2). */
static gsize head_length(const GByteArray *raw)
{
	const char *text = (const char *)raw->data;
	const char *line = text, *end = text + raw->len, *newline;
	gboolean begun = FALSE;

	while (line < end && (newline = memchr(line, '\n', (gsize)(end - line))) != NULL) {
		gsize length = (gsize)(newline - line);
		gboolean blank = length == 0 || (length == 1 && *line == '\r');

		if (blank && begun)
			return (gsize)(newline + 1 - text);
		begun |= !blank;
		line = newline + 1;
	}
	return 0;
}

/* The beginning of a target's path: in "http://host/switch" after the host. */
static const char *skip_host(const char *target)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
		gsize length = strlen(schemes[i]);

		if (g_ascii_strncasecmp(target, schemes[i], length) == 0) {
			target += length + strcspn(target + length, "/?#");
			return *target == '/' ? target : "/";
		}
	}
	return target;
}

/* Replaces several slashes in a row by one. */
static void squeeze_slashes(char *path)
{
	char *out = path;

	for (const char *in = path; *in != '\0'; in++)
		if (*in != '/' || out == path || out[-1] != '/')
			*out++ = *in;
	*out = '\0';
}

/* "/switch?x", "//switch", "/%73witch" and "http://host/switch" are all "/switch", as they are in
 * virtkvm (Werkzeug). NULL: it does not begin with a slash. */
static char *plain_path(const char *target)
{
	g_autofree char *sent = NULL;
	char *path;

	target = skip_host(target);
	if (*target != '/')
		return NULL;
	sent = g_strndup(target, strcspn(target, "?#"));
	path = g_uri_unescape_string(sent, NULL);
	/* a path with "%00" or an incomplete escape matches no route */
	if (path == NULL)
		path = g_steal_pointer(&sent);
	squeeze_slashes(path);
	return path;
}

static char *query_of(const char *target)
{
	const char *mark = strchr(target, '?');

	return mark != NULL ? g_strndup(mark + 1, strcspn(mark + 1, "#")) : NULL;
}

/* RFC 9112, 3.2, has such a request refused. libsoup 3.6 takes all of them; later versions keep the
 * first one, and log a warning for each other one, with which unknown clients could fill the log.
 */
static gboolean has_several_hosts(const char *head, gsize length)
{
	static const char name[] = "Host:";
	const char *end = head + length, *newline = head;
	guint count = 0;

	while ((newline = memchr(newline, '\n', (gsize)(end - newline))) != NULL) {
		newline++;
		if ((gsize)(end - newline) >= strlen(name) &&
			g_ascii_strncasecmp(newline, name, strlen(name)) == 0)
			count++;
	}
	return count > 1;
}

static RequestStage parse_head(Request *request, gsize length)
{
	const char *head = (const char *)request->raw->data;
	g_autofree char *method = NULL, *target = NULL;
	guint status;

	if (memchr(head, '\0', length) != NULL)
		return request_refuse(
			request, SOUP_STATUS_BAD_REQUEST, "a NUL byte in the headers");
	if (has_several_hosts(head, length))
		return request_refuse(
			request, SOUP_STATUS_BAD_REQUEST, "more than one Host header");
	status = soup_headers_parse_request(
		head, (int)length, request->headers, &method, &target, &request->version);
	if (status != SOUP_STATUS_OK)
		return request_refuse(request, status, "not an HTTP/1.1 request");
	request->path = plain_path(target);
	if (request->path == NULL)
		return request_refuse(
			request, SOUP_STATUS_BAD_REQUEST, "the path does not begin with a slash");
	request->query = query_of(target);
	/* virtkvm's clients may send it in lower case */
	request->method = g_ascii_strup(method, -1);
	/* the secret was in it */
	explicit_bzero(request->raw->data, length);
	g_byte_array_remove_range(request->raw, 0, (guint)length);
	return request->stage = REQUEST_BODY;
}

/* The client waits for the server's part of the handshake, until one side times out. */
static gboolean is_tls(const GByteArray *raw)
{
	return raw->len > 0 && raw->data[0] == TLS_HANDSHAKE;
}

static RequestStage advance_head(Request *request)
{
	gsize length = head_length(request->raw);

	if (is_tls(request->raw))
		return request_refuse(request, SOUP_STATUS_BAD_REQUEST,
			"this port does not accept TLS; use http://");
	if (length > REQUEST_HEAD_MAX || (length == 0 && request->raw->len > REQUEST_HEAD_MAX))
		return request_refuse(request, REQUEST_STATUS_HEADERS_TOO_LARGE,
			"the headers are longer than 16 KiB");
	return length == 0 ? REQUEST_HEAD : parse_head(request, length);
}

static void take(Request *request, gsize length)
{
	g_byte_array_remove_range(request->raw, 0, (guint)length);
	request->raw_body += length;
}

static RequestStage advance_length(Request *request)
{
	goffset wanted = soup_message_headers_get_content_length(request->headers);

	if (wanted < 0) /* "-1", which libsoup takes for a number */
		return request_refuse(
			request, SOUP_STATUS_BAD_REQUEST, "a negative Content-Length");
	if (wanted > REQUEST_BODY_MAX)
		return request_refuse(request, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
			"the body is longer than 4 KiB");
	if (request->raw->len < (guint)wanted)
		return REQUEST_BODY;
	g_byte_array_append(request->body, request->raw->data, (guint)wanted);
	take(request, (gsize)wanted);
	return request->stage = REQUEST_COMPLETE;
}

/* The size in a chunk's first line "1a;extension\r\n", or -1. */
static gint64 chunk_size(const char *line, gsize length)
{
	gint64 size = 0;
	gsize i;

	for (i = 0; i < length && g_ascii_isxdigit(line[i]); i++) {
		size = size * 16 + g_ascii_xdigit_value(line[i]);
		if (size > REQUEST_BODY_MAX)
			return REQUEST_BODY_MAX + 1;
	}
	if (i == 0 || (i < length && strchr("; \t\r", line[i]) == NULL))
		return -1;
	return size;
}

/* Skips the trailers after the last chunk. */
static RequestStage advance_trailers(Request *request, gsize offset)
{
	const char *text = (const char *)request->raw->data;
	const char *newline;

	while ((newline = memchr(text + offset, '\n', request->raw->len - offset)) != NULL) {
		gsize length = (gsize)(newline - text) - offset;
		gboolean blank = length == 0 || (length == 1 && text[offset] == '\r');

		offset += length + 1;
		if (blank) {
			take(request, offset);
			return request->stage = REQUEST_COMPLETE;
		}
	}
	return REQUEST_BODY;
}

static RequestStage advance_chunks(Request *request)
{
	const char *newline;

	while ((newline = memchr(request->raw->data, '\n', request->raw->len)) != NULL) {
		const char *text = (const char *)request->raw->data;
		gsize line = (gsize)(newline - text) + 1;
		gint64 size = chunk_size(text, line - 1);

		if (size < 0)
			return request_refuse(request, SOUP_STATUS_BAD_REQUEST, "a broken chunk");
		if (size == 0)
			return advance_trailers(request, line);
		if (request->body->len + (gsize)size > REQUEST_BODY_MAX)
			return request_refuse(request, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
				"the body is longer than 4 KiB");
		if (request->raw->len < line + (gsize)size + 2)
			return REQUEST_BODY;
		if (memcmp(text + line + size, "\r\n", 2) != 0)
			return request_refuse(request, SOUP_STATUS_BAD_REQUEST, "a broken chunk");
		g_byte_array_append(request->body, request->raw->data + line, (guint)size);
		take(request, line + (gsize)size + 2);
	}
	return REQUEST_BODY;
}

static RequestStage advance_body(Request *request)
{
	switch (soup_message_headers_get_encoding(request->headers)) {
	case SOUP_ENCODING_NONE:
		return request->stage = REQUEST_COMPLETE;
	case SOUP_ENCODING_CONTENT_LENGTH:
		return advance_length(request);
	case SOUP_ENCODING_CHUNKED:
		if (request->raw_body + request->raw->len > REQUEST_RAW_BODY_MAX)
			return request_refuse(request, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
				"the body is longer than 4 KiB");
		return advance_chunks(request);
	default:
		return request_refuse(
			request, SOUP_STATUS_BAD_REQUEST, "invalid or missing Content-Length");
	}
}

RequestStage request_advance(Request *request)
{
	switch (request->stage) {
	case REQUEST_HEAD:
		return advance_head(request);
	case REQUEST_BODY:
		return advance_body(request);
	default:
		return request->stage;
	}
}
