/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/libvirt-group.h"

#include <errno.h>
#include <glib.h>
#include <grp.h>

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
