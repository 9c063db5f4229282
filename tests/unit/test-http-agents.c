/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Agents that listen to events and set monitors: who is asked, in which words, and whose answer
 * counts.
 */
#include "http-desk.h"

#include <string.h>
#include <unistd.h>

/* The desk's guests are "guest" and "linux"; the administrator's secret is "open". */
typedef struct {
	HttpDesk desk;
	DisplayAgents *agents;
	guint come;
	gboolean over;
	char *error; /* of the order that is over; NULL: it was done */
} Fixture;

static void on_agent(gpointer data)
{
	((Fixture *)data)->come++;
}

static void set_up(Fixture *f, gconstpointer unused)
{
	g_autoptr(GPtrArray) secrets = g_ptr_array_new();
	Secret guest = { (char *)"guest", (char *)"of guest" };
	Secret other = { (char *)"linux", (char *)"of linux" };

	g_ptr_array_add(secrets, &guest);
	g_ptr_array_add(secrets, &other);
	http_desk_init_two(&f->desk, "linux");
	http_set_secrets(f->desk.http, secrets);
	http_set_agents_func(f->desk.http, on_agent, f);
	f->agents = http_agents(f->desk.http);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	http_desk_clear(&f->desk);
	g_free(f->error);
}

/* -- both sides ------------------------------------------------------------------------------- */

typedef struct {
	int fd;
	GString *read;
} Agent;

static Agent agent_connect(Fixture *f, const char *query, const char *secret)
{
	g_autofree char *request =
		g_strdup_printf("GET /events%s HTTP/1.1\r\nX-Secret: %s\r\n\r\n", query, secret);
	Agent agent = { .fd = http_desk_tcp(&f->desk), .read = g_string_new(NULL) };

	http_desk_send(agent.fd, request);
	http_desk_read_until(&f->desk, agent.fd, agent.read, "event: status\n");
	http_desk_read_until(&f->desk, agent.fd, agent.read, "\n\n");
	return agent;
}

static void agent_close(Agent *agent)
{
	if (agent->fd >= 0)
		close(agent->fd);
	g_string_free(agent->read, TRUE);
}

static void on_done(const GError *error, gpointer data)
{
	Fixture *f = data;

	g_assert_false(f->over);
	f->over = TRUE;
	f->error = error != NULL ? g_strdup(error->message) : NULL;
}

static guint order(Fixture *f, const char *guest)
{
	static const Edid edid = { .manufacturer = "AOC", .model = "2778X", .serial = "12\"34" };
	const DisplayOrder what = { "left", &edid, { 0x60, 0x51 }, 0x0f };
	guint id;

	g_clear_pointer(&f->error, g_free);
	f->over = FALSE;
	id = f->agents->order(f->agents, guest, &what, on_done, f);
	g_assert_cmpuint(id, !=, 0);
	g_assert_false(f->over);
	return id;
}

static void wait_until_over(Fixture *f)
{
	while (!f->over)
		http_desk_run(&f->desk);
}

/* Until it has been asked. */
static void agent_hears(Fixture *f, Agent *agent)
{
	http_desk_read_until(&f->desk, agent->fd, agent->read, "event: set-input\n");
	http_desk_read_until(&f->desk, agent->fd, agent->read, "}\n\n");
}

