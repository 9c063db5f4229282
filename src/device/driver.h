/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Giving a USB device back to the host's drivers, when whoever had it did not.
 */
#pragma once

#include "device/sysfs.h"

/* Has the kernel look for a driver for each interface that has none. Blocks, for as long as the
 * device takes to answer the driver. Fails with HOTSEAT_ERROR_NO_PERMISSION or _NO_DEVICE; that no
 * driver wants an interface is no failure. */
gboolean usb_bind_host(const UsbInfo *info, GError **error);
