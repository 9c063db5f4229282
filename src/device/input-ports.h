/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TCP port of the loopback interface for each guest, at which its QEMU finds hotseat-inputd: the
 * same one for ever, as it is in the image of a guest that was saved.
 */
#pragma once

#include <glib.h>

/* The ports of names (char *), PROTOCOL_PORT_FIRST to PROTOCOL_PORT_LAST: a name (char *) to
 * GUINT_TO_POINTER(port). None of them is in taken (guint). A name that has none finds them all
 * taken. path: the file that keeps them, which may not exist and is written when something is new;
 * that it cannot be read or written is reported and does no other harm; NULL: nothing is kept. Free
 * with g_hash_table_unref(). */
GHashTable *input_ports_assign(const char *path, const GPtrArray *names, const GArray *taken);
