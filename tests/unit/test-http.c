/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The API as virtkvm's clients use it, byte for byte, and as ours do.
 */
#include "http-desk.h"
#include "http/request.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define JSON "Content-Type: application/json\r\n"

static char *post(const char *path, const char *headers, const char *body)
{
	return g_strdup_printf("POST %s HTTP/1.1\r\nHost: kvm\r\n%sContent-Length: %zu\r\n\r\n%s",
		path, headers, strlen(body), body);
}

/* what virtkvm's server answers, and what ours must */
static const struct {
	const char *label, *request;
	int status;
	const char *in_head, *in_body;
} answers[] = {
	{ "switch",
		"POST /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		200, "Content-Type: application/json\r\n", "{\"error\":null,\"success\":true," },
	{ "charset",
		"POST /switch HTTP/1.1\r\n" AUTH
		"Content-Type: application/json; charset=utf-8\r\nContent-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		200, "", "\"success\":true" },
	{ "a type of JSON",
		"POST /switch HTTP/1.1\r\n" AUTH
		"Content-Type: Application/ld+json\r\nContent-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		200, "", "\"success\":true" },
	{ "another application",
		"POST /switch HTTP/1.1\r\n" AUTH
		"Content-Type: application/xml\r\nContent-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		400, "", "expected Content-Type" },
	{ "no application",
		"POST /switch HTTP/1.1\r\n" AUTH
		"Content-Type: text/x+json\r\nContent-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		400, "", "expected Content-Type" },
	{ "unknown keys",
		"POST /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 21\r\n\r\n"
		"{\"to\":\"guest\",\"a\":{}}",
		200, "", "\"to\":\"guest\"" },
	{ "old HTTP",
		"POST /switch HTTP/1.0\r\n" AUTH JSON "Content-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		200, "Connection: close\r\n", "\"success\":true" },
	{ "chunks",
		"POST /switch HTTP/1.1\r\n" AUTH JSON "Transfer-Encoding: chunked\r\n\r\n"
		"6;x=y\r\n{\"to\":\r\n8\r\n\"guest\"}\r\n0\r\nTrailer: x\r\n\r\n",
		200, "", "\"success\":true" },
	{ "query",
		"POST /switch?a=b HTTP/1.1\r\n" AUTH JSON "Content-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		200, "", "\"success\":true" },
	{ "absolute",
		"POST http://kvm:5001/switch HTTP/1.1\r\n" AUTH JSON
		"Content-Length: 14\r\n\r\n{\"to\":\"guest\"}",
		200, "", "\"success\":true" },
	{ "a method in lower case",
		"post /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		200, "", "\"success\":true" },
	{ "two slashes",
		"POST //switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		200, "", "\"success\":true" },
	{ "a host and two slashes",
		"POST HTTPS://kvm//switch?a HTTP/1.1\r\n" AUTH JSON
		"Content-Length: 14\r\n\r\n{\"to\":\"guest\"}",
		200, "", "\"success\":true" },
	{ "escapes",
		"POST /%73witc%68 HTTP/1.1\r\n" AUTH JSON "Content-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		200, "", "\"success\":true" },
	{ "escapes of what is no path",
		"POST /switch%00 HTTP/1.1\r\n" AUTH JSON "Content-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		404, "", "\"success\":false" },
	{ "a slash at the end",
		"POST //switch// HTTP/1.1\r\n" AUTH JSON "Content-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		404, "", "\"success\":false" },
	{ "a byte order mark",
		"POST /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 17\r\n\r\n"
		"\xef\xbb\xbf{\"to\":\"guest\"}",
		200, "", "\"success\":true" },
	{ "a comment",
		"POST /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 18\r\n\r\n"
		"/**/{\"to\":\"guest\"}",
		400, "", "expected a JSON object" },
	{ "no secret",
		"POST /switch HTTP/1.1\r\n" JSON "Content-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		403, "", "\"success\":false" },
	{ "no secret, what is this", "GET / HTTP/1.1\r\n\r\n", 200,
		"Content-Type: application/json\r\n", "\"documentation\":\"hotseatd(8)" },
	{ "wrong secret, what is this", "GET / HTTP/1.1\r\nX-Secret: opem\r\n\r\n", 200, "",
		"\"POST /switch\"" },
	{ "no secret, another method", "DELETE / HTTP/1.1\r\n\r\n", 403, "", "X-Secret" },
	{ "another method", "DELETE / HTTP/1.1\r\n" AUTH "\r\n", 405, "Allow: GET, HEAD\r\n",
		"expected GET, HEAD" },
	{ "no secret, nothing there", "GET /nothing HTTP/1.1\r\n\r\n", 403, "", "X-Secret" },
	{ "wrong secret, no JSON",
		"POST /switch HTTP/1.1\r\nX-Secret: opem\r\n"
		"Content-Length: 1\r\n\r\n{",
		403, "", "X-Secret" },
	{ "bad JSON", "POST /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 4\r\n\r\n{to}", 400,
		"", "expected a JSON object" },
	{ "no object", "POST /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 4\r\n\r\n[17]", 400,
		"", "expected a JSON object" },
	{ "no body", "POST /switch HTTP/1.1\r\n" AUTH JSON "\r\n", 400, "",
		"expected a JSON object" },
	{ "no type",
		"POST /switch HTTP/1.1\r\n" AUTH "Content-Length: 14\r\n\r\n"
		"{\"to\":\"guest\"}",
		400, "", "expected Content-Type" },
	{ "no to", "POST /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 2\r\n\r\n{}", 400, "",
		"\\\"to\\\" is missing" },
	{ "number as to",
		"POST /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 8\r\n\r\n"
		"{\"to\":1}",
		400, "", "\\\"to\\\" is missing" },
	{ "unknown to",
		"POST /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: 13\r\n\r\n"
		"{\"to\":\"moon\"}",
		400, "",
		"unknown target \\\"moon\\\"; expected \\\"host\\\", \\\"toggle\\\" or "
		"\\\"guest\\\"" },
	{ "GET", "GET /switch HTTP/1.1\r\n" AUTH "\r\n", 405, "Allow: POST\r\n",
		"\"success\":false" },
	{ "elsewhere", "POST /switch/ HTTP/1.1\r\n" AUTH JSON "Content-Length: 0\r\n\r\n", 404, "",
		"\"success\":false" },
	{ "post of another listener", "POST /simulate HTTP/1.1\r\n" AUTH "\r\n", 404, "",
		"\"success\":false" },
	{ "status", "GET /status HTTP/1.1\r\n" AUTH "\r\n", 200, "", "\"target\":\"host\"" },
	{ "post to status", "POST /status HTTP/1.1\r\n" AUTH "\r\n", 405, "Allow: GET, HEAD\r\n",
		"\"success\":false" },
	{ "TLS where there is none", "\x16\x03\x01\x02", 400, "", "use http://" },
	{ "no HTTP", "hello\r\n\r\n", 400, "", "\"success\":false" },
	{ "new HTTP", "GET /status HTTP/2.0\r\n\r\n", 505, "", "\"success\":false" },
	{ "negative length", "POST /switch HTTP/1.1\r\n" AUTH JSON "Content-Length: -5\r\n\r\n",
		400, "", "\"success\":false" },
	{ "broken chunk",
		"POST /switch HTTP/1.1\r\n" AUTH JSON "Transfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
		400, "", "\"success\":false" },
};

static void test_answer(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data);
	HttpDesk desk;
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	answer = http_desk_ask(&desk, FALSE, answers[i].request);
	g_assert_cmpint(http_status_of(answer), ==, answers[i].status);
	g_assert_nonnull(strstr(answer, answers[i].in_head));
	g_assert_nonnull(strstr(http_body_of(answer), answers[i].in_body));
	http_desk_clear(&desk);
}

/* the whole of it, once */
static void test_whole_answer(void)
{
	HttpDesk desk;
	g_autofree char *request = post("/switch", JSON, "{\"to\":\"toggle\"}");
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	answer = http_desk_ask(&desk, TRUE, request);
	g_assert_cmpstr(http_body_of(answer), ==,
		"{\"error\":null,\"success\":true,\"target\":\"guest\",\"outcome\":\"done\","
		"\"id\":1,\"from\":\"host\",\"to\":\"guest\",\"reason\":\"request\",\"ms\":10.00,"
		"\"steps\":["
		"{\"name\":\"left\",\"kind\":\"display\",\"to\":\"guest\",\"undo\":false,"
		"\"outcome\":\"done\",\"ms\":10.00,\"detail\":null,\"error\":null,"
		"\"optional\":false},"
		"{\"name\":\"keyboard\",\"kind\":\"device\",\"to\":\"guest\",\"undo\":false,"
		"\"outcome\":\"done\",\"ms\":10.00,\"detail\":null,\"error\":null,"
		"\"optional\":false}]}");
	http_desk_clear(&desk);
}

/* What a client has to know to draw the desk: one that works, and one that does not. */
static void test_whole_status(void)
{
	HttpDesk desk;
	g_autofree char *answer = NULL;

	http_desk_init(&desk);
	fake_plug(desk.keyboard, FALSE);
	guest_set_state(&desk.guest->base, GUEST_OFF, "libvirt has gone");
	answer = http_desk_ask(&desk, TRUE, http_get_status);
	g_assert_cmpstr(http_body_of(answer), ==,
		"{\"version\":\"" HOTSEAT_VERSION
		"\",\"asker\":null,\"target\":\"host\",\"wanted\":\"host\","
		"\"switching\":null,\"last\":null,"
		"\"guests\":[{\"name\":\"guest\",\"domain\":\"dom-guest\","
		"\"state\":\"off\",\"error\":\"libvirt has gone\",\"input\":null,"
		"\"input_error\":null}],"
		"\"displays\":[{\"name\":\"left\",\"kind\":\"display\",\"at\":\"host\","
		"\"detail\":null,\"error\":null,\"optional\":false}],"
		"\"devices\":[{\"name\":\"keyboard\",\"kind\":\"device\",\"at\":null,"
		"\"detail\":null,\"error\":\"unplugged\",\"optional\":false}],"
		"\"agents\":[]}");
	http_desk_clear(&desk);
}

/* Whoever makes up words may not fill our memory with them. */
static void test_strange_method(void)
{
	static const char text[] = "NEVER-HEARD-OF / HTTP/1.1\r\nHost: x\r\n\r\n";
	g_autoptr(Request) request = request_new();

	request_feed(request, text, strlen(text));
	while (request->stage < REQUEST_COMPLETE)
		request_advance(request);
	g_assert_cmpstr(request->method, ==, "NEVER-HEARD-OF");
	g_assert_cmpuint(g_quark_try_string(request->method), ==, 0);
}

/* The socket is removed at the end, unless another is there in its place. */
static void test_socket_is_removed(void)
{
	g_autofree char *dir = g_dir_make_tmp("http-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "s", NULL);
	Http *http = http_new(path, NULL);

	g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
	/* it is whole without a config */
	g_assert_false(http_agents(http)->any(http_agents(http), NULL));
	http_free(http);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	http = http_new(path, NULL);
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_true(g_file_set_contents(path, "another's", -1, NULL));
	http_free(http);
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_rmdir(dir), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_autofree char *path = g_strdup_printf("/http/answer/%s", answers[i].label);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_answer);
	}
	g_test_add_func("/http/whole-answer", test_whole_answer);
	g_test_add_func("/http/whole-status", test_whole_status);
	g_test_add_func("/http/strange-method", test_strange_method);
	g_test_add_func("/http/socket-is-removed", test_socket_is_removed);
	return g_test_run();
}
