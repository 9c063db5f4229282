/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which PCI devices of this machine the guests are given: of a monitor with two cables, the one
 * from a guest's graphics card is the second choice.
 */
#pragma once

#include "display/registry.h"
#include "guest/connection.h"

typedef struct GuestCards GuestCards;

/* Asks libvirt when it is connected and when a domain changes, and tells the registry. Both are
 * borrowed. */
GuestCards *guest_cards_new(LibvirtConnection *connection, MonitorRegistry *registry);
void guest_cards_free(GuestCards *cards);
