/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/libvirt.h"

struct Libvirt {
	LibvirtConnection *connection;
	HostdevTable *hostdevs;
};

Libvirt *libvirt_new(const char *uri)
{
	Libvirt *libvirt = g_new0(Libvirt, 1);

	libvirt->connection = libvirt_connection_new(uri);
	libvirt->hostdevs = hostdev_table_new(libvirt->connection, HOSTDEV_DETACH_MS);
	return libvirt;
}

void libvirt_free(Libvirt *libvirt)
{
	if (libvirt == NULL)
		return;
	hostdev_table_free(libvirt->hostdevs);
	libvirt_connection_free(libvirt->connection);
	g_free(libvirt);
}

gboolean libvirt_connected(Libvirt *libvirt, char **error)
{
	return libvirt_connection_is_up(libvirt->connection, error);
}

LibvirtConnection *libvirt_connection(Libvirt *libvirt)
{
	return libvirt->connection;
}

HostdevTable *libvirt_hostdevs(Libvirt *libvirt)
{
	return libvirt->hostdevs;
}
