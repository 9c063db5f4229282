/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/hostdevs.h"

#include "common/error.h"
#include "guest/domain.h"
#include "guest/error.h"

enum { DETACH_TRIES = 2 };

struct HostdevTable {
	LibvirtConnection *connection;
	guint detach_ms;
	guint listener;
	GPtrArray *hostdevs; /* NULL: not known */
	HostdevOp *refresh;  /* in the background */
	guint events;	     /* how many events have reported a change */
};

struct HostdevOp {
	HostdevTable *table;
	HostdevDone done;
	gpointer data;
	LibvirtCall *call;
	guint events; /* refresh: HostdevTable.events when it was asked for */
	/* detach */
	char *domain, *alias;
	guint listener, deadline_id, tries;
	GError *error; /* the error if the device is still attached */
};

typedef struct {
	char *domain, *alias;
	guint bus, device;
	GPtrArray *hostdevs; /* refresh: what was found */
} Job;

static void job_free(gpointer data)
{
	Job *job = data;

	g_clear_pointer(&job->hostdevs, g_ptr_array_unref);
	g_free(job->domain);
	g_free(job->alias);
	g_free(job);
}

static HostdevOp *op_new(HostdevTable *table, HostdevDone done, gpointer data)
{
	HostdevOp *op = g_new0(HostdevOp, 1);

	op->table = table;
	op->done = done;
	op->data = data;
	return op;
}

void hostdev_op_drop(HostdevOp *op)
{
	if (op == NULL)
		return;
	libvirt_call_drop(op->call);
	if (op->listener != 0)
		libvirt_connection_unlisten(op->table->connection, op->listener);
	g_clear_handle_id(&op->deadline_id, g_source_remove);
	g_clear_error(&op->error);
	g_free(op->domain);
	g_free(op->alias);
	g_free(op);
}

static void op_finish(HostdevOp *op, const GError *error)
{
	g_autoptr(GError) kept = error == NULL ? NULL : g_error_copy(error);
	HostdevDone done = op->done;
	gpointer data = op->data;

	hostdev_op_drop(op);
	done(kept, data);
}

static void table_tell(HostdevTable *table)
{
	LibvirtEvent event = { .kind = LIBVIRT_HOSTDEVS };

	libvirt_connection_emit(table->connection, &event);
}

const GPtrArray *hostdev_table_list(HostdevTable *table)
{
	return table->hostdevs;
}

/* Removes the hostdevs of domain; only the one with that alias if it is not NULL. */
static void table_forget(HostdevTable *table, const char *domain, const char *alias)
{
	gboolean found = FALSE;

	if (table->hostdevs == NULL)
		return;
	for (guint i = table->hostdevs->len; i-- > 0;) {
		const Hostdev *hostdev = table->hostdevs->pdata[i];

		if (!g_str_equal(hostdev->domain, domain) ||
			(alias != NULL && g_strcmp0(hostdev->alias, alias) != 0))
			continue;
		g_ptr_array_remove_index(table->hostdevs, i);
		found = TRUE;
	}
	if (found)
		table_tell(table);
}

/* refresh */

static void background_refresh(HostdevTable *table);

static void list_domain(virDomainPtr domain, GPtrArray *hostdevs, GError **error)
{
	char *xml = virDomainGetXMLDesc(domain, 0);
	g_autoptr(Domain) parsed = NULL;

	/* one that stopped meanwhile has no devices any more */
	if (xml == NULL) {
		if (virGetLastErrorCode() != VIR_ERR_NO_DOMAIN)
			libvirt_error_last(error, "cannot list the devices of a domain");
		return;
	}
	parsed = domain_parse(virDomainGetName(domain), xml, error);
	free(xml);
	if (parsed != NULL)
		g_ptr_array_extend_and_steal(hostdevs, g_steal_pointer(&parsed->usb));
}

static void refresh_work(virConnectPtr conn, gpointer data, GError **error)
{
	Job *job = data;
	virDomainPtr *domains = NULL;
	int n = virConnectListAllDomains(conn, &domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);

	g_clear_pointer(&job->hostdevs, g_ptr_array_unref);
	job->hostdevs = hostdevs_new();
	if (n < 0)
		libvirt_error_last(error, "cannot list the running domains");
	for (int i = 0; i < n; i++) {
		if (*error == NULL)
			list_domain(domains[i], job->hostdevs, error);
		virDomainFree(domains[i]);
	}
	free(domains);
}

