/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/found.h"

#include "common/error.h"
#include "guest/error.h"
#include "guest/state.h"
#include "sysfs/hardware.h"
#include "sysfs/sysfs.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <libvirt/libvirt.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Starting libvirtd on demand takes seconds on a slow machine. */
#define DEADLINE_US (15 * G_TIME_SPAN_SECOND)

/* A file for QEMU's -readconfig has a few KiB. */
#define CONFIG_MAX (64 * 1024)

/* of PCI: the base class, and the base class with the subclass */
#define PCI_CLASS_DISPLAY 0x03
#define PCI_CLASS_USB	  0x0c03

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virConnect, virConnectClose)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virNetwork, virNetworkFree)

static void network_free(gpointer data)
{
	FoundNetwork *network = data;

	g_free(network->name);
	g_free(network->bridge);
	g_free(network->address);
	g_free(network);
}

static void guest_free_found(gpointer data)
{
	FoundGuest *guest = data;

	g_free(guest->name);
	g_free(guest->uri);
	g_ptr_array_unref(guest->gpus);
	g_ptr_array_unref(guest->unknown);
	g_ptr_array_unref(guest->usb_controllers);
	g_ptr_array_unref(guest->networks);
	domain_free(guest->now);
	domain_free(guest->at_start);
	g_free(guest);
}

/* -- PCI devices ------------------------------------------------------------------------------ */

static guint pci_number(const char *sysfs, const char *address, const char *file)
{
	g_autofree char *folder = g_build_filename(sysfs, "bus/pci/devices", address, NULL);

	return sysfs_number(folder, file, 16);
}

static void add_gpu(const char *sysfs, FoundGuest *guest, const char *address)
{
	g_autofree char *name = hardware_name("pci", address);

	if (name == NULL)
		name = g_strdup_printf("%04x:%04x", pci_number(sysfs, address, "vendor"),
			pci_number(sysfs, address, "device"));
	g_ptr_array_add(guest->gpus, g_strdup_printf("%s (%s)", name, address));
}

static void add_pci(const char *sysfs, FoundGuest *guest, const DomainTake *take)
{
	guint class = pci_number(sysfs, take->what, "class");

	if (class >> 16 == PCI_CLASS_DISPLAY)
		add_gpu(sysfs, guest, take->what);
	else if (class >> 8 == PCI_CLASS_USB)
		g_ptr_array_add(guest->usb_controllers, g_strdup(take->what));
	else if (class == 0)
		g_ptr_array_add(
			guest->unknown, g_strdup_printf("%s (%s)", take->what, take->means));
}

/* The mdev's parent card if the mdev exists; otherwise it is created when the domain starts. */
static void add_mdev(const char *sysfs, FoundGuest *guest, const DomainTake *take)
{
	g_autofree char *link = g_build_filename(sysfs, "bus/mdev/devices", take->what, NULL);
	char *path = realpath(link, NULL);
	g_autofree char *folder = path != NULL ? g_path_get_dirname(path) : NULL;
	g_autofree char *card = folder != NULL ? g_path_get_basename(folder) : NULL;
	guint class = card != NULL ? pci_number(sysfs, card, "class") : 0;

	free(path);
	if (class == 0 || class >> 16 == PCI_CLASS_DISPLAY)
		g_ptr_array_add(guest->gpus,
			g_strdup_printf("a mediated device (%s)", class == 0 ? take->what : card));
}

static void sort_takes(const char *sysfs, FoundGuest *guest, const Domain *domain)
{
	for (guint i = 0; i < domain->pci->len; i++)
		add_pci(sysfs, guest, domain->pci->pdata[i]);
	for (guint i = 0; i < domain->mdevs->len; i++)
		add_mdev(sysfs, guest, domain->mdevs->pdata[i]);
}

/* -- networks --------------------------------------------------------------------------------- */

/* The IPv4 address of this machine on an interface, or NULL. Free with g_free(). */
static char *address_of(const char *interface)
{
	struct ifaddrs *all = NULL;
	char text[INET_ADDRSTRLEN] = "";

	if (getifaddrs(&all) != 0)
		return NULL;
	for (struct ifaddrs *one = all; one != NULL && *text == '\0'; one = one->ifa_next) {
		if (one->ifa_addr == NULL || one->ifa_addr->sa_family != AF_INET ||
			strcmp(one->ifa_name, interface) != 0)
			continue;
		inet_ntop(AF_INET, &((struct sockaddr_in *)one->ifa_addr)->sin_addr, text,
			sizeof text);
	}
	freeifaddrs(all);
	return *text != '\0' ? g_strdup(text) : NULL;
}

static void add_network(virConnectPtr conn, FoundGuest *guest, const char *name)
{
	g_autoptr(virNetwork) network = virNetworkLookupByName(conn, name);
	FoundNetwork *found = g_new0(FoundNetwork, 1);
	char *xml = network != NULL ? virNetworkGetXMLDesc(network, 0) : NULL;

	found->name = g_strdup(name);
	found->active = network != NULL && virNetworkIsActive(network) == 1;
	if (xml != NULL)
		domain_network_parse(name, xml, &found->bridge, &found->address, NULL);
	free(xml);
	if (found->address == NULL && found->bridge != NULL)
		found->address = address_of(found->bridge);
	g_ptr_array_add(guest->networks, found);
}

