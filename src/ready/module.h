/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's driver for the monitors' buses.
 */
#pragma once

#include <glib.h>

#define I2C_MODULE "i2c-dev"

/* Is it available after each start of the computer: built into the running kernel, or listed for
 * systemd (modules-load.d(5)) or Debian (/etc/modules)? root: prefix of /etc and other paths, ""
 * except in tests. */
gboolean module_at_boot(const char *root);