static void refresh_done(gpointer data, const GError *error, gpointer op_data)
{
	Job *job = data;
	HostdevOp *op = op_data;
	HostdevTable *table = op->table;
	gboolean outdated;

	op->call = NULL;
	if (job != NULL) {
		g_clear_pointer(&table->hostdevs, g_ptr_array_unref);
		table->hostdevs = g_steal_pointer(&job->hostdevs);
	}
	outdated = op->events != table->events;
	op_finish(op, error);
	if (error != NULL)
		return;
	if (outdated)
		background_refresh(table);
	table_tell(table);
}

HostdevOp *hostdev_table_refresh(HostdevTable *table, HostdevDone done, gpointer data)
{
	HostdevOp *op = op_new(table, done, data);

	op->events = table->events;
	op->call = libvirt_call(table->connection, LIBVIRT_CALL_MS, refresh_work, g_new0(Job, 1),
		job_free, refresh_done, op);
	return op;
}

/* the table */

static void background_done(const GError *error, gpointer data)
{
	HostdevTable *table = data;

	table->refresh = NULL;
}

/* If a refresh under way began before the change, another one follows it. */
static void background_refresh(HostdevTable *table)
{
	if (table->refresh == NULL)
		table->refresh = hostdev_table_refresh(table, background_done, table);
}

static void table_event(const LibvirtEvent *event, gpointer data)
{
	HostdevTable *table = data;

	table->events++;
	switch (event->kind) {
	case LIBVIRT_DISCONNECTED:
		g_clear_pointer(&table->hostdevs, g_ptr_array_unref);
		break;
	case LIBVIRT_CONNECTED:
	case LIBVIRT_DEVICE_ADDED:
		background_refresh(table);
		break;
	case LIBVIRT_LIFECYCLE:
		if (event->event == VIR_DOMAIN_EVENT_STARTED)
			background_refresh(table);
		else if (event->event == VIR_DOMAIN_EVENT_STOPPED)
			table_forget(table, event->domain, NULL);
		break;
	case LIBVIRT_DEVICE_REMOVED:
		table_forget(table, event->domain, event->alias);
		break;
	default:
		table->events--;
		break;
	}
}

HostdevTable *hostdev_table_new(LibvirtConnection *connection, guint detach_ms)
{
	HostdevTable *table = g_new0(HostdevTable, 1);

	table->connection = connection;
	table->detach_ms = detach_ms;
	table->listener = libvirt_connection_listen(connection, table_event, table);
	return table;
}

void hostdev_table_free(HostdevTable *table)
{
	hostdev_op_drop(table->refresh);
	libvirt_connection_unlisten(table->connection, table->listener);
	g_clear_pointer(&table->hostdevs, g_ptr_array_unref);
	g_free(table);
}

/* attach */

