/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The USB redirection by which a domain gets the keyboard and mouse that hotseat-inputd emulates.
 * Pure.
 */
#pragma once

#include <glib.h>

/* What it is called in every domain; libvirt wants "ua-" at the beginning of a user's names. */
#define REDIRDEV_ALIAS "ua-hotseat-input"

/* QEMU and hotseat-inputd are on the same machine. */
#define REDIRDEV_HOST "127.0.0.1"

/* The XML that attaches it. QEMU connects to port again, each second, whenever it is not connected.
 * Free with g_free(). */
char *redirdev_xml(guint port);
