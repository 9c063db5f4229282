/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection and the guests, with libvirt's own test driver: domains in this process's memory,
 * which all connections to test:///default share.
 */
#include <dlfcn.h>
#include <libvirt-glib/libvirt-glib-event.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "common/error.h"
#include "guest/connection-private.h"
#include "guest/libvirt.h"
#include "guest/state.h"

static gint opened; /* connections to libvirt, of all threads */

virConnectPtr virConnectOpen(const char *uri)
{
	virConnectPtr (*really)(const char *) =
		(virConnectPtr(*)(const char *))dlsym(RTLD_NEXT, "virConnectOpen");

	g_atomic_int_inc(&opened);
	return really(uri);
}

typedef struct {
	LibvirtConnection *connection;
	Guest *guest;
	virConnectPtr admin; /* somebody else's connection */
	virDomainPtr domain;
	int opened; /* without the desk's own connection */
} LibvirtDesk;

static void setup(LibvirtDesk *desk, gconstpointer domain)
{
	const ConfigGuest config = { .name = (char *)"guest", .domain = (char *)domain };

	desk->admin = virConnectOpen("test:///default");
	g_assert_nonnull(desk->admin);
	desk->domain = virDomainLookupByName(desk->admin, "test");
	desk->opened = g_atomic_int_get(&opened);
	desk->connection = libvirt_connection_new("test:///default");
	desk->guest = libvirt_guest_new(desk->connection, &config);
}

