/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The libvirt of a desk: one connection, the table of the USB devices that its domains have, and
 * its guests.
 */
#pragma once

#include "common/guest.h"
#include "config/config.h"
#include "guest/hostdevs.h"

typedef struct Libvirt Libvirt;

/* Begins to connect to uri, and keeps trying. Call it on the main loop's thread.
 */
Libvirt *libvirt_new(const char *uri);
/* NULL is allowed. */
void libvirt_free(Libvirt *libvirt);

/* Is there a connection now? If not and error is not NULL, *error says why (free with g_free()). */
gboolean libvirt_connected(Libvirt *libvirt, char **error);

/* Both live as long as libvirt. */
LibvirtConnection *libvirt_connection(Libvirt *libvirt);
HostdevTable *libvirt_hostdevs(Libvirt *libvirt);

/* A guest for a domain of this connection, which must outlive it. Free with guest_free(). */
Guest *libvirt_guest_new(LibvirtConnection *connection, const ConfigGuest *config);
