/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/libvirt-host.h"

#include <errno.h>
#include <glib.h>
#include <grp.h>

/* The sockets are as old as libvirt 5.6. */
const LibvirtDaemon libvirt_daemons[LIBVIRT_DAEMONS] = {
	{ "virtqemud", "virtqemud.socket", "virtqemud.service", "virtqemud-ro.socket",
		"/run/libvirt/virtqemud-sock" },
	{ "libvirtd", "libvirtd.socket", "libvirtd.service", "libvirtd-ro.socket",
		"/run/libvirt/libvirt-sock" },
};

/* Lanes ask, too: getgrnam() is for one thread. A group that does not fit into the buffer is one.
 */
static gboolean exists(const char *name)
{
	struct group group, *found = NULL;
	char buffer[4096];

	return getgrnam_r(name, &group, buffer, sizeof buffer, &found) == ERANGE || found != NULL;
}

const char *libvirt_group(void)
{
	static const char *const names[] = { "libvirt", "libvirtd" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (exists(names[i]))
			return names[i];
	return names[0];
}