static void add_bridge(FoundGuest *guest, const char *bridge)
{
	FoundNetwork *found = g_new0(FoundNetwork, 1);

	found->name = g_strdup(bridge);
	found->bridge = g_strdup(bridge);
	found->address = address_of(bridge);
	found->active = found->address != NULL;
	g_ptr_array_add(guest->networks, found);
}

/* -- guests ----------------------------------------------------------------------------------- */

/* A file that cannot be read adds nothing. */
static void read_config_file(Domain *domain, const char *path)
{
	struct stat st;
	g_autofree char *text = NULL;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= CONFIG_MAX &&
		g_file_get_contents(path, &text, NULL, NULL))
		domain_read_config_file(domain, text);
}

static Domain *read_xml(virDomainPtr domain, unsigned int flags)
{
	char *xml = virDomainGetXMLDesc(domain, flags);
	Domain *read = xml != NULL ? domain_parse(virDomainGetName(domain), xml, NULL) : NULL;

	free(xml);
	for (guint i = 0; read != NULL && i < read->config_files->len; i++)
		read_config_file(read, read->config_files->pdata[i]);
	return read;
}

static FoundGuest *guest_read(
	const char *sysfs, virConnectPtr conn, const char *uri, virDomainPtr domain)
{
	FoundGuest *guest = g_new0(FoundGuest, 1);
	int state, reason;

	guest->name = g_strdup(virDomainGetName(domain));
	guest->uri = g_strdup(uri);
	guest->state = virDomainGetState(domain, &state, &reason, 0) == 0
			       ? guest_state_of_domain(state, reason)
			       : GUEST_UNKNOWN;
	guest->gpus = g_ptr_array_new_with_free_func(g_free);
	guest->unknown = g_ptr_array_new_with_free_func(g_free);
	guest->usb_controllers = g_ptr_array_new_with_free_func(g_free);
	guest->active = virDomainIsActive(domain) == 1;
	guest->networks = g_ptr_array_new_with_free_func(network_free);
	guest->now = read_xml(domain, 0);
	/* A transient domain never starts again. */
	if (virDomainIsPersistent(domain) == 1)
		guest->at_start = read_xml(domain, VIR_DOMAIN_XML_INACTIVE);
	if (guest->now == NULL)
		return guest;
	sort_takes(sysfs, guest, guest->now);
	for (guint i = 0; i < guest->now->networks->len; i++)
		add_network(conn, guest, guest->now->networks->pdata[i]);
	for (guint i = 0; i < guest->now->bridges->len; i++)
		add_bridge(guest, guest->now->bridges->pdata[i]);
	return guest;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const FoundGuest *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static GPtrArray *read_all(const char *sysfs, const char *uri, GError **error)
{
	g_autoptr(virConnect) conn = NULL;
	g_autoptr(GPtrArray) guests = g_ptr_array_new_with_free_func(guest_free_found);
	virDomainPtr *domains = NULL;
	int count;

	libvirt_error_silence();
	conn = virConnectOpenReadOnly(uri);
	if (conn == NULL) {
		libvirt_error_connect(error, uri, virGetLastError());
		return NULL;
	}
	count = virConnectListAllDomains(conn, &domains, 0);
	if (count < 0) {
		libvirt_error_last(error, "cannot list libvirt's domains");
		return NULL;
	}
	for (int i = 0; i < count; i++) {
		g_ptr_array_add(guests, guest_read(sysfs, conn, uri, domains[i]));
		virDomainFree(domains[i]);
	}
	free(domains);
	g_ptr_array_sort(guests, by_name);
	return g_steal_pointer(&guests);
}

/* libvirt's calls cannot be cancelled: this is owned by the thread that makes them and by the
 * caller that waits for it, whichever finishes last. */
typedef struct {
	gatomicrefcount refs;
	char *sysfs, *uri;
	GAsyncQueue *done;
	GPtrArray *guests;
	GError *error;
} Look;

static void look_unref(Look *look)
{
	if (!g_atomic_ref_count_dec(&look->refs))
		return;
	g_clear_pointer(&look->guests, g_ptr_array_unref);
	g_clear_error(&look->error);
	g_async_queue_unref(look->done);
	g_free(look->sysfs);
	g_free(look->uri);
	g_free(look);
}

static gpointer look_run(gpointer data)
{
	Look *look = data;

	look->guests = read_all(look->sysfs, look->uri, &look->error);
	g_async_queue_push(look->done, look);
	look_unref(look);
	return NULL;
}

GPtrArray *guests_look(const char *sysfs, const char *uri, GError **error)
{
	Look *look = g_new0(Look, 1);
	GPtrArray *guests = NULL;

	g_atomic_ref_count_init(&look->refs);
	g_atomic_ref_count_inc(&look->refs);
	look->sysfs = g_strdup(sysfs);
	look->uri = g_strdup(uri);
	look->done = g_async_queue_new();
	g_thread_unref(g_thread_new("guests", look_run, look));
	if (g_async_queue_timeout_pop(look->done, DEADLINE_US) == NULL) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
			"libvirt at %s does not answer within %d s", uri,
			(int)(DEADLINE_US / G_TIME_SPAN_SECOND));
	} else {
		guests = g_steal_pointer(&look->guests);
		if (guests == NULL)
			g_propagate_error(error, g_steal_pointer(&look->error));
	}
	look_unref(look);
	return guests;
}

