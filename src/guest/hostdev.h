/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A USB device of the host that a domain's XML names: it is attached, or will be when the domain
 * starts. Pure.
 */
#pragma once

#include <glib.h>

typedef struct {
	char *domain;	     /* libvirt's name for the domain */
	char *alias;	     /* libvirt's name of the device in the domain; NULL: it has none */
	guint bus, device;   /* the host's USB address; 0: not known to libvirt */
	int vendor, product; /* -1: not in the XML */
	char *port; /* "3-1.2" at the host, or "1.2" on any bus; NULL: the XML does not say */
} Hostdev;

/* Hostdev *, freed with the array. */
GPtrArray *hostdevs_new(void);

Hostdev *hostdev_new(const char *domain, const char *alias, guint bus, guint device);

/* Does a domain get this device when it starts with hostdev in its definition? bus and device of 0
 * and a port of "" are not known; a device of 0 in hostdev means any on its bus. */
gboolean hostdev_means(
	const Hostdev *hostdev, int vendor, int product, guint bus, guint device, const char *port);

/* The hostdev of domain with that alias, or NULL. */
const Hostdev *hostdevs_find(const GPtrArray *hostdevs, const char *domain, const char *alias);

/* The XML for attaching the device at bus/device to a domain. Free with g_free(). */
char *hostdev_xml(guint bus, guint device, const char *alias);
