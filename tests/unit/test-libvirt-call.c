/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls on libvirt's lane: answered once, asked again over a new connection, dropped at any time.
 */
#include "common/error.h"
#include "guest/connection-private.h"

#include <dlfcn.h>
#include <libvirt-glib/libvirt-glib-event.h>

static gint alive = 1;
static gint opened, closed; /* connections to libvirt */

virConnectPtr virConnectOpen(const char *uri)
{
	virConnectPtr (*really)(const char *) =
		(virConnectPtr(*)(const char *))dlsym(RTLD_NEXT, "virConnectOpen");
	virConnectPtr conn = really(uri);

	if (conn != NULL)
		g_atomic_int_inc(&opened);
	return conn;
}

int virConnectClose(virConnectPtr conn)
{
	int (*really)(virConnectPtr) = (int (*)(virConnectPtr))dlsym(RTLD_NEXT, "virConnectClose");

	g_atomic_int_inc(&closed);
	return really(conn);
}

/* What libvirt says of each connection. */
int virConnectIsAlive(virConnectPtr conn)
{
	return g_atomic_int_get(&alive);
}

typedef struct {
	gint runs, frees;
	gint failures; /* so many of the next runs fail */
	guint answers;
	gboolean good; /* the answer */
	char *error;
} Call;

static LibvirtConnection *connection;

static void work(virConnectPtr conn, gpointer job, GError **error)
{
	Call *call = *(Call **)job;

	g_atomic_int_inc(&call->runs);
	g_assert_nonnull(conn);
	if (g_atomic_int_get(&call->failures) == 0)
		return;
	g_atomic_int_add(&call->failures, -1);
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT, "broken");
}

static void job_free(gpointer job)
{
	g_atomic_int_inc(&(*(Call **)job)->frees);
	g_free(job);
}

static void done(gpointer job, const GError *error, gpointer data)
{
	Call *call = data;

	g_assert_true((job == NULL) == (error != NULL));
	if (job != NULL)
		g_assert_true(*(Call **)job == call);
	call->answers++;
	call->good = error == NULL;
	g_free(call->error);
	call->error = error != NULL ? g_strdup(error->message) : NULL;
}

static LibvirtCall *begin(Call *call)
{
	Call **job = g_new(Call *, 1);

	*job = call;
	return libvirt_call(connection, 3600 * 1000, work, job, job_free, done, call);
}

static void call_wait(Call *call)
{
	while (call->answers == 0)
		g_main_context_iteration(NULL, TRUE);
	while (g_atomic_int_get(&call->frees) == 0)
		g_main_context_iteration(NULL, FALSE);
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	g_assert_cmpuint(call->answers, ==, 1);
	g_assert_cmpint(g_atomic_int_get(&call->frees), ==, 1);
}

static void until_up(void)
{
	while (!libvirt_connection_is_up(connection, NULL))
		g_main_context_iteration(NULL, TRUE);
}

static void connect_to(const char *uri)
{
	connection = libvirt_connection_new(uri);
	g_atomic_int_set(&alive, 1);
}

static void disconnect(void)
{
	libvirt_connection_free(connection);
	/* every one is given back, on a thread of its own */
	while (g_atomic_int_get(&closed) < g_atomic_int_get(&opened)) {
		g_main_context_iteration(NULL, FALSE);
		g_usleep(1000);
	}
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	g_assert_cmpint(g_atomic_int_get(&closed), ==, g_atomic_int_get(&opened));
}

/* -- answers ---------------------------------------------------------------------------------- */

/* Asked before there is a connection, and with one. */
static void test_answered(void)
{
	Call early = { 0 }, later = { 0 };

	connect_to("test:///default");
	begin(&early);
	g_assert_cmpuint(connection->waiting->len, ==, 1);
	call_wait(&early);
	g_assert_true(early.good);
	g_assert_cmpint(early.runs, ==, 1);
	begin(&later);
	g_assert_cmpuint(connection->waiting->len, ==, 0);
	call_wait(&later);
	g_assert_true(later.good);
	disconnect();
}

/* An error of the call's own says nothing about the connection. */
static void test_fails(void)
{
	Call call = { .failures = 1 };

	connect_to("test:///default");
	begin(&call);
	call_wait(&call);
	g_assert_cmpstr(call.error, ==, "broken");
	g_assert_cmpint(call.runs, ==, 1);
	g_assert_true(libvirt_connection_is_up(connection, NULL));
	g_free(call.error);
	disconnect();
}

static void test_no_connection(void)
{
	Call call = { 0 };

	connect_to("nonsense:///system");
	begin(&call);
	call_wait(&call);
	g_assert_nonnull(g_strrstr(call.error, "nonsense:///system"));
	g_assert_cmpint(call.runs, ==, 0);
	g_free(call.error);
	disconnect();
}

