/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a session makes of libvirt's callbacks: libvirt's own test driver has no device events, so
 * they are called here.
 */
#include <dlfcn.h>
#include <glib-object.h>
#include <libvirt-glib/libvirt-glib-event.h>
#include <string.h>

#include "guest/session.h"

typedef struct {
	virConnectDomainEventGenericCallback func;
	void *opaque;
	virFreeCallback free_opaque;
} Callback;

/* by VIR_DOMAIN_EVENT_ID_… */
static Callback callbacks[64];
static virConnectCloseFunc on_close;
static void *close_data;
static gint closed; /* the connection, on a thread of its own */
static int refused = -1;

int virConnectDomainEventRegisterAny(virConnectPtr conn, virDomainPtr domain, int id,
	virConnectDomainEventGenericCallback func, void *opaque, virFreeCallback free_opaque)
{
	g_assert_null(domain);
	if (id == refused)
		return -1;
	callbacks[id] = (Callback){ func, opaque, free_opaque };
	return id;
}

int virConnectDomainEventDeregisterAny(virConnectPtr conn, int id)
{
	callbacks[id].free_opaque(callbacks[id].opaque);
	callbacks[id].func = NULL;
	return 0;
}

int virConnectRegisterCloseCallback(
	virConnectPtr conn, virConnectCloseFunc func, void *opaque, virFreeCallback free_opaque)
{
	on_close = func;
	close_data = opaque;
	return 0;
}

int virConnectUnregisterCloseCallback(virConnectPtr conn, virConnectCloseFunc func)
{
	g_assert_true(func == on_close);
	on_close = NULL;
	return 0;
}

static int keepalive_s; /* 0: the daemon is not asked whether it is there */

int virConnectSetKeepAlive(virConnectPtr conn, int interval, unsigned count)
{
	g_assert_cmpuint(count, ==, 5);
	keepalive_s = interval;
	return 0;
}

/* Whatever the URI, the test driver is behind it. */
virConnectPtr virConnectOpen(const char *uri)
{
	virConnectPtr (*really)(const char *) =
		(virConnectPtr(*)(const char *))dlsym(RTLD_NEXT, "virConnectOpen");

	return really("test:///default");
}

int virConnectClose(virConnectPtr conn)
{
	int (*really)(virConnectPtr) = (int (*)(virConnectPtr))dlsym(RTLD_NEXT, "virConnectClose");
	int result = really(conn);

	g_atomic_int_inc(&closed);
	return result;
}

typedef struct {
	Session *session;
	virDomainPtr domain;
	GString *heard;
} Fixture;

static void on_event(const LibvirtEvent *event, gpointer data)
{
	static const char *const names[] = {
		[LIBVIRT_LIFECYCLE] = "lifecycle",
		[LIBVIRT_DEVICE_ADDED] = "added",
		[LIBVIRT_DEVICE_REMOVED] = "removed",
		[LIBVIRT_DEVICE_STUCK] = "stuck",
	};

	g_string_append_printf(((Fixture *)data)->heard, "%s %s %s %d %d, ", names[event->kind],
		event->domain, event->alias != NULL ? event->alias : "-", event->event,
		event->detail);
}

static void on_closed(gpointer data)
{
	g_string_append(((Fixture *)data)->heard, "closed, ");
}

static const SessionOps ops = { on_event, on_closed };

static void set_up(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_atomic_int_set(&closed, 0);
	f->heard = g_string_new(NULL);
	f->session = session_open("test:///default", &error);
	g_assert_no_error(error);
	f->domain = virDomainLookupByName(f->session->conn, "test");
}

static void wait_closed(void)
{
	while (g_atomic_int_get(&closed) == 0)
		g_usleep(1000);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	virDomainFree(f->domain);
	session_set_ops(f->session, NULL, NULL);
	session_release(f->session);
	wait_closed();
	/* nothing of it is left at libvirt, whose connection others may keep */
	for (guint i = 0; i < G_N_ELEMENTS(callbacks); i++)
		g_assert_null(callbacks[i].func);
	g_assert_null(on_close);
	g_string_free(f->heard, TRUE);
}

