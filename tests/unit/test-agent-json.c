/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What hotseatd says, as the Windows agent reads it. */
#include "core/events.h"
#include "core/json.h"
#include "core/seat.h"
#include "core/set-input.h"

#include <glib.h>
#include <string.h>

static Json parsed(const char *text)
{
	Json json;

	g_assert_true(core_json_parse(text, strlen(text), &json));
	return json;
}

static void test_valid(void)
{
	static const char *const texts[] = { "{}", " [ ] ", "null", "-0.5e+10", "0",
		"\"\\u00e9\\n\"", "{\"a\":[1,{\"b\":[]},true,false],\"c\":\"\xc3\xa9\"}" };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		parsed(texts[i]);
}

static void test_invalid(void)
{
	static const char *const texts[] = { "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}",
		"01", "1.", "-", "+1", "1e", "tru", "nul", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\n\"",
		"[1] 2", "{\"a\":1,}", "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "[1 2]",
		"'a'" };
	Json json;

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_test_message("%" G_GSIZE_FORMAT, i);
		g_assert_false(core_json_parse(texts[i], strlen(texts[i]), &json));
	}
}

static void test_depth(void)
{
	for (int depth = JSON_DEPTH_MAX - 1; depth <= JSON_DEPTH_MAX + 1; depth++) {
		g_autofree char *open = g_strnfill((gsize)depth, '['),
				*close = g_strnfill((gsize)depth, ']');
		g_autofree char *text = g_strconcat(open, close, NULL);
		Json json;

		g_assert_cmpint(
			core_json_parse(text, strlen(text), &json), ==, depth <= JSON_DEPTH_MAX);
	}
}

static void test_member(void)
{
	Json root = parsed(" { \"x\" : [ 1 , 2 ] , \"\\u0079\" : \"a\\\"b\" , \"x\" : 3 } "), value;
	Json item = { NULL, NULL };
	char text[8];
	gint64 number = 0;

	g_assert_true(core_json_member(root, "x", &value));
	g_assert_true(core_json_next(value, &item) && core_json_integer(item, &number));
	g_assert_cmpint(number, ==, 1);
	g_assert_true(core_json_next(value, &item) && core_json_integer(item, &number));
	g_assert_cmpint(number, ==, 2);
	g_assert_false(core_json_next(value, &item));
	g_assert_true(
		core_json_member(root, "y", &value) && core_json_string(value, text, sizeof text));
	g_assert_cmpstr(text, ==, "a\"b");
	g_assert_false(core_json_member(root, "z", &value));
	g_assert_false(core_json_member(parsed("{}"), "z", &value));
	g_assert_false(core_json_member(parsed("[]"), "z", &value));
	item = (Json){ NULL, NULL };
	g_assert_false(core_json_next(parsed("[]"), &item));
	g_assert_false(core_json_next(parsed("{}"), &item));
}

static void test_string(void)
{
	char text[8] = "before";

	g_assert_true(core_json_string(parsed("\"\\u20ac\\/\\t\""), text, sizeof text));
	g_assert_cmpstr(text, ==, "\xe2\x82\xac/\t");
	g_assert_true(core_json_string(parsed("\"\\ud83d\\ude00\""), text, sizeof text));
	g_assert_cmpstr(text, ==, "\xf0\x9f\x98\x80");
	/* halves of pairs, a NUL, too long by one, no string */
	g_assert_false(core_json_string(parsed("\"\\ud83d\""), text, sizeof text));
	g_assert_false(core_json_string(parsed("\"\\ud83dx\""), text, sizeof text));
	g_assert_false(core_json_string(parsed("\"\\ud83d\\u0041\""), text, sizeof text));
	g_assert_false(core_json_string(parsed("\"\\ude00\""), text, sizeof text));
	g_assert_false(core_json_string(parsed("\"\\u0000\""), text, sizeof text));
	g_assert_false(core_json_string(parsed("\"12345678\""), text, sizeof text));
	g_assert_false(core_json_string(parsed("1"), text, sizeof text));
	g_assert_cmpstr(text, ==, "\xf0\x9f\x98\x80");
}

static void test_integer(void)
{
	gint64 number = 5;

	g_assert_true(core_json_integer(parsed("9223372036854775807"), &number));
	g_assert_cmpint(number, ==, G_MAXINT64);
	g_assert_true(core_json_integer(parsed("-9223372036854775808"), &number));
	g_assert_cmpint(number, ==, G_MININT64);
	g_assert_false(core_json_integer(parsed("9223372036854775808"), &number));
	g_assert_false(core_json_integer(parsed("-9223372036854775809"), &number));
	g_assert_false(core_json_integer(parsed("1.5"), &number));
	g_assert_false(core_json_integer(parsed("1e3"), &number));
	g_assert_false(core_json_integer(parsed("\"1\""), &number));
	g_assert_cmpint(number, ==, G_MININT64);
}

