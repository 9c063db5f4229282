/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What <qemu:commandline> and <qemu:override> say: libvirt hands it to QEMU, and knows nothing of
 * it.
 */
#include "guest/domain-private.h"

#include <stdio.h>
#include <string.h>

#include "guest/qemu-options.h"

/* "0000:01:00.0" from an address in QEMU's form, which may lack the domain; NULL: it is not an
 * address. */
static char *pci_address(const char *text)
{
	guint domain = 0, bus, slot, function;
	int length = 0;

	if (sscanf(text, "%8x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function, &length) == 4 &&
		text[length] == '\0')
		return g_strdup_printf("%04x:%02x:%02x.%x", domain, bus, slot, function);
	if (sscanf(text, "%2x:%2x.%1x%n", &bus, &slot, &function, &length) == 3 &&
		text[length] == '\0')
		return g_strdup_printf("0000:%02x:%02x.%x", bus, slot, function);
	return NULL;
}

/* means: as in DomainTake. The device is named by its address or by its folder in sysfs, which for
 * a mediated device has the UUID as its name. */
static void read_vfio(Domain *domain, const QemuOption *option, const char *means)
{
	const char *host = qemu_option_get(option, "host");
	const char *folder = qemu_option_get(option, "sysfsdev");
	g_autofree char *name = folder != NULL ? g_path_get_basename(folder) : g_strdup(host);
	g_autofree char *address = name != NULL ? pci_address(name) : NULL;

	if (address != NULL)
		domain_take(domain->pci, address, means);
	else if (folder != NULL && g_uuid_string_is_valid(name))
		domain_take(domain->mdevs, name, means);
}

static gboolean has_own_controller(const GPtrArray *options)
{
	for (guint i = 0; i < options->len; i++)
		if (((const QemuOption *)options->pdata[i])->kind == QEMU_USB)
			return TRUE;
	return FALSE;
}

/* Is the device plugged into one of libvirt's controllers, whose buses are "usb.0", "usb1.0"...?
 * Without a bus, QEMU uses the first one, which is that of -usb if there is one. */
static gboolean is_at_libvirts(const GPtrArray *options, const QemuOption *option)
{
	const char *bus = qemu_option_get(option, "bus");
	guint digits = bus != NULL && g_str_has_prefix(bus, "usb")
			       ? (guint)strspn(bus + strlen("usb"), "0123456789")
			       : 0;
	g_autofree char *id = bus != NULL ? g_strndup(bus, strlen("usb") + digits) : NULL;

	if (bus == NULL)
		return !has_own_controller(options);
	return g_str_has_prefix(bus, "usb") && bus[strlen(id)] == '.' &&
	       qemu_options_find(options, id) == NULL;
}

static Hostdev *add_hostdev(Domain *domain, int bus, int device)
{
	Hostdev *hostdev =
		hostdev_new(domain->name, NULL, (guint)MAX(bus, 0), (guint)MAX(device, 0));

	g_ptr_array_add(domain->usb_arguments, hostdev);
	return hostdev;
}

static void read_usb_host(Domain *domain, const QemuOption *option)
{
	const char *port = qemu_option_get(option, "hostport");
	const char *node = qemu_option_get(option, "hostdevice");
	int bus = qemu_option_number(option, "hostbus");
	int device = qemu_option_number(option, "hostaddr");
	Hostdev *hostdev;

	if (node != NULL && sscanf(node, "/dev/bus/usb/%3d/%3d", &bus, &device) != 2)
		bus = device = -1;
	hostdev = add_hostdev(domain, bus, device);
	hostdev->vendor = qemu_option_number(option, "vendorid");
	hostdev->product = qemu_option_number(option, "productid");
	if (port != NULL)
		hostdev->port = bus > 0 ? g_strdup_printf("%d-%s", bus, port) : g_strdup(port);
}

/* "host:046d:c08b" or "host:3.7"; other names are devices that QEMU emulates: "tablet". */
static void read_usbdevice(Domain *domain, const QemuOption *option)
{
	guint first, second;
	Hostdev *hostdev;

	domain->ports.used++;
	if (sscanf(option->driver, "host:%4x:%4x", &first, &second) == 2) {
		hostdev = add_hostdev(domain, 0, 0);
		hostdev->vendor = (int)first;
		hostdev->product = (int)second;
	} else if (sscanf(option->driver, "host:%3u.%3u", &first, &second) == 2) {
		add_hostdev(domain, (int)first, (int)second);
	}
}

static gboolean is_usb(const char *driver)
{
	static const char *const others[] = { "u2f-passthru", "u2f-emulated", "canokey", NULL };

	return (g_str_has_prefix(driver, "usb-") && !g_str_equal(driver, "usb-ehci")) ||
	       g_strv_contains(others, driver);
}

static void read_device(Domain *domain, const GPtrArray *options, const QemuOption *option)
{
	const char *driver = option->driver;

	if (g_str_equal(driver, "vfio-pci") || g_str_equal(driver, "vfio-pci-nohotplug"))
		read_vfio(domain, option, "-device vfio-pci");
	else if (g_str_equal(driver, "pci-assign") || g_str_equal(driver, "kvm-pci-assign"))
		read_vfio(domain, option, "-device pci-assign");
	else if (g_str_equal(driver, "usb-host"))
		read_usb_host(domain, option);
	else if (g_str_has_prefix(driver, "virtio-input-host"))
		domain_take(domain->grabs, qemu_option_get(option, "evdev"),
			"-device virtio-input-host");
	if (is_usb(driver) && is_at_libvirts(options, option))
		domain->ports.used++;
}

static void read_options(Domain *domain, const GPtrArray *options)
{
	for (guint i = 0; i < options->len; i++) {
		const QemuOption *option = options->pdata[i];

		if (option->kind == QEMU_DEVICE)
			read_device(domain, options, option);
		else if (option->kind == QEMU_USBDEVICE)
			read_usbdevice(domain, option);
		else if (option->kind == QEMU_CONFIG)
			g_ptr_array_add(domain->config_files, g_strdup(option->driver));
		else if (g_str_equal(option->driver, "input-linux"))
			domain_take(domain->grabs, qemu_option_get(option, "evdev"),
				"-object input-linux");
	}
}

void domain_read_arguments(Domain *domain, const XmlNode *commandline)
{
	g_autoptr(GPtrArray) arguments = g_ptr_array_new();
	g_autoptr(GPtrArray) options = NULL;

	for (guint i = 0; i < xml_count(commandline); i++) {
		const XmlNode *node = xml_nth(commandline, i);
		const char *value = xml_get(node, "value");

		if (xml_is_qemu(node, "arg") && value != NULL)
			g_ptr_array_add(arguments, (gpointer)value);
	}
	g_ptr_array_add(arguments, NULL);
	options = qemu_options_read((const char *const *)arguments->pdata);
	read_options(domain, options);
}

void domain_read_config_file(Domain *domain, const char *text)
{
	g_autoptr(GPtrArray) options = qemu_options_read_config(text);

	read_options(domain, options);
}

/* -- <qemu:override> -------------------------------------------------------------------------- */

static void read_properties(QemuOption *option, const XmlNode *frontend)
{
	for (guint i = 0; i < xml_count(frontend); i++) {
		const XmlNode *node = xml_nth(frontend, i);
		const char *name = xml_get(node, "name"), *value = xml_get(node, "value");

		if (xml_is_qemu(node, "property") && name != NULL && value != NULL)
			qemu_option_set(option, name, value);
	}
}

/* What kind of device libvirt's is, its properties say. */
static void take_override(Domain *domain, const QemuOption *option)
{
	static const char *const usb[] = { "vendorid", "hostbus", "hostport", "hostdevice" };
	gboolean is_usb_host = FALSE;

	for (gsize i = 0; i < G_N_ELEMENTS(usb); i++)
		is_usb_host |= qemu_option_get(option, usb[i]) != NULL;
	if (is_usb_host)
		read_usb_host(domain, option);
	read_vfio(domain, option, "<qemu:override>");
	domain_take(domain->grabs, qemu_option_get(option, "evdev"), "<qemu:override>");
}

void domain_read_override(Domain *domain, const XmlNode *override)
{
	for (guint i = 0; i < xml_count(override); i++) {
		const XmlNode *device = xml_nth(override, i);
		g_autoptr(QemuOption) option = qemu_option_new(QEMU_DEVICE, "");

		for (guint k = 0; xml_is_qemu(device, "device") && k < xml_count(device); k++)
			if (xml_is_qemu(xml_nth(device, k), "frontend"))
				read_properties(option, xml_nth(device, k));
		take_override(domain, option);
	}
}
