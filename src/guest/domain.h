/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the XML of a running domain or of its definition contains: what the domain takes from the
 * host, its USB ports and its networks. Nothing else reads that XML. Pure.
 */
#pragma once

#include <glib.h>

#include "guest/hostdev.h"

/* A part of the host that the domain takes for itself. */
typedef struct {
	char *what; /* a PCI address "0000:01:00.0", a mediated device's UUID, an event
		     * device's node */
	const char
		*means; /* how the definition names it: "<hostdev>", "-device vfio-pci"; static */
} DomainTake;

/* The USB ports that libvirt knows of. It uses no others. */
typedef struct {
	gboolean disabled; /* there must not be any: a controller of the model "none" */
	guint controllers;
	guint all;  /* of controllers and hubs */
	guint used; /* without those of devices that hotseat attached */
} DomainPorts;

typedef struct {
	char *name;
	gboolean qemu;		  /* QEMU runs it, with or without KVM, so that ports is valid */
	GPtrArray *usb;		  /* Hostdev *: its <hostdev type='usb'> */
	GPtrArray *usb_arguments; /* Hostdev *: USB devices that QEMU's command line names, which
				   * libvirt does not know of */
	/* DomainTake * */
	GPtrArray *pci;	     /* PCI devices, whole */
	GPtrArray *mdevs;    /* mediated PCI devices, as of a graphics card that is shared */
	GPtrArray *grabs;    /* event devices that its QEMU grabs */
	GPtrArray *networks; /* char *: libvirt's networks it is plugged into */
	GPtrArray *bridges;  /* char *: bridges of the host it is plugged into */
	/* char *: files with further parts of QEMU's command line; see domain_read_config_file() */
	GPtrArray *config_files;
	DomainPorts ports;
	gboolean redirected; /* it has the redirection of redirdev.h */
	guint redir_port;    /* the TCP port on 127.0.0.1 to which the redirection connects; 0:
				elsewhere */
	char *user; /* of the DAC label: "+64055" or a name: the user that runs QEMU; NULL: none */
} Domain;

/* Errors: LIBVIRT. Free with domain_free(). */
Domain *domain_parse(const char *name, const char *xml, GError **error);
void domain_free(Domain *domain);

/* Adds what the text of one of its config_files says. */
void domain_read_config_file(Domain *domain, const char *text);

/* How many USB devices libvirt can attach to it, not counting those that hotseat attached. */
guint domain_free_ports(const Domain *domain);

/* The bridge and this machine's IPv4 address ("192.168.122.1") in the XML of one of libvirt's
 * networks; each is NULL if the XML has none. Free both with g_free(). FALSE and error LIBVIRT if
 * the XML cannot be read. */
gboolean domain_network_parse(
	const char *name, const char *xml, char **bridge, char **address, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Domain, domain_free)