static void test_quote(void)
{
	char out[16];

	g_assert_true(core_json_quote("a\"\\\n\xc3\xa9", out, sizeof out));
	g_assert_cmpstr(out, ==, "\"a\\\"\\\\\\u000a\xc3\xa9\"");
	g_assert_true(core_json_quote("0123456789abc", out, sizeof out));
	g_assert_false(core_json_quote("0123456789abcd", out, sizeof out));
	g_assert_false(core_json_quote("0123456789abc\"", out, sizeof out));
	g_assert_false(core_json_quote("", out, 2));
}

static void keep_event(const char *name, const char *data, void *user)
{
	g_string_append_printf(user, "%s=%s;", name, data);
}

/* text in pieces of every size makes the same events */
static void assert_events(const char *text, const char *expected)
{
	for (gsize piece = 1; piece <= strlen(text); piece++) {
		GString *seen = g_string_new(NULL);
		Events *events = core_events_new(keep_event, seen);

		for (gsize at = 0; at < strlen(text); at += piece)
			g_assert_true(
				core_events_feed(events, text + at, MIN(piece, strlen(text) - at)));
		g_assert_cmpstr(seen->str, ==, expected);
		core_events_free(events);
		g_string_free(seen, TRUE);
	}
}

static void test_events(void)
{
	assert_events("event: status\nid: 1\ndata: {}\n\n:\n\n", "status={};");
	/* other line ends, several lines of data, no space, no name, and a name without data */
	assert_events("\xef\xbb\xbf"
		      "event:a\r\ndata:1\r\ndata: 2\r\ndata\r\n\r\nevent: b\r\rdata:  3\r\r",
		"a=1\n2\n;message= 3;");
	assert_events("data: not over\n", "");
	assert_events("datax: 1\nretry: 5\n: data: 2\n\n", "");
}

static void test_events_limit(void)
{
	GString *seen = g_string_new(NULL);
	Events *events = core_events_new(keep_event, seen);
	g_autofree char *x = g_strnfill(EVENTS_LENGTH_MAX / 2, 'x');

	g_assert_true(core_events_feed(events, x, EVENTS_LENGTH_MAX / 2));
	g_assert_false(core_events_feed(events, x, EVENTS_LENGTH_MAX / 2));
	g_assert_false(core_events_feed(events, "\n\n", 2));
	g_assert_cmpstr(seen->str, ==, "");
	core_events_free(events);
	g_string_free(seen, TRUE);
}

static void test_seat(void)
{
	char text[128], small[24];
	Seat seat = { 0 };

	core_seat_describe(&seat, text, sizeof text);
	g_assert_cmpstr(text, ==, "The desk is split, or the seat's place is unknown.");
	core_seat_update(&seat, "status",
		"{\"target\":\"win11\",\"guests\":[{\"name\":\"win11\"},{\"name\":7},{\"name\":"
		"\"arch\"}]}");
	g_assert_cmpstr(seat.target, ==, "win11");
	g_assert_cmpuint(seat.guest_count, ==, 2);
	g_assert_cmpstr(seat.guests[1], ==, "arch");
	core_seat_describe(&seat, text, sizeof text);
	g_assert_cmpstr(text, ==, "win11 has the seat.");
	/* only a status has all guests, and what is no JSON changes nothing */
	core_seat_update(&seat, "status",
		"{\"target\":\"win11\",\"asker\":\"arch\",\"guests\":[{\"name\":\"win11\"},{"
		"\"name\":"
		"\"arch\"}]}");
	g_assert_cmpuint(seat.guest_count, ==, 1);
	g_assert_cmpstr(seat.guests[0], ==, "arch");
	core_seat_update(&seat, "status",
		"{\"target\":\"win11\",\"asker\":null,\"guests\":[{\"name\":\"win11\"},{\"name\":"
		"\"arch\"}]}");
	g_assert_cmpuint(seat.guest_count, ==, 2);
	/* a newer host lists what this secret may ask for */
	core_seat_update(&seat, "status",
		"{\"target\":\"win11\",\"asker\":\"arch\",\"may_switch_to\":[\"host\"],"
		"\"guests\":[{\"name\":\"win11\"},{\"name\":\"arch\"}]}");
	g_assert_cmpuint(seat.guest_count, ==, 0);
	core_seat_update(&seat, "status",
		"{\"target\":\"win11\",\"asker\":\"arch\",\"may_switch_to\":[\"host\",7,"
		"\"win11\",\"arch\"],\"guests\":[{\"name\":\"win11\"},{\"name\":\"arch\"}]}");
	g_assert_cmpuint(seat.guest_count, ==, 2);

	core_seat_update(&seat, "guest", "{\"target\":\"host\",\"guests\":[]}");
	core_seat_update(&seat, "status", "{");
	core_seat_describe(&seat, text, sizeof text);
	g_assert_cmpstr(text, ==, "The host has the seat.");
	g_assert_cmpuint(seat.guest_count, ==, 2);
	core_seat_update(&seat, "changed", "{\"target\":null}");
	g_assert_cmpstr(seat.target, ==, "");
	g_assert_true(core_switch_request("a\"b", text, sizeof text));
	g_assert_cmpstr(text, ==, "{\"to\":\"a\\\"b\"}");
	g_assert_false(core_switch_request("0123456789abcdef", small, sizeof small));
}

