/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libvirt's calls for USB devices, which its own test driver does not have.
 */
#pragma once

#include "guest/connection.h"

#define ALIAS "ua-hotseat-3-1" /* of the only device that it has */

/* The lane's thread counts, the main loop looks: atomic. */
typedef struct {
	gint detaches;
	gint refuse;	 /* attach and detach fail */
	gint present;	 /* libvirt lists the device in each domain */
	gint none;	 /* each domain must not have any USB */
	const char *why; /* of libvirt's last failure */
} FakeHostdevs;

extern FakeHostdevs fake_hostdevs;

/* Everything asked of libvirt so far has been answered. */
void fake_settle(LibvirtConnection *connection);
/* On its lane. Frees nothing of data. */
void fake_keep(gpointer data);
