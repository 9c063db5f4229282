/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guests that libvirt has. Blocks.
 */
#pragma once

#include "common/guest.h"
#include "find/machine.h"
#include "guest/redirdev.h"

/* A network that the guest and this machine are both in. */
typedef struct {
	char *name;    /* libvirt's network, or the bridge */
	char *bridge;  /* NULL: unknown */
	char *address; /* this machine's in it, IPv4; NULL: none */
	gboolean active;
} FoundNetwork;

typedef struct FoundGuest {
	char *name;
	GuestState state;
	GPtrArray *gpus;	 /* char *: "NVIDIA ... (0000:01:00.0)": passed through to it */
	GPtrArray *pci;		 /* char *: addresses of all that is passed through to it */
	gboolean active;	 /* there is a process of it */
	GPtrArray *usb;		 /* Hostdev *: handed to it now (running) or at its start */
	GPtrArray *usb_at_start; /* the same, at its next start */
	GPtrArray *networks;	 /* FoundNetwork * */
	/* what forwarding input needs; each NULL: not known */
	DomainInput *input;	     /* now */
	DomainInput *input_at_start; /* at its next start */
} FoundGuest;

/* FoundGuest * by name, freed with the array. NULL and error when libvirt cannot be asked, as
 * reading is all that is asked for: others than those who may switch get that far. */
GPtrArray *guests_look(const Machine *machine, GError **error);

/* The PCI addresses of all that is passed through to one of the guests, NULL at the end. Free with
 * g_strfreev(). */
GStrv guests_cards(const GPtrArray *guests);
/* Of monitors (FoundMonitor *) with several cables, one from a card that none of the guests is
 * given becomes the first. guests: NULL: not known. */
void guests_prefer_host(const GPtrArray *guests, GPtrArray *monitors);

/* A network in which both the domain and this machine have an address, or NULL. guests: those
 * found; NULL: libvirt could not be asked. */
const FoundNetwork *guests_network(const GPtrArray *guests, const char *domain);
