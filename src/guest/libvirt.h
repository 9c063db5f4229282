/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The libvirt connection: one lane, one connection, reconnected with backoff; the guests it serves
 * and the USB devices handed to them.
 */
#pragma once

#include "common/guest.h"
#include "common/lane.h"
#include "common/resource.h"
#include "config/config.h"

typedef struct Libvirt Libvirt;

/* Begins to connect to uri, and goes on trying while it cannot. Call from the main loop's thread.
 */
Libvirt *libvirt_new(const char *uri);
void libvirt_free(Libvirt *libvirt);

/* Is there a connection now? If not and error is not NULL, *error says why (free with g_free()). */
gboolean libvirt_connected(Libvirt *libvirt, char **error);

/* A guest for a domain of this connection. libvirt must outlive it. */
Guest *libvirt_guest_new(Libvirt *libvirt, const ConfigGuest *config);
