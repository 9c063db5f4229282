/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel knows of the connectors of its graphics cards (DRM), without a word to a monitor.
 * Every user can read it.
 */
#pragma once

#include "display/edid.h"

typedef enum {
	CONNECTOR_UNKNOWN,
	CONNECTOR_CONNECTED,
	CONNECTOR_DISCONNECTED,
} ConnectorStatus;

typedef struct {
	char *name;    /* "DP-1" */
	char *card;    /* "card1"; its number can change from boot to boot */
	char *address; /* PCI address of the graphics card, "0000:03:00.0"; NULL: it has none */
	gboolean panel;
	ConnectorStatus status;
	GArray *buses; /* int: the I2C buses that belong to it, as far as its driver reports them */
	gboolean has_edid;
	Edid edid;
} Connector;

/* Connector *, by name, freed with the array. */
GPtrArray *connectors_read(const char *sysfs);

void connector_free(gpointer connector);

/* Is the connector of this name one that is built in, a laptop's built-in panel? */
gboolean connector_is_panel(const char *name);

/* The connector that a bus belongs to, or NULL. */
const Connector *connectors_of_bus(const GPtrArray *connectors, int bus);

/*
 * The panel that the bus belongs to, or may belong to: where a driver does not report the bus of a
 * card's panel, any bus of the card (address) that has no connector may be the one. NULL: none.
 */
const Connector *connectors_panel(const GPtrArray *connectors, int bus, const char *address);

/* The folder of the PCI device that the path in sysfs is below, with the start of its class (0x03:
 * a display controller) in *class, or its address. NULL: it is below none. Free with g_free(). */
char *sysfs_pci_device(const char *path, guint *class);
char *sysfs_pci_address(const char *path);
