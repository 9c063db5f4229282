/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guests that ask with secrets of their own: for what they may, what they see, and until when.
 */
#include "common/json.h"
#include "http-desk.h"

#include <string.h>
#include <unistd.h>

/* The desk's guests are "guest" and "linux"; the administrator's secret is "open". */
static const char *const words[] = { "guest", "of guest", "linux", "of linux", NULL };
static const char *const without_linux[] = { "guest", "of guest", NULL };
static const char *const linux_changed[] = { "guest", "of guest", "linux", "another", NULL };

/* pairs: name and secret in turn, NULL at the end */
static void set_secrets(HttpDesk *desk, const char *const *pairs)
{
	g_autoptr(GPtrArray) secrets = g_ptr_array_new_with_free_func(g_free);

	for (; *pairs != NULL; pairs += 2) {
		Secret *secret = g_new(Secret, 1);

		*secret = (Secret){ (char *)pairs[0], (char *)pairs[1] };
		g_ptr_array_add(secrets, secret);
	}
	http_set_secrets(desk->http, secrets);
}

static void desk_init(HttpDesk *desk)
{
	http_desk_init_two(desk, "linux");
	set_secrets(desk, words);
}

static char *get(const char *path, const char *secret)
{
	return g_strdup_printf("GET %s HTTP/1.1\r\nX-Secret: %s\r\n\r\n", path, secret);
}

static char *post(const char *secret, const char *to)
{
	g_autofree char *body = g_strdup_printf("{\"to\":\"%s\"}", to);

	return g_strdup_printf("POST /switch HTTP/1.1\r\nX-Secret: %s\r\n"
			       "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		secret, strlen(body), body);
}

/* The guests called guest and linux may switch to these targets, with spaces between; NULL: not in
 * the config. */
static void allow(HttpDesk *desk, const char *of_guest, const char *of_linux)
{
	char *names[] = { (char *)"guest", (char *)"linux" };
	const char *targets[] = { of_guest, of_linux };
	g_autoptr(GPtrArray) guests = g_ptr_array_new_with_free_func(g_free);

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		ConfigGuest *guest = g_new0(ConfigGuest, 1);

		guest->name = names[i];
		if (targets[i] != NULL)
			guest->may_switch_to = g_strsplit(targets[i], " ", -1);
		g_ptr_array_add(guests, guest);
	}
	desk->config.guests = guests;
	g_assert_true(http_listen(desk->http, &desk->config, NULL));
	desk->config.guests = NULL;
	for (guint i = 0; i < guests->len; i++)
		g_strfreev(((ConfigGuest *)guests->pdata[i])->may_switch_to);
}

static void bring_to(HttpDesk *desk, const char *target)
{
	seat_switch(desk->seat, target, "test", NULL, NULL, NULL);
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(seat_at(desk->seat), ==, target);
}

/* -- for what they may ask -------------------------------------------------------------------- */

/* may: what the guest linux may switch to, NULL: nothing is said of it; via: where the seat was
 * last; at: where it is, and then the request comes */
