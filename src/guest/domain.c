/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/domain.h"

#include <stdio.h>
#include <string.h>

#include "guest/domain-private.h"
#include "guest/redirdev.h"

static void take_free(gpointer data)
{
	DomainTake *take = data;

	g_free(take->what);
	g_free(take);
}

/* what: copied; NULL: there is nothing to add */
void domain_take(GPtrArray *takes, const char *what, const char *means)
{
	DomainTake *take;

	if (what == NULL)
		return;
	take = g_new0(DomainTake, 1);
	take->what = g_strdup(what);
	take->means = means;
	g_ptr_array_add(takes, take);
}

void domain_free(Domain *domain)
{
	if (domain == NULL)
		return;
	g_free(domain->name);
	g_clear_pointer(&domain->usb, g_ptr_array_unref);
	g_ptr_array_unref(domain->usb_arguments);
	g_ptr_array_unref(domain->pci);
	g_ptr_array_unref(domain->mdevs);
	g_ptr_array_unref(domain->grabs);
	g_ptr_array_unref(domain->networks);
	g_ptr_array_unref(domain->bridges);
	g_ptr_array_unref(domain->config_files);
	g_free(domain->user);
	g_free(domain);
}

static Domain *domain_new(const char *name)
{
	Domain *domain = g_new0(Domain, 1);

	domain->name = g_strdup(name);
	domain->usb = hostdevs_new();
	domain->usb_arguments = hostdevs_new();
	domain->pci = g_ptr_array_new_with_free_func(take_free);
	domain->mdevs = g_ptr_array_new_with_free_func(take_free);
	domain->grabs = g_ptr_array_new_with_free_func(take_free);
	domain->networks = g_ptr_array_new_with_free_func(g_free);
	domain->bridges = g_ptr_array_new_with_free_func(g_free);
	domain->config_files = g_ptr_array_new_with_free_func(g_free);
	return domain;
}

guint domain_free_ports(const Domain *domain)
{
	const DomainPorts *ports = &domain->ports;

	return ports->all > ports->used ? ports->all - ports->used : 0;
}

/* -- its elements ----------------------------------------------------------------------------- */

static void read_usb(Domain *domain, const XmlNode *node)
{
	const XmlNode *source = xml_child(node, "source");
	const XmlNode *address = xml_child(source, "address");
	const XmlNode *vendor = xml_child(source, "vendor");
	const XmlNode *product = xml_child(source, "product");
	const char *port = xml_get(address, "port");
	Hostdev *hostdev = hostdev_new(domain->name, xml_get(xml_child(node, "alias"), "name"),
		xml_number(address, "bus"), xml_number(address, "device"));

	if (vendor != NULL)
		hostdev->vendor = (int)(xml_number(vendor, "id") & 0xffff);
	if (product != NULL)
		hostdev->product = (int)(xml_number(product, "id") & 0xffff);
	if (port != NULL)
		hostdev->port = g_strdup_printf("%u-%s", hostdev->bus, port);
	g_ptr_array_add(domain->usb, hostdev);
}

static void read_hostdev(Domain *domain, const XmlNode *node)
{
	const XmlNode *address = xml_child(xml_child(node, "source"), "address");
	g_autofree char *pci = g_strdup_printf("%04x:%02x:%02x.%x", xml_number(address, "domain"),
		xml_number(address, "bus"), xml_number(address, "slot"),
		xml_number(address, "function"));

	if (xml_has(node, "type", "usb"))
		read_usb(domain, node);
	else if (xml_has(node, "type", "pci") && address != NULL)
		domain_take(domain->pci, pci, "<hostdev type='pci'>");
	else if (xml_has(node, "type", "mdev") && xml_has(node, "model", "vfio-pci"))
		domain_take(domain->mdevs, xml_get(address, "uuid"), "<hostdev type='mdev'>");
}

static void read_input(Domain *domain, const XmlNode *node)
{
	const XmlNode *source = xml_child(node, "source");

	if (xml_has(node, "type", "evdev"))
		domain_take(domain->grabs, xml_get(source, "dev"), "<input type='evdev'>");
	else if (xml_has(node, "type", "passthrough"))
		domain_take(domain->grabs, xml_get(source, "evdev"), "<input type='passthrough'>");
}

