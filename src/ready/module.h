/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's driver of the monitors' buses.
 */
#pragma once

#include <glib.h>

#define I2C_MODULE "i2c-dev"

/* Is it there after each start of the computer: built into the kernel that runs, or named where
 * systemd looks (modules-load.d(5)) or Debian (/etc/modules)? root: before /etc and the like, ""
 * but for tests. */
gboolean module_at_boot(const char *root);
