/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a domain's XML says about the emulated keyboard and mouse, and keeping them attached, with
 * libvirt's own test driver, which can attach nothing: those calls are answered here.
 */
#include <libvirt-glib/libvirt-glib-event.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "guest/connection-private.h"
#include "guest/domain.h"
#include "guest/redirdev.h"
#include "guest/redirdevs.h"

/* -- parsing ---------------------------------------------------------------------------------- */

#define HUB "<controller type='usb' index='0' model='qemu-xhci' ports='15'/>"
#define OURS(port)                                                                                 \
	"<redirdev bus='usb' type='tcp'><source mode='connect' host='127.0.0.1' service='" port    \
	"' tls='no'><reconnect enabled='yes' timeout='1'/></source><protocol type='raw'/>"         \
	"<alias name='ua-hotseat-input'/><address type='usb' bus='0' port='4'/></redirdev>"
#define SPICE "<redirdev bus='usb' type='spicevmc'><alias name='redir0'/></redirdev>"
#define DAC(label)                                                                                 \
	"<seclabel type='dynamic' model='apparmor' relabel='yes'><label>libvirt-1</label>"         \
	"</seclabel><seclabel type='dynamic' model='dac' relabel='yes'><label>" label "</label>"   \
	"<imagelabel>+1:+2</imagelabel></seclabel>"
#define DOMAIN(devices, labels) "<domain><devices>" devices "</devices>" labels "</domain>"

static void test_parse(void)
{
	static const struct {
		const char *xml;
		gboolean attached;
		guint port, controllers;
		const char *user;
	} rows[] = {
		{ DOMAIN("", ""), FALSE, 0, 0, NULL },
		{ DOMAIN(HUB, DAC("+64055:+109")), FALSE, 0, 1, "+64055" },
		{ DOMAIN(HUB OURS("49201"), DAC("qemu:kvm")), TRUE, 49201, 1, "qemu" },
		{ DOMAIN(HUB SPICE OURS("49216"), ""), TRUE, 49216, 1, NULL },
		{ DOMAIN(OURS("49202") SPICE HUB HUB, DAC("77")), TRUE, 49202, 2, "77" },
		{ DOMAIN(HUB SPICE, DAC("+0:+0")), FALSE, 0, 1, "+0" },
		{ DOMAIN("<controller type='usb' model='none'/><controller type='pci'/>", ""),
			FALSE, 0, 0, NULL },
		{ DOMAIN(HUB OURS("99999"), ""), TRUE, 0, 1, NULL },
		{ DOMAIN(HUB OURS("x"), ""), TRUE, 0, 1, NULL },
		/* one of another way to connect */
		{ DOMAIN("<redirdev bus='usb' type='tcp'><source mode='bind' host='127.0.0.1' "
			 "service='49201'/><alias name='ua-hotseat-input'/></redirdev>",
			  ""),
			TRUE, 0, 0, NULL },
		/* not where devices are */
		{ "<domain><metadata>" OURS("49201") "</metadata></domain>", FALSE, 0, 0, NULL },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Domain) domain = domain_parse("win11", rows[i].xml, &error);

		g_assert_no_error(error);
		g_assert_cmpint(domain->redirected, ==, rows[i].attached);
		g_assert_cmpuint(domain->redir_port, ==, rows[i].port);
		g_assert_cmpuint(domain->ports.controllers, ==, rows[i].controllers);
		g_assert_cmpstr(domain->user, ==, rows[i].user);
	}
}