static void add_name(GPtrArray *list, const char *name)
{
	if (name != NULL)
		g_ptr_array_add(list, g_strdup(name));
}

static void read_interface(Domain *domain, const XmlNode *node)
{
	const XmlNode *source = xml_child(node, "source");
	const char *network = xml_get(source, "network");

	/* the XML of a running domain also names the network's bridge */
	add_name(domain->networks, network);
	if (network == NULL)
		add_name(domain->bridges, xml_get(source, "bridge"));
}

static void read_redirdev(Domain *domain, const XmlNode *node)
{
	const XmlNode *source = xml_child(node, "source");
	const char *service = xml_get(source, "service");
	guint64 port;

	if (!xml_has(xml_child(node, "alias"), "name", REDIRDEV_ALIAS))
		return;
	domain->redirected = TRUE;
	domain->redir_port = 0;
	if (service != NULL && xml_has(source, "host", REDIRDEV_HOST) &&
		xml_has(source, "mode", "connect") &&
		g_ascii_string_to_unsigned(service, 10, 1, G_MAXUINT16, &port, NULL))
		domain->redir_port = (guint)port;
}

static const struct {
	const char *element;
	void (*read)(Domain *domain, const XmlNode *node);
} elements[] = {
	{ "hostdev", read_hostdev },
	{ "input", read_input },
	{ "interface", read_interface },
	{ "redirdev", read_redirdev },
};

static void read_devices(Domain *domain, const XmlNode *devices)
{
	for (guint i = 0; i < xml_count(devices); i++) {
		const XmlNode *node = xml_nth(devices, i);

		for (gsize j = 0; j < G_N_ELEMENTS(elements); j++)
			if (xml_is(node, elements[j].element))
				elements[j].read(domain, node);
		domain_count_ports(&domain->ports, node);
	}
}

/* "USER:GROUP" */
static void read_label(Domain *domain, const XmlNode *node)
{
	const XmlNode *label = xml_child(node, "label");
	g_autofree char *text = label != NULL ? g_strdup(label->text->str) : NULL;

	if (text == NULL || domain->user != NULL || !xml_has(node, "model", "dac"))
		return;
	g_strstrip(text);
	domain->user = g_strndup(text, strcspn(text, ":"));
}

Domain *domain_parse(const char *name, const char *xml, GError **error)
{
	g_autofree char *what = g_strdup_printf("the domain %s", name);
	g_autoptr(XmlNode) root = xml_parse(what, xml, error);
	Domain *domain;

	if (root == NULL)
		return NULL;
	domain = domain_new(name);
	domain->qemu = xml_has(root, "type", "kvm") || xml_has(root, "type", "qemu");
	for (guint i = 0; xml_is(root, "domain") && i < xml_count(root); i++) {
		const XmlNode *node = xml_nth(root, i);

		if (xml_is(node, "devices"))
			read_devices(domain, node);
		else if (xml_is(node, "seclabel"))
			read_label(domain, node);
		else if (xml_is_qemu(node, "commandline"))
			domain_read_arguments(domain, node);
		else if (xml_is_qemu(node, "override"))
			domain_read_override(domain, node);
	}
	return domain;
}

/* -- a network -------------------------------------------------------------------------------- */

gboolean domain_network_parse(
	const char *name, const char *xml, char **bridge, char **address, GError **error)
{
	g_autofree char *what = g_strdup_printf("the network %s", name);
	g_autoptr(XmlNode) root = xml_parse(what, xml, error);
	char *first = NULL;

	if (root == NULL)
		return FALSE;
	for (guint i = 0; xml_is(root, "network") && first == NULL && i < xml_count(root); i++) {
		const XmlNode *ip = xml_nth(root, i);
		const char *family = xml_get(ip, "family");

		if (xml_is(ip, "ip") && (family == NULL || g_str_equal(family, "ipv4")))
			first = g_strdup(xml_get(ip, "address"));
	}
	*bridge = xml_is(root, "network") ? g_strdup(xml_get(xml_child(root, "bridge"), "name"))
					  : NULL;
	*address = first;
	return TRUE;
}
