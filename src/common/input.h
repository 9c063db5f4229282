/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of the monitor inputs that MCCS 2.2 numbers (VCP feature 0x60, Input Select), and 0x1B,
 * which is in no standard, but which most monitors use for USB-C.
 */
#pragma once

#include <glib.h>

/* The code for a name as written in a config ("hdmi1", "DP-1", "displayport1", "usb-c"; case, '-',
 * '_' and spaces are ignored; a missing number means 1), or -1. */
int input_code(const char *name);

/* A name for people ("HDMI-1"), or NULL if no standard has a name for the code. */
const char *input_name(guint8 code);

/* The names that input_code() accepts, one spelling each; ends with NULL. */
const char *const *input_names(void);