static void test_broken(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(domain_parse("win11", "<domain><devices>", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	g_assert_nonnull(strstr(error->message, "the domain win11"));
}

/* What we attach is what we recognise. */
static void test_xml(void)
{
	g_autofree char *redirdev = redirdev_xml(49205);
	g_autofree char *xml = g_strdup_printf("<domain><devices>%s</devices></domain>", redirdev);
	g_autoptr(Domain) domain = domain_parse("win11", xml, NULL);

	g_assert_true(domain->redirected);
	g_assert_cmpuint(domain->redir_port, ==, 49205);
	g_assert_nonnull(strstr(redirdev, "<reconnect enabled='yes' timeout='1'/>"));
}

/* -- the table -------------------------------------------------------------------------------- */

/* libvirt's, which the lane's thread and the test both touch. */
static GMutex lock;
static guint attached_port; /* 0: none */
static const char *controllers = HUB;
static const char *refusal; /* of an attach; NULL: it works */
static GString *calls;

const char *virGetLastErrorMessage(void)
{
	return refusal != NULL ? refusal : "no error";
}

int virDomainAttachDeviceFlags(virDomainPtr domain, const char *xml, unsigned int flags)
{
	g_autofree char *whole = g_strdup_printf("<domain><devices>%s</devices></domain>", xml);
	g_autoptr(Domain) parsed = domain_parse("test", whole, NULL);
	g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&lock);

	g_assert_cmpuint(flags, ==, VIR_DOMAIN_AFFECT_LIVE);
	g_string_append_printf(calls, "attach %u ", parsed->redir_port);
	if (refusal != NULL)
		return -1;
	attached_port = parsed->redir_port;
	return 0;
}

int virDomainDetachDeviceAlias(virDomainPtr domain, const char *alias, unsigned int flags)
{
	g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&lock);

	g_assert_cmpstr(alias, ==, REDIRDEV_ALIAS);
	g_assert_cmpuint(flags, ==, VIR_DOMAIN_AFFECT_LIVE);
	g_string_append(calls, "detach ");
	attached_port = 0;
	return 0;
}

char *virDomainGetXMLDesc(virDomainPtr domain, unsigned int flags)
{
	g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&lock);
	g_autofree char *redirdev = attached_port != 0 ? redirdev_xml(attached_port) : NULL;

	char *xml;

	g_assert_cmpint(
		asprintf(&xml, "<domain><devices>%s%s</devices>" DAC("+1234:+5") "</domain>",
			controllers, redirdev != NULL ? redirdev : ""),
		>, 0);
	return xml;
}

typedef struct {
	LibvirtConnection *connection;
	RedirTable *table;
	GString *told; /* "expect 1234 ", "changed " */
} Fixture;

static void on_expect(const char *domain, int uid, gpointer data)
{
	Fixture *f = data;

	g_assert_cmpstr(domain, ==, "test");
	g_string_append_printf(f->told, "expect %d ", uid);
}

static void on_changed(const char *domain, gpointer data)
{
	g_assert_cmpstr(domain, ==, "test");
}

static const RedirOps ops = { on_expect, on_changed };

static RedirState state(Fixture *f)
{
	return redir_table_info(f->table, "test").state;
}

static void wait_state(Fixture *f, RedirState wanted)
{
	while (state(f) != wanted)
		g_main_context_iteration(NULL, TRUE);
}

static void calls_are(const char *expected)
{
	g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&lock);

	g_assert_cmpstr(calls->str, ==, expected);
	g_string_truncate(calls, 0);
}

static void told_is(Fixture *f, const char *expected)
{
	g_assert_cmpstr(f->told->str, ==, expected);
	g_string_truncate(f->told, 0);
}

static void set_up(Fixture *f, gconstpointer unused)
{
	attached_port = 0;
	controllers = HUB;
	refusal = NULL;
	calls = g_string_new(NULL);
	f->told = g_string_new(NULL);
	f->connection = libvirt_connection_new("test:///default");
	f->table = redir_table_new(f->connection, &ops, f);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	redir_table_free(f->table);
	libvirt_connection_free(f->connection);
	while (g_main_context_iteration(NULL, FALSE))
		;
	g_string_free(f->told, TRUE);
	g_string_free(calls, TRUE);
}

static void happens(
	Fixture *f, LibvirtEventKind kind, const char *domain, const char *alias, int event)
{
	libvirt_connection_emit(f->connection, &(LibvirtEvent){ kind, domain, alias, event, 0 });
}

