/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/guests.h"

#include "find/hardware.h"
#include "guest/domain.h"
#include "guest/error.h"
#include "guest/hostdev.h"
#include "guest/state.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <libvirt/libvirt.h>
#include <string.h>

/* PCI base class of display controllers */
#define PCI_CLASS_DISPLAY 0x03

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
	g_ptr_array_unref(guest->gpus);
	g_clear_pointer(&guest->pci, g_ptr_array_unref);
	g_ptr_array_unref(guest->usb);
	g_ptr_array_unref(guest->usb_at_start);
	g_ptr_array_unref(guest->networks);
	domain_input_free(guest->input);
	domain_input_free(guest->input_at_start);
	g_free(guest);
}

/* -- GPUs ------------------------------------------------------------------------------------- */

static guint64 pci_number(const Machine *machine, const char *address, const char *file)
{
	g_autofree char *path =
		g_build_filename(machine->sysfs, "bus/pci/devices", address, file, NULL);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	return g_ascii_strtoull(text, NULL, 16);
}

static void add_gpu(const Machine *machine, FoundGuest *guest, const char *address)
{
	g_autofree char *name = NULL;

	if (pci_number(machine, address, "class") >> 16 != PCI_CLASS_DISPLAY)
		return;
	name = hardware_name("pci", address);
	if (name == NULL)
		name = g_strdup_printf("%04x:%04x", (guint)pci_number(machine, address, "vendor"),
			(guint)pci_number(machine, address, "device"));
	g_ptr_array_add(guest->gpus, g_strdup_printf("%s (%s)", name, address));
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

static void read_xml(const Machine *machine, virConnectPtr conn, FoundGuest *guest, const char *xml)
{
	g_autoptr(DomainParts) parts = domain_parse(guest->name, xml, NULL);

	hostdevs_parse(guest->name, xml, guest->usb, NULL);
	guest->input = domain_input_parse(guest->name, xml, NULL);
	if (parts == NULL)
		return;
	guest->pci = g_ptr_array_ref(parts->pci);
	for (guint i = 0; i < parts->pci->len; i++)
		add_gpu(machine, guest, parts->pci->pdata[i]);
	for (guint i = 0; i < parts->networks->len; i++)
		add_network(conn, guest, parts->networks->pdata[i]);
	for (guint i = 0; i < parts->bridges->len; i++)
		add_bridge(guest, parts->bridges->pdata[i]);
}

/* What a running one will be handed when it is started again; a transient one never is. */
static void read_inactive(virDomainPtr domain, FoundGuest *guest)
{
	char *xml = virDomainIsPersistent(domain) == 1
			    ? virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE)
			    : NULL;

	if (xml != NULL) {
		hostdevs_parse(guest->name, xml, guest->usb_at_start, NULL);
		guest->input_at_start = domain_input_parse(guest->name, xml, NULL);
	}
	free(xml);
}

static FoundGuest *guest_read(const Machine *machine, virConnectPtr conn, virDomainPtr domain)
{
	FoundGuest *guest = g_new0(FoundGuest, 1);
	char *xml = virDomainGetXMLDesc(domain, 0);
	int state, reason;

	guest->name = g_strdup(virDomainGetName(domain));
	guest->state = virDomainGetState(domain, &state, &reason, 0) == 0
			       ? guest_state_of_domain(state, reason)
			       : GUEST_UNKNOWN;
	guest->gpus = g_ptr_array_new_with_free_func(g_free);
	guest->active = virDomainIsActive(domain) == 1;
	guest->usb = hostdevs_new();
	guest->usb_at_start = hostdevs_new();
	guest->networks = g_ptr_array_new_with_free_func(network_free);
	if (xml != NULL)
		read_xml(machine, conn, guest, xml);
	free(xml);
	read_inactive(domain, guest);
	return guest;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const FoundGuest *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

GPtrArray *guests_look(const Machine *machine, GError **error)
{
	g_autoptr(virConnect) conn = NULL;
	g_autoptr(GPtrArray) guests = g_ptr_array_new_with_free_func(guest_free_found);
	virDomainPtr *domains = NULL;
	int count;

	libvirt_error_silence();
	conn = virConnectOpenReadOnly(machine->libvirt_uri);
	if (conn == NULL) {
		libvirt_error_connect(error, machine->libvirt_uri, virGetLastError());
		return NULL;
	}
	count = virConnectListAllDomains(conn, &domains, 0);
	if (count < 0) {
		libvirt_error_last(error, "cannot ask libvirt for its domains");
		return NULL;
	}
	for (int i = 0; i < count; i++) {
		g_ptr_array_add(guests, guest_read(machine, conn, domains[i]));
		virDomainFree(domains[i]);
	}
	free(domains);
	g_ptr_array_sort(guests, by_name);
	return g_steal_pointer(&guests);
}

const FoundNetwork *guests_network(const GPtrArray *guests, const char *domain)
{
	for (guint i = 0; guests != NULL && i < guests->len; i++) {
		const FoundGuest *guest = guests->pdata[i];

		for (guint j = 0; g_strcmp0(guest->name, domain) == 0 && j < guest->networks->len;
			j++) {
			const FoundNetwork *network = guest->networks->pdata[j];

			if (network->address != NULL)
				return network;
		}
	}
	return NULL;
}

GStrv guests_cards(const GPtrArray *guests)
{
	GStrvBuilder *builder = g_strv_builder_new();
	GStrv cards;

	for (guint i = 0; i < guests->len; i++) {
		const FoundGuest *guest = guests->pdata[i];

		for (guint j = 0; guest->pci != NULL && j < guest->pci->len; j++)
			g_strv_builder_add(builder, guest->pci->pdata[j]);
	}
	cards = g_strv_builder_end(builder);
	g_strv_builder_unref(builder);
	return cards;
}

void guests_prefer_host(const GPtrArray *guests, GPtrArray *monitors)
{
	g_auto(GStrv) cards = guests != NULL ? guests_cards(guests) : NULL;

	if (cards != NULL)
		found_monitors_prefer(monitors, (const char *const *)cards);
}
