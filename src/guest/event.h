/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens at a libvirt connection.
 */
#pragma once

#include <glib.h>

typedef enum {
	LIBVIRT_CONNECTED,
	LIBVIRT_DISCONNECTED, /* or could not connect: libvirt_connection_is_up() says why */
	LIBVIRT_LIFECYCLE,    /* event, detail: of VIR_DOMAIN_EVENT_ID_LIFECYCLE */
	LIBVIRT_DEVICE_ADDED,
	LIBVIRT_DEVICE_REMOVED,
	LIBVIRT_DEVICE_STUCK, /* the guest refuses to release the device */
	LIBVIRT_HOSTDEVS,     /* hostdev_table_list() has changed */
} LibvirtEventKind;

/* Strings are borrowed for the length of the call; what an event is not about is NULL. */
typedef struct {
	LibvirtEventKind kind;
	const char *domain;
	const char *alias; /* LIBVIRT_DEVICE_… */
	int event, detail;
} LibvirtEvent;

typedef void (*LibvirtListener)(const LibvirtEvent *event, gpointer data);