/* Its QEMU is expected before it is told to connect. */
static void test_attached(Fixture *f, gconstpointer unused)
{
	redir_table_add(f->table, "test", 49201);
	g_assert_cmpint(state(f), ==, REDIR_UNKNOWN);
	wait_state(f, REDIR_ATTACHING);
	told_is(f, "expect 1234 ");
	wait_state(f, REDIR_ATTACHED);
	calls_are("attach 49201 ");
	g_assert_cmpint(redir_table_info(f->table, "test").uid, ==, 1234);
}

/* A daemon that starts finds what it has attached before. */
static void test_found(Fixture *f, gconstpointer unused)
{
	attached_port = 49201;
	redir_table_add(f->table, "test", 49201);
	wait_state(f, REDIR_ATTACHED);
	calls_are("");
	told_is(f, "expect 1234 ");
}

static void test_other_port(Fixture *f, gconstpointer unused)
{
	attached_port = 49207;
	redir_table_add(f->table, "test", 49201);
	wait_state(f, REDIR_ATTACHED);
	calls_are("detach attach 49201 ");
}

/* A guest that has left the config loses it, and no QEMU of it is expected. */
static void test_unwanted(Fixture *f, gconstpointer unused)
{
	attached_port = 49207;
	redir_table_add(f->table, "test", 0);
	wait_state(f, REDIR_ATTACHED);
	calls_are("detach ");
	told_is(f, "");
	g_assert_cmpuint(attached_port, ==, 0);
}

static void test_stops_and_starts(Fixture *f, gconstpointer unused)
{
	redir_table_add(f->table, "test", 49201);
	wait_state(f, REDIR_ATTACHED);
	told_is(f, "expect 1234 ");
	calls_are("attach 49201 ");
	happens(f, LIBVIRT_LIFECYCLE, "other", NULL, VIR_DOMAIN_EVENT_STOPPED);
	g_assert_cmpint(state(f), ==, REDIR_ATTACHED);
	attached_port = 0;
	happens(f, LIBVIRT_LIFECYCLE, "test", NULL, VIR_DOMAIN_EVENT_STOPPED);
	g_assert_cmpint(state(f), ==, REDIR_OFF);
	told_is(f, "expect -1 ");
	happens(f, LIBVIRT_LIFECYCLE, "test", NULL, VIR_DOMAIN_EVENT_STARTED);
	wait_state(f, REDIR_ATTACHED);
	told_is(f, "expect 1234 ");
	calls_are("attach 49201 ");
}

static void test_detached_by_hand(Fixture *f, gconstpointer unused)
{
	redir_table_add(f->table, "test", 49201);
	wait_state(f, REDIR_ATTACHED);
	calls_are("attach 49201 ");
	happens(f, LIBVIRT_DEVICE_REMOVED, "test", "hostdev0", 0);
	attached_port = 0;
	happens(f, LIBVIRT_DEVICE_REMOVED, "test", REDIRDEV_ALIAS, 0);
	while (attached_port == 0)
		g_main_context_iteration(NULL, TRUE);
	wait_state(f, REDIR_ATTACHED);
	calls_are("attach 49201 ");
}

static void test_no_domain(Fixture *f, gconstpointer unused)
{
	virConnectPtr admin = virConnectOpen("test:///default");
	virDomainPtr domain = virDomainLookupByName(admin, "test");

	g_assert_cmpint(virDomainDestroy(domain), ==, 0);
	redir_table_add(f->table, "test", 49201);
	wait_state(f, REDIR_OFF);
	calls_are("");
	g_assert_cmpint(virDomainCreate(domain), ==, 0);
	happens(f, LIBVIRT_LIFECYCLE, "test", NULL, VIR_DOMAIN_EVENT_STARTED);
	wait_state(f, REDIR_ATTACHED);
	virDomainFree(domain);
	virConnectClose(admin);
}