static void call_device(Fixture *f, int id, const char *alias)
{
	((virConnectDomainEventDeviceAddedCallback)(GCallback)callbacks[id].func)(
		f->session->conn, f->domain, alias, callbacks[id].opaque);
}

static void call_all(Fixture *f)
{
	((virConnectDomainEventCallback)(GCallback)callbacks[VIR_DOMAIN_EVENT_ID_LIFECYCLE].func)(
		f->session->conn, f->domain, VIR_DOMAIN_EVENT_STOPPED,
		VIR_DOMAIN_EVENT_STOPPED_CRASHED, callbacks[VIR_DOMAIN_EVENT_ID_LIFECYCLE].opaque);
	call_device(f, VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, "a");
	call_device(f, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, "b");
	call_device(f, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED, "c");
	on_close(f->session->conn, VIR_CONNECT_CLOSE_REASON_EOF, close_data);
}

static void test_events(Fixture *f, gconstpointer unused)
{
	session_set_ops(f->session, &ops, f);
	call_all(f);
	g_assert_cmpstr(f->heard->str, ==,
		"lifecycle test - 5 2, added test a 0 0, removed test b 0 0, stuck test c 0 0, "
		"closed, ");
}

/* Before someone listens, and when no one does any more. */
static void test_nobody_listens(Fixture *f, gconstpointer unused)
{
	call_all(f);
	session_set_ops(f->session, &ops, f);
	session_set_ops(f->session, NULL, NULL);
	call_all(f);
	g_assert_cmpstr(f->heard->str, ==, "");
}

/* Closed by the last of those who use it. */
static void test_users(Fixture *f, gconstpointer unused)
{
	g_assert_true(session_hold(f->session) == f->session);
	session_release(f->session);
	g_assert_cmpint(g_atomic_int_get(&closed), ==, 0);
	g_assert_nonnull(on_close);
}

/* A driver that does not know an event: the rest is heard, and nothing is freed twice. */
static void test_event_refused(void)
{
	Fixture f = { 0 };

	refused = VIR_DOMAIN_EVENT_ID_DEVICE_ADDED;
	set_up(&f, NULL);
	g_assert_cmpint(f.session->callbacks[1], ==, -1);
	g_assert_cmpint(f.session->callbacks[2], ==, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED);
	refused = -1;
	tear_down(&f, NULL);
}

/* Only a daemon on another machine is asked now and then whether it is still there. */
static void test_keepalive(void)
{
	static const struct {
		const char *uri;
		int keepalive_s;
	} cases[] = {
		{ "qemu:///system", 0 },
		{ "qemu:///system?socket=/run/libvirt/libvirt-sock", 0 },
		{ "test:///default", 0 },
		{ "qemu+unix:///system", 0 },
		{ "qemu+tcp://localhost/system", 0 },
		{ "qemu+tcp://127.0.0.1:16509/system", 0 },
		{ "qemu+ssh://root@[::1]/system", 0 },
		{ "qemu+ssh://root@example.org/system", 5 },
		{ "qemu+libssh2://[2001:db8::1]:22/system?known_hosts=/x", 5 },
		{ "qemu://example.org/system", 5 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Session *session;

		keepalive_s = 0;
		g_atomic_int_set(&closed, 0);
		session = session_open(cases[i].uri, NULL);
		g_assert_cmpint(keepalive_s, ==, cases[i].keepalive_s);
		session_release(session);
		wait_closed();
	}
}

#define ADD(path, func) g_test_add("/session/" path, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	gvir_event_register();
	ADD("events", test_events);
	ADD("nobody-listens", test_nobody_listens);
	ADD("users", test_users);
	g_test_add_func("/session/event-refused", test_event_refused);
	g_test_add_func("/session/keepalive", test_keepalive);
	return g_test_run();
}