static int answer(Fixture *f, const char *secret, const char *body)
{
	g_autofree char *request = g_strdup_printf(
		"POST /set-input HTTP/1.1\r\nX-Secret: %s\r\nContent-Type: application/json\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		secret, strlen(body), body);
	g_autofree char *reply = http_desk_ask(&f->desk, FALSE, request);

	return http_status_of(reply);
}

static int answer_to(Fixture *f, const char *secret, guint id, const char *error)
{
	g_autofree char *body = g_strdup_printf("{\"id\":%u,\"error\":%s}", id, error);

	return answer(f, secret, body);
}

/* -- tests ------------------------------------------------------------------------------------ */

static void test_done(Fixture *f, gconstpointer unused)
{
	Agent agent = agent_connect(f, "?agent=windows%200.1.0", "of guest");
	g_autofree char *expected = NULL;
	guint id;

	g_assert_cmpuint(f->come, ==, 1);
	g_assert_true(f->agents->any(f->agents, "guest"));
	g_assert_true(f->agents->any(f->agents, NULL));
	g_assert_false(f->agents->any(f->agents, "linux"));
	id = order(f, "guest");
	agent_hears(f, &agent);
	expected = g_strdup_printf("data: {\"id\":%u,\"display\":\"left\",\"manufacturer\":\"AOC\","
				   "\"model\":\"2778X\",\"serial\":\"12\\\"34\",\"feature\":96,"
				   "\"source_address\":81,\"value\":15}\n\n",
		id);
	g_assert_nonnull(strstr(agent.read->str, expected));
	/* one of the stream's events, which have numbers */
	g_assert_nonnull(strstr(agent.read->str, "event: status\nid: 0\n"));
	g_assert_nonnull(strstr(agent.read->str, "event: set-input\nid: 1\n"));
	g_assert_cmpint(answer_to(f, "of guest", id, "null"), ==, 200);
	wait_until_over(f);
	g_assert_cmpstr(f->error, ==, NULL);
	/* once is enough */
	g_assert_cmpint(answer_to(f, "of guest", id, "null"), ==, 409);
	agent_close(&agent);
}

static void test_fails(Fixture *f, gconstpointer unused)
{
	Agent agent = agent_connect(f, "?agent=linux%01", "of guest");
	guint id = order(f, "guest");

	agent_hears(f, &agent);
	g_assert_cmpint(answer_to(f, "of guest", id, "\"no monitor\\nhere\""), ==, 200);
	wait_until_over(f);
	g_assert_cmpstr(f->error, ==, "linux? in the guest: no monitor?here");
	agent_close(&agent);
}

/* Whoever shares the network, or another guest, does not answer for it. */
static void test_whose_answer(Fixture *f, gconstpointer unused)
{
	Agent agent = agent_connect(f, "?agent=a", "of guest");
	Agent other = agent_connect(f, "?agent=b", "of linux");
	guint id = order(f, "guest");

	agent_hears(f, &agent);
	g_assert_cmpint(answer_to(f, "of linux", id, "null"), ==, 409);
	g_assert_cmpint(answer_to(f, "open", id, "null"), ==, 409);
	g_assert_cmpint(answer_to(f, "of nobody", id, "null"), ==, 403);
	g_assert_cmpint(answer_to(f, "of guest", id + 1, "null"), ==, 409);
	g_assert_false(f->over);
	g_assert_null(strstr(other.read->str, "set-input"));
	g_assert_cmpint(answer_to(f, "of guest", id, "null"), ==, 200);
	wait_until_over(f);
	agent_close(&agent);
	agent_close(&other);
}

static const char *const bad[] = { "{}", "{\"id\":1}", "{\"error\":null}",
	"{\"id\":\"1\",\"error\":null}", "{\"id\":1,\"error\":0}", "{\"id\":1,\"error\":{}}",
	"{\"id\":null,\"error\":null}", "{\"id\":[],\"error\":null}", "{\"id\":1.5,\"error\":null}",
	"[]", "" };

static void test_bad_answers(Fixture *f, gconstpointer unused)
{
	Agent agent = agent_connect(f, "?agent=a", "of guest");
	guint id = order(f, "guest");

	agent_hears(f, &agent);
	g_assert_cmpuint(id, ==, 1);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(answer(f, "of guest", bad[i]), ==, 400);
	g_assert_false(f->over);
	agent_close(&agent);
}

/* Between two configurations there is no seat to ask whether the guest runs; and an agent whose
 * guest the seat does not know is asked all the same. */
static void test_no_seat(Fixture *f, gconstpointer unused)
{
	Agent agent = agent_connect(f, "?agent=one", "of guest");

	http_set_seat(f->desk.http, NULL);
	g_assert_true(f->agents->any(f->agents, "guest"));
	http_set_seat(f->desk.http, f->desk.seat);
	g_assert_true(f->agents->any(f->agents, "guest"));
	fake_guest_becomes(f->desk.guest, GUEST_OFF);
	g_assert_false(f->agents->any(f->agents, "guest"));
	agent_close(&agent);
}

/* Of several the first one that has done it counts, and the last one that has not. */
static void test_several(Fixture *f, gconstpointer unused)
{
	Agent one = agent_connect(f, "?agent=one", "of guest");
	Agent two = agent_connect(f, "?agent=two", "open");
	guint id = order(f, "guest");

	agent_hears(f, &one);
	agent_hears(f, &two);
	g_assert_cmpint(answer_to(f, "of guest", id, "\"not here\""), ==, 200);
	g_assert_false(f->over);
	g_assert_cmpint(answer_to(f, "open", id, "null"), ==, 200);
	wait_until_over(f);
	g_assert_cmpstr(f->error, ==, NULL);
	id = order(f, "guest");
	agent_hears(f, &one);
	g_assert_cmpint(answer_to(f, "open", id, "\"nor there\""), ==, 200);
	g_assert_cmpint(answer_to(f, "of guest", id, "\"not here\""), ==, 200);
	wait_until_over(f);
	g_assert_cmpstr(f->error, ==, "two at 127.0.0.1: nor there; one in the guest: not here");
	agent_close(&one);
	agent_close(&two);
}

static void test_goes(Fixture *f, gconstpointer unused)
{
	Agent agent = agent_connect(f, "?agent=a", "of guest");

	order(f, "guest");
	agent_hears(f, &agent);
	close(agent.fd);
	agent.fd = -1;
	wait_until_over(f);
	g_assert_cmpstr(f->error, ==, "a in the guest: disconnected without an answer");
	g_assert_false(f->agents->any(f->agents, NULL));
	order(f, "guest");
	wait_until_over(f);
	g_assert_cmpstr(f->error, ==, "no agent is connected");
	agent_close(&agent);
}

static void test_late(Fixture *f, gconstpointer unused)
{
	Agent agent;
	guint id;

	http_agents_init(f->desk.http, 10);
	f->agents = http_agents(f->desk.http);
	agent = agent_connect(f, "?agent=a", "of guest");
	id = order(f, "guest");
	wait_until_over(f);
	g_assert_cmpstr(f->error, ==, "a in the guest: does not answer");
	g_assert_cmpint(answer_to(f, "of guest", id, "null"), ==, 409);
	agent_close(&agent);
}

static void test_cancelled(Fixture *f, gconstpointer unused)
{
	Agent agent = agent_connect(f, "?agent=a", "of guest");
	guint id = order(f, "guest");

	agent_hears(f, &agent);
	f->agents->cancel(f->agents, id);
	g_assert_cmpint(answer_to(f, "of guest", id, "null"), ==, 409);
	g_assert_false(f->over);
	agent_close(&agent);
}

/* A bar or a screen that listens is no agent. */
static void test_no_agent(Fixture *f, gconstpointer unused)
{
	Agent bar = agent_connect(f, "", "of guest");
	Agent other = agent_connect(f, "?agents=a&x", "of guest");

	g_assert_false(f->agents->any(f->agents, NULL));
	g_assert_cmpuint(f->come, ==, 0);
	agent_close(&bar);
	agent_close(&other);
}

/* One guest does not take the places of the others. */
static void test_places(Fixture *f, gconstpointer unused)
{
	Agent agents[EVENTS_GUEST_CLIENTS_MAX], other;
	g_autofree char *answer = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(agents); i++)
		agents[i] = agent_connect(f, "?agent=a", "of guest");
	answer = http_desk_ask(
		&f->desk, FALSE, "GET /events HTTP/1.1\r\nX-Secret: of guest\r\n\r\n");
	g_assert_cmpint(http_status_of(answer), ==, 503);
	other = agent_connect(f, "?agent=b", "of linux");
	agent_close(&other);
	for (guint i = 0; i < G_N_ELEMENTS(agents); i++)
		agent_close(&agents[i]);
}

