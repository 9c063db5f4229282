/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking a device back from a guest, with libvirt's own test driver, which cannot detach anything:
 * the call is answered here.
 */
#include <libvirt-glib/libvirt-glib-event.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "common/error.h"
#include "fake-hostdevs.h"
#include "guest/connection-private.h"
#include "guest/hostdevs.h"

#define DETACH_MS 50

static void count_gone(const GError *error, gpointer data)
{
	g_assert_no_error(error);
	++*(guint *)data;
}

/* -- the table -------------------------------------------------------------------------------- */

typedef struct {
	LibvirtConnection *connection;
	HostdevTable *table;
	guint listener;
	guint told; /* times that the table has changed */
	guint done;
	GError *error;
} Fixture;

static void on_event(const LibvirtEvent *event, gpointer data)
{
	((Fixture *)data)->told += event->kind == LIBVIRT_HOSTDEVS;
}

static void on_done(const GError *error, gpointer data)
{
	Fixture *f = data;

	f->done++;
	g_clear_error(&f->error);
	f->error = error == NULL ? NULL : g_error_copy(error);
}

static void wait_done(Fixture *f)
{
	while (f->done == 0)
		g_main_context_iteration(NULL, TRUE);
	f->done = 0;
}

static void begin(Fixture *f, guint detach_ms)
{
	g_atomic_int_set(&fake_hostdevs.refuse, 0);
	g_atomic_int_set(&fake_hostdevs.present, 0);
	g_atomic_int_set(&fake_hostdevs.detaches, 0);
	f->connection = libvirt_connection_new("test:///default");
	f->table = hostdev_table_new(f->connection, detach_ms);
	f->listener = libvirt_connection_listen(f->connection, on_event, f);
	while (hostdev_table_list(f->table) == NULL || f->told == 0)
		g_main_context_iteration(NULL, TRUE);
	f->told = 0;
}

static void set_up(Fixture *f, gconstpointer unused)
{
	begin(f, HOSTDEV_DETACH_MS * 10);
}

