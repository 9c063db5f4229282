/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attributes of the kernel's devices.
 */
#pragma once

#include <glib.h>

#define SYSFS_ROOT "/sys"

/* An attribute of a folder in sysfs, without the space around it. NULL: it is not there, or empty.
 * Free with g_free(). */
char *sysfs_text(const char *folder, const char *name);
/* The same of one that is a number. 0: it is not there. */
guint sysfs_number(const char *folder, const char *name, guint base);
