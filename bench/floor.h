/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The floor: what no program between a node and a socket can be faster than.
 */
#pragma once

#include <glib.h>

/* Sends an empty packet of that many bytes, at the most FLOOR_MAX, for each time that the node can
 * be read. Ends the process when the node ends. */
#define FLOOR_MAX 64
G_NORETURN void floor_loop(int node, int socket, guint32 length);