static void assert_answer(unsigned status, const char *body, const char *expected)
{
	Problem problem = { "" };

	g_assert_cmpint(
		core_answer_check(status, body, strlen(body), &problem), ==, expected[0] == '\0');
	g_assert_cmpstr(problem.text, ==, expected);
}

static void test_answer(void)
{
	assert_answer(200, "{\"error\":null,\"success\":true}", "");
	assert_answer(502, "{\"error\":\"left did not follow\"}", "left did not follow");
	assert_answer(403, "{\"error\":\"wrong\"}",
		"hotseatd rejected the secret: wrong. Enter the correct one.");
	assert_answer(403, "{\"error\":\"this guest may not request this; ask at the host\"}",
		"this guest may not request this; ask at the host");
	assert_answer(404, "<html>",
		"HTTP status 404 without a reason; check that hotseatd listens there");
	assert_answer(500, "{\"error\":null}",
		"HTTP status 500 without a reason; check that hotseatd listens there");
	g_assert_true(core_answer_is_passing(503) && !core_answer_is_passing(502));
	g_assert_true(core_answer_is_refusal(403) && core_answer_is_refusal(429) &&
		      !core_answer_is_refusal(503));
}

static void test_backoff(void)
{
	static const unsigned expected[] = { 1000, 2000, 4000, 8000, 16000, 30000, 30000 };
	unsigned pause = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
		pause = core_backoff_next(pause);
		g_assert_cmpuint(pause, ==, expected[i]);
	}
}

static void test_set_input(void)
{
	SetInput request;
	bool answerable;
	Problem problem;

	g_assert_true(core_set_input_parse(
		"{\"id\":17,\"display\":\"left\",\"manufacturer\":\"AOC\",\"model\":"
		"\"2778X\",\"serial\":null,\"feature\":96,\"value\":15}",
		&request, &answerable, &problem));
	g_assert_true(answerable);
	g_assert_cmpint(request.id, ==, 17);
	g_assert_cmpstr(request.monitor.manufacturer, ==, "AOC");
	g_assert_cmpstr(request.monitor.model, ==, "2778X");
	g_assert_cmpstr(request.monitor.serial, ==, "");
	g_assert_cmpuint(request.feature, ==, 96);
	g_assert_cmpuint(request.value, ==, 15);
	g_assert_false(core_set_input_parse(
		"{\"id\":18,\"feature\":96,\"value\":65536}", &request, &answerable, &problem));
	g_assert_true(answerable);
	g_assert_cmpint(request.id, ==, 18);
	g_assert_cmpstr(
		problem.text, ==, "\"value\" in the request is not a number from 0 to 65535");
	g_assert_false(
		core_set_input_parse("{\"id\":18,\"model\":5}", &request, &answerable, &problem));
	g_assert_true(answerable);
	g_assert_false(core_set_input_parse("{\"feature\":96}", &request, &answerable, &problem));
	g_assert_false(answerable);
	g_assert_false(core_set_input_parse("", &request, &answerable, &problem));
	g_assert_false(answerable);
}

static void test_set_input_answer(void)
{
	char out[SET_INPUT_ANSWER_MAX];
	Problem worst;

	core_set_input_answer(-5, NULL, out);
	g_assert_cmpstr(out, ==, "{\"id\":-5,\"error\":null}");
	core_set_input_answer(17, "no \"x\"", out);
	g_assert_cmpstr(out, ==, "{\"id\":17,\"error\":\"no \\\"x\\\"\"}");
	memset(worst.text, '\x1b', sizeof worst.text - 1);
	worst.text[sizeof worst.text - 1] = '\0';
	core_set_input_answer(17, worst.text, out);
	parsed(out);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/agent/json/valid", test_valid);
	g_test_add_func("/agent/json/invalid", test_invalid);
	g_test_add_func("/agent/json/depth", test_depth);
	g_test_add_func("/agent/json/member", test_member);
	g_test_add_func("/agent/json/string", test_string);
	g_test_add_func("/agent/json/integer", test_integer);
	g_test_add_func("/agent/json/quote", test_quote);
	g_test_add_func("/agent/events/pieces", test_events);
	g_test_add_func("/agent/events/limit", test_events_limit);
	g_test_add_func("/agent/seat", test_seat);
	g_test_add_func("/agent/answer", test_answer);
	g_test_add_func("/agent/backoff", test_backoff);
	g_test_add_func("/agent/set-input/parse", test_set_input);
	g_test_add_func("/agent/set-input/answer", test_set_input_answer);
	return g_test_run();
}
