/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libvirt says of domains and networks, QEMU's command line in it, and QEMU's own files. */
#include "guest/domain.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What we write is what we read. */
static void assert_written(const Hostdev *hostdev)
{
	const char *alias = hostdev->alias != NULL ? hostdev->alias : "ua-hotseat";
	g_autofree char *xml = hostdev_xml(hostdev->bus, hostdev->device, alias);
	g_autofree char *text = g_strconcat("<domain><devices>", xml, "</devices></domain>", NULL);
	g_autoptr(Domain) again = domain_parse("d", text, NULL);

	g_assert_nonnull(again);
	g_assert_cmpuint(again->usb->len, ==, 1);
	g_assert_cmpstr(((const Hostdev *)again->usb->pdata[0])->alias, ==, alias);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *bridge = NULL, *address = NULL;
	g_autoptr(Domain) domain = NULL, empty = domain_parse("e", "<domain/>", NULL);
	g_autoptr(GError) cause = NULL, reason = NULL;

	domain = domain_parse("d", text, &cause);
	g_assert_true((domain != NULL) == (cause == NULL));
	for (guint i = 0; domain != NULL && i < domain->usb->len; i++)
		assert_written(domain->usb->pdata[i]);
	if (domain != NULL)
		g_assert_cmpuint(domain_free_ports(domain), <=, domain->ports.all);
	domain_read_config_file(empty, text);
	g_assert_true(
		domain_network_parse("n", text, &bridge, &address, &reason) == (reason == NULL));
	return 0;
}