static void failed_with(Fixture *f, const char *text)
{
	RedirInfo info;

	wait_state(f, REDIR_FAILED);
	info = redir_table_info(f->table, "test");
	g_assert_error(info.error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	if (strstr(info.error->message, text) == NULL)
		g_error("\"%s\" is not in: %s", text, info.error->message);
}

#define COMMAND                                                                                    \
	"add a USB controller and start the guest again: echo '<controller type=\"usb\" "          \
	"model=\"qemu-xhci\" ports=\"15\"/>' | virsh -c test:///default attach-device test "       \
	"/dev/stdin --config"

static void test_no_controller(Fixture *f, gconstpointer unused)
{
	controllers = "";
	redir_table_add(f->table, "test", 49201);
	failed_with(f, "test has no USB controller, which");
	failed_with(f, COMMAND);
	calls_are("");
}

/* A controller beside "none" would keep the domain from starting. */
static void test_disabled(Fixture *f, gconstpointer unused)
{
	controllers = "<controller type='usb' index='0' model='none'/>";
	redir_table_add(f->table, "test", 49201);
	failed_with(f, "test has no USB, which");
	failed_with(f,
		"enable its USB and start the guest again: virsh -c test:///default "
		"dumpxml --inactive --security-info test | sed \"/type='usb'/s/'none'/'qemu-xhci' "
		"ports='15'/\" | virsh -c test:///default define /dev/stdin");
	calls_are("");
}

static void test_no_port(Fixture *f, gconstpointer unused)
{
	refusal = "internal error: No free USB ports";
	redir_table_add(f->table, "test", 49201);
	failed_with(f, "attaching the emulated keyboard and mouse failed: internal error: No free");
	failed_with(f, COMMAND);
}

/* What has failed is tried again when it is needed, and not otherwise. */
static void test_retry(Fixture *f, gconstpointer unused)
{
	refusal = "internal error: nothing works";
	redir_table_add(f->table, "test", 49201);
	failed_with(f, "attaching the emulated keyboard and mouse failed: ");
	refusal = NULL;
	redir_table_retry(f->table, "test");
	g_assert_cmpint(state(f), ==, REDIR_ATTACHING);
	wait_state(f, REDIR_ATTACHED);
	calls_are("attach 49201 attach 49201 ");
	redir_table_retry(f->table, "test");
	g_assert_cmpint(state(f), ==, REDIR_ATTACHED);
}

/* libvirtd is restarted: what is attached stays, and is found again. */
static void test_reconnect(Fixture *f, gconstpointer unused)
{
	redir_table_add(f->table, "test", 49201);
	wait_state(f, REDIR_ATTACHED);
	told_is(f, "expect 1234 ");
	libvirt_connection_lost(f->connection, f->connection->session);
	g_assert_cmpint(state(f), ==, REDIR_UNKNOWN);
	g_assert_nonnull(redir_table_info(f->table, "test").error);
	told_is(f, "");
	libvirt_connection_connect(f->connection);
	wait_state(f, REDIR_ATTACHED);
	calls_are("attach 49201 ");
}

#define ADD(path, func) g_test_add("/redirdevs/" path, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	gvir_event_register();
	g_test_add_func("/redirdev/parse", test_parse);
	g_test_add_func("/redirdev/broken", test_broken);
	g_test_add_func("/redirdev/xml", test_xml);
	ADD("attached", test_attached);
	ADD("found", test_found);
	ADD("other-port", test_other_port);
	ADD("unwanted", test_unwanted);
	ADD("stops-and-starts", test_stops_and_starts);
	ADD("detached-by-hand", test_detached_by_hand);
	ADD("no-controller", test_no_controller);
	ADD("disabled", test_disabled);
	ADD("no-port", test_no_port);
	ADD("retry", test_retry);
	ADD("reconnect", test_reconnect);
	ADD("no-domain", test_no_domain);
	return g_test_run();
}