static const struct {
	const char *secret, *may, *via, *at, *to;
	int status;
	const char *target; /* where the seat is in the end */
} requests[] = {
	/* the host, and nothing else */
	{ "of linux", NULL, "host", "host", "linux", 403, "host" },
	{ "of linux", NULL, "linux", "linux", "host", 200, "host" },
	{ "of linux", NULL, "guest", "guest", "host", 200, "host" },
	{ "of linux", NULL, "guest", "guest", "linux", 403, "guest" },
	{ "of linux", NULL, "host", "host", "guest", 403, "host" },
	{ "of linux", NULL, "linux", "linux", "guest", 403, "linux" },
	{ "of linux", NULL, "linux", "linux", "linux", 403, "linux" },
	{ "of linux", NULL, "linux", "linux", "toggle", 200, "host" },
	{ "of linux", NULL, "linux", "host", "toggle", 403, "host" },
	{ "of linux", NULL, "guest", "guest", "toggle", 200, "host" },
	{ "of linux", "host", "linux", "host", "linux", 403, "host" },
	/* itself, from anywhere */
	{ "of linux", "host self", "host", "host", "linux", 200, "linux" },
	{ "of linux", "self", "guest", "guest", "linux", 200, "linux" },
	{ "of linux", "host self", "linux", "host", "toggle", 200, "linux" },
	{ "of linux", "host self", "guest", "host", "toggle", 403, "host" },
	{ "of linux", "host self", "linux", "linux", "guest", 403, "linux" },
	{ "of linux", "self", "linux", "linux", "host", 403, "linux" },
	{ "of linux", "linux", "host", "host", "linux", 200, "linux" },
	/* another guest: from itself; from elsewhere only if it may take the seat anyway */
	{ "of linux", "host guest", "linux", "linux", "guest", 200, "guest" },
	{ "of linux", "host guest", "host", "host", "guest", 403, "host" },
	{ "of linux", "host guest", "guest", "guest", "linux", 403, "guest" },
	{ "of linux", "self guest", "host", "host", "guest", 200, "guest" },
	/* nothing at all */
	{ "of linux", "", "linux", "linux", "host", 403, "linux" },
	/* what does not exist, and who does not */
	{ "of linux", NULL, "linux", "linux", "moon", 400, "linux" },
	{ "of guest", "guest self", "guest", "host", "toggle", 403, "host" },
	{ "open", NULL, "host", "host", "guest", 200, "guest" },
	{ "open", NULL, "host", "host", "linux", 200, "linux" },
	{ "open", NULL, "guest", "host", "toggle", 200, "guest" },
	{ "open", NULL, "guest", "guest", "host", 200, "host" },
	{ "of nobody", NULL, "host", "host", "host", 403, "host" },
	{ "of nobody", NULL, "guest", "guest", "host", 403, "guest" },
};

static void test_request(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data);
	HttpDesk desk;
	g_autofree char *request = post(requests[i].secret, requests[i].to);
	g_autofree char *answer = NULL;

	desk_init(&desk);
	allow(&desk, NULL, requests[i].may);
	bring_to(&desk, requests[i].via);
	bring_to(&desk, requests[i].at);
	answer = http_desk_ask(&desk, FALSE, request);
	g_assert_cmpint(http_status_of(answer), ==, requests[i].status);
	g_assert_cmpstr(seat_at(desk.seat), ==, requests[i].target);
	g_assert_cmpstr(seat_wanted(desk.seat), ==, requests[i].target);
	http_desk_clear(&desk);
}

static const struct {
	const char *path, *secret;
	int status;
} looks[] = {
	{ "/status", "of guest", 200 },
	{ "/status", "open", 200 },
	{ "/status", "of nobody", 403 },
	{ "/events", "of nobody", 403 },
	{ "/nothing", "of guest", 404 },
	{ "/nothing", "of nobody", 403 },
	{ "/simulate", "of guest", 404 },
	{ "/simulate", "open", 404 },
};

static void test_looks(void)
{
	HttpDesk desk;

	desk_init(&desk);
	for (gsize i = 0; i < G_N_ELEMENTS(looks); i++) {
		g_autofree char *request = get(looks[i].path, looks[i].secret);
		g_autofree char *answer = http_desk_ask(&desk, FALSE, request);

		g_assert_cmpint(http_status_of(answer), ==, looks[i].status);
	}
	http_desk_clear(&desk);
}

static guint complaints;

static GLogWriterOutput count_complaints(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer unused)
{
	g_autofree char *text = g_log_writer_format_fields(level, fields, n, FALSE);

	if (strstr(text, "refused a request from 127.0.0.1: linux may not") != NULL)
		complaints++;
	return g_log_writer_default(level, fields, n, NULL);
}

static void test_sentence(void)
{
	HttpDesk desk;
	g_autofree char *request = post("of linux", "guest");
	g_autofree char *answer = NULL, *again = NULL;

	desk_init(&desk);
	complaints = 0;
	answer = http_desk_ask(&desk, FALSE, request);
	g_assert_cmpstr(http_body_of(answer), ==,
		"{\"success\":false,\"error\":\"this guest may not request this; switch on the "
		"host, or change may_switch_to in its configuration\"}");
	/* the log reports it once, however often it comes */
	again = http_desk_ask(&desk, FALSE, request);
	g_assert_cmpint(http_status_of(again), ==, 403);
	g_assert_cmpuint(complaints, ==, 1);
	http_desk_clear(&desk);
}

