/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a domain's XML says of its PCI devices and its networks. Pure.
 */
#pragma once

#include <glib.h>

typedef struct {
	GPtrArray *pci;	     /* char *: addresses at the host of what is passed through,
			      * "0000:01:00.0" */
	GPtrArray *networks; /* char *: libvirt's networks it is plugged into */
	GPtrArray *bridges;  /* char *: bridges of the host it is plugged into */
} DomainParts;

/* Errors: LIBVIRT. */
DomainParts *domain_parse(const char *name, const char *xml, GError **error);
void domain_parts_free(DomainParts *parts);

/* The bridge and the IPv4 address of this machine ("192.168.122.1") in the XML of one of libvirt's
 * networks, each NULL when it has none. FALSE and error LIBVIRT when it cannot be read. */
gboolean domain_network_parse(
	const char *name, const char *xml, char **bridge, char **address, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DomainParts, domain_parts_free)