/* A guest that does not release a device is given up soon. */
static void set_up_hasty(Fixture *f, gconstpointer unused)
{
	begin(f, DETACH_MS);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	libvirt_connection_unlisten(f->connection, f->listener);
	hostdev_table_free(f->table);
	libvirt_connection_free(f->connection);
	g_clear_error(&f->error);
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void happens(
	Fixture *f, LibvirtEventKind kind, const char *domain, const char *alias, int event)
{
	libvirt_connection_emit(f->connection, &(LibvirtEvent){ kind, domain, alias, event, 0 });
}

static void attach(Fixture *f, const char *alias)
{
	hostdev_table_attach(f->table, "test", 3, 7, alias, on_done, f);
	wait_done(f);
}

static guint listed(Fixture *f)
{
	return hostdev_table_list(f->table)->len;
}

static void test_refresh(Fixture *f, gconstpointer unused)
{
	g_atomic_int_set(&fake_hostdevs.present, 1);
	hostdev_table_refresh(f->table, on_done, f);
	wait_done(f);
	g_assert_no_error(f->error);
	g_assert_nonnull(hostdevs_find(hostdev_table_list(f->table), "test", ALIAS));
	g_assert_cmpuint(f->told, ==, 1);
}

/* Something happened while it was asked: it is asked again. */
static void test_refresh_outdated(Fixture *f, gconstpointer unused)
{
	hostdev_table_refresh(f->table, on_done, f);
	happens(f, LIBVIRT_DEVICE_REMOVED, "test", "other", 0);
	g_atomic_int_set(&fake_hostdevs.present, 1);
	wait_done(f);
	while (listed(f) == 0)
		g_main_context_iteration(NULL, TRUE);
}

static void test_attach(Fixture *f, gconstpointer unused)
{
	const Hostdev *hostdev;

	attach(f, ALIAS);
	g_assert_no_error(f->error);
	g_assert_cmpuint(f->told, ==, 1);
	g_assert_cmpuint(listed(f), ==, 1);
	hostdev = hostdev_table_list(f->table)->pdata[0];
	g_assert_cmpstr(hostdev->domain, ==, "test");
	g_assert_cmpstr(hostdev->alias, ==, ALIAS);
	g_assert_cmpuint(hostdev->bus, ==, 3);
	g_assert_cmpuint(hostdev->device, ==, 7);
	/* the event may have been there before: it is listed once */
	attach(f, ALIAS);
	g_assert_cmpuint(listed(f), ==, 1);
}

static void test_attach_refused(Fixture *f, gconstpointer unused)
{
	g_atomic_int_set(&fake_hostdevs.refuse, 1);
	attach(f, ALIAS);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	g_assert_cmpuint(listed(f), ==, 0);
	g_assert_cmpuint(f->told, ==, 0);
}

/* What to do about it is said at once. */
static void test_no_port(Fixture *f, gconstpointer unused)
{
	static const struct {
		const char *why;
		gboolean none;
		const char *says;
	} rows[] = {
		{ "internal error: No free USB ports", FALSE,
			"attaching to test failed: internal error: No free USB ports; add a USB "
			"controller and start the guest again: echo '<controller type=\"usb\" "
			"model=\"qemu-xhci\" ports=\"15\"/>' | virsh -c test:///default "
			"attach-device test /dev/stdin --config" },
		{ "XML error: Domain has no USB bus support", TRUE,
			"attaching to test failed: XML error: Domain has no USB bus support; "
			"enable its USB and start the guest again: virsh -c test:///default "
			"dumpxml --inactive --security-info test | sed "
			"\"/type='usb'/s/'none'/'qemu-xhci' "
			"ports='15'/\" | virsh -c test:///default define /dev/stdin" },
		{ "unsupported configuration: USB is disabled for this domain", TRUE,
			"attaching to test failed: unsupported configuration: USB is disabled for "
			"this domain; enable its USB and start the guest again: virsh -c "
			"test:///default dumpxml --inactive --security-info test | sed "
			"\"/type='usb'/s/'none'/'qemu-xhci' ports='15'/\" | virsh -c "
			"test:///default define /dev/stdin" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_atomic_int_set(&fake_hostdevs.refuse, 1);
		g_atomic_int_set(&fake_hostdevs.none, rows[i].none);
		fake_hostdevs.why = rows[i].why;
		attach(f, ALIAS);
		g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
		g_assert_cmpstr(f->error->message, ==, rows[i].says);
		g_clear_error(&f->error);
	}
	g_atomic_int_set(&fake_hostdevs.none, 0);
	fake_hostdevs.why = "no error";
}

static void test_removed(Fixture *f, gconstpointer unused)
{
	attach(f, ALIAS);
	attach(f, "ua-hotseat-4");
	f->told = 0;
	happens(f, LIBVIRT_DEVICE_REMOVED, "other", ALIAS, 0);
	g_assert_cmpuint(listed(f), ==, 2);
	g_assert_cmpuint(f->told, ==, 0);
	happens(f, LIBVIRT_DEVICE_REMOVED, "test", ALIAS, 0);
	g_assert_cmpuint(listed(f), ==, 1);
	g_assert_cmpuint(f->told, ==, 1);
}

static void test_stopped(Fixture *f, gconstpointer unused)
{
	attach(f, ALIAS);
	attach(f, "ua-hotseat-4");
	happens(f, LIBVIRT_LIFECYCLE, "other", NULL, VIR_DOMAIN_EVENT_STOPPED);
	happens(f, LIBVIRT_LIFECYCLE, "test", NULL, VIR_DOMAIN_EVENT_SUSPENDED);
	g_assert_cmpuint(listed(f), ==, 2);
	f->told = 0;
	happens(f, LIBVIRT_LIFECYCLE, "test", NULL, VIR_DOMAIN_EVENT_STOPPED);
	g_assert_cmpuint(listed(f), ==, 0);
	g_assert_cmpuint(f->told, ==, 1);
}

static void until_listed(Fixture *f)
{
	while (hostdev_table_list(f->table) == NULL || listed(f) == 0)
		g_main_context_iteration(NULL, TRUE);
}

/* What another program attaches, and what a domain brings along, is asked for. */
static void test_added(Fixture *f, gconstpointer event)
{
	LibvirtEventKind kind = (LibvirtEventKind)GPOINTER_TO_UINT(event);

	g_atomic_int_set(&fake_hostdevs.present, 1);
	happens(f, kind, "test", ALIAS, kind == LIBVIRT_LIFECYCLE ? VIR_DOMAIN_EVENT_STARTED : 0);
	until_listed(f);
}

static void test_disconnected(Fixture *f, gconstpointer unused)
{
	libvirt_connection_lost(f->connection, f->connection->session);
	g_assert_null(hostdev_table_list(f->table));
	/* and nothing that happens then is listed */
	happens(f, LIBVIRT_DEVICE_REMOVED, "test", ALIAS, 0);
	g_assert_null(hostdev_table_list(f->table));
	g_atomic_int_set(&fake_hostdevs.present, 1);
	libvirt_connection_connect(f->connection);
	until_listed(f);
}

/* -- detaching -------------------------------------------------------------------------------- */

static void detach(Fixture *f)
{
	attach(f, ALIAS);
	g_atomic_int_set(&fake_hostdevs.present, 1);
	hostdev_table_detach(f->table, "test", ALIAS, on_done, f);
	fake_settle(f->connection);
}

static void test_detached(Fixture *f, gconstpointer unused)
{
	detach(f);
	happens(f, LIBVIRT_DEVICE_REMOVED, "test", "other", 0);
	g_assert_cmpuint(f->done, ==, 0);
	happens(f, LIBVIRT_DEVICE_REMOVED, "test", ALIAS, 0);
	wait_done(f);
	g_assert_no_error(f->error);
	g_assert_cmpuint(listed(f), ==, 0);
	g_assert_cmpint(g_atomic_int_get(&fake_hostdevs.detaches), ==, 1);
}

/* No event reports it, but the next look at the table does. */
static void test_gone_from_table(Fixture *f, gconstpointer unused)
{
	guint refreshed = 0;

	detach(f);
	g_atomic_int_set(&fake_hostdevs.present, 0);
	hostdev_table_refresh(f->table, count_gone, &refreshed);
	wait_done(f);
	g_assert_no_error(f->error);
	g_assert_cmpuint(refreshed, ==, 1);
}

static void test_stops_meanwhile(Fixture *f, gconstpointer unused)
{
	detach(f);
	happens(f, LIBVIRT_LIFECYCLE, "test", NULL, VIR_DOMAIN_EVENT_STOPPED);
	wait_done(f);
	g_assert_no_error(f->error);
}

/* It does not release it: asked once more, and then that is said. */
static void test_not_released(Fixture *f, gconstpointer unused)
{
	detach(f);
	wait_done(f);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
	g_assert_cmpint(g_atomic_int_get(&fake_hostdevs.detaches), ==, 2);
	g_assert_cmpuint(listed(f), ==, 1);
}

/* It was released, and no event has told of it. */
static void test_released_unheard(Fixture *f, gconstpointer unused)
{
	detach(f);
	g_atomic_int_set(&fake_hostdevs.present, 0);
	wait_done(f);
	g_assert_no_error(f->error);
	g_assert_cmpuint(listed(f), ==, 0);
}

static void test_refused(Fixture *f, gconstpointer unused)
{
	detach(f);
	happens(f, LIBVIRT_DEVICE_STUCK, "test", "other", 0);
	happens(f, LIBVIRT_DEVICE_STUCK, "other", ALIAS, 0);
	/* the trouble of others ends nothing here */
	fake_settle(f->connection);
	g_assert_cmpuint(f->done, ==, 0);
	happens(f, LIBVIRT_DEVICE_STUCK, "test", ALIAS, 0);
	wait_done(f);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	g_assert_true(g_str_has_prefix(f->error->message, "the guest refuses to release it"));
	g_assert_cmpint(g_atomic_int_get(&fake_hostdevs.detaches), ==, 1);
	g_assert_cmpuint(listed(f), ==, 1);
}

static void test_libvirt_refuses(Fixture *f, gconstpointer unused)
{
	attach(f, ALIAS);
	g_atomic_int_set(&fake_hostdevs.present, 1);
	g_atomic_int_set(&fake_hostdevs.refuse, 1);
	hostdev_table_detach(f->table, "test", ALIAS, on_done, f);
	wait_done(f);
	g_assert_error(f->error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	g_assert_true(g_str_has_prefix(f->error->message, "detaching from test failed: "));
	/* a domain that is not there has no devices */
	hostdev_table_detach(f->table, "none", ALIAS, on_done, f);
	wait_done(f);
	g_assert_no_error(f->error);
}

static void test_dropped(Fixture *f, gconstpointer unused)
{
	HostdevOp *op;

	attach(f, ALIAS);
	op = hostdev_table_detach(f->table, "test", ALIAS, on_done, f);
	hostdev_op_drop(op);
	hostdev_op_drop(NULL);
	happens(f, LIBVIRT_DEVICE_REMOVED, "test", ALIAS, 0);
	fake_settle(f->connection);
	g_assert_cmpuint(f->done, ==, 0);
}

/* What is said of others, or while it is still there, ends nothing. */
static void test_still_there(Fixture *f, gconstpointer unused)
{
	attach(f, ALIAS);
	attach(f, "ua-hotseat-3-2");
	hostdev_table_detach(f->table, "test", ALIAS, on_done, f);
	fake_settle(f->connection);
	happens(f, LIBVIRT_HOSTDEVS, NULL, NULL, 0);
	happens(f, LIBVIRT_DEVICE_REMOVED, "test", "ua-hotseat-3-2", 0);
	happens(f, LIBVIRT_DEVICE_REMOVED, "other", ALIAS, 0);
	happens(f, LIBVIRT_DEVICE_STUCK, "test", "ua-hotseat-3-2", 0);
	happens(f, LIBVIRT_DEVICE_STUCK, "other", ALIAS, 0);
	fake_settle(f->connection);
	g_assert_cmpuint(f->done, ==, 0);
	happens(f, LIBVIRT_DEVICE_REMOVED, "test", ALIAS, 0);
	g_assert_cmpuint(f->done, ==, 1);
	g_assert_no_error(f->error);
}

#define ADD(path, data, func)                                                                      \
	g_test_add("/hostdevs/" path, Fixture, GUINT_TO_POINTER(data), set_up, func, tear_down)

#define ADD_HASTY(path, func)                                                                      \
	g_test_add("/hostdevs/" path, Fixture, NULL, set_up_hasty, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	gvir_event_register();
	ADD("refresh", 0, test_refresh);
	ADD("refresh-outdated", 0, test_refresh_outdated);
	ADD("attach", 0, test_attach);
	ADD("attach-refused", 0, test_attach_refused);
	ADD("no-port", 0, test_no_port);
	ADD("removed", 0, test_removed);
	ADD("stopped", 0, test_stopped);
	ADD("added", LIBVIRT_DEVICE_ADDED, test_added);
	ADD("started", LIBVIRT_LIFECYCLE, test_added);
	ADD("disconnected", 0, test_disconnected);
	ADD("detached", 0, test_detached);
	ADD("still-there", 0, test_still_there);
	ADD("gone-from-table", 0, test_gone_from_table);
	ADD("stops-meanwhile", 0, test_stops_meanwhile);
	ADD_HASTY("not-released", test_not_released);
	ADD_HASTY("released-unheard", test_released_unheard);
	ADD("refused", 0, test_refused);
	ADD("libvirt-refuses", 0, test_libvirt_refuses);
	ADD("dropped", 0, test_dropped);
	return g_test_run();
}
