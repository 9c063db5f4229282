/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/redirdevs.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "guest/domain.h"
#include "guest/error.h"
#include "guest/redirdev.h"

struct RedirTable {
	LibvirtConnection *connection;
	const RedirOps *ops;
	gpointer data;
	guint listener;
	GPtrArray *entries; /* Entry * */
};

typedef struct {
	RedirTable *table;
	char *domain;
	guint port;
	RedirState state;
	int uid;
	GError *error;
	LibvirtCall *call; /* look or attach */
	gboolean again;	   /* something has happened since it began */
} Entry;

/* The lane's. */
typedef struct {
	char *domain;
	guint port;
	gboolean detach; /* what must be attached first */
	gboolean runs;
	int uid;
	Domain *parsed; /* of a domain that runs */
} Job;

static void job_free(gpointer data)
{
	Job *job = data;

	domain_free(job->parsed);
	g_free(job->domain);
	g_free(job);
}

static void entry_free(gpointer data)
{
	Entry *entry = data;

	libvirt_call_drop(entry->call);
	g_clear_error(&entry->error);
	g_free(entry->domain);
	g_free(entry);
}

static Entry *find_entry(RedirTable *table, const char *domain)
{
	for (guint i = 0; i < table->entries->len; i++) {
		Entry *entry = table->entries->pdata[i];

		if (g_str_equal(entry->domain, domain))
			return entry;
	}
	return NULL;
}

/* error: copied; NULL: none. */
static void entry_set(Entry *entry, RedirState state, const GError *error)
{
	entry->state = state;
	g_clear_error(&entry->error);
	entry->error = error == NULL ? NULL : g_error_copy(error);
	entry->table->ops->changed(entry->domain, entry->table->data);
}

static void entry_expect(Entry *entry, int uid)
{
	entry->uid = uid;
	if (entry->port != 0)
		entry->table->ops->expect(entry->domain, uid, entry->table->data);
}

/* -- on the lane ------------------------------------------------------------------------------ */

/* The QEMU of a session libvirt has no label and runs as this user. That of the system libvirt has
 * one, unless libvirt is configured to use none, and then runs as root. */
static int uid_without_label(virDomainPtr domain)
{
	char *uri = virConnectGetURI(virDomainGetConnect(domain));
	gboolean own = uri != NULL && strstr(uri, "/session") != NULL;

	free(uri);
	return own ? (int)geteuid() : 0;
}

static int find_uid(const char *user)
{
	struct passwd entry, *found = NULL;
	char buffer[4096];
	guint64 uid;

	if (*user == '+')
		user++;
	if (g_ascii_string_to_unsigned(user, 10, 0, G_MAXINT, &uid, NULL))
		return (int)uid;
	if (getpwnam_r(user, &entry, buffer, sizeof buffer, &found) == 0 && found != NULL)
		return (int)found->pw_uid;
	return -1;
}

static void look_at(virDomainPtr domain, Job *job, GError **error)
{
	char *xml;

	job->runs = virDomainIsActive(domain) == 1;
	if (!job->runs)
		return;
	xml = virDomainGetXMLDesc(domain, 0);
	if (xml == NULL) {
		libvirt_error_last(error, "cannot list the devices of the domain");
		return;
	}
	g_clear_pointer(&job->parsed, domain_free);
	job->parsed = domain_parse(job->domain, xml, error);
	if (job->parsed != NULL)
		job->uid = job->parsed->user != NULL ? find_uid(job->parsed->user)
						     : uid_without_label(domain);
	free(xml);
}

static void look_work(virConnectPtr conn, gpointer data, GError **error)
{
	Job *job = data;
	virDomainPtr domain = virDomainLookupByName(conn, job->domain);

	job->runs = FALSE;
	if (domain != NULL) {
		look_at(domain, job, error);
		virDomainFree(domain);
	} else if (virGetLastErrorCode() != VIR_ERR_NO_DOMAIN) {
		libvirt_error_last(error, "cannot look up the domain");
	}
}

static void explain(virDomainPtr domain, const Job *job, GError **error)
{
	gboolean disabled = job->parsed->ports.disabled;
	g_autofree char *what =
		g_strdup_printf("%s has no USB%s, which the emulated keyboard and mouse need",
			job->domain, disabled ? "" : " controller");

	libvirt_error_ports(error, domain, disabled, what);
}

static gboolean detach(virDomainPtr domain, const Job *job, GError **error)
{
	if (!job->detach ||
		virDomainDetachDeviceAlias(domain, REDIRDEV_ALIAS, VIR_DOMAIN_AFFECT_LIVE) == 0)
		return TRUE;
	libvirt_error_last(error, "detaching the emulated keyboard and mouse failed");
	return FALSE;
}

static void attach(virDomainPtr domain, const Job *job, GError **error)
{
	g_autofree char *xml = redirdev_xml(job->port);

	if (virDomainAttachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE) != 0)
		libvirt_error_attach(
			error, domain, "attaching the emulated keyboard and mouse failed");
}

static void change_work(virConnectPtr conn, gpointer data, GError **error)
{
	Job *job = data;
	virDomainPtr domain = virDomainLookupByName(conn, job->domain);

	if (domain == NULL)
		libvirt_error_last(error, "attaching the emulated keyboard and mouse failed");
	else if (job->port != 0 && job->parsed->ports.controllers == 0)
		explain(domain, job, error);
	else if (detach(domain, job, error) && job->port != 0)
		attach(domain, job, error);
	if (domain != NULL)
		virDomainFree(domain);
}

