/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interfaces that default routes go through, as the kernel says it over rtnetlink(7): /proc
 * shows only the first next hop of an IPv4 route that has several.
 */
#pragma once

#include <glib.h>

/* Adds those that the messages of an answer to RTM_GETROUTE name: guint, each an interface's index.
 * FALSE: the answer goes on. */
gboolean routes_read(gconstpointer messages, gsize length, GArray *interfaces);

/* Asks the kernel. Names (char *), freed with the array; empty when it does not answer within
 * half a second. */
GPtrArray *routes_look(void);
