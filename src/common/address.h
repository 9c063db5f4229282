/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hosts of addresses and URLs. They go into scripts, settings and command lines.
 */
#pragma once

#include <glib.h>

/* Can text be the host of an address? A name (letters and digits of any script, "-", "_" and "."),
 * or an IP address, IPv6 without []. No control characters, spaces or quotes. */
gboolean address_is_host(const char *text);

/* Who reaches an address that a server listens at: every computer, this one only, or those that
 * have a way to that one address. */
typedef enum { ADDRESS_ALL, ADDRESS_SELF, ADDRESS_ONE } AddressReach;

AddressReach address_reach(const char *host);
