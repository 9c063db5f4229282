/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hosts of addresses and URLs. They go into scripts, settings and command lines.
 */
#pragma once

#include <glib.h>

/* Can text be the host of an address? A name (letters and digits of any script, "-", "_" and "."),
 * or an IP address, IPv6 without []. No control characters, spaces or quotes. */
gboolean address_is_host(const char *text);

/* Which computers can reach an address that a server listens on: all, only this one, or those that
 * have a route to that one address. */
typedef enum { ADDRESS_ALL, ADDRESS_SELF, ADDRESS_ONE } AddressReach;

AddressReach address_reach(const char *host);
