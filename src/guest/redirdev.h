/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The USB redirection that gives a domain the keyboard and mouse that hotseat-inputd emulates.
 * Pure.
 */
#pragma once

#include <glib.h>

/* Its alias in every domain; libvirt requires the prefix "ua-" for aliases that users choose. */
#define REDIRDEV_ALIAS "ua-hotseat-input"

/* QEMU and hotseat-inputd are on the same machine. */
#define REDIRDEV_HOST "127.0.0.1"

/* The XML for attaching it. While QEMU is not connected to port, it tries to connect each second.
 * Free with g_free(). */
char *redirdev_xml(guint port);
