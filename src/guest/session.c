/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/session.h"

#include "config/uri.h"
#include "guest/error.h"

#include <glib-object.h>

/* A daemon on another machine can vanish without notice: ask every 5 s, and stop after 5 unanswered
 * requests (virsh's defaults). A daemon on this machine cannot, and an idle hotseatd must not wake
 * up. */
enum { KEEPALIVE_S = 5, KEEPALIVE_COUNT = 5 };

static void session_unref(gpointer data)
{
	Session *session = data;

	if (g_atomic_ref_count_dec(&session->refs))
		g_free(session);
}

static void tell(Session *session, LibvirtEventKind kind, virDomainPtr domain, const char *alias,
	int event, int detail)
{
	LibvirtEvent told = { kind, virDomainGetName(domain), alias, event, detail };

	if (session->ops != NULL)
		session->ops->event(&told, session->data);
}

static int on_lifecycle(virConnectPtr conn, virDomainPtr domain, int event, int detail, void *data)
{
	tell(data, LIBVIRT_LIFECYCLE, domain, NULL, event, detail);
	return 0;
}

static void on_added(virConnectPtr conn, virDomainPtr domain, const char *alias, void *data)
{
	tell(data, LIBVIRT_DEVICE_ADDED, domain, alias, 0, 0);
}

static void on_removed(virConnectPtr conn, virDomainPtr domain, const char *alias, void *data)
{
	tell(data, LIBVIRT_DEVICE_REMOVED, domain, alias, 0, 0);
}

static void on_stuck(virConnectPtr conn, virDomainPtr domain, const char *alias, void *data)
{
	tell(data, LIBVIRT_DEVICE_STUCK, domain, alias, 0, 0);
}

static void on_closed(virConnectPtr conn, int reason, void *data)
{
	Session *session = data;

	if (session->ops != NULL)
		session->ops->closed(session->data);
}

static void session_listen(Session *session)
{
	static const struct {
		int id;
		GCallback callback;
	} events[] = {
		{ VIR_DOMAIN_EVENT_ID_LIFECYCLE, G_CALLBACK(on_lifecycle) },
		{ VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, G_CALLBACK(on_added) },
		{ VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, G_CALLBACK(on_removed) },
		{ VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED, G_CALLBACK(on_stuck) },
	};

	G_STATIC_ASSERT(G_N_ELEMENTS(events) == G_N_ELEMENTS(session->callbacks));
	for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
		g_atomic_ref_count_inc(&session->refs);
		session->callbacks[i] = virConnectDomainEventRegisterAny(session->conn, NULL,
			events[i].id, (virConnectDomainEventGenericCallback)events[i].callback,
			session, session_unref);
		if (session->callbacks[i] < 0)
			session_unref(session);
	}
	/* without a reference: session_close() removes the callback before it drops its own
	 * reference. If the driver does not support the callback, libvirt does not report that, and
	 * would never release a reference
	 */
	virConnectRegisterCloseCallback(session->conn, on_closed, session, NULL);
}

Session *session_open(const char *uri, GError **error)
{
	virConnectPtr conn = virConnectOpen(uri);
	g_autofree char *machine = uri_machine(uri);
	Session *session;

	if (conn == NULL) {
		libvirt_error_connect(error, uri, virGetLastError());
		return NULL;
	}
	session = g_new0(Session, 1);
	g_atomic_ref_count_init(&session->refs);
	session->conn = conn;
	session->users = 1;
	session_listen(session);
	if (machine != NULL)
		virConnectSetKeepAlive(conn, KEEPALIVE_S, KEEPALIVE_COUNT);
	return session;
}

void session_set_ops(Session *session, const SessionOps *ops, gpointer data)
{
	session->ops = ops;
	session->data = data;
}

Session *session_hold(Session *session)
{
	session->users++;
	return session;
}

static gpointer session_close(gpointer data)
{
	Session *session = data;

	for (guint i = 0; i < G_N_ELEMENTS(session->callbacks); i++)
		if (session->callbacks[i] >= 0)
			virConnectDomainEventDeregisterAny(session->conn, session->callbacks[i]);
	virConnectUnregisterCloseCallback(session->conn, on_closed);
	virConnectClose(session->conn);
	session_unref(session);
	return NULL;
}

void session_release(Session *session)
{
	if (--session->users == 0)
		g_thread_unref(g_thread_new("libvirt-close", session_close, session));
}
