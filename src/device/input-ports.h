/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TCP port on the loopback interface for each guest, to which its QEMU connects to reach
 * hotseat-inputd. It never changes, because the image of a saved guest contains it.
 */
#pragma once

#include <glib.h>

/* The ports of names (char *), from PROTOCOL_PORT_FIRST to PROTOCOL_PORT_LAST: a name (char *) to
 * GUINT_TO_POINTER(port). Ports in taken (guint) are not used. A name is missing in the result if
 * no port is free. path: the file that keeps the ports. It need not exist, and is written if a port
 * is new; if it cannot be read or written, that is logged and has no other effect. NULL: nothing is
 * kept. Free with g_hash_table_unref(). */
GHashTable *input_ports_assign(const char *path, const GPtrArray *names, const GArray *taken);
