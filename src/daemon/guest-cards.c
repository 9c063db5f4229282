/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/guest-cards.h"

#include "guest/connection.h"
#include "guest/domain.h"

struct GuestCards {
	LibvirtConnection *connection;
	MonitorRegistry *registry;
	guint listener;
	LibvirtCall *call; /* NULL: none is under way */
};

static void add_cards(virDomainPtr domain, GPtrArray *addresses)
{
	/* also what it gets at its next start, because the host may have the card until then */
	char *xml = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE);
	g_autoptr(Domain) parsed =
		xml != NULL ? domain_parse(virDomainGetName(domain), xml, NULL) : NULL;

	free(xml);
	for (guint i = 0; parsed != NULL && i < parsed->pci->len; i++)
		g_ptr_array_add(
			addresses, g_strdup(((const DomainTake *)parsed->pci->pdata[i])->what));
}

static void work(virConnectPtr conn, gpointer job, GError **error)
{
	GPtrArray *addresses = job;
	virDomainPtr *domains = NULL;
	int n = virConnectListAllDomains(conn, &domains, 0);

	g_ptr_array_set_size(addresses, 0);
	for (int i = 0; i < n; i++) {
		add_cards(domains[i], addresses);
		virDomainFree(domains[i]);
	}
	free(domains);
}

/* Without libvirt nothing changes. */
static void done(gpointer job, const GError *error, gpointer data)
{
	GuestCards *cards = data;
	GPtrArray *addresses = job;

	cards->call = NULL;
	if (error != NULL)
		return;
	g_ptr_array_add(addresses, NULL);
	monitor_registry_set_guest_cards(cards->registry, (const char *const *)addresses->pdata);
}

static void free_job(gpointer job)
{
	g_ptr_array_unref(job);
}

static void ask(GuestCards *cards)
{
	if (cards->call == NULL)
		cards->call = libvirt_call(cards->connection, LIBVIRT_CALL_MS, work,
			g_ptr_array_new_with_free_func(g_free), free_job, done, cards);
}

static void on_libvirt(const LibvirtEvent *event, gpointer data)
{
	if (event->kind == LIBVIRT_CONNECTED || event->kind == LIBVIRT_LIFECYCLE)
		ask(data);
}

GuestCards *guest_cards_new(LibvirtConnection *connection, MonitorRegistry *registry)
{
	GuestCards *cards = g_new0(GuestCards, 1);

	cards->connection = connection;
	cards->registry = registry;
	cards->listener = libvirt_connection_listen(connection, on_libvirt, cards);
	return cards;
}

void guest_cards_free(GuestCards *cards)
{
	if (cards == NULL)
		return;
	libvirt_call_drop(cards->call);
	libvirt_connection_unlisten(cards->connection, cards->listener);
	g_free(cards);
}
