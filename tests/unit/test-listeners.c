/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/listeners.h"

typedef void (*Heard)(const char *what, gpointer data);

typedef struct {
	Listeners *listeners;
	GString *log;
	guint ids[3];
	guint depth;
} Fixture;

static void call(GCallback func, gpointer data, gconstpointer event)
{
	((Heard)func)(event, data);
}

static void set_up(Fixture *f, gconstpointer unused)
{
	f->listeners = listeners_new();
	f->log = g_string_new(NULL);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	listeners_free(f->listeners);
	g_string_free(f->log, TRUE);
}

static void first(const char *what, gpointer data)
{
	g_string_append_printf(((Fixture *)data)->log, "1%s ", what);
}

static void second(const char *what, gpointer data)
{
	g_string_append_printf(((Fixture *)data)->log, "2%s ", what);
}

static void is_logged(Fixture *f, const char *expected)
{
	g_assert_cmpstr(f->log->str, ==, expected);
	g_string_truncate(f->log, 0);
}

static void test_order(Fixture *f, gconstpointer unused)
{
	guint one = listeners_add(f->listeners, G_CALLBACK(first), f);
	guint two = listeners_add(f->listeners, G_CALLBACK(second), f);

	g_assert_cmpuint(one, !=, 0);
	g_assert_cmpuint(one, !=, two);
	listeners_call(f->listeners, call, "a");
	is_logged(f, "1a 2a ");
	listeners_remove(f->listeners, one);
	listeners_remove(f->listeners, 0);
	listeners_call(f->listeners, call, "b");
	is_logged(f, "2b ");
	listeners_remove(f->listeners, two);
	listeners_call(f->listeners, call, "c");
	is_logged(f, "");
}

static void add_another(const char *what, gpointer data)
{
	Fixture *f = data;

	/* enough to make the array grow */
	for (guint i = 0; i < 20; i++)
		listeners_add(f->listeners, G_CALLBACK(first), f);
}

/* One that is added during an event hears of the next. */
static void test_added_during_event(Fixture *f, gconstpointer unused)
{
	guint id = listeners_add(f->listeners, G_CALLBACK(add_another), f);

	listeners_add(f->listeners, G_CALLBACK(second), f);
	listeners_call(f->listeners, call, "a");
	is_logged(f, "2a ");
	listeners_remove(f->listeners, id);
	listeners_call(f->listeners, call, "b");
	g_assert_cmpuint(f->log->len, ==, 21 * 3);
}

static void remove_others(const char *what, gpointer data)
{
	Fixture *f = data;

	for (guint i = 0; i < G_N_ELEMENTS(f->ids); i++)
		listeners_remove(f->listeners, f->ids[i]);
}

static void test_removed_during_event(Fixture *f, gconstpointer unused)
{
	f->ids[0] = listeners_add(f->listeners, G_CALLBACK(first), f);
	f->ids[1] = listeners_add(f->listeners, G_CALLBACK(remove_others), f);
	f->ids[2] = listeners_add(f->listeners, G_CALLBACK(second), f);
	listeners_call(f->listeners, call, "a");
	is_logged(f, "1a ");
	listeners_call(f->listeners, call, "b");
	is_logged(f, "");
}

static void cause_another(const char *what, gpointer data)
{
	Fixture *f = data;

	if (f->depth++ > 0)
		return;
	listeners_remove(f->listeners, f->ids[0]);
	listeners_call(f->listeners, call, "inner");
}

/* An event inside an event: what is removed stays in its place until both are over. */
static void test_event_during_event(Fixture *f, gconstpointer unused)
{
	f->ids[0] = listeners_add(f->listeners, G_CALLBACK(first), f);
	listeners_add(f->listeners, G_CALLBACK(cause_another), f);
	listeners_add(f->listeners, G_CALLBACK(second), f);
	listeners_call(f->listeners, call, "outer");
	is_logged(f, "1outer 2inner 2outer ");
}

#define ADD(path, func) g_test_add("/listeners/" path, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("order", test_order);
	ADD("added-during-event", test_added_during_event);
	ADD("removed-during-event", test_removed_during_event);
	ADD("event-during-event", test_event_during_event);
	return g_test_run();
}