/* A guest that was killed does not close its connections. */
static void test_guest_gone(Fixture *f, gconstpointer unused)
{
	Agent agent = agent_connect(f, "?agent=a", "of guest");

	g_assert_true(f->agents->any(f->agents, "guest"));
	fake_guest_becomes(f->desk.guest, GUEST_CRASHED);
	g_assert_false(f->agents->any(f->agents, "guest"));
	g_assert_false(f->agents->any(f->agents, NULL));
	agent_close(&agent);
}

static void test_status(Fixture *f, gconstpointer unused)
{
	g_autofree char *name = g_strnfill(100, 'x');
	g_autofree char *query = g_strconcat("?agent=", name, NULL);
	Agent own = agent_connect(f, "?agent=windows%200.1.0", "of guest");
	Agent admin = agent_connect(f, query, "open");
	g_autofree char *answer = http_desk_ask(
		&f->desk, FALSE, "GET /status HTTP/1.1\r\nX-Secret: of linux\r\n\r\n");

	name[64] = '\0';
	g_free(query);
	query = g_strdup_printf("\"agents\":[{\"name\":\"windows 0.1.0\",\"guest\":\"guest\"},"
				"{\"name\":\"%s\",\"guest\":null}]",
		name);
	g_assert_nonnull(strstr(answer, query));
	/* and who it is that asks */
	g_assert_nonnull(strstr(answer, "\"asker\":\"linux\""));
	g_assert_nonnull(strstr(own.read->str, "\"asker\":\"guest\""));
	g_assert_nonnull(strstr(admin.read->str, "\"asker\":null"));
	agent_close(&own);
	agent_close(&admin);
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/http-agents/done", test_done);
	ADD("/http-agents/fails", test_fails);
	ADD("/http-agents/whose-answer", test_whose_answer);
	ADD("/http-agents/bad-answers", test_bad_answers);
	ADD("/http-agents/no-seat", test_no_seat);
	ADD("/http-agents/several", test_several);
	ADD("/http-agents/goes", test_goes);
	ADD("/http-agents/late", test_late);
	ADD("/http-agents/cancelled", test_cancelled);
	ADD("/http-agents/no-agent", test_no_agent);
	ADD("/http-agents/places", test_places);
	ADD("/http-agents/guest-gone", test_guest_gone);
	ADD("/http-agents/status", test_status);
	return g_test_run();
}
