/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel (DRM) knows about the connectors of its graphics cards, without communication
 * with a monitor. Every user can read it.
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

/* Connector *, sorted by name, freed with the array. */
GPtrArray *connectors_read(const char *sysfs);

void connector_free(gpointer connector);

/* Does a connector of this name belong to a laptop's built-in panel? */
gboolean connector_is_panel(const char *name);

/* The connector that a bus belongs to, or NULL. */
const Connector *connectors_of_bus(const GPtrArray *connectors, int bus);

/*
 * The panel to which the bus belongs or may belong. If the driver does not report the bus of a
 * card's panel, it may be any bus of the card (address) that has no connector. NULL: none.
 */
const Connector *connectors_panel(const GPtrArray *connectors, int bus, const char *address);

/* The folder of the PCI device that contains the path in sysfs, with the first byte of its class
 * (0x03: a display controller) in *class; sysfs_pci_address() returns its address instead. NULL: no
 * PCI device contains it. Free with g_free(). */
char *sysfs_pci_device(const char *path, guint *class);
char *sysfs_pci_address(const char *path);