/* -- of a session ----------------------------------------------------------------------------- */

/* Asking a session starts its libvirt, so this asks only if it can have guests. */
static gboolean has_session(const char *config_home)
{
	g_autofree char *folder = g_build_filename(config_home, "libvirt", "qemu", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(name, ".xml"))
			return TRUE;
	return FALSE;
}

/* With sudo, the session belongs to another user. */
static void remark_on_sudo(GPtrArray *remarks)
{
	const char *name = geteuid() == 0 ? g_getenv("SUDO_USER") : NULL;
	const struct passwd *user = name != NULL ? getpwnam(name) : NULL;
	g_autofree char *config =
		user != NULL ? g_build_filename(user->pw_dir, ".config", NULL) : NULL;

	if (config != NULL && user->pw_uid != 0 && has_session(config))
		g_ptr_array_add(remarks,
			g_strdup_printf("the guests of %s's own libvirt (%s), which root cannot "
					"ask; run this without sudo to see them",
				name, GUESTS_SESSION));
}

static GPtrArray *look_and_remark(const char *sysfs, const char *uri, GPtrArray *remarks)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *guests = guests_look(sysfs, uri, &error);

	if (guests == NULL)
		g_ptr_array_add(remarks, g_strdup(error->message));
	return guests;
}

GPtrArray *guests_look_everywhere(const char *sysfs, const char *uri, GPtrArray *remarks)
{
	GPtrArray *guests = look_and_remark(sysfs, uri, remarks);
	GPtrArray *own = NULL;

	if (!g_str_equal(uri, CONFIG_URI_DEFAULT))
		return guests;
	remark_on_sudo(remarks);
	/* Root's libvirt is the system's. */
	if (geteuid() != 0 && has_session(g_get_user_config_dir()))
		own = look_and_remark(sysfs, GUESTS_SESSION, remarks);
	if (guests == NULL || own == NULL)
		return guests != NULL ? guests : own;
	g_ptr_array_extend_and_steal(guests, own);
	return guests;
}

FoundGuest *guests_find(const GPtrArray *guests, const char *domain)
{
	for (guint i = 0; guests != NULL && i < guests->len; i++) {
		FoundGuest *guest = guests->pdata[i];

		if (g_strcmp0(guest->name, domain) == 0)
			return guest;
	}
	return NULL;
}

static const FoundNetwork *find_network(
	const GPtrArray *guests, const char *domain, const char *address)
{
	const FoundGuest *guest = guests_find(guests, domain);

	for (guint i = 0; guest != NULL && i < guest->networks->len; i++) {
		const FoundNetwork *network = guest->networks->pdata[i];

		if (network->address != NULL &&
			(address == NULL || g_str_equal(network->address, address)))
			return network;
	}
	return NULL;
}

const FoundNetwork *guests_network(const GPtrArray *guests, const char *domain)
{
	return find_network(guests, domain, NULL);
}

const FoundNetwork *guests_network_with(
	const GPtrArray *guests, const Config *config, const char *address)
{
	const FoundNetwork *network = NULL;

	for (guint i = 0; network == NULL && i < config->guests->len; i++)
		network = find_network(
			guests, ((const ConfigGuest *)config->guests->pdata[i])->domain, address);
	return network;
}

GStrv guests_cards(const GPtrArray *guests)
{
	GStrvBuilder *builder = g_strv_builder_new();
	GStrv cards;

	for (guint i = 0; i < guests->len; i++) {
		const FoundGuest *guest = guests->pdata[i];

		for (guint j = 0; guest->now != NULL && j < guest->now->pci->len; j++)
			g_strv_builder_add(
				builder, ((const DomainTake *)guest->now->pci->pdata[j])->what);
	}
	cards = g_strv_builder_end(builder);
	g_strv_builder_unref(builder);
	return cards;
}

char *guest_describe_gpus(const FoundGuest *guest)
{
	const GPtrArray *list = guest->gpus->len > 0 ? guest->gpus : guest->unknown;
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < list->len; i++)
		g_string_append_printf(
			text, "%s%s", i > 0 ? ", " : "", (const char *)list->pdata[i]);
	if (list == guest->unknown && list->len > 0)
		g_string_append(text, ", not in this machine now");
	return g_string_free(text, FALSE);
}