/* -- a connection that was lost --------------------------------------------------------------- */

static void count_events(const LibvirtEvent *event, gpointer data)
{
	guint *counts = data;

	if (event->kind == LIBVIRT_CONNECTED)
		counts[0]++;
	else if (event->kind == LIBVIRT_DISCONNECTED)
		counts[1]++;
}

/* Asked again over a new one, once. */
static void test_lost(gconstpointer failures)
{
	Call call = { .failures = GPOINTER_TO_INT(failures) };
	guint events[2] = { 0 }, id;

	connect_to("test:///default");
	until_up();
	id = libvirt_connection_listen(connection, count_events, events);
	g_atomic_int_set(&alive, 0);
	begin(&call);
	call_wait(&call);
	g_assert_cmpint(call.runs, ==, 2);
	g_assert_cmpint(call.good, ==, call.failures == 0 && GPOINTER_TO_INT(failures) == 1);
	g_assert_cmpuint(events[1], ==, GPOINTER_TO_UINT(failures));
	g_assert_cmpuint(events[0], >=, 1);
	libvirt_connection_unlisten(connection, id);
	g_free(call.error);
	disconnect();
}

/* Two that find it out: it is made again once. */
static void test_both_lost(void)
{
	Call one = { .failures = 1 }, two = { .failures = 1 };
	guint events[2] = { 0 }, id;

	connect_to("test:///default");
	until_up();
	id = libvirt_connection_listen(connection, count_events, events);
	g_atomic_int_set(&alive, 0);
	begin(&one);
	begin(&two);
	call_wait(&one);
	call_wait(&two);
	g_assert_true(one.good);
	g_assert_true(two.good);
	g_assert_cmpuint(events[0], ==, 1);
	g_assert_cmpuint(events[1], ==, 1);
	libvirt_connection_unlisten(connection, id);
	disconnect();
}

/* -- dropped ---------------------------------------------------------------------------------- */

static void test_dropped_while_waiting(void)
{
	Call dropped = { 0 }, next = { 0 };
	LibvirtCall *call;

	connect_to("test:///default");
	call = begin(&dropped);
	begin(&next);
	libvirt_call_drop(call);
	g_assert_cmpuint(connection->waiting->len, ==, 1);
	g_assert_cmpint(dropped.frees, ==, 1);
	call_wait(&next);
	g_assert_cmpuint(dropped.answers, ==, 0);
	g_assert_cmpint(dropped.runs, ==, 0);
	libvirt_call_drop(NULL);
	disconnect();
}

/* On the lane already: it runs, and calls no one; its result is ignored. */
static void test_dropped_on_the_lane(void)
{
	Call dropped = { .failures = 1 }, next = { 0 };

	connect_to("test:///default");
	until_up();
	g_atomic_int_set(&alive, 0);
	libvirt_call_drop(begin(&dropped));
	begin(&next);
	call_wait(&next);
	g_assert_cmpuint(dropped.answers, ==, 0);
	g_assert_cmpint(g_atomic_int_get(&dropped.frees), ==, 1);
	g_assert_true(libvirt_connection_is_up(connection, NULL));
	disconnect();
}

static LibvirtCall *other;

static void drop_other(gpointer job, const GError *error, gpointer data)
{
	++*(guint *)data;
	libvirt_call_drop(g_steal_pointer(&other));
}

/* One of those that wait is answered with why there is no connection, and drops the next one. */
static void test_dropped_by_another(void)
{
	Call dropped = { 0 }, unused = { 0 };
	Call **job = g_new(Call *, 1);
	guint answers = 0;

	*job = &unused;
	connect_to("nonsense:///system");
	libvirt_call(connection, 3600 * 1000, work, job, job_free, drop_other, &answers);
	other = begin(&dropped);
	while (answers == 0)
		g_main_context_iteration(NULL, TRUE);
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	g_assert_cmpuint(dropped.answers, ==, 0);
	g_assert_cmpint(dropped.frees, ==, 1);
	disconnect();
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	gvir_event_register();
	g_test_add_func("/libvirt-call/answered", test_answered);
	g_test_add_func("/libvirt-call/fails", test_fails);
	g_test_add_func("/libvirt-call/no-connection", test_no_connection);
	g_test_add_data_func("/libvirt-call/lost", GINT_TO_POINTER(1), test_lost);
	g_test_add_data_func("/libvirt-call/lost/again", GINT_TO_POINTER(2), test_lost);
	g_test_add_func("/libvirt-call/lost/both", test_both_lost);
	g_test_add_func("/libvirt-call/dropped/waiting", test_dropped_while_waiting);
	g_test_add_func("/libvirt-call/dropped/on-the-lane", test_dropped_on_the_lane);
	g_test_add_func("/libvirt-call/dropped/by-another", test_dropped_by_another);
	return g_test_run();
}
