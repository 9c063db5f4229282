/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What libvirt is called on a host: the group whose members may use it, and its daemons.
 */
#pragma once

/* A daemon that has libvirt's driver for QEMU. */
typedef struct {
	const char *name;	      /* "virtqemud" */
	const char *socket, *service; /* systemd's units: it is started by its socket */
	const char *reading;	      /* the unit of the socket for those who only look */
	const char *path;	      /* where it listens */
} LibvirtDaemon;

/* One daemon for each hypervisor, or one for everything (libvirt.org/daemons.html). Where both are,
 * the client takes the first. */
#define LIBVIRT_DAEMONS 2
extern const LibvirtDaemon libvirt_daemons[LIBVIRT_DAEMONS];

/* "libvirt", or "libvirtd" where that is what the distribution calls it (NixOS): the one of the two
 * that exists, and "libvirt" when there is neither. Static. */
const char *libvirt_group(void);
