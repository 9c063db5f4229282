/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libvirt's URIs. Pure.
 */
#pragma once

#include <glib.h>

/* The machine whose libvirt the URI means, if that is another one than this; NULL: it is this one,
 * or an alias in libvirt.conf, which only libvirt can read. Free with g_free(). */
char *uri_machine(const char *uri);
