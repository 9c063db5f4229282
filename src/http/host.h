/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks the header Host when no secret is required. A web page can make its own name resolve to
 * this machine's address ("DNS rebinding"); a browser then treats the daemon as that page's server,
 * but still sends that name. Pure.
 */
#pragma once

#include <glib.h>

/*
 * Can a request with this value of Host be served? NULL: it has none; browsers always send one.
 * Allowed are IP addresses, and names that no web page can have: "localhost", configured (the host
 * of http.address), and machine (this machine's name), with or without ".local".
 */
gboolean host_is_ours(const char *value, const char *configured, const char *machine);
