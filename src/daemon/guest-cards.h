/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which PCI devices of this machine are passed through to guests. If a monitor has two cables, the
 * one to a guest's graphics card is the second choice.
 */
#pragma once

#include "display/registry.h"
#include "guest/connection.h"

typedef struct GuestCards GuestCards;

/* Asks libvirt when it is connected and when a domain changes, and passes the result to the
 * registry. Both are borrowed. */
GuestCards *guest_cards_new(LibvirtConnection *connection, MonitorRegistry *registry);
void guest_cards_free(GuestCards *cards);
