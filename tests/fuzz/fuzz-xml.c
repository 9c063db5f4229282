/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libvirt says of domains and networks. */
#include "guest/domain.h"
#include "guest/hostdev.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What we write is what we read. */
static void assert_written(const Hostdev *hostdev)
{
	const char *alias = hostdev->alias != NULL ? hostdev->alias : "ua-hotseat";
	g_autofree char *xml = hostdev_xml(hostdev->bus, hostdev->device, alias);
	g_autofree char *domain =
		g_strconcat("<domain><devices>", xml, "</devices></domain>", NULL);
	g_autoptr(GPtrArray) again = hostdevs_new();

	g_assert_true(hostdevs_parse("d", domain, again, NULL));
	g_assert_cmpuint(again->len, ==, 1);
	g_assert_cmpstr(((const Hostdev *)again->pdata[0])->alias, ==, alias);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *bridge = NULL, *address = NULL;
	g_autoptr(GPtrArray) hostdevs = hostdevs_new();
	g_autoptr(DomainParts) parts = NULL;
	g_autoptr(GError) error = NULL, cause = NULL, reason = NULL;

	g_assert_true(hostdevs_parse("d", text, hostdevs, &error) == (error == NULL));
	for (guint i = 0; error == NULL && i < hostdevs->len; i++)
		assert_written(hostdevs->pdata[i]);
	parts = domain_parse("d", text, &cause);
	g_assert_true((parts != NULL) == (cause == NULL));
	g_assert_true(
		domain_network_parse("n", text, &bridge, &address, &reason) == (reason == NULL));
	return 0;
}
