/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guests that libvirt has. Blocks, for 15 s at most: a libvirt that hangs is an error
 * (TIMED_OUT).
 */
#pragma once

#include "common/guest.h"
#include "config/config.h"
#include "guest/domain.h"

/* A network of both the guest and this machine. */
typedef struct {
	char *name;    /* libvirt's network, or the bridge */
	char *bridge;  /* NULL: unknown */
	char *address; /* this machine's IPv4 address in it; NULL: none */
	gboolean active;
} FoundNetwork;

typedef struct FoundGuest {
	char *name;
	char *uri; /* URI of the libvirt that has it */
	GuestState state;
	gboolean active; /* it has a process */
	/* what is passed through to it: */
	GPtrArray *gpus;	    /* char *: "NVIDIA ... (0000:01:00.0)": graphics cards */
	GPtrArray *unknown;	    /* char *: "0000:01:00.0 (<hostdev type='pci'>)": PCI devices
				     * that this machine does not have, which may be such cards */
	GPtrArray *usb_controllers; /* char *: PCI addresses */
	GPtrArray *networks;	    /* FoundNetwork * */
	/* each NULL: not known */
	Domain *now;	  /* the running domain, or its definition if it does not run */
	Domain *at_start; /* its definition, which applies from its next start on */
} FoundGuest;

/* The URI of the libvirt in a user's session. */
#define GUESTS_SESSION "qemu:///session"

/* The guests of the libvirt at uri: FoundGuest *, by name, freed with the array. Returns NULL and
 * error when libvirt cannot be asked. It connects read-only, which more users are allowed to do
 * than can switch. sysfs: SYSFS_ROOT except in tests. */
GPtrArray *guests_look(const char *sysfs, const char *uri, GError **error);

/* The same. If uri is the usual one, the guests of the calling user's session follow. Sources
 * that cannot be accessed are added to remarks (char *), with the reason. NULL: no guests could
 * be seen. */
GPtrArray *guests_look_everywhere(const char *sysfs, const char *uri, GPtrArray *remarks);

/* The PCI addresses of everything that is passed through to the guests; ends with NULL. Free with
 * g_strfreev(). */
GStrv guests_cards(const GPtrArray *guests);

/* The graphics cards, and possible graphics cards, that are passed through to it: "NVIDIA …
 * (0000:01:00.0)", or "0000:01:00.0 (…), not in this machine now"; "": none. Free with g_free(). */
char *guest_describe_gpus(const FoundGuest *guest);

/* The guest of that domain, or NULL. guests: those found; NULL: libvirt could not be asked. */
FoundGuest *guests_find(const GPtrArray *guests, const char *domain);

/* A network in which both the domain and this machine have an address, or NULL. guests: those
 * found; NULL: libvirt could not be asked. */
const FoundNetwork *guests_network(const GPtrArray *guests, const char *domain);
/* The first network of one of the config's guests in which this machine has the address (NULL:
 * any), or NULL. */
const FoundNetwork *guests_network_with(
	const GPtrArray *guests, const Config *config, const char *address);