/* security without an administrator's secret, and before any guest has one */
static void test_nobody(void)
{
	static const char *const nobody[] = { NULL };
	HttpDesk desk;
	g_autofree char *request = get("/status", "of guest"), *empty = get("/status", "");
	g_autofree char *guest = NULL, *none = NULL, *late = NULL;

	desk_init(&desk);
	desk.config.http_secret = NULL;
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	guest = http_desk_ask(&desk, FALSE, request);
	g_assert_cmpint(http_status_of(guest), ==, 200);
	none = http_desk_ask(&desk, FALSE, empty);
	g_assert_cmpint(http_status_of(none), ==, 403);
	set_secrets(&desk, nobody);
	late = http_desk_ask(&desk, FALSE, request);
	g_assert_cmpint(http_status_of(late), ==, 403);
	http_desk_clear(&desk);
}

/* -- what they see ---------------------------------------------------------------------------- */

static const char *const hidden[] = { "\"domain\"", "\"detail\"", "\"reason\"", "\"libvirt\"",
	"dom-guest" };

static void assert_seen(const char *text, gboolean all)
{
	for (gsize i = 0; i < G_N_ELEMENTS(hidden); i++)
		g_assert_true((strstr(text, hidden[i]) != NULL) == all);
	/* every client sees names and places */
	g_assert_nonnull(strstr(text, "\"name\":\"guest\""));
	g_assert_nonnull(strstr(text, "\"name\":\"linux\",\"state\":\"running\"") != NULL
				 ? text
				 : strstr(text, "\"name\":\"linux\",\"domain\""));
	g_assert_nonnull(strstr(text, "\"name\":\"keyboard\""));
}

static void add_libvirt(JsonBuilder *builder, gpointer data)
{
	member_add_text(builder, "libvirt", "qemu:///system");
}

static void test_status(void)
{
	HttpDesk desk;
	g_autofree char *of_guest = get("/status", "of guest"), *of_admin = get("/status", "open");
	g_autofree char *guest = NULL, *admin = NULL, *local = NULL;

	desk_init(&desk);
	http_set_status_func(desk.http, add_libvirt, NULL);
	bring_to(&desk, "linux");
	guest = http_desk_ask(&desk, FALSE, of_guest);
	assert_seen(http_body_of(guest), FALSE);
	admin = http_desk_ask(&desk, FALSE, of_admin);
	assert_seen(http_body_of(admin), TRUE);
	local = http_desk_ask(&desk, TRUE, "GET /status HTTP/1.1\r\n\r\n");
	assert_seen(http_body_of(local), TRUE);
	http_desk_clear(&desk);
}

/* An event stream under a secret, and what it said. */
typedef struct {
	int fd;
	GString *text;
} Ear;

static Ear listen_as(HttpDesk *desk, const char *secret)
{
	g_autofree char *request = get("/events", secret);
	Ear ear = { http_desk_tcp(desk), g_string_new(NULL) };

	http_desk_send(ear.fd, request);
	http_desk_read_until(desk, ear.fd, ear.text, "event: status");
	return ear;
}

/* Something happens, and it is notified. */
static void assert_hears(HttpDesk *desk, Ear *ear)
{
	g_string_truncate(ear->text, 0);
	fake_plug(desk->keyboard, desk->keyboard->missing);
	http_desk_read_until(desk, ear->fd, ear->text, "event: changed");
}

static void assert_hung_up(HttpDesk *desk, Ear *ear)
{
	g_free(http_desk_read_all(desk, ear->fd));
	g_string_free(ear->text, TRUE);
}

static void ear_clear(Ear *ear)
{
	close(ear->fd);
	g_string_free(ear->text, TRUE);
}

