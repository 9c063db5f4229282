/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-hostdevs.h"

#include "guest/connection-private.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

FakeHostdevs fake_hostdevs = { .why = "no error" };

const char *virGetLastErrorMessage(void)
{
	return fake_hostdevs.why;
}

int virDomainDetachDeviceAlias(virDomainPtr domain, const char *alias, unsigned int flags)
{
	g_assert_cmpstr(alias, ==, ALIAS);
	g_atomic_int_inc(&fake_hostdevs.detaches);
	return g_atomic_int_get(&fake_hostdevs.refuse) ? -1 : 0;
}

int virDomainAttachDeviceFlags(virDomainPtr domain, const char *xml, unsigned int flags)
{
	return g_atomic_int_get(&fake_hostdevs.refuse) ? -1 : 0;
}

char *virDomainGetXMLDesc(virDomainPtr domain, unsigned int flags)
{
	if (g_atomic_int_get(&fake_hostdevs.none))
		return strdup("<domain><devices><controller type='usb' model='none'/></devices>"
			      "</domain>");
	return strdup(g_atomic_int_get(&fake_hostdevs.present)
			      ? "<domain><devices><hostdev type='usb'><source><address bus='3' "
				"device='7'/></source><alias name='" ALIAS
				"'/></hostdev></devices></domain>"
			      : "<domain/>");
}

static void flag_work(gpointer data)
{
}

static void flag_done(gpointer data)
{
	*(gboolean *)data = TRUE;
}

void fake_keep(gpointer data)
{
}

void fake_settle(LibvirtConnection *connection)
{
	gboolean over = FALSE;

	lane_push(connection->lane, flag_work, flag_done, &over, fake_keep);
	while (!over)
		g_main_context_iteration(NULL, TRUE);
}
