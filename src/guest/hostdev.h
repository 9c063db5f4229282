/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The USB devices that a domain's XML says it has been handed. Pure.
 */
#pragma once

#include <glib.h>

typedef struct {
	char *domain;	     /* libvirt's name of it */
	char *alias;	     /* libvirt's name of the device in the domain; NULL: it has none */
	guint bus, device;   /* of the host's USB; 0: libvirt does not know */
	int vendor, product; /* -1: the XML does not say */
} Hostdev;

/* Hostdev *, freed with the array. */
GPtrArray *hostdevs_new(void);

Hostdev *hostdev_new(const char *domain, const char *alias, guint bus, guint device);

/* Appends the <hostdev type='usb'> of a running domain's XML to hostdevs. */
gboolean hostdevs_parse(const char *domain, const char *xml, GPtrArray *hostdevs, GError **error);

/* The one of domain with that alias, or NULL. */
const Hostdev *hostdevs_find(const GPtrArray *hostdevs, const char *domain, const char *alias);

/* The XML that hands the device at bus/device to a domain. Free with g_free(). */
char *hostdev_xml(guint bus, guint device, const char *alias);
