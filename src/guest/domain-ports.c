/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * USB ports, as libvirt counts them when it looks for a free one (libvirt 9 to 11,
 * virDomainUSBAddressControllerModelToPorts() and virDomainUSBDeviceDefForeach()).
 */
#include "guest/domain-private.h"

/* The beginning of the aliases that only hotseat uses. */
#define OUR_ALIASES "ua-hotseat"

enum { HUB_PORTS = 8, XHCI_PORTS = 4, OTHER_PORTS = 2 };

static const struct {
	const char *model;
	guint ports;
	gboolean as_said; /* the attribute ports counts; libvirt keeps it of others, too */
} models[] = {
	{ "ehci", 6, FALSE },
	{ "ich9-ehci1", 6, FALSE },
	/* companions of ich9-ehci1: the same ports, for slower devices */
	{ "ich9-uhci1", 0, FALSE },
	{ "ich9-uhci2", 0, FALSE },
	{ "ich9-uhci3", 0, FALSE },
	{ "pci-ohci", 3, FALSE },
	{ "nec-xhci", XHCI_PORTS, TRUE },
	{ "qemu-xhci", XHCI_PORTS, TRUE },
};

static guint ports_of_controller(const XmlNode *controller)
{
	guint ports = xml_number(controller, "ports");

	for (gsize i = 0; i < G_N_ELEMENTS(models); i++)
		if (xml_has(controller, "model", models[i].model))
			return models[i].as_said && ports > 0 ? MIN(ports, G_MAXUINT8)
							      : models[i].ports;
	return OTHER_PORTS;
}

static void add_controller(DomainPorts *ports, const XmlNode *controller)
{
	if (xml_has(controller, "model", "none")) {
		ports->disabled = TRUE;
		return;
	}
	ports->controllers++;
	ports->all += ports_of_controller(controller);
}

/* What is plugged into a USB port. child: the attribute is that of a child; NULL: of the device. */
static const struct {
	const char *element, *child, *attribute, *value;
} plugged[] = {
	{ "hostdev", NULL, "type", "usb" },
	{ "redirdev", NULL, "bus", "usb" },
	{ "input", NULL, "bus", "usb" },
	{ "hub", NULL, "type", "usb" },
	{ "controller", NULL, "type", "ccid" },
	{ "sound", NULL, "model", "usb" },
	{ "disk", "target", "bus", "usb" },
	{ "serial", "target", "type", "usb-serial" },
	{ "interface", "model", "type", "usb-net" },
};

/* If libvirt has given it an address, that decides. */
static gboolean is_plugged(const XmlNode *device)
{
	for (guint i = 0; i < xml_count(device); i++)
		if (xml_is(xml_nth(device, i), "address") &&
			xml_has(xml_nth(device, i), "type", "usb"))
			return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(plugged); i++) {
		const XmlNode *node =
			plugged[i].child != NULL ? xml_child(device, plugged[i].child) : device;

		if (xml_is(device, plugged[i].element) &&
			xml_has(node, plugged[i].attribute, plugged[i].value))
			return TRUE;
	}
	return FALSE;
}

static gboolean is_ours(const XmlNode *device)
{
	const char *alias = xml_get(xml_child(device, "alias"), "name");

	return alias != NULL && g_str_has_prefix(alias, OUR_ALIASES);
}

void domain_count_ports(DomainPorts *ports, const XmlNode *device)
{
	if (xml_is(device, "controller") && xml_has(device, "type", "usb"))
		add_controller(ports, device);
	else if (is_plugged(device) && !is_ours(device))
		ports->used++;
	if (xml_is(device, "hub") && xml_has(device, "type", "usb"))
		ports->all += HUB_PORTS;
}
