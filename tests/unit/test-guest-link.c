/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection to the events: made, lost in every way, and made again.
 */
#include "agent/link.h"
#include "core/events.h"
#include "fake-host.h"

#include <string.h>

#define EVENTS "GET /events?agent=linux%20" HOTSEAT_VERSION

typedef struct {
	FakeHost *host;
	Endpoint *endpoint;
	Remote *remote;
	Link *link;
	guint ups, downs;
	GString *events; /* "name:text;" each */
	char *why;	 /* of the last down */
} Guest;

static void on_up(gpointer data)
{
	((Guest *)data)->ups++;
}

static void on_down(const char *why, gpointer data)
{
	Guest *guest = data;

	guest->downs++;
	g_free(guest->why);
	guest->why = g_strdup(why);
}

static void on_event(const char *name, const char *text, gpointer data)
{
	g_string_append_printf(((Guest *)data)->events, "%s:%s;", name, text);
}

static const LinkOps ops = { on_up, on_down, on_event };

static void guest_init(Guest *guest, FakeHost *host, const char *fingerprint, LinkTimes times)
{
	g_autoptr(GError) error = NULL;

	*guest = (Guest){ .host = host, .events = g_string_new(NULL) };
	guest->endpoint = endpoint_new(host->url, NULL, fingerprint, &error);
	g_assert_no_error(error);
	guest->remote = remote_new(guest->endpoint, times.silence_s);
	guest->link = link_new(guest->remote, &times, &ops, guest);
}

static void guest_clear(Guest *guest)
{
	link_free(guest->link);
	remote_free(guest->remote);
	endpoint_free(guest->endpoint);
	g_string_free(guest->events, TRUE);
	g_free(guest->why);
	fake_host_free(guest->host);
}

static void wait_downs(Guest *guest, guint count)
{
	while (guest->downs < count)
		g_main_context_iteration(NULL, TRUE);
}

static void wait_events(Guest *guest, const char *events)
{
	while (strlen(guest->events->str) < strlen(events))
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpstr(guest->events->str, ==, events);
}

/* no silence counts, and nothing is waited for long */
static const LinkTimes quick = { 0, 1, 4 };

static void test_events(gconstpointer tls)
{
	FakeHost *host = fake_host_new(tls != NULL);
	Guest guest;

	guest_init(&guest, host, host->fingerprint, quick);
	fake_host_wait_stream(host, 1);
	g_assert_nonnull(fake_host_find(host, EVENTS));
	fake_host_say(host, "event: status\ndata: {}\n\n: alive\n\nevent: set-input\nda");
	wait_events(&guest, "status:{};");
	fake_host_say(host, "ta: {\"id\":1}\n\n");
	wait_events(&guest, "status:{};set-input:{\"id\":1};");
	g_assert_cmpuint(guest.ups, ==, 1);
	g_assert_cmpuint(guest.downs, ==, 0);
	guest_clear(&guest);
}

static void test_connects_again(void)
{
	FakeHost *host = fake_host_new(FALSE);
	Guest guest;

	guest_init(&guest, host, NULL, quick);
	for (guint i = 1; i <= 8; i++) {
		fake_host_wait_stream(host, i);
		fake_host_drop(host);
		wait_downs(&guest, i);
		g_assert_cmpstr(guest.why, ==, "hotseatd closed the connection");
	}
	fake_host_wait_stream(host, 9);
	fake_host_say(host, "event: status\ndata: {}\n\n");
	wait_events(&guest, "status:{};");
	guest_clear(&guest);
}

static void test_silence(void)
{
	FakeHost *host = fake_host_new(FALSE);
	Guest guest;

	guest_init(&guest, host, NULL, (LinkTimes){ 1, 1, 4 });
	/* a second without a byte */
	fake_host_wait_stream(host, 2);
	g_assert_cmpuint(guest.downs, ==, 1);
	g_assert_nonnull(strstr(guest.why, "does not answer in time"));
	guest_clear(&guest);
}

static void test_endless_line(void)
{
	FakeHost *host = fake_host_new(FALSE);
	g_autofree char *line = g_strnfill(64 * 1024, 'x');
	Guest guest;

	guest_init(&guest, host, NULL, quick);
	fake_host_wait_stream(host, 1);
	fake_host_say(host, "data: ");
	for (gsize sent = 0; sent < EVENTS_LENGTH_MAX; sent += 64 * 1024) {
		fake_host_say(host, line);
		while (g_main_context_iteration(NULL, FALSE))
			continue;
	}
	wait_downs(&guest, 1);
	g_assert_cmpstr(guest.why, ==, "the answer is too long; check that hotseatd listens there");
	fake_host_wait_stream(host, 2);
	g_assert_cmpstr(guest.events->str, ==, "");
	guest_clear(&guest);
}