/* -- on the main loop -------------------------------------------------------------------------- */

static void look(Entry *entry);

/* If something has changed meanwhile, looks again; otherwise sets state and error. */
static void settle(Entry *entry, RedirState state, const GError *error)
{
	if (!entry->again) {
		entry_set(entry, state, error);
		return;
	}
	entry->again = FALSE;
	look(entry);
}

static void changed(gpointer data, const GError *error, gpointer entry_data)
{
	Entry *entry = entry_data;

	entry->call = NULL;
	settle(entry, error != NULL ? REDIR_FAILED : REDIR_ATTACHED, error);
}

/* Uses the result of the look that found that a change is needed. */
static void change(Entry *entry, Job *looked)
{
	Job *job = g_new0(Job, 1);

	job->domain = g_strdup(entry->domain);
	job->port = entry->port;
	job->detach = looked->parsed->redirected;
	job->parsed = g_steal_pointer(&looked->parsed);
	entry_set(entry, REDIR_ATTACHING, NULL);
	entry->call = libvirt_call(entry->table->connection, LIBVIRT_CALL_MS, change_work, job,
		job_free, changed, entry);
}

static gboolean is_right(const Entry *entry, const Domain *parsed)
{
	return entry->port == 0 ? !parsed->redirected
				: parsed->redirected && parsed->redir_port == entry->port;
}

static void looked(gpointer data, const GError *error, gpointer entry_data)
{
	Entry *entry = entry_data;
	Job *job = data;

	entry->call = NULL;
	if (error != NULL || entry->again) {
		settle(entry, REDIR_UNKNOWN, error);
		return;
	}
	entry_expect(entry, job->runs ? job->uid : -1);
	if (!job->runs)
		entry_set(entry, REDIR_OFF, NULL);
	else if (is_right(entry, job->parsed))
		entry_set(entry, REDIR_ATTACHED, NULL);
	else
		change(entry, job);
}

static void look(Entry *entry)
{
	Job *job;

	if (entry->call != NULL) {
		entry->again = TRUE;
		return;
	}
	job = g_new0(Job, 1);
	job->domain = g_strdup(entry->domain);
	job->uid = -1;
	entry->call = libvirt_call(
		entry->table->connection, LIBVIRT_CALL_MS, look_work, job, job_free, looked, entry);
}

static void on_stopped(Entry *entry)
{
	entry->again = entry->call != NULL;
	entry_expect(entry, -1);
	entry_set(entry, REDIR_OFF, NULL);
}

static void on_disconnected(Entry *entry)
{
	g_autofree char *why = NULL;
	g_autoptr(GError) error = NULL;

	libvirt_connection_is_up(entry->table->connection, &why);
	error = g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
		why != NULL ? why : "libvirt cannot be reached");
	/* the domain keeps running, and its QEMU stays connected */
	entry_set(entry, REDIR_UNKNOWN, error);
}

static void on_domain_event(Entry *entry, const LibvirtEvent *event)
{
	if (event->kind == LIBVIRT_DEVICE_REMOVED) {
		if (g_strcmp0(event->alias, REDIRDEV_ALIAS) == 0)
			look(entry);
	} else if (event->kind == LIBVIRT_LIFECYCLE) {
		if (event->event == VIR_DOMAIN_EVENT_STOPPED)
			on_stopped(entry);
		else if (event->event == VIR_DOMAIN_EVENT_STARTED ||
			 event->event == VIR_DOMAIN_EVENT_RESUMED)
			look(entry);
	}
}

static void on_event(const LibvirtEvent *event, gpointer data)
{
	RedirTable *table = data;

	for (guint i = 0; i < table->entries->len; i++) {
		Entry *entry = table->entries->pdata[i];

		if (event->kind == LIBVIRT_CONNECTED)
			look(entry);
		else if (event->kind == LIBVIRT_DISCONNECTED)
			on_disconnected(entry);
		else if (g_strcmp0(event->domain, entry->domain) == 0)
			on_domain_event(entry, event);
	}
}

RedirTable *redir_table_new(LibvirtConnection *connection, const RedirOps *ops, gpointer data)
{
	RedirTable *table = g_new0(RedirTable, 1);

	table->connection = connection;
	table->ops = ops;
	table->data = data;
	table->entries = g_ptr_array_new_with_free_func(entry_free);
	table->listener = libvirt_connection_listen(connection, on_event, table);
	return table;
}

void redir_table_free(RedirTable *table)
{
	if (table == NULL)
		return;
	libvirt_connection_unlisten(table->connection, table->listener);
	g_ptr_array_unref(table->entries);
	g_free(table);
}

void redir_table_add(RedirTable *table, const char *domain, guint port)
{
	Entry *entry = g_new0(Entry, 1);

	entry->table = table;
	entry->domain = g_strdup(domain);
	entry->port = port;
	entry->uid = -1;
	g_ptr_array_add(table->entries, entry);
	if (libvirt_connection_is_up(table->connection, NULL))
		look(entry);
}

RedirInfo redir_table_info(RedirTable *table, const char *domain)
{
	const Entry *entry = find_entry(table, domain);

	return (RedirInfo){ entry->state, entry->uid, entry->error };
}

void redir_table_retry(RedirTable *table, const char *domain)
{
	Entry *entry = find_entry(table, domain);

	if (entry->state == REDIR_FAILED)
		entry_set(entry, REDIR_ATTACHING, NULL);
	else if (entry->state != REDIR_UNKNOWN)
		return;
	look(entry);
}