static void drain(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void teardown(LibvirtDesk *desk, gconstpointer domain)
{
	guest_free(desk->guest);
	libvirt_connection_free(desk->connection);
	g_clear_pointer(&desk->domain, virDomainFree);
	virConnectClose(desk->admin);
	drain();
}

static void wait_state(Guest *guest, GuestState state)
{
	while (guest->state != state)
		g_main_context_iteration(NULL, TRUE);
}

static void count(Guest *guest, gpointer data)
{
	++*(guint *)data;
}

static void test_unknown_at_first(LibvirtDesk *desk, gconstpointer domain)
{
	g_autofree char *error = NULL;

	g_assert_cmpint(desk->guest->state, ==, GUEST_UNKNOWN);
	g_assert_nonnull(desk->guest->error);
	g_assert_false(libvirt_connection_is_up(desk->connection, &error));
	g_assert_nonnull(error);
	wait_state(desk->guest, GUEST_RUNNING);
	g_assert_cmpstr(desk->guest->virsh, ==, "virsh -c test:///default");
	g_assert_null(desk->guest->error);
	g_assert_true(libvirt_connection_is_up(desk->connection, NULL));
}

static void test_lifecycle(LibvirtDesk *desk, gconstpointer domain)
{
	wait_state(desk->guest, GUEST_RUNNING);
	g_assert_cmpint(virDomainSuspend(desk->domain), ==, 0);
	wait_state(desk->guest, GUEST_PAUSED);
	g_assert_cmpint(virDomainResume(desk->domain), ==, 0);
	wait_state(desk->guest, GUEST_RUNNING);
	g_assert_cmpint(virDomainDestroy(desk->domain), ==, 0);
	wait_state(desk->guest, GUEST_OFF);
	g_assert_cmpint(virDomainCreate(desk->domain), ==, 0);
	wait_state(desk->guest, GUEST_RUNNING);
}

static void test_absent(LibvirtDesk *desk, gconstpointer domain)
{
	static const char xml[] = "<domain type='test'><name>late</name><memory>8192</memory>"
				  "<os><type>hvm</type></os></domain>";
	virDomainPtr late;

	wait_state(desk->guest, GUEST_ABSENT);
	g_assert_null(desk->guest->error);
	late = virDomainDefineXML(desk->admin, xml);
	g_assert_nonnull(late);
	wait_state(desk->guest, GUEST_OFF);
	g_assert_cmpint(virDomainUndefine(late), ==, 0);
	wait_state(desk->guest, GUEST_ABSENT);
	virDomainFree(late);
}

/* One that is not defined is gone, not off, when it stops. */
static void test_transient(LibvirtDesk *desk, gconstpointer domain)
{
	static const char xml[] = "<domain type='test'><name>late</name><memory>8192</memory>"
				  "<os><type>hvm</type></os></domain>";
	virDomainPtr late = virDomainCreateXML(desk->admin, xml, 0);

	g_assert_nonnull(late);
	wait_state(desk->guest, GUEST_RUNNING);
	g_assert_cmpint(virDomainDestroy(late), ==, 0);
	wait_state(desk->guest, GUEST_ABSENT);
	virDomainFree(late);
}

static void test_refresh(LibvirtDesk *desk, gconstpointer domain)
{
	guint answered = 0;

	desk->guest->ops->refresh(desk->guest, count, &answered);
	desk->guest->ops->refresh(desk->guest, count, &answered);
	g_assert_cmpuint(answered, ==, 0);
	while (answered < 2)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpint(desk->guest->state, ==, GUEST_RUNNING);
}

/* Freed with everything in progress: no callback is called. */
static void test_free_early(LibvirtDesk *desk, gconstpointer domain)
{
	guint answered = 0, later = 0;

	desk->guest->ops->refresh(desk->guest, count, &answered);
	guest_free(g_steal_pointer(&desk->guest));
	/* another is answered behind it */
	desk->guest = libvirt_guest_new(desk->connection,
		&(ConfigGuest){ .name = (char *)"guest", .domain = (char *)domain });
	desk->guest->ops->refresh(desk->guest, count, &later);
	while (later == 0)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpuint(answered, ==, 0);
}

static void test_lost(LibvirtDesk *desk, gconstpointer domain)
{
	guint changes = 0;

	wait_state(desk->guest, GUEST_RUNNING);
	desk->guest->changed = count;
	desk->guest->changed_data = &changes;
	libvirt_connection_lost(desk->connection, desk->connection->session);
	g_assert_false(libvirt_connection_is_up(desk->connection, NULL));
	g_assert_cmpint(desk->guest->state, ==, GUEST_UNKNOWN);
	g_assert_nonnull(desk->guest->error);
	g_assert_cmpuint(changes, ==, 1);
	/* a request does not wait for the end of the pause */
	desk->guest->ops->refresh(desk->guest, count, &changes);
	g_assert_cmpuint(desk->connection->retry_id, ==, 0);
	wait_state(desk->guest, GUEST_RUNNING);
	/* and begins again with the first */
	g_assert_cmpuint(desk->connection->retry_ms, ==, 500);
}

static void count_connected(const LibvirtEvent *event, gpointer data)
{
	*(guint *)data += event->kind == LIBVIRT_CONNECTED;
}

/* Asked to connect while it does, or has: it does so once. */
static void test_connects_once(LibvirtDesk *desk, gconstpointer domain)
{
	guint connected = 0, id;

	id = libvirt_connection_listen(desk->connection, count_connected, &connected);
	libvirt_connection_connect(desk->connection);
	wait_state(desk->guest, GUEST_RUNNING);
	g_assert_cmpint(g_atomic_int_get(&opened), ==, desk->opened + 1);
	libvirt_connection_connect(desk->connection);
	libvirt_connection_lost(desk->connection, NULL);
	desk->guest->ops->refresh(desk->guest, count, &connected);
	while (connected < 2)
		g_main_context_iteration(NULL, TRUE);
	drain();
	g_assert_cmpuint(connected, ==, 2);
	g_assert_cmpint(g_atomic_int_get(&opened), ==, desk->opened + 1);
	libvirt_connection_unlisten(desk->connection, id);
}

typedef struct {
	GMutex mutex;
	GCond cond;
	gboolean open;
} Gate;

static void gate_work(virConnectPtr conn, gpointer job, GError **error)
{
	Gate *gate = *(Gate **)job;

	g_mutex_lock(&gate->mutex);
	while (!gate->open)
		g_cond_wait(&gate->cond, &gate->mutex);
	g_mutex_unlock(&gate->mutex);
}

static void gate_done(gpointer job, const GError *error, gpointer data)
{
	g_assert_null(job);
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
	g_assert_cmpstr(error->message, ==,
		"libvirt did not answer within 1 s; see: virsh -c test:///default list");
	*(gboolean *)data = TRUE;
}

/* A call that hangs is answered for, and its late end does no harm. */
static void test_deadline(LibvirtDesk *desk, gconstpointer domain)
{
	Gate gate = { 0 };
	Gate **job = g_new(Gate *, 1);
	gboolean answered = FALSE;

	*job = &gate;
	libvirt_call(desk->connection, 1000, gate_work, job, g_free, gate_done, &answered);
	while (!answered)
		g_main_context_iteration(NULL, TRUE);
	g_mutex_lock(&gate.mutex);
	gate.open = TRUE;
	g_cond_signal(&gate.cond);
	g_mutex_unlock(&gate.mutex);
	wait_state(desk->guest, GUEST_RUNNING);
}

static void unreachable_done(Guest *guest, gpointer data)
{
	*(gboolean *)data = TRUE;
}

static void test_unreachable(gconstpointer uri)
{
	LibvirtConnection *connection = libvirt_connection_new(uri);
	const ConfigGuest config = { .name = (char *)"guest", .domain = (char *)"win10" };
	Guest *guest = libvirt_guest_new(connection, &config);
	gboolean answered = FALSE;
	g_autofree char *error = NULL;

	guest->ops->refresh(guest, unreachable_done, &answered);
	while (!answered)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpint(guest->state, ==, GUEST_UNKNOWN);
	g_assert_nonnull(strstr(guest->error, uri));
	g_assert_nonnull(strstr(guest->error, "; "));
	g_assert_null(strstr(guest->error, "no reason given"));
	g_assert_false(libvirt_connection_is_up(connection, &error));
	g_assert_cmpstr(error, ==, guest->error);
	g_assert_cmpuint(connection->retry_id, !=, 0);
	/* the pause after the next failure is longer than the first one of 500 ms */
	g_assert_cmpuint(connection->retry_ms, >=, 1000);
	guest_free(guest);
	libvirt_connection_free(connection);
	drain();
}

/* Libvirt's own lines would come between the daemon's, which say the same and what to do. */
static void test_quiet(void)
{
	if (g_test_subprocess()) {
		test_unreachable("nonsense:///system");
		return;
	}
	g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
	g_test_trap_assert_passed();
	g_test_trap_assert_stderr_unmatched("*libvirt:*error*");
}

/* The whole: a connection, its table, and a guest. */
static void test_whole(void)
{
	Libvirt *libvirt = libvirt_new("test:///default");
	const ConfigGuest config = { .name = (char *)"guest", .domain = (char *)"test" };
	Guest *guest = libvirt_guest_new(libvirt_connection(libvirt), &config);
	g_autofree char *why = NULL;

	g_assert_false(libvirt_connected(libvirt, &why));
	g_assert_nonnull(why);
	g_assert_null(hostdev_table_list(libvirt_hostdevs(libvirt)));
	wait_state(guest, GUEST_RUNNING);
	while (hostdev_table_list(libvirt_hostdevs(libvirt)) == NULL)
		g_main_context_iteration(NULL, TRUE);
	g_assert_true(libvirt_connected(libvirt, NULL));
	guest_free(guest);
	libvirt_free(libvirt);
	libvirt_free(NULL);
	drain();
}

static void test_state_of_domain(void)
{
	g_assert_cmpint(guest_state_of_domain(VIR_DOMAIN_RUNNING, 0), ==, GUEST_RUNNING);
	g_assert_cmpint(guest_state_of_domain(VIR_DOMAIN_BLOCKED, 0), ==, GUEST_RUNNING);
	g_assert_cmpint(
		guest_state_of_domain(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER), ==, GUEST_PAUSED);
	g_assert_cmpint(guest_state_of_domain(VIR_DOMAIN_SHUTDOWN, 0), ==, GUEST_STOPPING);
	g_assert_cmpint(guest_state_of_domain(VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_DESTROYED), ==,
		GUEST_OFF);
	g_assert_cmpint(guest_state_of_domain(VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_CRASHED), ==,
		GUEST_CRASHED);
	g_assert_cmpint(guest_state_of_domain(VIR_DOMAIN_CRASHED, 0), ==, GUEST_CRASHED);
	g_assert_cmpint(guest_state_of_domain(VIR_DOMAIN_PMSUSPENDED, 0), ==, GUEST_SUSPENDED);
	/* the first that libvirt does not have yet */
	g_assert_cmpint(guest_state_of_domain(VIR_DOMAIN_PMSUSPENDED + 1, 0), ==, GUEST_UNKNOWN);
	g_assert_cmpint(guest_state_of_domain(99, 0), ==, GUEST_UNKNOWN);
	g_assert_cmpint(guest_state_of_domain(-1, 0), ==, GUEST_UNKNOWN);
}

static void test_state_of_event(void)
{
	static const struct {
		int event, detail, state;
	} rows[] = {
		{ VIR_DOMAIN_EVENT_DEFINED, 0, -1 },
		{ VIR_DOMAIN_EVENT_UNDEFINED, 0, -1 },
		{ VIR_DOMAIN_EVENT_STARTED, 0, GUEST_RUNNING },
		{ VIR_DOMAIN_EVENT_RESUMED, 0, GUEST_RUNNING },
		{ VIR_DOMAIN_EVENT_SUSPENDED, 0, GUEST_PAUSED },
		{ VIR_DOMAIN_EVENT_SHUTDOWN, 0, GUEST_STOPPING },
		{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_DESTROYED, GUEST_OFF },
		{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_CRASHED, GUEST_CRASHED },
		{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_FAILED, GUEST_CRASHED },
		{ VIR_DOMAIN_EVENT_PMSUSPENDED, 0, GUEST_SUSPENDED },
		{ VIR_DOMAIN_EVENT_CRASHED, 0, GUEST_CRASHED },
		{ 99, 0, -1 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(
			guest_state_of_event(rows[i].event, rows[i].detail), ==, rows[i].state);
}

#define DESK(path, domain, func)                                                                   \
	g_test_add("/libvirt/" path, LibvirtDesk, domain, setup, func, teardown)

static void ignore_event(virConnectPtr conn, virDomainPtr domain, void *data)
{
}

/* The connections to test:///default share their queue of events, too, and libvirt 9.0 loses the
 * wake-up for one that is queued while the last listener leaves, which the connection of the test
 * before does on a thread of its own. One that stays keeps the queue going. */
static virConnectPtr keep_events(int *id)
{
	virConnectPtr keeper;

	gvir_event_register();
	keeper = virConnectOpen("test:///default");
	g_assert_nonnull(keeper);
	*id = virConnectDomainEventRegisterAny(
		keeper, NULL, VIR_DOMAIN_EVENT_ID_REBOOT, ignore_event, NULL, NULL);
	g_assert_cmpint(*id, >=, 0);
	return keeper;
}

int main(int argc, char **argv)
{
	virConnectPtr keeper;
	int id, failed;

	g_test_init(&argc, &argv, NULL);
	keeper = keep_events(&id);
	g_test_add_func("/libvirt/state-of-domain", test_state_of_domain);
	g_test_add_func("/libvirt/state-of-event", test_state_of_event);
	DESK("unknown-at-first", "test", test_unknown_at_first);
	DESK("lifecycle", "test", test_lifecycle);
	DESK("absent", "late", test_absent);
	DESK("transient", "late", test_transient);
	DESK("refresh", "test", test_refresh);
	DESK("free-early", "test", test_free_early);
	DESK("lost", "test", test_lost);
	g_test_add_func("/libvirt/whole", test_whole);
	DESK("connects-once", "test", test_connects_once);
	DESK("deadline", "test", test_deadline);
	g_test_add_data_func("/libvirt/no-socket",
		"qemu:///system?socket=/nonexistent/hotseat-test-sock", test_unreachable);
	g_test_add_data_func("/libvirt/wrong-uri", "nonsense:///system", test_unreachable);
	g_test_add_func("/libvirt/quiet", test_quiet);
	failed = g_test_run();
	virConnectDomainEventDeregisterAny(keeper, id);
	virConnectClose(keeper);
	drain();
	return failed;
}
