/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer from libvirt that comes when the time is up.
 */
#include <libvirt-glib/libvirt-glib-event.h>

#include "fake-hostdevs.h"
#include "guest/connection-private.h"
#include "guest/hostdevs.h"

#define DETACH_MS 50

/* libvirt does not answer until it is opened. */
typedef struct {
	GMutex mutex;
	GCond cond;
	gboolean open;
} Gate;

static void gate_work(gpointer data)
{
	Gate *gate = data;

	g_mutex_lock(&gate->mutex);
	while (!gate->open)
		g_cond_wait(&gate->cond, &gate->mutex);
	g_mutex_unlock(&gate->mutex);
}

static void gate_done(gpointer data)
{
}

static void gate_open(Gate *gate)
{
	g_mutex_lock(&gate->mutex);
	gate->open = TRUE;
	g_cond_signal(&gate->cond);
	g_mutex_unlock(&gate->mutex);
}

static gboolean on_time(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

static void wait_ms(guint ms)
{
	gboolean over = FALSE;

	g_timeout_add(ms, on_time, &over);
	while (!over)
		g_main_context_iteration(NULL, TRUE);
}

static void count_gone(const GError *error, gpointer data)
{
	g_assert_no_error(error);
	++*(guint *)data;
}

/* It says no, and while libvirt is asked whether that is so the time is up: there is nothing more
 * to ask for. */
static void test_refused_at_the_last_moment(void)
{
	const LibvirtEvent stuck = {
		.kind = LIBVIRT_DEVICE_STUCK, .domain = "test", .alias = ALIAS
	};
	LibvirtConnection *connection = libvirt_connection_new("test:///default");
	HostdevTable *table = hostdev_table_new(connection, DETACH_MS);
	Gate gate = { 0 };
	guint gone = 0;

	while (hostdev_table_list(table) == NULL)
		g_main_context_iteration(NULL, TRUE);
	hostdev_table_detach(table, "test", ALIAS, count_gone, &gone);
	fake_settle(connection);
	g_assert_cmpint(g_atomic_int_get(&fake_hostdevs.detaches), ==, 1);
	lane_push(connection->lane, gate_work, gate_done, &gate, fake_keep);
	libvirt_connection_emit(connection, &stuck);
	wait_ms(2 * DETACH_MS);
	gate_open(&gate);
	while (gone == 0)
		g_main_context_iteration(NULL, TRUE);
	fake_settle(connection);
	g_assert_cmpint(g_atomic_int_get(&fake_hostdevs.detaches), ==, 1);
	g_assert_cmpuint(gone, ==, 1);
	hostdev_table_free(table);
	libvirt_connection_free(connection);
	while (g_main_context_iteration(NULL, FALSE))
		;
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	gvir_event_register();
	g_test_add_func("/hostdevs-late/refused", test_refused_at_the_last_moment);
	return g_test_run();
}
