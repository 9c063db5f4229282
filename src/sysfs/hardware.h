/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What udev's database of hardware calls a thing.
 */
#pragma once

#include <glib.h>

/* The vendor's and the model's name of a device of a kernel's subsystem ("usb", "pci") by its name
 * there ("3-1.2", "0000:01:00.0"), or NULL: the database does not know it. Free with g_free(). */
char *hardware_name(const char *subsystem, const char *name);
