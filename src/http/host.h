/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The header Host, where no secret is asked for. A web page can have its own name resolve to this
 * machine's address ("DNS rebinding"), and a browser then takes the daemon for that page's server;
 * but it still sends that name. Pure.
 */
#pragma once

#include <glib.h>

/*
 * May a request with this value of Host (NULL: it has none, which no browser does) be served?
 * configured: the host of http.address. So may what is no name in the DNS: an IP address; and what
 * no page can have: "localhost", configured, and machine (the machine's own name), bare or with
 * ".local" behind it.
 */
gboolean host_is_ours(const char *value, const char *configured, const char *machine);
