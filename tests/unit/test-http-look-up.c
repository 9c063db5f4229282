/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reload with a host by name, and a name server that does not answer: the daemon goes on serving.
 */
#include "http-desk.h"
#include "http/addresses.h"

#include <string.h>

/* A resolver that answers when it is told to. */
typedef struct {
	GResolver base;
} SlowResolver;

typedef struct {
	GResolverClass base;
} SlowResolverClass;

static GTask *asked; /* NULL: nothing was */

GType slow_resolver_get_type(void);

G_DEFINE_TYPE(SlowResolver, slow_resolver, G_TYPE_RESOLVER)

static void slow_lookup(GResolver *resolver, const char *name, GCancellable *cancel,
	GAsyncReadyCallback done, gpointer data)
{
	g_assert_null(asked);
	g_assert_cmpstr(name, ==, "desk.example");
	asked = g_task_new(resolver, cancel, done, data);
}

static GList *slow_lookup_finish(GResolver *resolver, GAsyncResult *result, GError **error)
{
	return g_task_propagate_pointer(G_TASK(result), error);
}

static GList *slow_lookup_now(
	GResolver *resolver, const char *name, GCancellable *cancel, GError **error)
{
	/* the main loop would wait for a name server */
	g_assert_not_reached();
}

static void slow_resolver_class_init(SlowResolverClass *class)
{
	class->base.lookup_by_name_async = slow_lookup;
	class->base.lookup_by_name_finish = slow_lookup_finish;
	class->base.lookup_by_name = slow_lookup_now;
}

static void slow_resolver_init(SlowResolver *resolver)
{
}

static void free_addresses(gpointer list)
{
	g_resolver_free_addresses(list);
}

static void answer(const char *address)
{
	g_autoptr(GTask) task = g_steal_pointer(&asked);

	if (address != NULL)
		g_task_return_pointer(task,
			g_list_append(NULL, g_inet_address_new_from_string(address)),
			free_addresses);
	else
		g_task_return_new_error(
			task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no such name");
}

typedef struct {
	HttpDesk desk;
	guint done;
	char *error;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
	http_desk_init(&f->desk);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	g_free(f->error);
	http_desk_clear(&f->desk);
	g_clear_object(&asked);
}

static void on_done(const GError *error, gpointer data)
{
	Fixture *f = data;

	f->done++;
	g_free(f->error);
	f->error = error == NULL ? NULL : g_strdup(error->message);
}

static void look_up(Fixture *f, const char *host)
{
	f->desk.config.http_host = (char *)host;
	http_look_up(f->desk.http, &f->desk.config, on_done, f);
	g_assert_cmpuint(f->done, ==, 0);
}

static void wait_done(Fixture *f)
{
	while (f->done == 0)
		g_main_context_iteration(NULL, TRUE);
}

static void test_slow(Fixture *f, gconstpointer unused)
{
	g_autofree char *text = NULL;

	look_up(f, "desk.example");
	text = http_desk_ask(&f->desk, FALSE, "GET /status HTTP/1.1\r\n" AUTH "\r\n");
	g_assert_cmpint(http_status_of(text), ==, 200);
	g_assert_cmpuint(f->done, ==, 0);
	answer("127.0.0.1");
	wait_done(f);
	g_assert_null(f->error);
	g_assert_true(http_listen(f->desk.http, &f->desk.config, NULL));
	g_assert_cmpint(http_tcp_port(f->desk.http), !=, 0);
}

static void test_no_such_name(Fixture *f, gconstpointer unused)
{
	look_up(f, "desk.example");
	answer(NULL);
	wait_done(f);
	g_assert_cmpstr(f->error, ==,
		"cannot find the address of \"desk.example\": no such name; change "
		"http.address");
}

/* Asked for again at each reload: the name may have got another address. */
static void test_again(Fixture *f, gconstpointer unused)
{
	static const char *const found[] = { "127.0.0.1", "127.0.0.2" };
	g_autoptr(Addresses) addresses = addresses_new();

	for (guint i = 0; i < G_N_ELEMENTS(found); i++) {
		const GList *list;
		g_autofree char *text = NULL;

		f->done = 0;
		addresses_look_up(addresses, "desk.example", on_done, f);
		answer(found[i]);
		wait_done(f);
		list = addresses_of(addresses, "desk.example", NULL);
		text = g_inet_address_to_string(list->data);
		g_assert_cmpstr(text, ==, found[i]);
	}
}

/* Nobody is asked for these. */
static void test_every_address(Fixture *f, gconstpointer unused)
{
	look_up(f, "");
	wait_done(f);
	g_assert_null(f->error);
	g_assert_null(asked);
}

/* The answer comes when no caller waits for it any more. */
static void test_freed(Fixture *f, gconstpointer unused)
{
	Addresses *addresses = addresses_new();

	addresses_look_up(addresses, "desk.example", on_done, f);
	addresses_free(addresses);
	answer("127.0.0.1");
	while (g_main_context_iteration(NULL, FALSE))
		;
	g_assert_cmpuint(f->done, ==, 0);
}

#define ADD(path, func) g_test_add("/http-look-up/" path, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_autoptr(GResolver) resolver = NULL;

	g_test_init(&argc, &argv, NULL);
	resolver = g_object_new(slow_resolver_get_type(), NULL);
	g_resolver_set_default(resolver);
	ADD("slow", test_slow);
	ADD("no-such-name", test_no_such_name);
	ADD("again", test_again);
	ADD("every-address", test_every_address);
	ADD("freed", test_freed);
	return g_test_run();
}
