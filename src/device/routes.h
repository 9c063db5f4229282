/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interfaces that default routes use, as the kernel reports them over rtnetlink(7): /proc shows
 * only the first next hop of an IPv4 route with several.
 */
#pragma once

#include <glib.h>

/* Adds the interfaces that the messages of an answer to RTM_GETROUTE name: guint, each an
 * interface's index. Returns FALSE if the answer goes on. */
gboolean routes_read(gconstpointer messages, gsize length, GArray *interfaces);

/* Asks the kernel. Names (char *), freed with the array; empty when it does not answer within
 * half a second. */
GPtrArray *routes_look(void);