static void attach_work(virConnectPtr conn, gpointer data, GError **error)
{
	Job *job = data;
	virDomainPtr domain = virDomainLookupByName(conn, job->domain);
	g_autofree char *xml = hostdev_xml(job->bus, job->device, job->alias);
	g_autofree char *what = g_strdup_printf("attaching to %s failed", job->domain);

	if (domain == NULL)
		libvirt_error_last(error, what);
	else if (virDomainAttachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
		libvirt_error_attach(error, domain, what);
	if (domain != NULL)
		virDomainFree(domain);
}

static void attach_done(gpointer data, const GError *error, gpointer op_data)
{
	Job *job = data;
	HostdevOp *op = op_data;
	HostdevTable *table = op->table;

	op->call = NULL;
	/* saves a query; the event may have done this already */
	if (job != NULL && table->hostdevs != NULL &&
		hostdevs_find(table->hostdevs, job->domain, job->alias) == NULL)
		g_ptr_array_add(table->hostdevs,
			hostdev_new(job->domain, job->alias, job->bus, job->device));
	op_finish(op, error);
	if (error == NULL)
		table_tell(table);
}

HostdevOp *hostdev_table_attach(HostdevTable *table, const char *domain, guint bus, guint device,
	const char *alias, HostdevDone done, gpointer data)
{
	HostdevOp *op = op_new(table, done, data);
	Job *job = g_new0(Job, 1);

	job->domain = g_strdup(domain);
	job->alias = g_strdup(alias);
	job->bus = bus;
	job->device = device;
	op->call = libvirt_call(
		table->connection, LIBVIRT_CALL_MS, attach_work, job, job_free, attach_done, op);
	return op;
}

/* detach: the lane only requests it, without waiting; the event that the device was removed ends it
 */

static void detach_ask(HostdevOp *op);

static void verify_done(gpointer data, const GError *error, gpointer op_data)
{
	Job *job = data;
	HostdevOp *op = op_data;
	g_autoptr(GError) why = g_steal_pointer(&op->error);
	gboolean gone = job != NULL && hostdevs_find(job->hostdevs, op->domain, op->alias) == NULL;

	op->call = NULL;
	libvirt_connection_unlisten(op->table->connection, op->listener);
	op->listener = 0;
	if (gone)
		table_forget(op->table, op->domain, op->alias);
	op_finish(op, gone ? NULL : why);
}

/* Reports error, unless the device has left the domain after all. Takes ownership of error. */
static void detach_verify(HostdevOp *op, GError *error)
{
	g_clear_error(&op->error);
	op->error = error;
	/* it has been answered: do not repeat the request */
	g_clear_handle_id(&op->deadline_id, g_source_remove);
	libvirt_call_drop(op->call);
	op->call = libvirt_call(op->table->connection, LIBVIRT_CALL_MS, refresh_work,
		g_new0(Job, 1), job_free, verify_done, op);
}

static gboolean detach_late(gpointer data)
{
	HostdevOp *op = data;

	op->deadline_id = 0;
	if (op->tries < DETACH_TRIES)
		detach_ask(op);
	else
		detach_verify(
			op, g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
				    "the guest did not release it within %u s; check whether the "
				    "guest hangs, or unplug it and plug it in again",
				    op->table->detach_ms / 1000 * DETACH_TRIES));
	return G_SOURCE_REMOVE;
}

static void detach_work(virConnectPtr conn, gpointer data, GError **error)
{
	Job *job = data;
	g_autofree char *what = g_strdup_printf("detaching from %s failed", job->domain);
	virDomainPtr domain = virDomainLookupByName(conn, job->domain);

	if (domain == NULL ||
		virDomainDetachDeviceAlias(domain, job->alias, VIR_DOMAIN_AFFECT_LIVE) < 0)
		libvirt_error_last(error, what);
	if (domain != NULL)
		virDomainFree(domain);
}

static void detach_done(gpointer data, const GError *error, gpointer op_data)
{
	HostdevOp *op = op_data;

	op->call = NULL;
	/* if libvirt does not answer, it would not answer a second query either */
	if (g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT))
		op_finish(op, error);
	else if (error != NULL)
		detach_verify(op, g_error_copy(error));
	else
		op->deadline_id = g_timeout_add(op->table->detach_ms, detach_late, op);
}

static void detach_ask(HostdevOp *op)
{
	Job *job = g_new0(Job, 1);

	op->tries++;
	job->domain = g_strdup(op->domain);
	job->alias = g_strdup(op->alias);
	op->call = libvirt_call(op->table->connection, LIBVIRT_CALL_MS, detach_work, job, job_free,
		detach_done, op);
}

static void detach_event(const LibvirtEvent *event, gpointer data)
{
	HostdevOp *op = data;
	const GPtrArray *hostdevs = op->table->hostdevs;

	if (event->kind == LIBVIRT_HOSTDEVS && hostdevs != NULL &&
		hostdevs_find(hostdevs, op->domain, op->alias) == NULL)
		op_finish(op, NULL);
	else if (event->kind == LIBVIRT_DEVICE_STUCK && g_strcmp0(event->domain, op->domain) == 0 &&
		 g_strcmp0(event->alias, op->alias) == 0)
		detach_verify(op,
			g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
				"the guest refuses to release it; eject it inside the guest, or "
				"try again"));
}

HostdevOp *hostdev_table_detach(
	HostdevTable *table, const char *domain, const char *alias, HostdevDone done, gpointer data)
{
	HostdevOp *op = op_new(table, done, data);

	op->domain = g_strdup(domain);
	op->alias = g_strdup(alias);
	op->listener = libvirt_connection_listen(table->connection, detach_event, op);
	detach_ask(op);
	return op;
}