static void test_events(void)
{
	HttpDesk desk;
	Ear guest, admin;

	desk_init(&desk);
	guest = listen_as(&desk, "of guest");
	admin = listen_as(&desk, "open");
	seat_switch(desk.seat, "linux", "test", NULL, NULL, NULL);
	http_desk_read_until(&desk, guest.fd, guest.text, "event: switch-finished");
	http_desk_read_until(&desk, guest.fd, guest.text, "\"steps\":[");
	http_desk_read_until(&desk, admin.fd, admin.text, "event: switch-finished");
	g_assert_null(strstr(guest.text->str, "\"reason\""));
	g_assert_null(strstr(guest.text->str, "\"domain\""));
	g_assert_nonnull(strstr(admin.text->str, "\"reason\":\"test\""));
	g_assert_nonnull(strstr(admin.text->str, "\"domain\":\"dom-guest\""));
	ear_clear(&guest);
	ear_clear(&admin);
	http_desk_clear(&desk);
}

/* -- until when ------------------------------------------------------------------------------- */

static void test_revoked(void)
{
	HttpDesk desk;
	Ear linux_guest, guest, admin;

	desk_init(&desk);
	linux_guest = listen_as(&desk, "of linux");
	guest = listen_as(&desk, "of guest");
	admin = listen_as(&desk, "open");
	/* read again, and nothing has changed */
	set_secrets(&desk, words);
	assert_hears(&desk, &linux_guest);
	set_secrets(&desk, without_linux);
	assert_hung_up(&desk, &linux_guest);
	assert_hears(&desk, &guest);
	assert_hears(&desk, &admin);
	/* the administrator gets another one */
	desk.config.http_secret = (char *)"sesame";
	g_assert_true(http_listen(desk.http, &desk.config, NULL));
	assert_hung_up(&desk, &admin);
	assert_hears(&desk, &guest);
	ear_clear(&guest);
	http_desk_clear(&desk);
}

static void test_replaced(void)
{
	HttpDesk desk;
	Ear before, after;

	desk_init(&desk);
	before = listen_as(&desk, "of linux");
	set_secrets(&desk, linux_changed);
	assert_hung_up(&desk, &before);
	after = listen_as(&desk, "another");
	assert_hears(&desk, &after);
	ear_clear(&after);
	http_desk_clear(&desk);
}

/* between its headers and its body */
static void test_revoked_halfway(void)
{
	HttpDesk desk;
	g_autofree char *request = post("of linux", "host"), *answer = NULL;
	g_autoptr(GString) buffer = g_string_new(NULL);
	const char *body = strstr(request, "\r\n\r\n") + 4;
	g_autofree char *head = g_strndup(request, (gsize)(body - request) - 2);
	g_autofree char *asking = g_strconcat(head, "Expect: 100-continue\r\n\r\n", NULL);
	int fd;

	desk_init(&desk);
	fd = http_desk_tcp(&desk);
	http_desk_send(fd, asking);
	http_desk_read_until(&desk, fd, buffer, "100 Continue\r\n\r\n");
	set_secrets(&desk, without_linux);
	http_desk_send(fd, body);
	answer = http_desk_read_all(&desk, fd);
	g_assert_cmpint(http_status_of(answer), ==, 403);
	g_assert_null(seat_last(desk.seat));
	http_desk_clear(&desk);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_log_set_writer_func(count_complaints, NULL, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
		g_autofree char *path = g_strdup_printf("/http-guests/request/%s/%s/%s-%s-%s",
			requests[i].secret, requests[i].may != NULL ? requests[i].may : "default",
			requests[i].via, requests[i].at, requests[i].to);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_request);
	}
	g_test_add_func("/http-guests/looks", test_looks);
	g_test_add_func("/http-guests/sentence", test_sentence);
	g_test_add_func("/http-guests/nobody", test_nobody);
	g_test_add_func("/http-guests/status", test_status);
	g_test_add_func("/http-guests/events", test_events);
	g_test_add_func("/http-guests/revoked", test_revoked);
	g_test_add_func("/http-guests/replaced", test_replaced);
	g_test_add_func("/http-guests/revoked-halfway", test_revoked_halfway);
	return g_test_run();
}