static void set_answer(FakeHost *host, guint status, const char *answer)
{
	host->status = status;
	g_free(host->answer);
	host->answer = g_strdup(answer);
}

/* it goes on, and takes the first chance */
static void test_refused(gconstpointer data)
{
	guint status = GPOINTER_TO_UINT(data);
	FakeHost *host = fake_host_new(FALSE);
	g_autofree char *why = g_strdup_printf("%s answers HTTP %u: not now", host->url, status);
	Guest guest;

	set_answer(host, status, "{\"success\":false,\"error\":\"not now\"}");
	guest_init(&guest, host, NULL, quick);
	wait_downs(&guest, 3);
	g_assert_cmpstr(guest.why, ==, why);
	g_assert_cmpuint(guest.ups, ==, 0);
	set_answer(host, 200, "{}");
	fake_host_wait_stream(host, 1);
	guest_clear(&guest);
}

static gboolean on_timeout(gpointer over)
{
	*(gboolean *)over = TRUE;
	return G_SOURCE_REMOVE;
}

/* who asks with a wrong secret again and again is shut out */
static void test_refused_waits_longer(void)
{
	FakeHost *host = fake_host_new(FALSE);
	gboolean over = FALSE;
	Guest guest;

	set_answer(host, 403, "{}");
	guest_init(&guest, host, NULL, (LinkTimes){ 0, 1, 3600 * 1000 });
	wait_downs(&guest, 1);
	g_timeout_add(100, on_timeout, &over);
	while (!over)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpuint(host->requests->len, ==, 1);
	guest_clear(&guest);
}

static void test_no_hotseatd(void)
{
	FakeHost *host = fake_host_new(FALSE);
	Guest guest;

	set_answer(host, 404, "<html>");
	guest_init(&guest, host, NULL, quick);
	wait_downs(&guest, 1);
	g_assert_nonnull(strstr(guest.why, "answers HTTP 404: check that hotseatd listens there"));
	guest_clear(&guest);
}

static void test_wrong_certificate(void)
{
	FakeHost *host = fake_host_new(TRUE), *other = fake_host_new(TRUE);
	Guest guest;

	guest_init(&guest, host, other->fingerprint, quick);
	wait_downs(&guest, 2);
	g_assert_nonnull(strstr(guest.why, "does not match the fingerprint"));
	g_assert_cmpuint(host->requests->len, ==, 0);
	guest_clear(&guest);
	fake_host_free(other);
}

/* at every point of a connection */
static void test_freed(void)
{
	for (guint steps = 0; steps < 40; steps++) {
		FakeHost *host = fake_host_new(FALSE);
		Guest guest;

		guest_init(&guest, host, NULL, quick);
		for (guint i = 0; i < steps && host->streams == 0; i++)
			g_main_context_iteration(NULL, TRUE);
		link_free(g_steal_pointer(&guest.link));
		g_clear_pointer(&guest.why, g_free);
		while (g_main_context_iteration(NULL, FALSE))
			continue;
		g_assert_null(guest.why);
		guest_clear(&guest);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/guest-link/events", NULL, test_events);
	g_test_add_data_func("/guest-link/events-over-tls", GUINT_TO_POINTER(1), test_events);
	g_test_add_func("/guest-link/connects-again", test_connects_again);
	g_test_add_func("/guest-link/silence", test_silence);
	g_test_add_func("/guest-link/endless-line", test_endless_line);
	g_test_add_data_func("/guest-link/refused/403", GUINT_TO_POINTER(403), test_refused);
	g_test_add_data_func("/guest-link/refused/429", GUINT_TO_POINTER(429), test_refused);
	g_test_add_data_func("/guest-link/refused/503", GUINT_TO_POINTER(503), test_refused);
	g_test_add_func("/guest-link/refused/waits", test_refused_waits_longer);
	g_test_add_func("/guest-link/no-hotseatd", test_no_hotseatd);
	g_test_add_func("/guest-link/wrong-certificate", test_wrong_certificate);
	g_test_add_func("/guest-link/freed", test_freed);
	return g_test_run();
}
